/* SPDX-License-Identifier: MIT */
#include "emit/tar.h"

#include <assert.h>

enum {
    BLOCK = 512,
    NAME_BYTES = 100,
    TIME = 315532800, /* 1980: tar warns of times before its own */
};

/* Fields of a header: where they start. */
enum {
    AT_MODE = 100,
    AT_UID = 108,
    AT_GID = 116,
    AT_SIZE = 124,
    AT_TIME = 136,
    AT_SUM = 148,
    AT_TYPE = 156,
    AT_MAGIC = 257,
    AT_VERSION = 263,
    AT_USER = 265,
    AT_GROUP = 297,
};

static void put(char *header, size_t at, const char *text)
{
    memcpy(header + at, text, strlen(text) + 1);
}

static void add_header(struct buf *archive, const char *path, unsigned mode,
                       char type, size_t size)
{
    char header[BLOCK] = {0};
    struct arena *arena = archive->arena;
    assert(strlen(path) < NAME_BYTES);
    put(header, 0, path);
    put(header, AT_MODE, arena_format(arena, "%07o", mode));
    put(header, AT_UID, "0000000");
    put(header, AT_GID, "0000000");
    put(header, AT_SIZE, arena_format(arena, "%011zo", size));
    put(header, AT_TIME, arena_format(arena, "%011o", TIME));
    memset(header + AT_SUM, ' ', 8);
    header[AT_TYPE] = type;
    put(header, AT_MAGIC, "ustar");
    header[AT_VERSION] = '0';
    header[AT_VERSION + 1] = '0';
    put(header, AT_USER, "root");
    put(header, AT_GROUP, "root");
    unsigned sum = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        sum += (unsigned char)header[i];
    }
    put(header, AT_SUM, arena_format(arena, "%06o", sum));
    buf_add(archive, header, BLOCK);
}

static void fill(struct buf *archive, size_t size)
{
    static const char zeros[2 * BLOCK];
    buf_add(archive, zeros, size);
}

void tar_add(struct buf *archive, const char *path, unsigned mode,
             const void *bytes, size_t size)
{
    add_header(archive, path, mode, '0', size);
    buf_add(archive, bytes, size);
    fill(archive, (BLOCK - size % BLOCK) % BLOCK);
}

void tar_add_folder(struct buf *archive, const char *path)
{
    add_header(archive, path, 0755, '5', 0);
}

void tar_end(struct buf *archive)
{
    fill(archive, 2 * (size_t)BLOCK);
}
