/* SPDX-License-Identifier: MIT */
/*
 * Stage 6, compile: the generated C and the shim's sources → one executable.
 * Units compile side by side; the output appears by rename only when complete.
 */
#ifndef F4E_COMPILE_H
#define F4E_COMPILE_H

#include "cache.h"
#include "toolchain.h"

struct compile_plan {
    const struct toolchain *toolchain;
    const char *directory; /* holds glue.c and module.c; commands run here */
    const char *output;    /* path of the executable, from the user's folder */
    const char *cpu;       /* "native", "baseline" or a name */
    unsigned level;        /* -O */
    const char *import_c;  /* absolute path of one more C file, or NULL */
    bool is_verbose;       /* print each command */
    bool is_cached;        /* take compiled shim objects from the cache */
    /* What compiles the patch's own code; NULL: 'toolchain', as all else. */
    const struct toolchain *code_toolchain;
    /* More flags for the patch's own code and for the linker; each list ends
     * with NULL, or is NULL. */
    const char *const *code_flags;
    const char *const *link_flags;
    /* A folder that keeps the shim's objects for this build alone, where the
     * cache does not; NULL: compile them each time. */
    const char *objects;
    bool is_trial; /* link shim/trial.c in place of the shim's main.c */
};

/* The flags of 'first' and then those of 'second'; either may be NULL. */
const char *const *compile_flags_join(const char *const *first,
                                      const char *const *second,
                                      struct arena *arena);

/*
 * The cache for the plan's shim objects, or, with 'text', for something else
 * that depends on them and on the text; without a folder when the plan does not
 * use it.
 */
void compile_cache(struct cache *cache, const struct compile_plan *plan,
                   const char *text, struct arena *arena);

/* Compile, link, put in place. Also leaves compile.sh, the exact commands, in
 * the directory. '*size' is the executable's size in bytes. */
F4E_MUST_CHECK bool compile_run(const struct compile_plan *plan, size_t *size,
                                struct arena *arena, struct diag *diag);

#endif
