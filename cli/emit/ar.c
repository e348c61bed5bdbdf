/* SPDX-License-Identifier: MIT */
#include "emit/ar.h"

#include <assert.h>

enum { HEADER_BYTES = 60 };

void ar_start(struct buf *archive)
{
    buf_text(archive, "!<arch>\n");
}

void ar_add(struct buf *archive, const char *name, bool has_slash,
            const void *bytes, size_t size)
{
    assert(strlen(name) <= AR_MAX_NAME);
    const char *full =
        arena_format(archive->arena, "%s%s", name, has_slash ? "/" : "");
    buf_format(archive, "%-16s%-12d%-6d%-6d%-8s%-10zu`\n", full, 0, 0, 0,
               "100644", size);
    buf_add(archive, bytes, size);
    if (size % 2 != 0) {
        buf_byte(archive, '\n');
    }
}

static void add_number(struct buf *out, size_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        buf_byte(out, (unsigned)(number >> shift) & 0xff);
    }
}

void ar_add_index(struct buf *archive, const char *const *symbols)
{
    struct buf index;
    size_t count = 0;
    size_t names = 0;
    for (; symbols[count] != NULL; count++) {
        names += strlen(symbols[count]) + 1;
    }
    size_t size = 4 + 4 * count + names;
    size_t member = archive->length + HEADER_BYTES + size + size % 2;
    buf_init(&index, archive->arena);
    add_number(&index, count);
    for (size_t i = 0; i < count; i++) {
        add_number(&index, member);
    }
    for (size_t i = 0; i < count; i++) {
        buf_add(&index, symbols[i], strlen(symbols[i]) + 1);
    }
    ar_add(archive, "", true, index.bytes, index.length);
}
