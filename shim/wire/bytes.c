/* SPDX-License-Identifier: MIT */
#include "wire/bytes.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT_BYTES = 1 << 16 };

char *bytes_reserve(struct bytes *bytes, size_t count)
{
    size_t used = bytes_count(bytes);
    if (bytes->capacity - bytes->end < count) {
        size_t larger = (used + count) * 2;
        char *data = malloc(larger);
        if (data == NULL) {
            return NULL;
        }
        if (used > 0) {
            memcpy(data, bytes->data + bytes->start, used);
        }
        free(bytes->data);
        *bytes = (struct bytes){data, 0, used, larger};
    }
    return bytes->data + bytes->end;
}

bool bytes_add(struct bytes *bytes, const void *data, size_t count)
{
    if (count == 0) {
        return true;
    }
    char *room = bytes_reserve(bytes, count);
    if (room == NULL) {
        return false;
    }
    memcpy(room, data, count);
    bytes->end += count;
    return true;
}

void bytes_drop(struct bytes *bytes, size_t count)
{
    bytes->start += count;
    if (bytes->start == bytes->end) {
        bytes->start = bytes->end = 0;
        if (bytes->capacity > KEPT_BYTES) {
            bytes_free(bytes);
        }
    }
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}
