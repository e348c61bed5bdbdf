/* SPDX-License-Identifier: MIT */
#include "ctext/c_known.h"

#include <string.h>

const struct c_place *c_known_find(const struct c_known *known,
                                   uint32_t variable)
{
    for (uint32_t i = 0; i < known->count; i++) {
        if (known->list[i].variable == variable) {
            return &known->list[i];
        }
    }
    return NULL;
}

void c_known_forget(struct c_known *known, uint32_t variable)
{
    for (uint32_t i = 0; i < known->count; i++) {
        if (known->list[i].variable == variable) {
            known->list[i] = known->list[--known->count];
            return;
        }
    }
}

void c_known_learn(struct c_known *known, uint32_t variable, uint32_t first,
                   uint32_t last)
{
    if (known->count < C_KNOWN_MAX) {
        known->list[known->count++] = (struct c_place){variable, first, last};
    }
}

bool c_known_is_range(const struct c_known *known, const struct c_line *line)
{
    return c_line_find(line, known->range_calls[0]) != NULL ||
           c_line_find(line, known->range_calls[1]) != NULL;
}

/* "i0 = RANGE(…, i0, i1, i2, i3);": from i1 to i2, both constants. */
void c_known_learn_range(struct c_known *known,
                         const struct c_statement *statement)
{
    const struct c_place *first = NULL;
    const struct c_place *last = NULL;
    if (statement->read_count == 4) {
        first = c_known_find(known, statement->reads[1]);
        last = c_known_find(known, statement->reads[2]);
    }
    bool is_useful =
        first != NULL && last != NULL && first->first <= last->last;
    uint32_t from = is_useful ? first->first : 0;
    uint32_t to = is_useful ? last->last : 0;
    c_known_forget(known, statement->target);
    if (is_useful) {
        c_known_learn(known, statement->target, from, to);
    }
}

/* ---- Divisions ---- */

/* "x = y;", where neither is an expression. */
static bool is_copy_to(const struct c_line *line, uint32_t x, uint32_t *y)
{
    struct c_statement statement;
    size_t length = 0;
    c_statement_read(&statement, line);
    bool is_copy = statement.target == x && !statement.is_update &&
                   statement.read_count == 1 &&
                   c_variable_at(statement.value, &length) != 0 &&
                   length == statement.value_length;
    *y = is_copy ? statement.reads[0] : 0;
    return is_copy;
}

/* "x = !(x);" behind "x = y;", with nothing but ranges and constants of other
 * places up to 'line'. */
static bool is_test_for_zero(const struct c_known *known,
                             const struct c_line *line, uint32_t x, uint32_t y)
{
    enum { LINES_MAX = 8 };
    for (int i = 0; i < LINES_MAX && line > known->lines + 1; i++, line--) {
        struct c_statement statement;
        uint32_t from = 0;
        c_statement_read(&statement, line);
        if (statement.target == x && statement.value[0] == '!') {
            return statement.value_length > 2 && statement.read_count == 1 &&
                   statement.reads[0] == x && is_copy_to(line - 1, x, &from) &&
                   from == y;
        }
        bool is_range = c_known_is_range(known, line);
        if (!is_range && (!statement.is_constant || statement.target == x ||
                          statement.target == y)) {
            return false;
        }
    }
    return false;
}

/* What the language puts before a remainder: "x = y; x = !(x); if (x) { x = 1u;
 * } else { x = y; }", so that x is not zero. */
static bool is_never_zero(const struct c_known *known,
                          const struct c_line *line, uint32_t x)
{
    enum { LINES = 5 };
    struct c_statement one;
    struct c_statement test;
    uint32_t y = 0;
    if (line < known->lines + LINES) {
        return false;
    }
    c_statement_read(&one, line - 4);
    c_statement_read(&test, line - 5);
    return c_line_is(line - 1, "}") && is_copy_to(line - 2, x, &y) &&
           c_line_is(line - 3, "} else {") && one.target == x &&
           one.is_constant && strncmp(one.value, "1u", 2) == 0 &&
           one.value_length == 2 && c_line_starts(line - 5, "if (") &&
           test.read_count == 1 && test.reads[0] == x &&
           is_test_for_zero(known, line - 6, x, y);
}

/* "x = I32_REM_S(x, y);" where y is a number that cannot trap. */
bool c_known_divides(const struct c_known *known, const struct c_line *line,
                     const char *word, size_t length)
{
    static const struct {
        const char *name;
        bool traps_at_one; /* the least number by -1 */
    } divisions[] = {{"I32_DIV_S", true},
                     {"I32_REM_S", false},
                     {"DIV_U", false},
                     {"REM_U", false}};
    struct c_statement statement;
    c_statement_read(&statement, line);
    bool is_division =
        statement.read_count == 2 && c_variable_kind(statement.reads[1]) == 'i';
    const struct c_place *by =
        is_division ? c_known_find(known, statement.reads[1]) : NULL;
    for (size_t i = 0; i < sizeof(divisions) / sizeof(divisions[0]); i++) {
        if (!is_division || strlen(divisions[i].name) != length ||
            memcmp(divisions[i].name, word, length) != 0) {
            continue;
        }
        return by != NULL ? by->first > 0 && by->last < UINT32_MAX
                          : !divisions[i].traps_at_one &&
                                is_never_zero(known, line, statement.reads[1]);
    }
    return false;
}
