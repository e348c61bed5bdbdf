/* SPDX-License-Identifier: MIT */
/*
 * The stages of the pipelines in build.c. Each takes what the earlier ones have
 * put into the build and adds its own; false with a report, of the kinds of the
 * rooms that it calls.
 */
#ifndef F4E_STAGES_H
#define F4E_STAGES_H

#include "base/diag.h"
#include "base/workdir.h"
#include "glue.h"
#include "metadata/metadata.h"
#include "options/options.h"
#include "play/play.h"
#include "ranges/ranges.h"
#include "translate/translate.h"
#include "tune/tune_build.h"

/* What the stages hand on, in the order in which it comes to be. */
struct build {
    const struct options *options;
    const struct play_job *job; /* a version for play, or NULL */
    struct options quick;       /* its options while it is to be quick */
    struct arena *arena;
    const char *default_name; /* of the patch */
    const char *module_name;  /* of the module in messages */
    const char *summary;      /* what came of the stage that runs */
    struct wasm_module module;
    struct target target;
    struct toolchain toolchain;
    const enum glue_import *imports;
    struct metadata metadata;
    struct describe_channel outputs[PATCH_MAX_CHANNELS]; /* --out */
    struct describe_channel inputs[PATCH_MAX_CHANNELS];  /* --in */
    struct patch patch;
    struct ranges *ranges; /* NULL: nothing that would help */
    struct normalised normalised;
    struct workdir workdir;
    struct compile_request request;
    struct translation translation;
};

/* The module, what provides its imports, and the tools: a build that cannot
 * end does no work. */
F4E_MUST_CHECK bool stage_read(struct build *build, struct diag *diag);

/* The module alone, for an output that can be written. */
F4E_MUST_CHECK bool stage_read_module(struct build *build, struct diag *diag);

/* The module alone, also one that cannot be built. */
F4E_MUST_CHECK bool stage_parse(struct build *build, struct diag *diag);

F4E_MUST_CHECK bool stage_metadata(struct build *build, struct diag *diag);
F4E_MUST_CHECK bool stage_describe(struct build *build, struct diag *diag);
F4E_MUST_CHECK bool stage_ranges(struct build *build, struct diag *diag);
F4E_MUST_CHECK bool stage_normalise(struct build *build, struct diag *diag);
F4E_MUST_CHECK bool stage_translate(struct build *build, struct diag *diag);
F4E_MUST_CHECK bool stage_generate(struct build *build, struct diag *diag);
F4E_MUST_CHECK bool stage_tune(struct build *build, struct diag *diag);
F4E_MUST_CHECK bool stage_compile(struct build *build, struct diag *diag);

/* Of a version for play: how fast it is built, which files it comes from. */
F4E_MUST_CHECK bool stage_speed(struct build *build, struct diag *diag);
F4E_MUST_CHECK bool stage_files(struct build *build, struct diag *diag);
F4E_MUST_CHECK bool stage_compile_version(struct build *build,
                                          struct diag *diag);

F4E_MUST_CHECK bool stage_embed(struct build *build, struct diag *diag);
F4E_MUST_CHECK bool stage_inspect(struct build *build, struct diag *diag);

#endif
