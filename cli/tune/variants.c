/* SPDX-License-Identifier: MIT */
#include "tune/variants.h"

#include <string.h>

/* Kept because each is the fastest for some patch: docs/performance.md. */
static const struct variant table[] = {
    {"plain", false, true, false, {NULL}},
    {"profile", true, true, false, {NULL}},
    {"no-ranges", false, false, false, {"-DF4E_NO_RANGES", NULL}},
    {"no-hints", false, false, false, {"-DF4E_NO_HINTS", NULL}},
    {"no-unroll", false, false, false, {"-fno-unroll-loops", NULL}},
    {"O2", false, false, false, {"-O2", "-fno-tree-slp-vectorize", NULL}},
    {"slp", false, false, false, {"-ftree-slp-vectorize", NULL}},
    {"gcc", false, false, true, {NULL}},
    {"gcc-profile", true, false, true, {NULL}},
    {"profile-no-hints", true, false, false, {"-DF4E_NO_HINTS", NULL}},
    {"profile-no-unroll", true, false, false, {"-fno-unroll-loops", NULL}},
    {"profile-O2",
     true,
     false,
     false,
     {"-O2", "-fno-tree-slp-vectorize", NULL}},
};

enum { VARIANT_COUNT = sizeof(table) / sizeof(table[0]) };

const struct variant *variants_table(size_t *count)
{
    *count = VARIANT_COUNT;
    return table;
}

const struct variant *variants_find(const char *name, size_t length)
{
    for (size_t i = 0; i < VARIANT_COUNT; i++) {
        if (strlen(table[i].name) == length &&
            memcmp(table[i].name, name, length) == 0) {
            return &table[i];
        }
    }
    return NULL;
}
