/* SPDX-License-Identifier: MIT */
/* Paths of the tools and of the installed shim. */
#ifndef F4E_TOOLCHAIN_H
#define F4E_TOOLCHAIN_H

#include "compile/target.h"

struct toolchain {
    const char *cc;       /* path of the C compiler */
    const char *proper;   /* what 'cc' starts to compile, or NULL: not known */
    bool is_clang;        /* by its name */
    const char *newer_cc; /* that was passed over for it, or NULL */
    /* Flags that keep this compiler from computing other numbers than the text
     * says; NULL at the end. */
    const char *const *care;
    const char *small; /* its level for the smallest code: "-Oz" or "-Os" */
    const struct target *target;
    const char *sysroot; /* absolute, or NULL */
    const char *alsa;    /* absolute prefix of an alsa-lib, or NULL */
    bool is_static;
    const char *linker; /* value for -fuse-ld=, or NULL for the default */
    const char *wasm2c; /* path */
    const char *const *launcher; /* words before 'cc' when it compiles; NULL at
                                    the end; the first one is a path */
    const char *data_dir;        /* holds shim/ */
};

/* The tools' options as given; NULL: not given. */
struct toolchain_request {
    const char *cc;
    const char *wasm2c;
    const char *sysroot;
    const char *alsa;
    bool is_static;
};

/*
 * Fill in the tools: the requested ones, else the wasm2c in PATH and the
 * compiler of compiler_choice.h. Fails (tool) when one, or a cross build's C
 * library or linker, is missing; the hint is the apt command.
 */
F4E_MUST_CHECK bool toolchain_find(struct toolchain *toolchain,
                                   const struct toolchain_request *request,
                                   const struct target *target,
                                   struct arena *arena, struct diag *diag);

/*
 * Compile through a launcher such as ccache or distcc: 'words' are its name,
 * found in PATH, and its arguments. Nothing reaches a shell. Fails (tool).
 */
F4E_MUST_CHECK bool toolchain_launch(struct toolchain *toolchain,
                                     const char *const *words, size_t count,
                                     struct arena *arena, struct diag *diag);

/* The same tools for 'target', which is this machine. Needs clang: a gcc has
 * one target. */
void toolchain_for_host(struct toolchain *home,
                        const struct toolchain *toolchain,
                        const struct target *target);

/* The gcc in PATH, as a second compiler for --tune. False when 'toolchain' is
 * not clang's, or there is no gcc. */
bool toolchain_find_alternative(struct toolchain *alternative,
                                const struct toolchain *toolchain,
                                struct arena *arena);

#endif
