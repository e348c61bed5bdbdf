/* SPDX-License-Identifier: MIT */
/*
 * What a build makes: an executable, or one of the forms of --emit. One table
 * serves the option, its default output and the dispatch in emit.c.
 */
#ifndef F4E_FORM_H
#define F4E_FORM_H

#include "base/arena.h"

#include <stdbool.h>

enum form {
    FORM_PROGRAM, /* without --emit */
    FORM_BUNDLE,
    FORM_OBJECT,
    FORM_LIBRARY,
    FORM_SYSTEMD,
    FORM_DEB,
    FORM_COUNT
};

struct form_row {
    const char *name;   /* as --emit takes it */
    const char *prefix; /* of the default output, around the patch's name */
    const char *suffix;
    bool is_folder;   /* the output is a directory */
    bool is_compiled; /* the output holds machine code */
};

const struct form_row *form_row(enum form form);

/* What a patch is called that is made into 'output': its base name without the
 * form's prefix and suffix. In the arena. */
const char *form_patch_name(enum form form, const char *output,
                            struct arena *arena);

/* The form called 'name', or FORM_COUNT. */
enum form form_find(const char *name);

/* "bundle, object, …": what --emit takes, for messages. */
const char *form_names(void);

#endif
