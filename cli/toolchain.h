/* SPDX-License-Identifier: MIT */
/* Where the tools and the installed shim are. */
#ifndef F4E_TOOLCHAIN_H
#define F4E_TOOLCHAIN_H

#include "base/arena.h"

struct toolchain {
    const char *cc;       /* path of the C compiler */
    bool is_clang;        /* by its name */
    const char *linker;   /* value for -fuse-ld=, or NULL for the default */
    const char *wasm2c;   /* path */
    const char *data_dir; /* holds shim/ */
};

/*
 * Fill in the tools: 'cc' and 'wasm2c' as the user gave them, or NULL for the
 * newest clang in PATH (else gcc, cc) and the wasm2c in PATH. Fails (tool) with
 * the apt line to type.
 */
F4E_MUST_CHECK bool toolchain_find(struct toolchain *toolchain, const char *cc,
                                   const char *wasm2c, struct arena *arena,
                                   struct diag *diag);

/*
 * gcc beside the clang of 'toolchain', for what gcc may do better. False when
 * that is no clang, or gcc is not in PATH.
 */
bool toolchain_find_second(struct toolchain *second,
                           const struct toolchain *toolchain,
                           struct arena *arena);

#endif
