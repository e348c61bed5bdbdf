/* SPDX-License-Identifier: MIT */
#include "frames/frame_stages.h"

#include "frames/stage_plan.h"

#include <string.h>

enum { CHUNK_MAX = 128, CHUNK_MIN = 16, WORD_BYTES = 8 };

struct splitter {
    const struct c_line *lines;
    size_t count;
    struct c_functions functions;
    struct c_effects_reader reader;
    const struct frame_stages_module *module;
    struct arena *arena;
    char prefix[5]; /* of names: "w2c_" or "var_" */
    /* Of the loop at hand: */
    struct counted_loop loop;
    struct stage_parts parts;
    struct stage_plan plan;
    uint32_t chunk;
    struct buf functions_out; /* parts that go frame by frame */
    struct buf loops;
    unsigned functions_made;
};

/* ---- Names ---- */

static const char *type_of(char kind)
{
    return kind == 'f'   ? "f32"
           : kind == 'd' ? "f64"
           : kind == 'j' ? "u64"
                         : "u32";
}

static void add_global(struct buf *out, const struct splitter *s,
                       uint32_t global)
{
    buf_format(out, "instance->%sg%u", s->prefix, c_variable_number(global));
}

/* The element of a global's array that part 'reader' is to read: what it is
 * after this frame, or before it. */
static void add_element(struct buf *out, const struct stage_global *global,
                        uint32_t reader)
{
    buf_format(out, "f4e_a%u[f4e_n%s]", c_variable_number(global->global),
               reader < global->first_writer ? "" : " + 1u");
}

/* Whether the part reads it from its array. */
static bool is_far(const struct splitter *s, const struct stage_global *global,
                   uint32_t part)
{
    const struct stage_part *list = s->parts.list;
    return global != NULL &&
           list[global->first_writer].stage != list[part].stage;
}

/* ---- Stages that go frame by frame ---- */

/* How many parts from this one on follow each other in a function. */
static uint32_t run_length(const struct splitter *s, uint32_t first)
{
    const struct stage_part *list = s->parts.list;
    uint32_t i = first + 1;
    while (i < s->parts.count && list[i].stage == list[first].stage &&
           list[i].function == list[first].function) {
        i++;
    }
    return i - first;
}

static void add_part_function(struct splitter *s, uint32_t first,
                              uint32_t count)
{
    const struct stage_part *list = s->parts.list;
    const struct c_function *function = list[first].function;
    struct buf *out = &s->functions_out;
    const struct c_line *line = &s->lines[function->first];
    const char *rest = c_line_find(line, "(");
    size_t length = line->length - (size_t)(rest - line->text);
    buf_format(out, "static void f4e_part%u%.*s\n", s->functions_made,
               (int)length, rest);
    for (size_t i = function->first + 1;
         i < c_function_body(function, s->lines); i++) {
        c_line_add(out, &s->lines[i], NULL);
    }
    for (size_t i = list[first].first; i < list[first + count - 1].end; i++) {
        c_line_add(out, &s->lines[i], NULL);
    }
    buf_text(out, "  FUNC_EPILOGUE;\n}\n\n");
    buf_format(&s->loops, "    f4e_part%u(instance);\n", s->functions_made++);
}

/* Parts 'first' and on, which make up a stretch of a function. */
static void add_run(struct splitter *s, uint32_t first, uint32_t count)
{
    const struct stage_part *list = s->parts.list;
    struct buf *out = &s->loops;
    for (uint32_t i = first; i < first + count; i++) {
        const struct c_effects *effects = &list[i].effects;
        for (uint32_t k = 0; k < effects->global_count; k++) {
            const struct stage_global *global =
                stage_plan_global(&s->plan, effects->globals[k].global);
            if (effects->globals[k].is_exposed && is_far(s, global, i)) {
                buf_text(out, "    ");
                add_global(out, s, global->global);
                buf_text(out, " = ");
                add_element(out, global, i);
                buf_text(out, ";\n");
            }
        }
    }
    add_part_function(s, first, count);
    for (uint32_t i = 0; i < s->plan.global_count; i++) {
        const struct stage_global *global = &s->plan.globals[i];
        if (global->has_array && global->last_writer >= first &&
            global->last_writer < first + count) {
            buf_format(out, "    f4e_a%u[f4e_n + 1u] = ",
                       c_variable_number(global->global));
            add_global(out, s, global->global);
            buf_text(out, ";\n");
        }
    }
}

static void add_narrow(struct splitter *s, uint32_t stage)
{
    for (uint32_t i = 0; i < s->parts.count;) {
        uint32_t count = 1;
        if (s->parts.list[i].stage == stage) {
            count = run_length(s, i);
            add_run(s, i, count);
        }
        i += count;
    }
}

/* ---- Stages over many frames ---- */

