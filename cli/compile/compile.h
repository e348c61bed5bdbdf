/* SPDX-License-Identifier: MIT */
/*
 * Stage 'compile': the generated C and the shim's sources → one executable.
 * Units compile side by side; the output appears by rename only when complete.
 */
#ifndef F4E_COMPILE_H
#define F4E_COMPILE_H

#include "compile/cache.h"
#include "compile/toolchain.h"

/* In the directory: what the file of --import-c includes, as a make rule. */
#define COMPILE_IMPORT_RULE "imports.d"

/* Of the patch's own code, when no access to memory is to be checked. */
#define COMPILE_UNCHECKED "-DF4E_UNCHECKED"

/* Names of the files that compiling leaves in the directory, whatever the kind
 * of output, as patterns of fnmatch(); NULL at the end. */
extern const char *const compile_patterns[];

/* Flags of every unit, wherever it is compiled; NULL at the end. */
extern const char *const compile_flags[];

/* Set where an object for other programs is made, and no executable. */
struct compile_object {
    const char *objcopy;        /* path */
    const char *const *symbols; /* all that stay visible; NULL at the end */
};

/* What becomes of it, unless it is an object for other programs. */
enum compile_kind {
    COMPILE_PROGRAM,
    COMPILE_VERSION, /* a library that the player loads: the patch alone */
    COMPILE_PLAYER,  /* the shim, without a patch: no generated files */
};

struct compile_plan {
    enum compile_kind kind;
    const struct toolchain *toolchain;
    const char *directory; /* holds glue.c and module.c; commands run here */
    const char *output;    /* path of the executable, from the user's folder */
    const struct patch *patch; /* a program has no more of the shim than this
                                  one needs; NULL: all of it */
    unsigned level;            /* -O */
    const char *import_c;      /* absolute path of one more C file, or NULL */
    const struct compile_object *object; /* or NULL: an executable */
    unsigned jobs;        /* compilers at a time; 0: one per CPU */
    bool is_verbose;      /* print each command */
    bool is_cached;       /* take compiled shim objects from the cache */
    bool is_writing_rule; /* COMPILE_IMPORT_RULE */
    /* What compiles the patch's own code; NULL: 'toolchain', as all else. */
    const struct toolchain *code_toolchain;
    /* More flags for the patch's own code and for the linker; each list ends
     * with NULL, or is NULL. */
    const char *const *code_flags;
    const char *const *link_flags;
    /* A folder that keeps the shim's objects for this build alone, where the
     * cache does not; NULL: compile them each time. No plan with 'object' or
     * for another machine may share it with one that is different there. */
    const char *objects;
    bool is_benchmark; /* link shim/benchmark.c in place of the shim's main.c */
};

/*
 * The cache for the plan's shim objects, or, with 'text', for something else
 * that depends on them and on the text; without a folder when the plan does not
 * use it.
 */
void compile_cache(struct cache *cache, const struct compile_plan *plan,
                   const char *text, struct arena *arena);

/* A player at plan->output, from the cache. False: it is not there. */
bool compile_player_cached(const struct compile_plan *plan,
                           struct arena *arena);

/* Compile it, and keep it in the cache. */
F4E_MUST_CHECK bool compile_player(const struct compile_plan *plan,
                                   struct arena *arena, struct diag *diag);

/* Compile, link, put in place. An object has api.c of the directory in it and
 * the sources of shim/SOURCES.library. Also leaves compile.sh, the exact
 * commands, in the directory. '*size' is the executable's size in bytes. */
F4E_MUST_CHECK bool compile_run(const struct compile_plan *plan, size_t *size,
                                struct arena *arena, struct diag *diag);

#endif
