/* SPDX-License-Identifier: MIT */
#include "mutate_text.h"

#include <string.h>

enum { GROWTH_BYTES = 16384, KEEP_BYTES = 1 << 20 };

/* Put 'length' bytes at 'at'; they may be part of the text. */
static size_t insert(char *text, size_t size, size_t at, const char *bytes,
                     size_t length)
{
    char copy[GROWTH_BYTES / 8];
    length = length < sizeof(copy) ? length : sizeof(copy);
    memcpy(copy, bytes, length);
    memmove(text + at + length, text + at, size - at);
    memcpy(text + at, copy, length);
    return size + length;
}

static size_t cut(char *text, size_t size, size_t at, size_t length)
{
    memmove(text + at, text + at + length, size - at - length);
    return size - length;
}

static size_t line_start(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] != '\n') {
        at--;
    }
    return at;
}

static size_t line_length(const char *text, size_t size, size_t start)
{
    size_t length = 0;
    while (start + length < size && text[start + length] != '\n') {
        length++;
    }
    return start + length < size ? length + 1 : length;
}

static size_t change(const struct mutate_format *format,
                     struct mutator *mutator, uint8_t *bytes, size_t size)
{
    char *text = (char *)bytes;
    size_t at = mutate_below(mutator, size);
    size_t start = line_start(text, at);
    size_t other = line_start(text, mutate_below(mutator, size));
    const char *word = format->words[mutate_below(mutator, format->word_count)];
    size_t file_size = 0;
    const uint8_t *file = mutate_file(mutator, &file_size);
    size_t from = mutate_below(mutator, file_size);
    switch (mutate_below(mutator, 10)) {
    case 0:
        text[at] = (char)(text[at] ^ (1 << mutate_below(mutator, 8)));
        return size;
    case 1:
        return cut(text, size, at, 1);
    case 2: /* lose a line */
        return cut(text, size, start, line_length(text, size, start));
    case 3: /* a line twice, somewhere */
        return insert(text, size, other, text + start,
                      line_length(text, size, start));
    case 4:
    case 5:
        return insert(text, size, at, word, strlen(word));
    case 6: /* a line of its own */
        size = insert(text, size, start, "\n", 1);
        return insert(text, size, start, word, strlen(word));
    case 7: /* a piece of another file */
        return insert(text, size, start, (const char *)file + from,
                      mutate_below(mutator, file_size - from));
    case 8: { /* a number for a number */
        size_t digit = at;
        while (digit < size && (text[digit] < '0' || text[digit] > '9')) {
            digit++;
        }
        if (digit < size) {
            text[digit] = (char)('0' + mutate_below(mutator, 10));
        }
        return size;
    }
    default:
        return cut(text, size, at, mutate_below(mutator, size - at));
    }
}

int mutate_text_main(const struct mutate_text *text, int argc, char **argv)
{
    const struct mutate_format format = {
        .suffix = text->suffix,
        .growth_bytes = GROWTH_BYTES,
        .keep_bytes = KEEP_BYTES,
        .is_empty_taken = true,
        .words = text->words,
        .word_count = text->word_count,
        .change = change,
        .check = text->check,
    };
    return mutate_main(&format, argc, argv);
}
