/* SPDX-License-Identifier: MIT */
/*
 * The ways to compile a patch's code that --pgo and --tune choose from. All
 * compute the same bits.
 */
#ifndef F4E_VARIANTS_H
#define F4E_VARIANTS_H

#include "base/arena.h"

enum { VARIANT_MAX_FLAGS = 6 };

/* A row of the table; adding one is enough to have it tried. */
struct variant {
    const char *name;    /* a word */
    bool is_profiled;    /* needs a profile of the patch */
    bool is_of_pgo;      /* --pgo chooses among these, --tune among all */
    bool is_alternative; /* compiled by gcc in a clang build, if there is one */
    const char *flags[VARIANT_MAX_FLAGS]; /* NULL at the end */
};

/* The first row is the plain build. */
const struct variant *variants_table(size_t *count);

/* The row of that name, or NULL. 'name' needs no NUL. */
const struct variant *variants_find(const char *name, size_t length);

#endif
