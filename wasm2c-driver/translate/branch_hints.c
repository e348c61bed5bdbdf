/* SPDX-License-Identifier: MIT */
#include "translate/branch_hints.h"

#include "ctext/c_line.h"
#include "translate/branch_folds.h"

#include <string.h>

/* For each line that opens a block, whether an "else" follows it. */
static bool *find_elses(const struct c_line *lines, size_t count,
                        struct arena *arena)
{
    bool *has_else = arena_alloc(arena, count + 1, sizeof(*has_else));
    size_t *open = arena_alloc(arena, count + 1, sizeof(*open));
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        if (c_line_starts(&lines[i], "}") && depth > 0) {
            has_else[open[--depth]] = c_line_starts(&lines[i], "} else");
        }
        if (c_line_ends(&lines[i], "{")) {
            open[depth++] = i;
        }
    }
    return has_else;
}

/* Names of integers are "w2c_i3" or "var_i3", of floats "w2c_f3" … */
static bool is_integer(const char *text)
{
    return strncmp(text, "w2c_i", 5) == 0 || strncmp(text, "var_i", 5) == 0;
}

/* "i1 = i1 <= i2;" without casts: unsigned, as only address guards compare. */
static bool is_guard(const struct c_line *line, const char *variable,
                     size_t length)
{
    const char *p = line->text;
    if (line->length < length || memcmp(p, variable, length) != 0 ||
        strncmp(p + length, " = ", 3) != 0 || !is_integer(p + length + 3)) {
        return false;
    }
    p += length + 3;
    p += c_word_length(p);
    return strncmp(p, " <= ", 4) == 0 && is_integer(p + 4) &&
           p[4 + c_word_length(p + 4)] == ';';
}

/* "goto w2c_L1;": back to the start of a loop. */
static bool is_repeating(const struct c_line *line)
{
    return c_line_starts(line, "goto w2c_L") ||
           c_line_starts(line, "goto var_L");
}

/* The hint for line 'i', an `if`; NULL for none. */
static const char *hint(const struct c_line *lines, size_t i, size_t count,
                        bool has_else, const char *variable, size_t length)
{
    if (i > 0 && is_guard(&lines[i - 1], variable, length)) {
        return "F4E_LIKELY_IF";
    }
    if (has_else || i + 1 >= count || is_repeating(&lines[i + 1])) {
        return NULL;
    }
    return "F4E_RARELY_IF";
}

void branch_hints_add(struct buf *out, const char *text)
{
    size_t count = 0;
    const struct c_line *lines = c_lines_split(text, &count, out->arena);
    const bool *has_else = find_elses(lines, count, out->arena);
    const bool *is_fold = branch_folds_find(text, out->arena);
    for (size_t i = 0; i < count; i++) {
        static const char start[] = "if (";
        const struct c_line *line = &lines[i];
        const char *variable = line->text + sizeof(start) - 1;
        const char *macro = NULL;
        size_t length = 0;
        if (c_line_starts(line, start) && is_integer(variable)) {
            length = c_word_length(variable);
            if (!is_fold[i] && strncmp(variable + length, ") {\n", 4) == 0) {
                macro = hint(lines, i, count, has_else[i], variable, length);
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
