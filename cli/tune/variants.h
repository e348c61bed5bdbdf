/* SPDX-License-Identifier: MIT */
/*
 * The ways to compile a patch's code that --pgo and --tune choose from. Each
 * computes the same; which one is fastest differs from patch to patch.
 */
#ifndef F4E_VARIANTS_H
#define F4E_VARIANTS_H

#include "base/arena.h"

enum { VARIANT_MAX_FLAGS = 6 };

/* A row for another choice is all that it takes to have it tried. */
struct variant {
    const char *name;    /* a word */
    bool is_profiled;    /* needs a profile of the patch */
    bool is_of_pgo;      /* --pgo chooses among these, --tune among all */
    bool is_alternative; /* by gcc, in a build by clang that finds it */
    const char *flags[VARIANT_MAX_FLAGS]; /* NULL at the end */
};

/* The first row is what a build without these options makes. */
const struct variant *variants_table(size_t *count);

/* The row of that name, or NULL. 'name' need not end. */
const struct variant *variants_find(const char *name, size_t length);

#endif
