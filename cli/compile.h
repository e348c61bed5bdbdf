/* SPDX-License-Identifier: MIT */
/*
 * Stage 6, compile: the generated C and the shim's sources → one executable.
 * Units compile side by side; the output appears by rename only when complete.
 */
#ifndef F4E_COMPILE_H
#define F4E_COMPILE_H

#include "toolchain.h"

/* In the directory: what the file of --import-c includes, as a make rule. */
#define COMPILE_IMPORT_RULE "imports.d"

struct compile_plan {
    const struct toolchain *toolchain;
    const char *directory; /* holds glue.c and module.c; commands run here */
    const char *output;    /* path of the executable, from the user's folder */
    const char *cpu;       /* "native", "baseline" or a name */
    unsigned level;        /* -O */
    const char *import_c;  /* absolute path of one more C file, or NULL */
    bool is_verbose;       /* print each command */
    bool is_cached;        /* take compiled shim objects from the cache */
    bool is_writing_rule;  /* COMPILE_IMPORT_RULE */
};

/* Compile, link, put in place. Also leaves compile.sh, the exact commands, in
 * the directory. '*size' is the executable's size in bytes. */
F4E_MUST_CHECK bool compile_run(const struct compile_plan *plan, size_t *size,
                                struct arena *arena, struct diag *diag);

#endif
