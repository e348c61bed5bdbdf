/* SPDX-License-Identifier: MIT */
/*
 * --pgo and --tune: compile the patch's code in several ways (variants.h), run
 * each without a sound card, in turn, and keep the fastest whose bits are those
 * of the plain one. What was found is cached for the next build of the same.
 */
#ifndef F4E_TUNE_H
#define F4E_TUNE_H

#include "compile/plan.h"
#include "patch.h"

struct tuning {
    /* As the final build's, for this machine: programs made by it run here. */
    const struct compile_plan *plan;
    const struct toolchain
        *alternative; /* gcc beside clang, for --tune; or NULL */
    const struct patch *patch;
    /* What is built runs on another machine: its profile is of use, times are
     * not. Excludes is_trying_all. */
    bool is_elsewhere;
    const char *script; /* absolute path, or NULL: made for the patch */
    unsigned seconds;   /* of sound in each run */
    bool is_trying_all; /* --tune; else --pgo */
};

struct tuned {
    struct code_choice choice;
    const char *variant; /* the name of what was chosen */
    const char *summary; /* what was measured, for people: one line after
                            --pgo, a table after --tune */
    const char *notice;  /* why there is no profile, or NULL */
};

/*
 * Choose. Fails (input) when the script is wrong, (tool) when the plain code
 * cannot be compiled or run to its end, (system) when interrupted.
 */
F4E_MUST_CHECK bool tune_run(struct tuned *tuned, const struct tuning *tuning,
                             struct arena *arena, struct diag *diag);

#endif
