/* SPDX-License-Identifier: MIT */
#include "translate/loop_sums.h"

#include "ctext/c_function.h"
#include "ctext/counted_loop.h"

#include <string.h>

enum {
    ROUNDS_MIN = 8,   /* fewer are not worth a second loop */
    ROUNDS_MAX = 512, /* the arrays lie on the stack */
    STAGES_MAX = 6,   /* arrays for one loop */
    ARRAY_ALIGNMENT = 64,
};

/* A variable in the rounds of one loop. "Late" is what the second loop does. */
struct place {
    uint32_t variable;
    bool is_carried;      /* read as a float before a round writes it */
    bool is_sum;          /* carried, and written */
    bool is_read_stale;   /* where this round may not have written it yet */
    size_t written_depth; /* 1 + that of the block in which it surely has been
                             written so far; 0: in none */
    bool is_late;         /* what it holds now is computed late */
    bool is_written_late; /* by a line of a round */
    bool is_written_now;
    bool is_late_at_end; /* the last line that writes it is late */
    bool is_double;      /* a local that is late, whose name does not say it */
    size_t constant;     /* 1 + the line that gave it the constant it holds */
};

struct splitter {
    const struct c_line *lines;
    size_t count;
    struct c_functions functions;
    struct arena *arena;
    unsigned loops_split;
    /* Of the loop at hand: */
    struct counted_loop loop;
    struct place *places;
    uint32_t place_count, place_capacity;
    size_t array_bytes;   /* of the loops that are split */
    uint32_t own_globals; /* of the module; those behind them are kept words */
    bool calls_impure;    /* a round does */
    char prefix[8];       /* "w2c_" or "var_" */
    unsigned stages;
    size_t stage_bytes;
    struct buf arrays, now, late;
};

/* ---- Which variables are sums ---- */

static struct place *place_of(struct splitter *s, uint32_t variable,
                              bool *is_new)
{
    for (uint32_t i = 0; i < s->place_count; i++) {
        if (s->places[i].variable == variable) {
            *is_new = false;
            return &s->places[i];
        }
    }
    s->places = arena_grow(s->arena, s->places, s->place_count,
                           &s->place_capacity, sizeof(*s->places));
    struct place *place = &s->places[s->place_count++];
    *place = (struct place){.variable = variable};
    *is_new = true;
    return place;
}

static bool is_lasting(uint32_t variable)
{
    return c_variable_kind(variable) == 'l' || c_variable_kind(variable) == 'g';
}

/* Enter what a line, in a block of this depth, reads and writes. */
static void find_places_of(struct splitter *s, const struct c_line *line,
                           size_t depth)
{
    struct c_statement statement;
    bool is_new = false;
    c_statement_read(&statement, line);
    for (uint32_t i = 0; i < statement.read_count; i++) {
        struct place *place = place_of(s, statement.reads[i], &is_new);
        place->is_read_stale =
            place->is_read_stale || place->written_depth == 0;
        place->is_carried =
            place->is_carried || (is_new && is_lasting(place->variable) &&
                                  statement.read_count == 1 &&
                                  c_variable_is_float(statement.target));
    }
    if (statement.target != 0) {
        struct place *place = place_of(s, statement.target, &is_new);
        place->is_sum = place->is_carried;
        if (place->written_depth == 0 || place->written_depth > depth + 1) {
            place->written_depth = depth + 1;
        }
    }
}

static void find_places(struct splitter *s)
{
    size_t depth = 0;
    for (size_t i = s->loop.first; i < s->loop.last; i++) {
        const struct c_line *line = &s->lines[i];
        if (c_line_starts(line, "}") && depth > 0) {
            for (uint32_t k = 0; k < s->place_count; k++) {
                struct place *place = &s->places[k];
                place->written_depth =
                    place->written_depth > depth ? 0 : place->written_depth;
            }
            depth--;
        }
        find_places_of(s, line, depth);
        depth += c_line_ends(line, "{") ? 1 : 0;
    }
}

static bool find_sums(struct splitter *s)
{
    bool has_sum = false;
    s->place_count = 0;
    find_places(s);
    for (uint32_t i = 0; i < s->place_count; i++) {
        struct place *place = &s->places[i];
        place->is_late = place->is_sum;
        has_sum = has_sum || place->is_sum;
    }
    return has_sum;
}

/* ---- The two loops ---- */

static void add_name(struct buf *out, const struct splitter *s,
                     uint32_t variable)
{
    buf_format(out, "%s%s%c%u",
               c_variable_kind(variable) == 'g' ? "instance->" : "", s->prefix,
               c_variable_kind(variable), c_variable_number(variable));
}

/* The second loop needs what 'place' holds now: it gets the constant again, or
 * an array of the rounds' values. */
