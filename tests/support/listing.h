/* SPDX-License-Identifier: MIT */
/*
 * What a project text says, as the lines of an .expect file in
 * tests/data/layout and tests/data/config (README.md of the vectors).
 */
#ifndef F4E_TEST_LISTING_H
#define F4E_TEST_LISTING_H

#include "project/project.h"

/* The names in a line "; @memoryRegions a b", if there is one. */
const char **listing_regions(const char *bytes, size_t size, uint32_t *count,
                             struct arena *arena);

/* Lines of required, module, item and image; "reject\n" when the text cannot
 * be laid out as the command line compiler would. */
const char *listing_layout(const char *bytes, size_t size,
                           struct project_rules rules, struct arena *arena);

/* Lines of config, bin, midi and error. */
const char *listing_config(const char *bytes, size_t size, struct arena *arena);

#endif
