/* SPDX-License-Identifier: MIT */
#include "translate/c_line.h"

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

size_t c_word_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_') {
        length++;
    }
    return length;
}
