/* SPDX-License-Identifier: MIT */
/* Validation of one @config line: path and value. */
#ifndef F4E_PROJECT_SETTING_H
#define F4E_PROJECT_SETTING_H

#include "project/parse/number.h"

struct setting {
    struct span path;
    bool is_ignored; /* valid, but without meaning here: fonts, colours */
    bool is_number;
    double number;
    const char *text; /* memory names come with their module */
};

/*
 * Check a path and its value; 'owner' is the id of the enclosing block, or
 * NULL. False: the reason is in '*why', in the arena.
 */
F4E_MUST_CHECK bool setting_read(struct setting *setting, struct span path,
                                 struct span value, const char *owner,
                                 struct arena *arena, const char **why);

#endif
