/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

void buf_init(struct buf *buf, struct arena *arena)
{
    *buf = (struct buf){.arena = arena};
}

void buf_add(struct buf *buf, const void *bytes, size_t length)
{
    if (length >= buf->capacity - buf->length || buf->bytes == NULL) {
        size_t capacity = buf->capacity < 128 ? 256 : buf->capacity * 2;
        while (capacity <= buf->length + length) {
            capacity *= 2;
        }
        unsigned char *grown = arena_alloc(buf->arena, capacity, 1);
        if (buf->bytes != NULL) {
            memcpy(grown, buf->bytes, buf->length);
        }
        buf->bytes = grown;
        buf->capacity = capacity;
    }
    if (length > 0) {
        memcpy(buf->bytes + buf->length, bytes, length);
    }
    buf->length += length;
    buf->bytes[buf->length] = '\0';
}

void buf_byte(struct buf *buf, unsigned byte)
{
    unsigned char value = (unsigned char)byte;
    buf_add(buf, &value, 1);
}

void buf_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        char *text = arena_alloc(buf->arena, (size_t)length + 1, 1);
        (void)vsnprintf(text, (size_t)length + 1, format, again);
        buf_add(buf, text, (size_t)length);
    }
    va_end(again);
}

const char *buf_string(const struct buf *buf)
{
    return buf->bytes == NULL ? "" : (const char *)buf->bytes;
}
