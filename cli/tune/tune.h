/* SPDX-License-Identifier: MIT */
/*
 * --pgo and --tune: compile the patch's code in several ways (variants.h), run
 * each without a sound card, interleaved, and choose the fastest whose output
 * is bit-identical to the plain one's. The choice is cached.
 */
#ifndef F4E_TUNE_H
#define F4E_TUNE_H

#include "compile/plan.h"
#include "patch.h"

struct tuning {
    /* The final build's plan, retargeted to this machine. */
    const struct compile_plan *plan;
    const struct toolchain
        *alternative; /* gcc beside clang, for --tune; or NULL */
    const struct patch *patch;
    /* The build is for another machine: profile only, no timing. Excludes
     * is_trying_all. */
    bool is_elsewhere;
    const char *script; /* absolute path, or NULL: scenario.h */
    unsigned seconds;   /* of sound in each run */
    bool is_trying_all; /* --tune; else --pgo */
};

struct tuned {
    struct code_choice choice;
    const char *variant; /* name of the chosen one */
    const char *summary; /* the measurements as text: one line for --pgo, a
                            table for --tune */
    const char *notice;  /* why there is no profile, or NULL */
};

/*
 * Choose. Fails (input) when the script is wrong, (tool) when the plain code
 * cannot be compiled or run to its end, (system) when interrupted.
 */
F4E_MUST_CHECK bool tune_run(struct tuned *tuned, const struct tuning *tuning,
                             struct arena *arena, struct diag *diag);

#endif
