/* SPDX-License-Identifier: MIT */
/* mutate.h, for modules. */
#include "check_wasm.h"
#include "mutate.h"

#include <string.h>

static uint8_t odd_byte(struct mutator *mutator)
{
    static const uint8_t bytes[] = {
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0e, 0x0f, 0x10, 0x1a,
        0x20, 0x21, 0x22, 0x23, 0x40, 0x41, 0x42, 0x43, 0x44, 0x60, 0x6f, 0x70,
        0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
    };
    return bytes[mutate_below(mutator, sizeof(bytes))];
}

/* At most one byte more. */
static size_t change(const struct mutate_format *format,
                     struct mutator *mutator, uint8_t *bytes, size_t size)
{
    (void)format;
    size_t at = mutate_below(mutator, size);
    size_t other = mutate_below(mutator, size);
    size_t most = size - (at > other ? at : other);
    switch (mutate_below(mutator, 10)) {
    case 0:
    case 1:
        bytes[at] ^= (uint8_t)(1U << mutate_below(mutator, 8));
        return size;
    case 2:
        bytes[at] = (uint8_t)mutate_next(mutator);
        return size;
    case 3:
    case 4:
        bytes[at] = odd_byte(mutator);
        return size;
    case 5: /* one more or one less: counts, sizes, indices */
        bytes[at] =
            (uint8_t)(bytes[at] + (mutate_below(mutator, 2) == 0 ? 1 : 0xff));
        return size;
    case 6:
        memmove(bytes + at, bytes + other, 1 + mutate_below(mutator, most));
        return size;
    case 7:
        memmove(bytes + at + 1, bytes + at, size - at);
        bytes[at] = odd_byte(mutator);
        return size + 1;
    case 8:
        memmove(bytes + at, bytes + at + 1, size - at - 1);
        return size - 1;
    default:
        for (size_t i = 0; i < 5 && at + i < size; i++) {
            bytes[at + i] = i < 4 ? 0xff : 0x0f;
        }
        return mutate_below(mutator, 4) == 0 ? at + 1 : size;
    }
}

int main(int argc, char **argv)
{
    static const struct mutate_format format = {
        .growth_bytes = 64,
        .keep_bytes = 32 * 1024,
        .change = change,
        .check = check_wasm,
    };
    return mutate_main(&format, argc, argv);
}
