/* SPDX-License-Identifier: MIT */
/*
 * Run a program that was linked with shim/benchmark.c: a patch without a sound
 * card, for its time and for the bits that it leaves in memory.
 */
#ifndef F4E_BENCHMARK_H
#define F4E_BENCHMARK_H

#include "base/arena.h"

enum { BENCHMARK_SLICES = 64 };

struct benchmark {
    const char *directory; /* where the programs are */
    const char *script;    /* path, or NULL; files that it names are the user's,
                              so it runs in the user's folder */
    bool is_script_given;  /* by the user, who hears of what is wrong in it */
    uint32_t blocks;
};

struct benchmark_result {
    uint64_t hash; /* of all memories at the end */
    uint32_t traps;
    uint64_t ns[BENCHMARK_SLICES]; /* of each part of the run */
};

/*
 * Run a program of that directory with denormals flushed or kept. Fails
 * (input) when a script that was given is wrong, else (tool) with the reason:
 * it traps again and again, or did not end in time.
 */
F4E_MUST_CHECK bool benchmark_run(struct benchmark_result *result,
                                  const char *name,
                                  const struct benchmark *benchmark,
                                  bool is_flushing, struct arena *arena,
                                  struct diag *diag);

/* What the program printed, parsed; false when it is something else. */
bool benchmark_parse(struct benchmark_result *result, const char *text);

/* Make each slice of 'best' the lesser of the two. */
void benchmark_keep_best(struct benchmark_result *best,
                         const struct benchmark_result *other);

/* Nanoseconds of the whole run. */
uint64_t benchmark_ns(const struct benchmark_result *result);

#endif
