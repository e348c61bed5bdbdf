/* SPDX-License-Identifier: MIT */
/*
 * "./patch --complete WORD...": what a shell offers next, with the names of the
 * patch, of its presets and of what the machine has. The only thread.
 */
#ifndef F4E_COMPLETE_H
#define F4E_COMPLETE_H

#include "f4e_patch.h"

#include <stddef.h>
#include <stdio.h>

/* 'words' are those behind the program's name, up to the cursor. What cannot
 * be found out is not offered. */
void complete_run(const struct f4e_patch *patch, char *const *words,
                  size_t count, FILE *file);

#endif
