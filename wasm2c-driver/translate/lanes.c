/* SPDX-License-Identifier: MIT */
#include "translate/lanes.h"

#include "ctext/c_function.h"

#include <string.h>

enum {
    LANES_MIN = 4,       /* with fewer, one by one is as fast */
    LANES_MAX = 8,       /* floats in a vector of 256 bits, as in F4E_LANES() */
    FUNCTION_LINES = 80, /* what compilers still put in place of the call */
    JOINED_LINES = 512,  /* from the first call to the last one */
    ARGUMENT_BYTES = 512,
};

struct joiner {
    const struct c_line *lines;
    struct c_statement *statements;
    const struct c_function **called; /* by line; NULL: not for lanes */
    size_t count;
    struct c_functions functions;
    struct arena *arena;
    struct buf scratch; /* of argument() */
    unsigned joined;
    const char **instead; /* by line: what it becomes; NULL: itself */
    const char **before;  /* by line: what is put before it; NULL: nothing */
};

/* "f0 = NAME(instance, f1);" of a function that can be done in lanes. */
static const struct c_function *lane_call(const struct joiner *j, size_t line)
{
    const struct c_statement *statement = &j->statements[line];
    const struct c_function *called =
        c_functions_called(&j->functions, &j->lines[line]);
    bool is_plain =
        called != NULL && called->is_float &&
        called->last - called->first <= FUNCTION_LINES &&
        c_variable_kind(statement->target) == 'f' && !statement->is_update &&
        statement->read_count == 1 &&
        c_variable_kind(statement->reads[0]) == 'f' &&
        strncmp(statement->value, called->name, called->name_length) == 0;
    return is_plain ? called : NULL;
}

/* Whether control flow, or a call that may write a global, comes in here. */
static bool ends_region(const struct joiner *j, size_t line)
{
    const struct c_line *text = &j->lines[line];
    return text->indentation == 0 || c_line_ends(text, "{") ||
           c_line_starts(text, "}") || c_line_starts(text, "goto ") ||
           c_line_starts(text, "return") || c_line_ends(text, ":") ||
           c_line_ends(text, ": ") || c_line_ends(text, ":;") ||
           c_functions_calls_impure(&j->functions, text);
}

/* ---- What an argument is, in terms of the variables at the first call ---- */

static bool add_value(struct buf *out, const struct joiner *j,
                      uint32_t variable, const char *name, size_t length,
                      size_t first, size_t line);

/* A word that is no variable. FMIN and FMAX choose by the type of x, for which
 * they repeat x: in each other, that doubles the text with every step. */
static void add_word(struct buf *out, const char *word, size_t length)
{
    static const struct {
        const char *name, *of_f32;
    } choices[] = {{"FMIN", "f32_min"}, {"FMAX", "f32_max"}};
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        if (strlen(choices[i].name) == length &&
            memcmp(choices[i].name, word, length) == 0) {
            buf_text(out, choices[i].of_f32);
            return;
        }
    }
    buf_add(out, word, length);
}

/* The value of a statement, with its variables as what they are at 'first'. */
static bool add_expression(struct buf *out, const struct joiner *j,
                           size_t first, size_t line)
{
    const struct c_statement *statement = &j->statements[line];
    const char *end = statement->value + statement->value_length;
    for (const char *p = statement->value; p < end;) {
        size_t length = 0;
        uint32_t variable = c_variable_at(p, &length);
        if (variable == 0) {
            length = c_word_length(p);
            length = length > 0 ? length : 1;
            add_word(out, p, length);
        } else if (!add_value(out, j, variable, p, length, first, line)) {
            return false;
        }
        p += length;
    }
    return true;
}

/* A step on the way to an argument: floats of the operand stack, and copies of
 * what lasts longer. */
static bool is_step(const struct c_statement *statement)
{
    for (uint32_t i = 0; i < statement->read_count; i++) {
        char kind = c_variable_kind(statement->reads[i]);
        if (kind != 'f' && !(statement->read_count == 1 &&
                             (kind == 'l' || kind == 'g' || kind == 'p'))) {
            return false;
        }
    }
    return statement->is_pure;
}

/* What 'variable', called 'name', holds before 'line'. */
static bool add_value(struct buf *out, const struct joiner *j,
                      uint32_t variable, const char *name, size_t length,
                      size_t first, size_t line)
{
    if (out->length > ARGUMENT_BYTES) {
        return false;
    }
    while (line > first && j->statements[line - 1].target != variable) {
        line--;
    }
    if (line == first) {
        buf_add(out, name, length);
        return true;
    }
    const struct c_statement *source = &j->statements[--line];
    if (!is_step(source)) {
        return false;
    }
    buf_text(out, "(f32)(");
    bool is_known = true;
    if (source->is_update) {
        is_known = add_value(out, j, variable, name, length, first, line);
        buf_byte(out, ' ');
        buf_byte(out, (unsigned char)source->operation);
        buf_text(out, " (");
    }
    is_known = is_known && add_expression(out, j, first, line);
    buf_text(out, source->is_update ? "))" : ")");
    return is_known;
}

