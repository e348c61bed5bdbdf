/* SPDX-License-Identifier: MIT */
/* The command line of the stereo fake, parsed in the test. */
#ifndef F4E_OPTIONS_LINE_H
#define F4E_OPTIONS_LINE_H

#include "f4e_patch.h"
#include "options/options.h"

extern const struct f4e_patch f4e_patch;

typedef bool parse_function(struct options *options,
                            const struct f4e_patch *patch, int argc,
                            char **argv, struct failure *failure);

/* 'line' is split at blanks; 'options' point into the words until the next. */
bool parse_by(parse_function *function, const struct f4e_patch *patch,
              const char *line, struct options *options,
              struct failure *failure);

/* As the fake does it. */
bool parse(const char *line, struct options *options, struct failure *failure);

#endif
