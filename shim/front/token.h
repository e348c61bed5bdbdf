/* SPDX-License-Identifier: MIT */
/* What opens the front to those who know it. Control thread. */
#ifndef F4E_TOKEN_H
#define F4E_TOKEN_H

#include "common/failure.h"
#include "wire/link.h"

#include <stdbool.h>
#include <stddef.h>

/* As many letters that nobody can guess, and a final 0. STATUS_INTERNAL. */
F4E_MUST_CHECK bool token_make(char *token, size_t size,
                               struct failure *failure);

/*
 * The first line of a file. One that is not there is made, for its owner only,
 * with a new token; '*is_new' says so. STATUS_FILE.
 */
F4E_MUST_CHECK bool token_read(char token[LINK_TOKEN_MAX], const char *path,
                               bool *is_new, struct failure *failure);

#endif
