/* SPDX-License-Identifier: MIT */
#include "translate/siblings_text.h"

#include "ctext/c_line.h"

#include <string.h>

/* ---- The members of the instance ---- */

/* "  f32 w2c_g45;": the global; or UINT32_MAX. */
static uint32_t member_of(const struct c_line *line, enum wasm_type *type)
{
    static const char start[] = "f32 w2c_g";
    *type = c_line_starts(line, "f32 ") ? WASM_F32 : WASM_I32;
    if (line->length < sizeof(start) ||
        (*type == WASM_I32 && !c_line_starts(line, "u32 ")) ||
        memcmp(line->text + 4, start + 4, sizeof(start) - 5) != 0) {
        return UINT32_MAX;
    }
    uint32_t number = 0;
    for (size_t i = sizeof(start) - 1; i + 1 < line->length; i++) {
        if (line->text[i] < '0' || line->text[i] > '9' ||
            number > UINT32_MAX / 10 - 1) {
            return UINT32_MAX;
        }
        number = number * 10 + (uint32_t)(line->text[i] - '0');
    }
    return c_line_ends(line, ";") ? number : UINT32_MAX;
}

/* The row that the line declares a lane of, or NULL. */
static const struct sibling_row *row_of_line(const struct siblings *siblings,
                                             const struct c_line *line,
                                             uint32_t *global)
{
    enum wasm_type type = WASM_NONE;
    *global = member_of(line, &type);
    bool can_be =
        siblings->row_count > 0 && *global < siblings->module->global_count;
    uint32_t row = can_be ? siblings->row_of[*global] : 0;
    const struct sibling_row *found = row > 0 ? &siblings->rows[row - 1] : NULL;
    return found != NULL && found->type == type ? found : NULL;
}

static void add_row(struct buf *out, const struct siblings *siblings,
                    const struct sibling_row *row)
{
    bool is_float = row->type == WASM_F32;
    buf_text(out, "#if F4E_SIBLINGS\n  union { struct {\n#endif\n");
    for (uint32_t i = 0; i < row->count; i++) {
        buf_format(out, "  %s w2c_g%u;\n", is_float ? "f32" : "u32",
                   row->globals[i]);
    }
    buf_format(out, "#if F4E_SIBLINGS\n  }; f4e_%c%u f4e_row%u; };\n#endif\n",
               is_float ? 'f' : 'u', row->width,
               (unsigned)(row - siblings->rows));
}

void siblings_add_members(struct buf *out, const char *text,
                          struct siblings *siblings)
{
    if (siblings->row_count == 0) {
        buf_text(out, text);
        return;
    }
    size_t count = 0;
    struct c_line *lines = c_lines_split(text, &count, siblings->arena);
    uint32_t known = 0;
    uint32_t wanted = 0;
    uint32_t global = 0;
    for (size_t i = 0; i < count; i++) {
        known += row_of_line(siblings, &lines[i], &global) != NULL ? 1 : 0;
    }
    for (uint32_t i = 0; i < siblings->row_count; i++) {
        wanted += siblings->rows[i].count;
    }
    if (known != wanted) {
        siblings->group_count = 0;
        buf_text(out, text);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const struct sibling_row *row =
            row_of_line(siblings, &lines[i], &global);
        if (row == NULL) {
            c_line_add(out, &lines[i], NULL);
        } else if (row->globals[0] == global) {
            add_row(out, siblings, row);
        }
    }
}

/* ---- The functions ---- */

/* The function that the line begins, if it is 'wanted'; what stands before its
 * debug name in C. */
static bool begins(const struct c_line *line, struct wasm_name wanted,
                   const char **prefix, struct arena *arena)
{
    const char *bracket = c_line_find(line, "(");
    if (line->indentation > 0 || !c_line_ends(line, ") {") || bracket == NULL ||
        wanted.length == 0) {
        return false;
    }
    size_t length = c_word_length_before(line->text, bracket);
    const char *name = bracket - length;
    if (length <= wanted.length ||
        memcmp(bracket - wanted.length, wanted.bytes, wanted.length) != 0 ||
        bracket[-(ptrdiff_t)wanted.length - 1] != '_') {
        return false;
    }
    *prefix = arena_copy(arena, name, length - wanted.length);
    return true;
}

