/* SPDX-License-Identifier: MIT */
#include "options/emit_kind.h"

#include "base/file.h"

#include <stddef.h>

static const struct emit_kind_row rows[EMIT_COUNT] = {
    [EMIT_PROGRAM] = {"program", "", "", false, true},
    [EMIT_BUNDLE] = {"bundle", "", "-bundle", true, false},
    [EMIT_OBJECT] = {"object", "", ".o", false, true},
    [EMIT_LIBRARY] = {"library", "lib", ".a", false, true},
    [EMIT_SYSTEMD] = {"systemd", "", ".service", false, false},
    [EMIT_DEB] = {"deb", "", ".deb", false, true},
};

const struct emit_kind_row *emit_kind_row(enum emit_kind kind)
{
    return &rows[kind];
}

enum emit_kind emit_kind_find(const char *name)
{
    enum emit_kind kind = EMIT_PROGRAM;
    while (kind < EMIT_COUNT && strcmp(rows[kind].name, name) != 0) {
        kind++;
    }
    return kind;
}

const char *emit_kind_patch_name(enum emit_kind kind, const char *output,
                                 struct arena *arena)
{
    const char *base = file_base_name(output);
    size_t prefix = strlen(rows[kind].prefix);
    size_t suffix = strlen(rows[kind].suffix);
    size_t length = strlen(base);
    if (length > suffix &&
        strcmp(base + length - suffix, rows[kind].suffix) == 0) {
        length -= suffix;
    }
    if (length > prefix && strncmp(base, rows[kind].prefix, prefix) == 0) {
        base += prefix;
        length -= prefix;
    }
    return arena_copy(arena, base, length);
}

const char *emit_kind_names(void)
{
    return "program, bundle, object, library, systemd, deb";
}
