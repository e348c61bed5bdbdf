/* SPDX-License-Identifier: MIT */
/* The commands that a build runs: one for each C file, one that links them. */
#ifndef F4E_COMPILE_COMMANDS_H
#define F4E_COMPILE_COMMANDS_H

#include "compile/compile.h"
#include "compile/shim_sources.h"

enum {
    /* glue.c, imports.c, api.c and the stub of alsa-lib */
    COMPILE_MAX_UNITS = SHIM_SOURCES_MAX + 4
};

/* One C file and the command that compiles it. */
struct unit {
    const char *source; /* as the compiler sees it, from the directory */
    const char *object;
    const char **argv;
    bool is_shim;
    bool is_cached; /* the object is there already */
};

/* One unit for each file to compile; 'units' has COMPILE_MAX_UNITS. Fails when
 * the list of the shim's sources is missing or damaged. */
F4E_MUST_CHECK bool compile_commands_plan(struct unit *units, size_t *count,
                                          const struct compile_plan *plan,
                                          struct arena *arena,
                                          struct diag *diag);

/* The command that links all units. */
const char **compile_commands_link(const struct unit *units, size_t count,
                                   const struct compile_plan *plan,
                                   struct arena *arena);

/* The command that makes the program of selfcheck.h at 'output', compiled as
 * the patch's own code is. */
const char *const *compile_commands_check(const struct compile_plan *plan,
                                          const char *output,
                                          struct arena *arena);

/* For objects: the objcopy command that makes every symbol but the API local,
 * so that several patches link into one program. */
const char **compile_commands_localise(const struct compile_plan *plan,
                                       struct arena *arena);

/* The flags of 'first' and then those of 'second'; either may be NULL. */
const char *const *compile_commands_join(const char *const *first,
                                         const char *const *second,
                                         struct arena *arena);

/* The compiler and its flags for the shim without the names of files. */
const char **compile_commands_flags(const struct compile_plan *plan,
                                    struct arena *arena);

#endif
