/* SPDX-License-Identifier: MIT */
#include "frames/stage_parts.h"

#include <string.h>

enum { PARTS_MAX = 4096, CALLS_DEPTH = 4 };

struct cutter {
    struct c_effects_reader *reader;
    struct stage_parts *parts;
};

/* ---- Where a function can be cut ---- */

/* "goto w2c_B0;", on its own or in a line: behind the word. */
static const char *jump_of(const struct c_line *line)
{
    const char *jump = c_line_find(line, "goto ");
    return jump == NULL ? NULL : jump + strlen("goto ");
}

static bool is_label_of(const struct c_line *line, const char *name)
{
    size_t length = c_word_length(name);
    return line->length > length && memcmp(line->text, name, length) == 0 &&
           line->text[length] == ':';
}

/* Mark the lines between a jump and where it goes. */
static void mark_jumps(bool *is_inside, const struct c_line *lines,
                       size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const char *to = jump_of(&lines[i]);
        for (size_t k = first; to != NULL && k < end; k++) {
            if (!is_label_of(&lines[k], to)) {
                continue;
            }
            size_t from = k < i ? k : i;
            memset(&is_inside[from - first], true, (k < i ? i : k) - from);
        }
    }
}

static void mark_blocks(bool *is_inside, const struct c_line *lines,
                        size_t first, size_t end)
{
    size_t depth = 0;
    for (size_t i = first; i < end; i++) {
        depth -= c_line_starts(&lines[i], "}") && depth > 0 ? 1 : 0;
        depth += c_line_ends(&lines[i], "{") ? 1 : 0;
        /* A line that is inside stays with the next one. */
        is_inside[i - first] = is_inside[i - first] || depth > 0;
    }
}

/* Variables of the operand stack, locals and parameters that are read later. */
struct live {
    uint32_t *list;
    uint32_t count, capacity;
};

static void add_live(struct live *live, uint32_t variable, struct arena *arena)
{
    for (uint32_t i = 0; i < live->count; i++) {
        if (live->list[i] == variable) {
            return;
        }
    }
    live->list = arena_grow(arena, live->list, live->count, &live->capacity,
                            sizeof(*live->list));
    live->list[live->count++] = variable;
}

static void remove_live(struct live *live, uint32_t variable)
{
    for (uint32_t i = 0; i < live->count; i++) {
        if (live->list[i] == variable) {
            live->list[i] = live->list[--live->count];
            return;
        }
    }
}

/* Mark where the line is to stay with the next one since something is live
 * between them. */
static void mark_live(bool *is_inside, const struct c_line *lines, size_t first,
                      size_t end, struct arena *arena)
{
    struct live live = {0};
    bool *in_block = arena_alloc(arena, end - first + 1, sizeof(*in_block));
    memcpy(in_block, is_inside, (end - first) * sizeof(*in_block));
    for (size_t i = end; i > first; i--) {
        struct c_statement statement;
        size_t line = i - 1;
        is_inside[line - first] = is_inside[line - first] || live.count > 0;
        c_statement_read(&statement, &lines[line]);
        bool is_sure = !in_block[line - first] && statement.target != 0 &&
                       !c_line_starts(&lines[line], "}");
        if (is_sure) {
            remove_live(&live, statement.target);
        }
        for (uint32_t k = 0; k < statement.read_count; k++) {
            if (c_variable_kind(statement.reads[k]) != 'g') {
                add_live(&live, statement.reads[k], arena);
            }
        }
    }
}

static bool add_part(struct cutter *cutter, const struct c_function *function,
                     size_t first, size_t end)
{
    struct stage_parts *parts = cutter->parts;
    if (parts->count == PARTS_MAX) {
        return false;
    }
    parts->list = arena_grow(cutter->reader->arena, parts->list, parts->count,
                             &parts->capacity, sizeof(*parts->list));
    struct stage_part *part = &parts->list[parts->count];
    *part =
        (struct stage_part){.function = function, .first = first, .end = end};
    parts->count++;
    c_effects_read(&part->effects, cutter->reader, first, end);
    return part->effects.is_known;
}

/* The end of what the function does. */
static size_t end_of(const struct c_function *function,
                     const struct c_line *lines)
{
    size_t end = function->last;
    return c_line_is(&lines[end - 1], "FUNC_EPILOGUE;") ? end - 1 : end;
}

/* What ends a function early, or jumps to several places: nothing here knows
 * what follows it. */
static bool has_other_ways(const struct c_line *lines, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const char *jump = jump_of(&lines[i]);
        const struct c_line rest = {
            jump, 0,
            jump == NULL ? 0
                         : lines[i].length - (size_t)(jump - lines[i].text)};
        if (c_line_starts(&lines[i], "return") ||
            (jump != NULL && jump_of(&rest) != NULL)) {
            return true;
        }
    }
    return false;
}

static bool cut_function(struct cutter *cutter,
                         const struct c_function *function)
{
    struct c_effects_reader *reader = cutter->reader;
    const struct c_line *lines = reader->lines;
    size_t first = c_function_body(function, lines);
    size_t end = end_of(function, lines);
    if (end < first || has_other_ways(lines, first, end)) {
        return false;
    }
    bool *is_inside =
        arena_alloc(reader->arena, end - first + 1, sizeof(*is_inside));
    mark_jumps(is_inside, lines, first, end);
    mark_blocks(is_inside, lines, first, end);
    mark_live(is_inside, lines, first, end, reader->arena);
    for (size_t i = first, start = first; i < end; i++) {
        if (!is_inside[i - first] || i + 1 == end) {
            if (!add_part(cutter, function, start, i + 1)) {
                return false;
            }
            start = i + 1;
        }
    }
    return true;
}

/* ---- What the loop calls ---- */

/* "w2c_fn7_filter(instance);" */
static const struct c_function *plain_call(const struct cutter *cutter,
                                           size_t line)
{
    const struct c_effects_reader *reader = cutter->reader;
    const struct c_line *text = &reader->lines[line];
    const struct c_function *called =
        c_functions_called(reader->functions, text);
    bool is_plain =
        called != NULL && c_line_ends(text, "(instance);") &&
        text->length == called->name_length + strlen("(instance);") &&
        c_line_starts(&reader->lines[called->first], "static void ");
    return is_plain ? called : NULL;
}

static bool read_calls(struct cutter *cutter, size_t first, size_t end,
                       unsigned depth)
{
    const struct c_line *lines = cutter->reader->lines;
    for (size_t i = first; i < end; i++) {
        const struct c_function *called = plain_call(cutter, i);
        if (called == NULL) {
            return false;
        }
        bool *is_called =
            &cutter->parts->is_called[called - cutter->reader->functions->list];
        size_t from = c_function_body(called, lines);
        size_t to = end_of(called, lines);
        if (*is_called) {
            return false;
        }
        *is_called = true;
        bool calls_more = from < to && plain_call(cutter, from) != NULL;
        if (!(calls_more && depth < CALLS_DEPTH
                  ? read_calls(cutter, from, to, depth + 1)
                  : cut_function(cutter, called))) {
            return false;
        }
    }
    return true;
}

bool stage_parts_read(struct stage_parts *parts,
                      struct c_effects_reader *reader,
                      const struct counted_loop *loop)
{
    struct cutter cutter = {.reader = reader, .parts = parts};
    *parts = (struct stage_parts){
        .is_called = arena_alloc(reader->arena, reader->functions->count + 1,
                                 sizeof(*parts->is_called))};
    return loop->first < loop->last &&
           read_calls(&cutter, loop->first, loop->last, 0) && parts->count > 1;
}
