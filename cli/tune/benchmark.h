/* SPDX-License-Identifier: MIT */
/*
 * Runs of a program that is linked with shim/benchmark.c: a patch without a
 * sound card, for its time and a hash of its memories.
 */
#ifndef F4E_BENCHMARK_H
#define F4E_BENCHMARK_H

#include "base/arena.h"

enum { BENCHMARK_SLICES = 64 };

struct benchmark {
    const char *directory; /* where the programs are */
    const char *script;    /* path, or NULL; names in it are relative to the
                              user's folder, where the program runs */
    bool is_script_given;  /* by the user: its errors are input errors */
    uint32_t blocks;
};

struct benchmark_result {
    uint64_t hash; /* of all memories at the end */
    uint32_t traps;
    uint64_t ns[BENCHMARK_SLICES]; /* of each part of the run */
};

/*
 * Run program 'name' of the directory, with denormals flushed or kept. Fails
 * (input) when the user's script is wrong, (tool) when it traps or exceeds the
 * time limit.
 */
F4E_MUST_CHECK bool benchmark_run(struct benchmark_result *result,
                                  const char *name,
                                  const struct benchmark *benchmark,
                                  bool is_flushing, struct arena *arena,
                                  struct diag *diag);

/* Parse the program's output. False when it has another form. */
bool benchmark_parse(struct benchmark_result *result, const char *text);

/* Set each slice of 'best' to the minimum of both. */
void benchmark_keep_best(struct benchmark_result *best,
                         const struct benchmark_result *other);

/* Nanoseconds of the whole run. */
uint64_t benchmark_ns(const struct benchmark_result *result);

#endif
