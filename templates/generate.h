/* SPDX-License-Identifier: MIT */
/*
 * Stage 'generate': the compiler's inputs as files in one directory: module.c,
 * module.h, glue.c, f4e-imports.h, asset<k>.bin, data<k>.bin, and the
 * certificate ranges.txt when addresses are proven.
 */
#ifndef F4E_GENERATE_H
#define F4E_GENERATE_H

#include "glue.h"

/* The results of the previous stages. */
struct generation {
    const struct patch *patch;
    const struct translation *translation;
    const enum glue_import *imports; /* one per imported function */
    const struct ranges *ranges;     /* in the translation; NULL: no ranges */
    bool is_checking;                /* ranges become checks */
    const char *version;             /* of f4e-build */
};

/* Names of the files that generate_files() writes, as patterns of fnmatch();
 * NULL at the end. */
extern const char *const generate_patterns[];

/* Write the files. Fails (system) when one cannot be written. */
F4E_MUST_CHECK bool generate_files(const struct generation *generation,
                                   const char *directory, struct arena *arena,
                                   struct diag *diag);

#endif
