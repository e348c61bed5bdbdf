/* SPDX-License-Identifier: MIT */
#include "ctext/c_line.h"

#include <ctype.h>
#include <string.h>

struct c_line *c_lines_split(const char *text, size_t *count,
                             struct arena *arena)
{
    size_t newlines = 1;
    for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++) {
        newlines++;
    }
    struct c_line *lines = arena_alloc(arena, newlines, sizeof(*lines));
    *count = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        size_t indentation = strspn(text, " ");
        indentation = indentation < length ? indentation : length;
        lines[(*count)++] = (struct c_line){text + indentation, indentation,
                                            length - indentation};
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    return lines;
}

bool c_line_starts(const struct c_line *line, const char *word)
{
    size_t length = strlen(word);
    return line->length >= length && memcmp(line->text, word, length) == 0;
}

bool c_line_ends(const struct c_line *line, const char *word)
{
    size_t length = strlen(word);
    return line->length >= length &&
           memcmp(line->text + line->length - length, word, length) == 0;
}

bool c_line_is(const struct c_line *line, const char *text)
{
    return line->length == strlen(text) && c_line_starts(line, text);
}

const char *c_line_find(const struct c_line *line, const char *word)
{
    size_t length = strlen(word);
    const char *p = line->text;
    const char *end = line->text + line->length;
    while ((size_t)(end - p) >= length &&
           (p = memchr(p, word[0], (size_t)(end - p) - length + 1)) != NULL) {
        if (memcmp(p, word, length) == 0) {
            return p;
        }
        p++;
    }
    return NULL;
}

void c_line_add(struct buf *out, const struct c_line *line, const char *instead)
{
    buf_add(out, line->text - line->indentation, line->indentation);
    if (instead != NULL) {
        buf_text(out, instead);
    } else {
        buf_add(out, line->text, line->length);
    }
    buf_byte(out, '\n');
}

static bool is_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

size_t c_word_length(const char *text)
{
    size_t length = 0;
    while (is_of_word(text[length])) {
        length++;
    }
    return length;
}

size_t c_word_length_before(const char *start, const char *end)
{
    const char *first = end;
    while (first > start && is_of_word(first[-1])) {
        first--;
    }
    return (size_t)(end - first);
}

uint64_t c_word_hash(const char *word, size_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)word[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}
