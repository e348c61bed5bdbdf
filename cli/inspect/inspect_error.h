/* SPDX-License-Identifier: MIT */
/* An error of `f4e-build inspect --json`. */
#ifndef F4E_INSPECT_ERROR_H
#define F4E_INSPECT_ERROR_H

#include "base/arena.h"
#include "base/diag.h"

#include <stdio.h>

/*
 * Print the report as one JSON object with the members file, line, offset
 * (bytes), message and hint; what it does not have is null. Output of a failed
 * tool goes in front of the message, lines and all.
 */
void inspect_print_error(const struct diag *diag, FILE *stream,
                         struct arena *arena);

#endif
