/* SPDX-License-Identifier: MIT */
#include "options/emit_kind.h"

#include "base/file.h"

#include <stddef.h>

static const struct form_row rows[FORM_COUNT] = {
    [FORM_PROGRAM] = {"program", "", "", false, true},
    [FORM_BUNDLE] = {"bundle", "", "-bundle", true, false},
    [FORM_OBJECT] = {"object", "", ".o", false, true},
    [FORM_LIBRARY] = {"library", "lib", ".a", false, true},
    [FORM_SYSTEMD] = {"systemd", "", ".service", false, false},
    [FORM_DEB] = {"deb", "", ".deb", false, true},
};

const struct form_row *form_row(enum form form)
{
    return &rows[form];
}

enum form form_find(const char *name)
{
    enum form form = FORM_PROGRAM;
    while (form < FORM_COUNT && strcmp(rows[form].name, name) != 0) {
        form++;
    }
    return form;
}

const char *form_patch_name(enum form form, const char *output,
                            struct arena *arena)
{
    const char *base = file_base_name(output);
    size_t prefix = strlen(rows[form].prefix);
    size_t suffix = strlen(rows[form].suffix);
    size_t length = strlen(base);
    if (length > suffix &&
        strcmp(base + length - suffix, rows[form].suffix) == 0) {
        length -= suffix;
    }
    if (length > prefix && strncmp(base, rows[form].prefix, prefix) == 0) {
        base += prefix;
        length -= prefix;
    }
    return arena_copy(arena, base, length);
}

const char *form_names(void)
{
    return "program, bundle, object, library, systemd, deb";
}
