/* SPDX-License-Identifier: MIT */
/*
 * What a build makes: an executable, or one of the kinds of --emit. One table
 * serves the option, its default output and the dispatch in emit.c.
 */
#ifndef F4E_EMIT_KIND_H
#define F4E_EMIT_KIND_H

#include "base/arena.h"

#include <stdbool.h>

enum emit_kind {
    EMIT_PROGRAM, /* without --emit */
    EMIT_BUNDLE,
    EMIT_OBJECT,
    EMIT_LIBRARY,
    EMIT_SYSTEMD,
    EMIT_DEB,
    EMIT_COUNT
};

struct emit_kind_row {
    const char *name;   /* as --emit takes it */
    const char *prefix; /* of the default output, around the patch's name */
    const char *suffix;
    bool is_folder;   /* the output is a directory */
    bool is_compiled; /* the output holds machine code */
};

const struct emit_kind_row *emit_kind_row(enum emit_kind kind);

/* What a patch is called that is made into 'output': its base name without the
 * kind's prefix and suffix. In the arena. */
const char *emit_kind_patch_name(enum emit_kind kind, const char *output,
                                 struct arena *arena);

/* The kind called 'name', or EMIT_COUNT. */
enum emit_kind emit_kind_find(const char *name);

/* "bundle, object, …": what --emit takes, for messages. */
const char *emit_kind_names(void);

#endif