/* The argument of the call at 'line' as an expression for before 'first'. */
static const char *argument(struct joiner *j, size_t first, size_t line)
{
    const struct c_statement *call = &j->statements[line];
    uint32_t variable = call->reads[0];
    size_t length = 0;
    /* "NAME(instance, w2c_f0)" */
    const char *name = call->value + call->value_length - 1;
    while (name > call->value && c_variable_at(name, &length) != variable) {
        name--;
    }
    j->scratch.length = 0;
    return add_value(&j->scratch, j, variable, name, length, first, line)
               ? arena_copy(j->arena, (const char *)j->scratch.bytes,
                            j->scratch.length)
               : NULL;
}

/* ---- Joining ---- */

/* The calls that can be done with the one at 'first', up to the line 'end'. */
static void join_from(struct joiner *j, size_t first, size_t end)
{
    const struct c_function *function = j->called[first];
    size_t members[LANES_MAX];
    const char *arguments[LANES_MAX];
    unsigned count = 0;
    end = end - first > JOINED_LINES ? first + JOINED_LINES : end;
    for (size_t i = first; i < end && count < LANES_MAX; i++) {
        const char *text =
            j->called[i] == function ? argument(j, first, i) : NULL;
        if (text != NULL) {
            members[count] = i;
            arguments[count++] = text;
        }
    }
    if (count < LANES_MIN) {
        return;
    }
    struct buf before;
    buf_init(&before, j->arena);
    buf_format(&before, "  f32 f4e_to%u[%d], f4e_from%u[%d] = {\n", j->joined,
               LANES_MAX, j->joined, LANES_MAX);
    for (unsigned i = 0; i < count; i++) {
        buf_format(&before, "    %s,\n", arguments[i]);
        const struct c_line *line = &j->lines[members[i]];
        size_t start = (size_t)(j->statements[members[i]].value - line->text);
        j->instead[members[i]] =
            arena_format(j->arena, "%.*sf4e_to%u[%u];", (int)start, line->text,
                         j->joined, i);
        j->called[members[i]] = NULL;
    }
    buf_format(&before,
               "  };\n  F4E_LANES(f4e_to%u, f4e_from%u, %u, %.*s, "
               "instance);\n",
               j->joined, j->joined, count, (int)function->name_length,
               function->name);
    j->before[first] = buf_string(&before);
    j->joined++;
}

/* Lines that follow each other whenever one of them is run. A declaration must
 * not follow a label, so the first one is no place for it. */
static void join_region(struct joiner *j, size_t first, size_t end)
{
    for (size_t i = first + 1; i < end; i++) {
        if (j->called[i] != NULL) {
            join_from(j, i, end);
        }
    }
}

/* The last line of the loop over many frames at once that begins at 'line', as
 * stages.h has them. */
static size_t end_of_wide(const struct joiner *j, size_t line)
{
    size_t end = line + 1;
    while (end + 1 < j->count &&
           !(c_line_is(&j->lines[end], "}") &&
             j->lines[end].indentation == j->lines[line].indentation)) {
        end++;
    }
    return end;
}

static void join_all(struct joiner *j)
{
    size_t first = 0;
    for (size_t i = 0; i < j->count; i++) {
        if (c_line_starts(&j->lines[i], "F4E_WIDE ")) {
            /* Calls of different frames are side by side there. */
            join_region(j, first, i);
            i = end_of_wide(j, i);
            first = i + 1;
            continue;
        }
        c_statement_read(&j->statements[i], &j->lines[i]);
        j->called[i] = lane_call(j, i);
        if (ends_region(j, i)) {
            join_region(j, first, i);
            first = i + 1;
        }
    }
}

void lanes_join(struct buf *out, const char *text)
{
    struct joiner j = {.arena = out->arena};
    j.lines = c_lines_split(text, &j.count, j.arena);
    j.statements = arena_alloc(j.arena, j.count + 1, sizeof(*j.statements));
    j.called = arena_alloc(j.arena, j.count + 1, sizeof(*j.called));
    j.instead = arena_alloc(j.arena, j.count + 1, sizeof(*j.instead));
    j.before = arena_alloc(j.arena, j.count + 1, sizeof(*j.before));
    buf_init(&j.scratch, j.arena);
    c_functions_find(&j.functions, j.lines, j.count, j.arena);
    join_all(&j);
    for (size_t i = 0; i < j.count; i++) {
        const struct c_line *line = &j.lines[i];
        if (j.before[i] != NULL) {
            buf_text(out, j.before[i]);
        }
        c_line_add(out, line, j.instead[i]);
    }
}