/* Append the function of group 'index', whose functions have 'prefix'. */
static void add_function(struct buf *out, const struct siblings *siblings,
                         uint32_t index, const char *prefix, const char *type)
{
    buf_format(out, "static void f4e_siblings%u(%s* instance) {\n", index,
               type);
    static const char call[] = "F4E_SIBLING(";
    const char *text = siblings->groups[index].body;
    const char *next = NULL;
    while ((next = strstr(text, call)) != NULL) {
        const char *name = next + sizeof(call) - 1;
        size_t length = c_word_length(name);
        buf_add(out, text, (size_t)(next - text));
        buf_text(out, prefix);
        buf_add(out, name, length);
        text = name + length + 1;
    }
    buf_text(out, text);
    buf_text(out, "}\n");
}

/* The group that call 'call' of 'caller' is in, or NULL. */
static const struct sibling_group *group_of(const struct siblings *siblings,
                                            uint32_t caller, uint32_t call,
                                            bool *is_first)
{
    for (uint32_t i = 0; i < siblings->group_count; i++) {
        const struct sibling_group *group = &siblings->groups[i];
        for (uint32_t k = 0; group->caller == caller && k < group->count; k++) {
            if (group->members[k] == call) {
                *is_first = k == 0;
                return group;
            }
        }
    }
    return NULL;
}

/* The call in the line, the 'call'-th of 'caller'. */
static void add_call(struct buf *out, const struct siblings *siblings,
                     const struct c_line *line, uint32_t caller, uint32_t call)
{
    bool is_first = false;
    const struct sibling_group *group =
        group_of(siblings, caller, call, &is_first);
    if (group == NULL) {
        c_line_add(out, line, NULL);
        return;
    }
    if (is_first) {
        buf_format(out,
                   "#if F4E_SIBLINGS\n  f4e_siblings%u(instance);\n#else\n",
                   (unsigned)(group - siblings->groups));
    } else {
        buf_text(out, "#if !F4E_SIBLINGS\n");
    }
    c_line_add(out, line, NULL);
    buf_text(out, "#endif\n");
}

/* How many lines from 'line' on, up to the end of the function, are calls. */
static uint32_t count_calls(const struct c_line *lines, size_t count,
                            size_t line)
{
    uint32_t calls = 0;
    while (line < count && !c_line_is(&lines[line], "}")) {
        calls += c_line_ends(&lines[line++], "(instance);") ? 1 : 0;
    }
    return calls;
}

void siblings_add_functions(struct buf *out, const char *text,
                            const struct siblings *siblings, const char *type)
{
    size_t count = 0;
    struct c_line *lines = c_lines_split(text, &count, siblings->arena);
    const struct wasm_module *module = siblings->module;
    uint32_t caller = UINT32_MAX;
    uint32_t call = 0;
    for (size_t i = 0; i < count; i++) {
        const char *prefix = "";
        bool has_begun = false;
        for (uint32_t k = 0; k < siblings->group_count; k++) {
            uint32_t function = siblings->groups[k].caller;
            if (!begins(&lines[i], module->functions[function].debug_name,
                        &prefix, siblings->arena) ||
                count_calls(lines, count, i) + 1 !=
                    siblings->bodies.functions[function].op_count) {
                continue;
            }
            buf_text(out, has_begun ? "" : "#if F4E_SIBLINGS\n");
            add_function(out, siblings, k, prefix, type);
            has_begun = true;
            caller = function;
            call = 0;
        }
        buf_text(out, has_begun ? "#endif\n" : "");
        if (caller != UINT32_MAX && c_line_ends(&lines[i], "(instance);")) {
            add_call(out, siblings, &lines[i], caller, call++);
        } else {
            c_line_add(out, &lines[i], NULL);
        }
        caller = c_line_is(&lines[i], "}") ? UINT32_MAX : caller;
    }
}
