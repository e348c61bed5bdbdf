/* SPDX-License-Identifier: MIT */
#include "options_line.h"

#include <stdio.h>
#include <string.h>

bool parse_by(parse_function *function, const struct f4e_patch *patch,
              const char *line, struct options *options,
              struct failure *failure)
{
    static char words[512];
    static char *argv[32];
    int argc = 0;
    (void)snprintf(words, sizeof(words), "patch %s", line);
    char *rest = NULL;
    for (char *word = strtok_r(words, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        argv[argc++] = word;
    }
    argv[argc] = NULL;
    *failure = (struct failure){0};
    return function(options, patch, argc, argv, failure);
}

bool parse(const char *line, struct options *options, struct failure *failure)
{
    return parse_by(options_parse, &f4e_patch, line, options, failure);
}
