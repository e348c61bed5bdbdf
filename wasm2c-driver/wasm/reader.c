/* SPDX-License-Identifier: MIT */
#include "wasm/reader.h"

#include "base/utf8.h"
#include "wasm/leb128.h"

#include <stdarg.h>

bool reader_fail(const struct reader *reader, size_t offset, const char *format,
                 ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (reader->function != UINT32_MAX) {
        return diag_input(reader->diag, (int64_t)offset, "function %u: %s",
                          reader->function, text);
    }
    return diag_input(reader->diag, (int64_t)offset, "%s", text);
}

size_t reader_left(const struct reader *reader)
{
    return reader->end - reader->offset;
}

static bool fail_cut_off(const struct reader *reader, const char *what)
{
    return reader_fail(reader, reader->offset, "%s ends where %s should be",
                       reader->within, what);
}

/* A number was refused: either its last byte is missing or it is malformed. */
static bool fail_number(const struct reader *reader, const char *what,
                        size_t most)
{
    size_t left = reader_left(reader);
    bool is_open = left < most;
    for (size_t i = 0; i < left && i < most; i++) {
        if ((reader->bytes[reader->offset + i] & 0x80) == 0) {
            is_open = false;
        }
    }
    if (is_open) {
        return fail_cut_off(reader, what);
    }
    return reader_fail(reader, reader->offset,
                       "%s is not a number: more than %zu bytes of LEB128 or "
                       "bits that do not fit",
                       what, most);
}

bool reader_byte(struct reader *reader, const char *what, uint8_t *value)
{
    if (reader_left(reader) < 1) {
        return fail_cut_off(reader, what);
    }
    *value = reader->bytes[reader->offset++];
    return true;
}

enum {
    MOST_BYTES_32 = 5,
    MOST_BYTES_64 = 10,
};

bool reader_u32(struct reader *reader, const char *what, uint32_t *value)
{
    size_t used = leb128_read_u32(reader->bytes + reader->offset,
                                  reader_left(reader), value);
    reader->offset += used;
    return used != 0 || fail_number(reader, what, MOST_BYTES_32);
}

bool reader_u64(struct reader *reader, const char *what, uint64_t *value)
{
    size_t used = leb128_read_u64(reader->bytes + reader->offset,
                                  reader_left(reader), value);
    reader->offset += used;
    return used != 0 || fail_number(reader, what, MOST_BYTES_64);
}

bool reader_s32(struct reader *reader, const char *what, int32_t *value)
{
    size_t used = leb128_read_s32(reader->bytes + reader->offset,
                                  reader_left(reader), value);
    reader->offset += used;
    return used != 0 || fail_number(reader, what, MOST_BYTES_32);
}

bool reader_s33(struct reader *reader, const char *what, int64_t *value)
{
    size_t used = leb128_read_s33(reader->bytes + reader->offset,
                                  reader_left(reader), value);
    reader->offset += used;
    return used != 0 || fail_number(reader, what, MOST_BYTES_32);
}

bool reader_s64(struct reader *reader, const char *what, int64_t *value)
{
    size_t used = leb128_read_s64(reader->bytes + reader->offset,
                                  reader_left(reader), value);
    reader->offset += used;
    return used != 0 || fail_number(reader, what, MOST_BYTES_64);
}

bool reader_bytes(struct reader *reader, const char *what, size_t length,
                  const uint8_t **bytes)
{
    if (length > reader_left(reader)) {
        return reader_fail(reader, reader->offset,
                           "%s claims %zu bytes but %s has %zu left", what,
                           length, reader->within, reader_left(reader));
    }
    *bytes = reader->bytes + reader->offset;
    reader->offset += length;
    return true;
}

bool reader_count(struct reader *reader, const char *things, size_t least_bytes,
                  uint32_t *count)
{
    size_t start = reader->offset;
    size_t used =
        leb128_read_u32(reader->bytes + start, reader_left(reader), count);
    if (used == 0) {
        char what[64];
        (void)snprintf(what, sizeof(what), "the number of %s", things);
        return fail_number(reader, what, MOST_BYTES_32);
    }
    reader->offset += used;
    if (*count > reader_left(reader) / least_bytes) {
        size_t left = reader_left(reader);
        reader->offset = start;
        return reader_fail(reader, start, "%s claims %u %s but has %zu %s left",
                           reader->within, *count, things, left,
                           left == 1 ? "byte" : "bytes");
    }
    return true;
}

bool reader_name(struct reader *reader, const char *what,
                 struct wasm_name *name)
{
    size_t start = reader->offset;
    uint32_t length = 0;
    if (!reader_u32(reader, what, &length) ||
        !reader_bytes(reader, what, length, &name->bytes)) {
        return false;
    }
    name->length = length;
    if (!utf8_is_valid(name->bytes, length)) {
        reader->offset = start;
        return reader_fail(reader, start, "%s is not UTF-8", what);
    }
    return true;
}

bool reader_index(struct reader *reader, const char *what, uint32_t limit,
                  uint32_t *index)
{
    size_t start = reader->offset;
    size_t used =
        leb128_read_u32(reader->bytes + start, reader_left(reader), index);
    if (used == 0) {
        char text[64];
        (void)snprintf(text, sizeof(text), "a %s index", what);
        return fail_number(reader, text, MOST_BYTES_32);
    }
    reader->offset += used;
    if (*index >= limit) {
        reader->offset = start;
        return reader_fail(reader, start,
                           "%s index %u is out of range: %u here", what, *index,
                           limit);
    }
    return true;
}

bool reader_check_type(const struct reader *reader, size_t offset, uint8_t byte)
{
    if ((byte >= WASM_V128 && byte <= WASM_I32) || byte == WASM_FUNCREF ||
        byte == WASM_EXTERNREF) {
        return true;
    }
    if ((byte >= 0x69 && byte <= 0x74) || byte == 0x63 || byte == 0x64) {
        return reader_fail(reader, offset,
                           "reference type 0x%02x is not supported: only "
                           "numbers have a native form",
                           byte);
    }
    return reader_fail(reader, offset, "0x%02x is not a value type", byte);
}

bool reader_value_type(struct reader *reader, enum wasm_type *type)
{
    uint8_t byte = 0;
    if (!reader_byte(reader, "a value type", &byte) ||
        !reader_check_type(reader, reader->offset - 1, byte)) {
        return false;
    }
    *type = (enum wasm_type)byte;
    return true;
}
