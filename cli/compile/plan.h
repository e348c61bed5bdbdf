/* SPDX-License-Identifier: MIT */
/*
 * From what is to be compiled to how: what the user asked for and what tuning
 * has chosen become one compile_plan. Every kind of output starts from here.
 */
#ifndef F4E_PLAN_H
#define F4E_PLAN_H

#include "compile/compile.h"

/* How the patch's own code is compiled, as tuning has chosen. */
struct code_choice {
    const char *const *flags; /* NULL at the end; may name a profile that lies
                                 in the directory */
    const struct toolchain *toolchain; /* NULL: as all else */
};

/* What the build knows when its C is generated. */
struct compile_request {
    const struct toolchain *toolchain;
    const char *directory; /* holds the generated files */
    const struct patch *patch;
    const char *import_c; /* as the user named it, or NULL */
    unsigned level;       /* -O */
    unsigned jobs;        /* compilers at a time; 0: one per CPU */
    bool is_unchecked;    /* no access to memory is checked */
    bool is_verbose;
    bool is_cached;
    bool is_writing_rule;
    const struct code_choice *choice; /* NULL: nothing was tuned */
    const char *objects;              /* of the tuning, or NULL */
};

/* Where tools, which run in another folder, find a file of the user's; NULL
 * stays NULL. In the arena. Fails (input) when it is gone. */
F4E_MUST_CHECK bool plan_path(const char **path, const char *file,
                              struct arena *arena, struct diag *diag);

/* The plan of an executable at 'output'. Fails (input) when the file of
 * --import-c is gone. */
F4E_MUST_CHECK bool plan_make(struct compile_plan *plan,
                              const struct compile_request *request,
                              const char *output, struct arena *arena,
                              struct diag *diag);

/* Make that executable. '*size' in bytes. */
F4E_MUST_CHECK bool plan_executable(const struct compile_request *request,
                                    const char *output, size_t *size,
                                    struct arena *arena, struct diag *diag);

#endif
