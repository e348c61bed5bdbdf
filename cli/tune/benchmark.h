/* SPDX-License-Identifier: MIT */
/*
 * Run a program that was linked with shim/trial.c: a patch without a sound
 * card, for its time and for the bits that it leaves in memory.
 */
#ifndef F4E_TRIAL_H
#define F4E_TRIAL_H

#include "base/arena.h"

enum { TRIAL_SLICES = 64 };

struct trial {
    const char *directory; /* where the programs are */
    const char *script;    /* path, or NULL; files that it names are the user's,
                              so it runs in the user's folder */
    bool is_script_given;  /* by the user, who hears of what is wrong in it */
    uint32_t blocks;
};

struct trial_result {
    uint64_t hash; /* of all memories at the end */
    uint32_t traps;
    uint64_t ns[TRIAL_SLICES]; /* of each part of the run */
};

/*
 * Run a program of that directory with denormals flushed or kept. Fails
 * (input) when a script that was given is wrong, else (tool) with the reason:
 * it traps again and again, or did not end in time.
 */
F4E_MUST_CHECK bool trial_run(struct trial_result *result, const char *name,
                              const struct trial *trial, bool is_flushing,
                              struct arena *arena, struct diag *diag);

/* What the program printed, parsed; false when it is something else. */
bool trial_parse(struct trial_result *result, const char *text);

/* Make each slice of 'best' the lesser of the two. */
void trial_keep_best(struct trial_result *best,
                     const struct trial_result *other);

/* Nanoseconds of the whole run. */
uint64_t trial_ns(const struct trial_result *result);

#endif
