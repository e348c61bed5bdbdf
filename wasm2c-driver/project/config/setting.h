/* SPDX-License-Identifier: MIT */
/* One @config line: whether its path exists and its value fits. */
#ifndef F4E_PROJECT_SETTING_H
#define F4E_PROJECT_SETTING_H

#include "project/parse/number.h"

struct setting {
    struct span path;
    bool is_ignored; /* fonts and colours: right, and none of our business */
    bool is_number;
    double number;
    const char *text; /* memory names come with their module */
};

/*
 * Check a path and its value; 'owner' is the id of the block it stands in, or
 * NULL. False: 'why' says what is wrong, in the arena.
 */
F4E_MUST_CHECK bool setting_read(struct setting *setting, struct span path,
                                 struct span value, const char *owner,
                                 struct arena *arena, const char **why);

#endif
