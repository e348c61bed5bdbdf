/* SPDX-License-Identifier: MIT */
/*
 * Names of patches as C identifiers, as file names and as names of packages.
 * One of which too little is ASCII becomes "patch" and a part of its hash; one
 * that is too long ends in a part of its hash.
 */
#ifndef F4E_IDENTIFIER_H
#define F4E_IDENTIFIER_H

#include "base/arena.h"

/*
 * "my patch 2" → "my_patch_2": ASCII letters, digits and '_' stay, each run of
 * other bytes becomes one '_'; at most 60 characters; prefixed by "patch_"
 * unless it starts with a letter. In the arena.
 */
const char *identifier_make(const char *name, struct arena *arena);

/*
 * "My Patch_2" → "My-Patch-2": letters, digits and '-', at most 60 characters,
 * for files and services. In the arena.
 */
const char *identifier_program(const char *name, struct arena *arena);

/* The same in lower case, for packages. */
const char *identifier_package(const char *name, struct arena *arena);

#endif