static bool add_input(struct splitter *s, const struct place *place)
{
    if (!c_variable_is_float(place->variable)) {
        return false;
    }
    if (place->constant > 0) {
        c_line_add(&s->late, &s->lines[place->constant - 1], NULL);
        return true;
    }
    if (s->stages == STAGES_MAX) {
        return false;
    }
    bool is_single = c_variable_kind(place->variable) == 'f';
    const char *type = is_single ? "f32" : "f64";
    /* On the stack, each may be filled up to the next one's alignment. */
    s->stage_bytes += s->loop.rounds * (is_single ? 4u : 8u) + ARRAY_ALIGNMENT;
    const char *array =
        arena_format(s->arena, "f4e_stage%u_%u", s->loops_split, s->stages++);
    buf_format(&s->arrays, "  _Alignas(%d) %s %s[%uu];\n", ARRAY_ALIGNMENT,
               type, array, s->loop.rounds);
    buf_format(&s->now, "    %s[", array);
    add_name(&s->now, s, s->loop.counter);
    buf_text(&s->now, " - 1u] = ");
    add_name(&s->now, s, place->variable);
    buf_text(&s->now, ";\n");
    buf_text(&s->late, "    ");
    add_name(&s->late, s, place->variable);
    buf_format(&s->late, " = %s[", array);
    add_name(&s->late, s, s->loop.counter);
    buf_text(&s->late, " - 1u];\n");
    return true;
}

/* "l1 = f0;", as everything lasting is written. */
static bool is_float_copy(const struct c_statement *statement)
{
    size_t length = 0;
    return is_lasting(statement->target) && !statement->is_update &&
           statement->read_count == 1 &&
           c_variable_is_float(statement->reads[0]) &&
           c_variable_at(statement->value, &length) == statement->reads[0] &&
           length == statement->value_length;
}

/* A line that computes with a sum: only in every round, only floats, and only
 * for variables. */
static bool add_late(struct splitter *s, const struct c_line *line,
                     const struct c_statement *statement, size_t depth)
{
    bool is_new = false;
    if (depth > 0 || !statement->is_pure ||
        !(c_variable_is_float(statement->target) || is_float_copy(statement))) {
        return false;
    }
    bool is_double = false;
    for (uint32_t i = 0; i < statement->read_count; i++) {
        struct place *place = place_of(s, statement->reads[i], &is_new);
        if (!place->is_late && !add_input(s, place)) {
            return false;
        }
        is_double = c_variable_kind(place->variable) == 'd';
        /* The second loop has the value from here on. */
        place->is_written_late =
            place->is_written_late || c_variable_is_float(place->variable);
    }
    struct place *target = place_of(s, statement->target, &is_new);
    target->is_late = true;
    target->is_written_late = true;
    target->is_late_at_end = true;
    target->is_double = is_lasting(target->variable) && is_double;
    c_line_add(&s->late, line, NULL);
    return true;
}

/* A line that stays in the first loop. */
static bool add_now(struct splitter *s, size_t number,
                    const struct c_statement *statement, size_t depth)
{
    bool is_new = false;
    c_line_add(&s->now, &s->lines[number], NULL);
    if (statement->target == 0) {
        return true;
    }
    struct place *place = place_of(s, statement->target, &is_new);
    if (place->is_sum ||
        (depth > 0 && (place->is_late || place->is_late_at_end))) {
        return false;
    }
    place->is_late = false;
    place->is_late_at_end = false;
    place->is_written_now = true;
    place->constant =
        statement->is_constant && depth == 0 && !statement->is_update
            ? number + 1
            : 0;
    return true;
}

static bool reads_late(struct splitter *s, const struct c_statement *statement)
{
    bool is_new = false;
    for (uint32_t i = 0; i < statement->read_count; i++) {
        if (place_of(s, statement->reads[i], &is_new)->is_late) {
            return true;
        }
    }
    return false;
}

/* What lasts longer than a round and is written late: no round may read of it
 * what an earlier one wrote, unless it is a sum. Globals of the module itself
 * can be seen when a trap has ended the loop; those that stand for words of
 * memory cannot, or the words would be stored at once; but a function that a
 * round calls can read them, such as the one that stores them all. */
static bool may_be_late(const struct splitter *s, const struct place *place)
{
    if (!place->is_written_late || !is_lasting(place->variable)) {
        return true;
    }
    bool is_kept = c_variable_kind(place->variable) == 'l' ||
                   (c_variable_number(place->variable) >= s->own_globals &&
                    !place->is_written_now && !s->calls_impure);
    return is_kept && (place->is_sum || !place->is_read_stale);
}

