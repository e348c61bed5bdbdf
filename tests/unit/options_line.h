/* SPDX-License-Identifier: MIT */
/* The command line of f4e-build, parsed, and told again as text. */
#ifndef F4E_OPTIONS_LINE_H
#define F4E_OPTIONS_LINE_H

#include "fixture.h"
#include "options/options.h"

/* Words are separated by '|', since blanks may be part of one. */
bool parse(struct options *options, const char *line);

/* All that differs from the defaults, as text. */
const char *told(const struct options *options);

#endif
