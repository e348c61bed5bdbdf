/* SPDX-License-Identifier: MIT */
#include "translate/round_trips.h"

#include "ctext/c_statement.h"

#include <string.h>

static const struct {
    const char *there, *back, *joined;
} trips[] = {
    {"I32_TRUNC_SAT_S_F32(", "(f32)(s32)(", "F32_WHOLE"},
    {"I32_TRUNC_SAT_S_F64(", "(f64)(s32)(", "F64_WHOLE"},
};

/* "i1 = CALLi2);" with nothing around it. */
static bool is_call(const struct c_statement *statement, const char *call)
{
    size_t length = strlen(call);
    size_t name = 0;
    return statement->target != 0 && !statement->is_update &&
           statement->value_length > length &&
           memcmp(statement->value, call, length) == 0 &&
           c_variable_at(statement->value + length, &name) != 0 &&
           statement->value_length == length + name + 1 &&
           statement->value[length + name] == ')';
}

/* The name of the call for both lines, or NULL. The integer between them is a
 * place of the operand stack, from which the second line has taken it. */
static const char *joined(const struct c_statement *first,
                          const struct c_statement *second)
{
    for (size_t i = 0; i < sizeof(trips) / sizeof(trips[0]); i++) {
        if (is_call(first, trips[i].there) && is_call(second, trips[i].back) &&
            c_variable_kind(first->target) == 'i' &&
            second->reads[0] == first->target) {
            return trips[i].joined;
        }
    }
    return NULL;
}

void round_trips_join(struct buf *out, const char *text)
{
    size_t count = 0;
    const struct c_line *lines = c_lines_split(text, &count, out->arena);
    for (size_t i = 0; i < count; i++) {
        const char *name = NULL;
        struct c_statement first;
        struct c_statement second;
        if (i + 1 < count && c_line_find(&lines[i], "_TRUNC_SAT_S_F") != NULL) {
            c_statement_read(&first, &lines[i]);
            c_statement_read(&second, &lines[i + 1]);
            name = joined(&first, &second);
        }
        const struct c_line *line = &lines[name != NULL ? i + 1 : i];
        buf_add(out, line->text - line->indentation, line->indentation);
        if (name != NULL) {
            const char *argument = strchr(first.value, '(');
            buf_add(out, line->text, (size_t)(second.value - line->text));
            buf_text(out, name);
            buf_add(out, argument,
                    first.value_length - (size_t)(argument - first.value));
            buf_byte(out, ';');
            i++;
        } else {
            buf_add(out, line->text, line->length);
        }
        buf_byte(out, '\n');
    }
}