/* Sort the lines of the rounds into the two loops. */
static bool sort_lines(struct splitter *s)
{
    size_t depth = 0;
    for (size_t i = s->loop.first; i < s->loop.last; i++) {
        const struct c_line *line = &s->lines[i];
        struct c_statement statement;
        c_statement_read(&statement, line);
        depth -= c_line_starts(line, "}") && depth > 0 ? 1 : 0;
        /* The counter of a patch in memory: no vectors in any case. */
        if (!statement.is_known || c_line_find(line, "i32_store") != NULL) {
            return false;
        }
        s->calls_impure =
            s->calls_impure || c_functions_calls_impure(&s->functions, line);
        bool is_sorted = reads_late(s, &statement)
                             ? add_late(s, line, &statement, depth)
                             : add_now(s, i, &statement, depth);
        if (!is_sorted) {
            return false;
        }
        depth += c_line_ends(line, "{") ? 1 : 0;
    }
    for (uint32_t i = 0; i < s->place_count; i++) {
        if (!may_be_late(s, &s->places[i])) {
            return false;
        }
    }
    return true;
}

/* A variable of the second loop that must not be the first one's: a place of
 * the operand stack, or a local that the first loop writes last. */
static bool is_own(const struct place *place)
{
    return place->is_written_late &&
           (c_variable_is_float(place->variable) ||
            (c_variable_kind(place->variable) == 'l' &&
             !place->is_late_at_end));
}

static void add_second_loop(struct buf *out, struct splitter *s)
{
    buf_text(out, "  {\n");
    for (uint32_t i = 0; i < s->place_count; i++) {
        const struct place *place = &s->places[i];
        if (is_own(place)) {
            bool is_double =
                place->is_double || c_variable_kind(place->variable) == 'd';
            buf_text(out, is_double ? "    f64 " : "    f32 ");
            add_name(out, s, place->variable);
            buf_text(out, ";\n");
        }
    }
    buf_text(out, "    for (u32 ");
    add_name(out, s, s->loop.counter);
    buf_text(out, " = 1u; ");
    add_name(out, s, s->loop.counter);
    buf_format(out, " <= %uu; ", s->loop.rounds);
    add_name(out, s, s->loop.counter);
    buf_text(out, "++) {\n");
    buf_text(out, buf_string(&s->late));
    buf_text(out, "    }\n  }\n");
}

/* Whether the loop at line 'label' is one to split; what it becomes is then in
 * the buffers. */
static bool split(struct splitter *s, size_t label)
{
    if (!counted_loop_read(&s->loop, s->lines, s->count, label) ||
        s->loop.rounds < ROUNDS_MIN || s->loop.rounds > ROUNDS_MAX ||
        !find_sums(s)) {
        return false;
    }
    memcpy(s->prefix, s->lines[label].text, 4);
    s->stages = 0;
    s->stage_bytes = 0;
    s->calls_impure = false;
    buf_init(&s->arrays, s->arena);
    buf_init(&s->now, s->arena);
    buf_init(&s->late, s->arena);
    return sort_lines(s) &&
           s->array_bytes + s->stage_bytes <= LOOP_SUMS_STACK_BYTES;
}

/* The loop at hand as two, in a block of their own: so the arrays of one loop
 * can lie where those of another one lay. The first goes on to the second, and
 * not to its old way out, where others may come from as well. */
static void add_both_loops(struct buf *out, struct splitter *s)
{
    const struct counted_loop *loop = &s->loop;
    buf_text(out, "  {\n");
    buf_text(out, buf_string(&s->arrays));
    for (size_t i = loop->label; i < loop->first; i++) {
        if (i == loop->way_out) {
            buf_format(out, "      goto f4e_sums%u;\n", s->loops_split);
        } else {
            c_line_add(out, &s->lines[i], NULL);
        }
    }
    buf_text(out, buf_string(&s->now));
    c_line_add(out, &s->lines[loop->last], NULL);
    buf_format(out, "  f4e_sums%u:;\n", s->loops_split);
    add_second_loop(out, s);
    buf_text(out, "  }\n");
    c_line_add(out, &s->lines[loop->end], NULL);
}

void loop_sums_split(struct buf *out, const char *text, uint32_t own_globals)
{
    struct splitter s = {.arena = out->arena, .own_globals = own_globals};
    s.lines = c_lines_split(text, &s.count, s.arena);
    c_functions_find(&s.functions, s.lines, s.count, s.arena);
    for (size_t i = 0; i < s.count; i++) {
        if (!split(&s, i)) {
            c_line_add(out, &s.lines[i], NULL);
            continue;
        }
        add_both_loops(out, &s);
        s.loops_split++;
        s.array_bytes += s.stage_bytes;
        i = s.loop.end;
    }
}
