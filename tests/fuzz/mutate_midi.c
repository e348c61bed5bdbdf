/* SPDX-License-Identifier: MIT */
/* mutate.h with .mid files and check_midi.h. */
#include "check_midi.h"
#include "mutate.h"

#include <string.h>

/* What the format is made of, and bytes at the borders of its numbers. */
static uint8_t odd_byte(struct mutator *mutator)
{
    static const uint8_t bytes[] = {
        0x00, 0x01, 0x03, 0x21, 0x2f, 0x51, 0x7f, 0x80, 0x81, 0x90, 0xc0,
        0xe3, 0xe7, 0xf0, 0xf1, 0xf2, 0xf7, 0xf8, 0xfe, 0xff, 'M',  'T'};
    return bytes[mutate_below(mutator, sizeof(bytes))];
}

/* The length of a chunk becomes another one. */
static void change_length(struct mutator *mutator, uint8_t *bytes, size_t size)
{
    for (size_t at = mutate_below(mutator, size); at + 8 <= size; at++) {
        if (memcmp(bytes + at, "MTrk", 4) == 0) {
            memset(bytes + at + 4, mutate_below(mutator, 8) == 0 ? 0xff : 0, 3);
            bytes[at + 7] = (uint8_t)mutate_next(mutator);
            return;
        }
    }
}

/* At most eight bytes more. */
static size_t change(const struct mutate_format *format,
                     struct mutator *mutator, uint8_t *bytes, size_t size)
{
    (void)format;
    size_t at = mutate_below(mutator, size);
    size_t file_size = 0;
    const uint8_t *file = mutate_file(mutator, &file_size);
    size_t from = mutate_below(mutator, file_size);
    switch (mutate_below(mutator, 8)) {
    case 0:
        bytes[at] ^= (uint8_t)(1U << mutate_below(mutator, 8));
        return size;
    case 1:
        bytes[at] = odd_byte(mutator);
        return size;
    case 2:
        bytes[at] = (uint8_t)(bytes[at] + (mutate_below(mutator, 2) ? 1 : 255));
        return size;
    case 3:
        memmove(bytes + at + 1, bytes + at, size - at);
        bytes[at] = odd_byte(mutator);
        return size + 1;
    case 4:
        memmove(bytes + at, bytes + at + 1, size - at - 1);
        return size - 1;
    case 5: { /* a piece of another file */
        size_t count = file_size - from < 8 ? file_size - from : 8;
        memmove(bytes + at + count, bytes + at, size - at);
        memcpy(bytes + at, file + from, count);
        return size + count;
    }
    case 6:
        change_length(mutator, bytes, size);
        return size;
    default:
        return mutate_below(mutator, 8) == 0 ? at + 1 : size;
    }
}

int main(int argc, char **argv)
{
    static const struct mutate_format format = {
        .suffix = ".mid",
        .growth_bytes = 512,
        .keep_bytes = 32 * 1024,
        .change = change,
        .check = check_midi,
    };
    return mutate_main(&format, argc, argv);
}
