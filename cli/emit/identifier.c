/* SPDX-License-Identifier: MIT */
#include "emit/identifier.h"

#include "base/sha256.h"

#include <ctype.h>

enum {
    MAX_LENGTH = 59,
    SHORT_HASH = 8, /* digits of it */
};

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

/* Whether too little can stay to tell it from others: of Cyrillic and "2"
 * nothing but the 2, and so of any other name with a 2. */
static bool is_lost(const char *name)
{
    size_t plain = 0;
    size_t letters = 0;
    size_t lost = 0;
    for (const char *p = name; *p != '\0'; p++) {
        plain += is_plain(*p);
        letters += is_plain(*p) && (*p < '0' || *p > '9');
        /* Bytes that continue a character of UTF-8 are not counted. */
        lost += ((unsigned char)*p & 0xc0U) == 0xc0U;
    }
    return plain == 0 || (lost > 0 && lost >= letters);
}

/* 'start', and what other names with this start do not have. */
static char *add_hash(const char *start, const char *name, char mark,
                      struct arena *arena)
{
    char hash[65];
    sha256_hex(name, strlen(name), hash);
    return arena_format(arena, "%s%c%.*s", start, mark, SHORT_HASH, hash);
}

/* Runs of other characters become one 'mark'; none at the ends. */
static char *simplify(const char *name, char mark, struct arena *arena)
{
    char *out = arena_alloc(arena, MAX_LENGTH + 1, 1);
    size_t length = 0;
    bool is_pending = false;
    if (is_lost(name)) {
        return add_hash("patch", name, mark, arena);
    }
    for (const char *p = name; *p != '\0'; p++) {
        if (!is_plain(*p)) {
            is_pending = length > 0;
            continue;
        }
        if (length + is_pending >= MAX_LENGTH) {
            length = MAX_LENGTH - SHORT_HASH - 1;
            out[out[length - 1] == mark ? length - 1 : length] = '\0';
            return add_hash(out, name, mark, arena);
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
