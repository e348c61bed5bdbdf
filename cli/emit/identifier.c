/* SPDX-License-Identifier: MIT */
#include "emit/identifier.h"

#include "base/sha256.h"

#include <ctype.h>

enum { MAX_LENGTH = 60 };

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

static bool has_plain(const char *name)
{
    bool found = false;
    for (const char *p = name; *p != '\0'; p++) {
        found = found || is_plain(*p);
    }
    return found;
}

/* Something for a name of which nothing can stay, and another for another. */
static char *made_up(const char *name, char mark, struct arena *arena)
{
    enum { SHORT_HASH = 8 };
    char hash[65];
    sha256_hex(name, strlen(name), hash);
    return arena_format(arena, "patch%c%.*s", mark, SHORT_HASH, hash);
}

/* Runs of other characters become one 'mark'; none at the ends. */
static char *simplify(const char *name, char mark, struct arena *arena)
{
    char *out = arena_alloc(arena, MAX_LENGTH + 1, 1);
    size_t length = 0;
    bool is_pending = false;
    if (!has_plain(name)) {
        return made_up(name, mark, arena);
    }
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
    return has_letter ? id : arena_format(arena, "patch_%s", id);
}

const char *identifier_upper(const char *id, struct arena *arena)
{
    char *upper = arena_copy(arena, id, strlen(id));
    for (char *p = upper; *p != '\0'; p++) {
        *p = (char)toupper((unsigned char)*p);
    }
    return upper;
}

const char *identifier_program(const char *name, struct arena *arena)
{
    return simplify(name, '-', arena);
}

const char *identifier_package(const char *name, struct arena *arena)
{
    char *package = simplify(name, '-', arena);
    for (char *p = package; *p != '\0'; p++) {
        *p = (char)tolower((unsigned char)*p);
    }
    return package;
}
