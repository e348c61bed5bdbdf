/* SPDX-License-Identifier: MIT */
#include "ctext/counted_loop.h"

#include <stdlib.h>
#include <string.h>

/* Lines between the label and the first that a round does: the test, the way
 * out, and the count. */
enum { HEAD_LINES = 11 };

/* "x = y;" */
static bool is_copy(const struct c_statement *statement, uint32_t from)
{
    size_t length = 0;
    return !statement->is_update && statement->read_count == 1 &&
           statement->reads[0] == from && statement->target != 0 &&
           c_variable_at(statement->value, &length) == from &&
           length == statement->value_length;
}

/* "x = 32u;" */
static bool is_number(const struct c_statement *statement, uint32_t *number)
{
    *number = (uint32_t)strtoul(statement->value, NULL, 10);
    return statement->is_constant && c_variable_kind(statement->target) == 'i';
}

/* "x = (u32)((s32)x >= (s32)y);" */
static bool is_test(const struct c_statement *statement, uint32_t x, uint32_t y)
{
    static const char start[] = "(u32)((s32)";
    const char *sign = memchr(statement->value, '>', statement->value_length);
    return statement->target == x && statement->read_count == 2 &&
           statement->reads[0] == x && statement->reads[1] == y &&
           strncmp(statement->value, start, sizeof(start) - 1) == 0 &&
           sign != NULL && strncmp(sign, ">= (s32)", 8) == 0;
}

/* The lines after the label. */
static bool read_head(struct counted_loop *loop, const struct c_line *lines)
{
    struct c_statement head[HEAD_LINES];
    for (size_t i = 1; i < HEAD_LINES; i++) {
        c_statement_read(&head[i], &lines[loop->label + i]);
    }
    uint32_t x = head[1].target;
    uint32_t one = 0;
    loop->counter = head[1].read_count == 1 ? head[1].reads[0] : 0;
    return c_variable_kind(loop->counter) == 'l' &&
           is_copy(&head[1], loop->counter) &&
           is_number(&head[2], &loop->rounds) &&
           is_test(&head[3], x, head[2].target) &&
           c_line_starts(&lines[loop->label + 4], "if (") &&
           head[4].read_count == 1 && head[4].reads[0] == x &&
           c_line_starts(&lines[loop->way_out], "goto ") &&
           c_line_is(&lines[loop->label + 6], "}") &&
           is_copy(&head[7], loop->counter) && is_number(&head[8], &one) &&
           one == 1 && head[9].is_update && head[9].operation == '+' &&
           head[9].target == head[7].target && head[9].read_count == 2 &&
           head[9].reads[1] == head[8].target &&
           head[10].target == loop->counter &&
           is_copy(&head[10], head[9].target);
}

/* "x = 0u; counter = x;" before the label. */
static bool starts_at_zero(const struct counted_loop *loop,
                           const struct c_line *lines)
{
    struct c_statement zero;
    struct c_statement copy;
    uint32_t number = 1;
    c_statement_read(&zero, &lines[loop->label - 2]);
    c_statement_read(&copy, &lines[loop->label - 1]);
    return is_number(&zero, &number) && number == 0 &&
           copy.target == loop->counter && is_copy(&copy, zero.target);
}

/* A line that something jumps from or to, such as "if (i0) {goto B2;}". */
static bool is_jump(const struct c_line *line)
{
    return c_line_find(line, "goto ") != NULL ||
           c_line_starts(line, "return") || c_line_ends(line, ":") ||
           c_line_ends(line, ": ") || c_line_ends(line, ":;") ||
           c_line_find(line, "UNREACHABLE") != NULL;
}

/* A place of the operand stack below those that a round begins with: the loop
 * has parameters, and the round leaves something in one of them. */
static bool is_below(uint32_t variable, uint32_t height)
{
    return variable != 0 && strchr("ijfd", c_variable_kind(variable)) != NULL &&
           c_variable_number(variable) < height;
}

/* Find the way back; nothing else may leave the rounds, write the counter, or
 * be carried to the next round on the operand stack. */
static bool read_rounds(struct counted_loop *loop, const struct c_line *lines,
                        size_t count)
{
    size_t i = loop->first;
    struct c_statement begin;
    c_statement_read(&begin, &lines[loop->label + 1]);
    uint32_t height = c_variable_number(begin.target);
    while (i < count && lines[i].indentation > 0 && !is_jump(&lines[i])) {
        struct c_statement statement;
        c_statement_read(&statement, &lines[i]);
        if (statement.target == loop->counter ||
            is_below(statement.target, height)) {
            return false;
        }
        i++;
    }
    loop->last = i;
    loop->end = i + 1;
    if (i + 1 >= count) {
        return false;
    }
    const struct c_line *label = &lines[loop->label];
    const struct c_line *way_out = &lines[loop->way_out];
    const struct c_line *end = &lines[loop->end];
    size_t back = c_word_length(label->text);
    size_t out = way_out->length - strlen("goto ;");
    return lines[i].length == back + strlen("goto ;") &&
           c_line_starts(&lines[i], "goto ") &&
           memcmp(lines[i].text + strlen("goto "), label->text, back) == 0 &&
           end->length == out + strlen(":;") && c_line_ends(end, ":;") &&
           memcmp(end->text, way_out->text + strlen("goto "), out) == 0;
}

bool counted_loop_read(struct counted_loop *loop, const struct c_line *lines,
                       size_t count, size_t label)
{
    const struct c_line *line = &lines[label];
    *loop = (struct counted_loop){
        .label = label, .way_out = label + 5, .first = label + HEAD_LINES};
    return (c_line_starts(line, "w2c_L") || c_line_starts(line, "var_L")) &&
           line->text[c_word_length(line->text)] == ':' && label >= 2 &&
           loop->first < count && read_head(loop, lines) &&
           starts_at_zero(loop, lines) && read_rounds(loop, lines, count);
}
