# Rules for GNU make. In a Makefile:
#
#     F4E_PATCHES = sine drums
#     F4E_LIBRARIES = libvoice.a
#     include $(shell pkg-config --variable=makefile f4e-build)
#
#     all: $(F4E_PATCHES) host
#     host: host.c libvoice.a
#             $(CC) -I. host.c libvoice.a -lm -o $@
#
# sine is made from sine.wasm, libvoice.a and voice_patch.h from voice.wasm. Options of
# f4e-build(1) go into F4E_FLAGS, and into F4E_FLAGS_<output> for one of them.
# A patch is built again when anything that it was made from has changed.
F4E_BUILD ?= $(shell pkg-config --variable=f4e_build f4e-build)
F4E_FLAGS ?=

$(F4E_PATCHES): %: %.wasm
	$(F4E_BUILD) --jobs 1 $(F4E_FLAGS) $(F4E_FLAGS_$@) --depfile $@.d -o $@ $<

$(F4E_LIBRARIES): lib%.a: %.wasm
	$(F4E_BUILD) --jobs 1 --emit library $(F4E_FLAGS) $(F4E_FLAGS_$@) \
	    --depfile $@.d -o $@ $<

-include $(F4E_PATCHES:=.d) $(F4E_LIBRARIES:=.d)
