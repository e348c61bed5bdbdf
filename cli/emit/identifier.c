/* SPDX-License-Identifier: MIT */
#include "emit/identifier.h"

#include <ctype.h>

enum { MAX_LENGTH = 60 };

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

/* Runs of other characters become one 'mark'; none at the ends. */
static char *simplify(const char *name, char mark, struct arena *arena)
{
    char *out = arena_alloc(arena, MAX_LENGTH + 1, 1);
    size_t length = 0;
    bool is_pending = false;
    for (const char *p = name; *p != '\0' && length < MAX_LENGTH - 1; p++) {
        if (!is_plain(*p)) {
            is_pending = length > 0;
            continue;
        }
        if (is_pending) {
            out[length++] = mark;
            is_pending = false;
        }
        out[length++] = *p;
    }
    return out;
}

const char *identifier_make(const char *name, struct arena *arena)
{
    const char *id = simplify(name, '_', arena);
    bool has_letter =
        (id[0] >= 'a' && id[0] <= 'z') || (id[0] >= 'A' && id[0] <= 'Z');
    return id[0] == '\0' ? "patch"
           : has_letter  ? id
                         : arena_format(arena, "patch_%s", id);
}

const char *identifier_upper(const char *id, struct arena *arena)
{
    char *upper = arena_copy(arena, id, strlen(id));
    for (char *p = upper; *p != '\0'; p++) {
        *p = (char)toupper((unsigned char)*p);
    }
    return upper;
}

const char *identifier_package(const char *name, struct arena *arena)
{
    char *package = simplify(name, '-', arena);
    for (char *p = package; *p != '\0'; p++) {
        *p = (char)tolower((unsigned char)*p);
    }
    return package[0] == '\0' ? "patch" : package;
}
