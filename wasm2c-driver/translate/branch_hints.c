/* SPDX-License-Identifier: MIT */
#include "translate/branch_hints.h"

#include "translate/branch_folds.h"

#include <ctype.h>

struct line {
    const char *text; /* without its indentation */
    size_t indentation;
    size_t length; /* of 'text', without the newline */
    bool has_else; /* the block that it opens is followed by one */
};

static bool starts_with(const struct line *line, const char *word)
{
    size_t length = strlen(word);
    return line->length >= length && memcmp(line->text, word, length) == 0;
}

static bool ends_with(const struct line *line, char last)
{
    return line->length > 0 && line->text[line->length - 1] == last;
}

static size_t split(struct line *lines, const char *text)
{
    size_t count = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        size_t indentation = strspn(text, " ");
        indentation = indentation < length ? indentation : length;
        lines[count++] = (struct line){text + indentation, indentation,
                                       length - indentation, false};
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    return count;
}

/* Match each line that closes a block with the one that opened it. */
static void find_elses(struct line *lines, size_t count, size_t *open)
{
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        if (starts_with(&lines[i], "}") && depth > 0) {
            struct line *opener = &lines[open[--depth]];
            opener->has_else = starts_with(&lines[i], "} else");
        }
        if (ends_with(&lines[i], '{')) {
            open[depth++] = i;
        }
    }
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_') {
        length++;
    }
    return length;
}

/* Names of integers are "w2c_i3" or "var_i3", of floats "w2c_f3" … */
static bool is_integer(const char *text)
{
    return strncmp(text, "w2c_i", 5) == 0 || strncmp(text, "var_i", 5) == 0;
}

/* "i1 = i1 <= i2;" without casts: unsigned, as only address guards compare. */
static bool is_guard(const struct line *line, const char *variable,
                     size_t length)
{
    const char *p = line->text;
    if (line->length < length || memcmp(p, variable, length) != 0 ||
        strncmp(p + length, " = ", 3) != 0 || !is_integer(p + length + 3)) {
        return false;
    }
    p += length + 3;
    p += word_length(p);
    return strncmp(p, " <= ", 4) == 0 && is_integer(p + 4) &&
           p[4 + word_length(p + 4)] == ';';
}

/* "goto w2c_L1;": back to the start of a loop. */
static bool is_repeating(const struct line *line)
{
    return starts_with(line, "goto w2c_L") || starts_with(line, "goto var_L");
}

/* The hint for line 'i', an `if`; NULL for none. */
static const char *hint(const struct line *lines, size_t i, size_t count,
                        const char *variable, size_t length)
{
    if (i > 0 && is_guard(&lines[i - 1], variable, length)) {
        return "F4E_LIKELY_IF";
    }
    if (lines[i].has_else || i + 1 >= count || is_repeating(&lines[i + 1])) {
        return NULL;
    }
    return "F4E_RARELY_IF";
}

void branch_hints_add(struct buf *out, const char *text)
{
    size_t newlines = 1;
    for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++) {
        newlines++;
    }
    struct line *lines = arena_alloc(out->arena, newlines, sizeof(*lines));
    size_t *open = arena_alloc(out->arena, newlines, sizeof(*open));
    size_t count = split(lines, text);
    find_elses(lines, count, open);
    const bool *is_fold = branch_folds_find(text, out->arena);
    for (size_t i = 0; i < count; i++) {
        static const char start[] = "if (";
        const struct line *line = &lines[i];
        const char *variable = line->text + sizeof(start) - 1;
        const char *macro = NULL;
        size_t length = 0;
        if (starts_with(line, start) && is_integer(variable)) {
            length = word_length(variable);
            if (!is_fold[i] && strncmp(variable + length, ") {\n", 4) == 0) {
                macro = hint(lines, i, count, variable, length);
            }
        }
        buf_add(out, line->text - line->indentation, line->indentation);
        if (macro != NULL) {
            buf_format(out, "%s (%.*s) {", macro, (int)length, variable);
        } else {
            buf_add(out, line->text, line->length);
        }
        buf_byte(out, '\n');
    }
}