/* The line with globals that the loop writes as variables of the loop. */
static void add_wide_line(struct splitter *s, const struct c_line *line,
                          uint32_t part)
{
    struct buf *out = &s->loops;
    buf_text(out, "    ");
    for (const char *p = line->text; p < line->text + line->length;) {
        size_t length = 0;
        uint32_t variable = c_variable_at(p, &length);
        const struct stage_global *global =
            variable != 0 && c_variable_kind(variable) == 'g'
                ? stage_plan_global(&s->plan, variable)
                : NULL;
        if (global != NULL) {
            buf_format(out, is_far(s, global, part) ? "f4e_r%u" : "f4e_v%u",
                       c_variable_number(variable));
        } else {
            length = length > 0 ? length : c_word_length(p);
            length = length > 0 ? length : 1;
            buf_add(out, p, length);
        }
        p += length;
    }
    buf_byte(out, '\n');
}

static void add_wide_part(struct splitter *s, uint32_t number)
{
    const struct stage_part *part = &s->parts.list[number];
    const struct c_function *function = part->function;
    struct buf *out = &s->loops;
    buf_text(out, "    {\n");
    for (uint32_t k = 0; k < part->effects.global_count; k++) {
        const struct stage_global *global =
            stage_plan_global(&s->plan, part->effects.globals[k].global);
        if (is_far(s, global, number)) {
            buf_format(out, "    const %s f4e_r%u = ", type_of(global->kind),
                       c_variable_number(global->global));
            add_element(out, global, number);
            buf_text(out, ";\n");
        }
    }
    for (size_t i = function->first + 1;
         i < c_function_body(function, s->lines); i++) {
        if (!c_line_is(&s->lines[i], "FUNC_PROLOGUE;")) {
            c_line_add(out, &s->lines[i], NULL);
        }
    }
    for (size_t i = part->first; i < part->end; i++) {
        add_wide_line(s, &s->lines[i], number);
    }
    buf_text(out, "    }\n");
}

static void add_wide(struct splitter *s, uint32_t stage)
{
    const struct stage_plan *plan = &s->plan;
    struct buf *out = &s->loops;
    for (uint32_t i = 0; i < plan->global_count; i++) {
        const struct stage_global *global = &plan->globals[i];
        if (s->parts.list[global->first_writer].stage == stage) {
            buf_format(out, "    %s f4e_v%u;\n", type_of(global->kind),
                       c_variable_number(global->global));
        }
    }
    for (uint32_t i = 0; i < s->parts.count; i++) {
        if (s->parts.list[i].stage == stage) {
            add_wide_part(s, i);
        }
    }
    for (uint32_t i = 0; i < plan->global_count; i++) {
        const struct stage_global *global = &plan->globals[i];
        if (s->parts.list[global->first_writer].stage == stage) {
            uint32_t number = c_variable_number(global->global);
            buf_format(out, "    f4e_a%u[f4e_n + 1u] = f4e_v%u;\n", number,
                       number);
        }
    }
}

/* ---- The loops ---- */

static bool has_stage(const struct splitter *s, uint32_t stage)
{
    for (uint32_t i = 0; i < s->parts.count; i++) {
        if (s->parts.list[i].stage == stage) {
            return true;
        }
    }
    return false;
}

static void add_stage(struct splitter *s, uint32_t stage)
{
    if (!has_stage(s, stage)) {
        return;
    }
    buf_format(&s->loops, "  %sfor (u32 f4e_n = 0; f4e_n < %uu; f4e_n++) {\n",
               stage % 2 == 1 ? "F4E_WIDE " : "", s->chunk);
    if (stage % 2 == 1) {
        add_wide(s, stage);
    } else {
        add_narrow(s, stage);
    }
    buf_text(&s->loops, "  }\n");
}

/* What the loop at hand becomes is then in the buffers. */
static void add_loops(struct splitter *s)
{
    struct buf *out = &s->loops;
    buf_text(out, "  {\n");
    for (uint32_t i = 0; i < s->plan.global_count; i++) {
        const struct stage_global *global = &s->plan.globals[i];
        if (global->has_array) {
            buf_format(out, "  _Alignas(64) %s f4e_a%u[%uu];\n",
                       type_of(global->kind), c_variable_number(global->global),
                       s->chunk + 1);
        }
    }
    buf_format(out, "  for (u32 f4e_c = 0; f4e_c < %uu; f4e_c++) {\n",
               s->loop.rounds / s->chunk);
    for (uint32_t i = 0; i < s->plan.global_count; i++) {
        if (s->plan.globals[i].has_array) {
            buf_format(out, "  f4e_a%u[0] = ",
                       c_variable_number(s->plan.globals[i].global));
            add_global(out, s, s->plan.globals[i].global);
            buf_text(out, ";\n");
        }
    }
    for (uint32_t stage = 0; stage < s->plan.stage_count; stage++) {
        add_stage(s, stage);
    }
    for (uint32_t i = 0; i < s->plan.global_count; i++) {
        if (s->plan.globals[i].has_array) {
            buf_text(out, "  ");
            add_global(out, s, s->plan.globals[i].global);
            buf_format(out, " = f4e_a%u[%uu];\n",
                       c_variable_number(s->plan.globals[i].global), s->chunk);
        }
    }
    buf_text(out, "  }\n  }\n");
    buf_format(out, "  %sl%u = %uu;\n", s->prefix,
               c_variable_number(s->loop.counter), s->loop.rounds);
}

/* The longest chunk of which the block has a whole number and whose arrays have
 * a place; 0: none. */
static uint32_t chunk_of(const struct splitter *s)
{
    for (uint32_t chunk = CHUNK_MAX; chunk >= CHUNK_MIN; chunk /= 2) {
        size_t bytes =
            (size_t)s->plan.array_count * (chunk + 1 + CHUNK_MIN) * WORD_BYTES;
        if (s->loop.rounds % chunk == 0 && bytes <= FRAME_STAGES_STACK_BYTES) {
            return chunk;
        }
    }
    return 0;
}

/* The module's own globals are nothing that the loop may leave for later. */
static bool writes_own(const struct splitter *s)
{
    for (uint32_t i = 0; i < s->plan.global_count; i++) {
        if (c_variable_number(s->plan.globals[i].global) <
            s->module->own_globals) {
            return true;
        }
    }
    return false;
}

static bool split(struct splitter *s, size_t label)
{
    if (!counted_loop_read(&s->loop, s->lines, s->count, label) ||
        !stage_parts_read(&s->parts, &s->reader, &s->loop) ||
        !stage_plan_make(&s->plan, &s->parts, s->arena) || writes_own(s)) {
        return false;
    }
    memcpy(s->prefix, s->lines[label].text, 4);
    s->chunk = chunk_of(s);
    if (s->chunk == 0) {
        return false;
    }
    buf_init(&s->functions_out, s->arena);
    buf_init(&s->loops, s->arena);
    add_loops(s);
    return true;
}

/* How often functions are named outside of prototypes, by function: what a loop
 * no longer calls, and nothing else names, is left out. */
static uint32_t *count_names(const struct splitter *s)
{
    uint32_t *names =
        arena_alloc(s->arena, s->functions.count + 1, sizeof(*names));
    for (size_t i = 0; i < s->count; i++) {
        const struct c_line *line = &s->lines[i];
        const char *end = line->text + line->length;
        bool is_prototype = line->indentation == 0 && c_line_ends(line, ");");
        for (const char *p = line->text; p < end && !is_prototype;) {
            size_t length = c_word_length(p);
            uint32_t found = length > 0 ? u64map_find(&s->functions.by_name,
                                                      c_word_hash(p, length))
                                        : 0;
            if (found > 0) {
                names[found - 1]++;
            }
            p += length > 0 ? length : 1;
        }
    }
    return names;
}

/* The lines that the output is to have: not those of functions that only the
 * loop at hand called. */
static bool *lines_to_keep(const struct splitter *s)
{
    enum { DEFINED_AND_CALLED = 2 };
    bool *is_kept = arena_alloc(s->arena, s->count + 1, sizeof(*is_kept));
    memset(is_kept, true, s->count);
    const uint32_t *names = count_names(s);
    for (uint32_t i = 0; i < s->functions.count; i++) {
        const struct c_function *function = &s->functions.list[i];
        if (s->parts.is_called[i] && names[i] <= DEFINED_AND_CALLED) {
            memset(&is_kept[function->first], false,
                   function->last - function->first + 1);
        }
    }
    return is_kept;
}

/* The text with the loop at hand in stages. */
static void add_all(struct buf *out, const struct splitter *s)
{
    const bool *is_kept = lines_to_keep(s);
    size_t start = s->loop.label;
    while (s->lines[start].indentation > 0) {
        start--;
    }
    for (size_t i = 0; i < s->count; i++) {
        if (i == start) {
            buf_text(out, buf_string(&s->functions_out));
        }
        if (i == s->loop.label) {
            buf_text(out, buf_string(&s->loops));
            i = s->loop.end;
        }
        if (is_kept[i]) {
            c_line_add(out, &s->lines[i], NULL);
        }
    }
}

void frame_stages_split(struct buf *out, const char *text,
                        const struct frame_stages_module *module)
{
    struct splitter s = {.arena = out->arena, .module = module};
    s.lines = c_lines_split(text, &s.count, s.arena);
    c_functions_find(&s.functions, s.lines, s.count, s.arena);
    c_effects_init(&s.reader, s.lines, &s.functions, module->memory_bytes,
                   module->memory_count, module->range_import, s.arena);
    for (size_t label = 0; label < s.count; label++) {
        if (split(&s, label)) {
            add_all(out, &s);
            return;
        }
    }
    buf_text(out, text);
}
