/* SPDX-License-Identifier: MIT */
#include "ctext/c_function.h"

#include <string.h>

/* "f32 a = 0, b = 0, "; newer versions name the memory as well, whether or not
 * anything loads from it. */
static bool starts_declaration(const struct c_line *line)
{
    static const char *const starts[] = {
        "u32 ",
        "u64 ",
        "f32 ",
        "f64 ",
        "uint8_t* const wasm_rt_local_memory_base ",
        "uint64_t wasm_rt_local_memory_size ",
        "(void)wasm_rt_local_memory_",
    };
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (c_line_starts(line, starts[i])) {
            return true;
        }
    }
    return false;
}

/* With its next lines, which are indented further. */
static bool is_declaration(const struct c_line *line)
{
    return starts_declaration(line) || (c_line_find(line, " = 0") != NULL &&
                                        c_line_find(line, "(") == NULL);
}

size_t c_function_body(const struct c_function *function,
                       const struct c_line *lines)
{
    size_t i = function->first + 1;
    while (i < function->last &&
           (starts_declaration(&lines[i]) || lines[i].indentation > 2 ||
            c_line_is(&lines[i], "FUNC_PROLOGUE;"))) {
        i++;
    }
    return i;
}

/* A line of a function that only computes. */
static bool is_computing(const struct c_line *line)
{
    struct c_statement statement;
    c_statement_read(&statement, line);
    bool is_plain = statement.is_pure && c_line_find(line, "->") == NULL;
    return is_plain || is_declaration(line) || c_line_starts(line, "if (") ||
           c_line_starts(line, "}") || c_line_starts(line, "return ") ||
           c_line_is(line, "FUNC_PROLOGUE;") ||
           c_line_is(line, "FUNC_EPILOGUE;");
}

/* "f32 NAME(TYPE* instance, f32 w2c_p0) {" */
static bool is_of_float(const struct c_line *line)
{
    const char *parameter = c_line_find(line, ", f32 ");
    struct c_line before = {line->text, 0, 0};
    before.length = parameter != NULL ? (size_t)(parameter - line->text) : 0;
    struct c_line after = {line->text + before.length + 1, 0,
                           line->length - before.length - 1};
    return parameter != NULL && c_line_find(&before, "f32 ") != NULL &&
           c_line_find(&before, ",") == NULL &&
           c_line_find(&after, ",") == NULL;
}

/* The text up to the closing brace must be read to know whether it is pure. */
static struct c_function read_function(const struct c_line *lines, size_t count,
                                       size_t first)
{
    const struct c_line *line = &lines[first];
    const char *bracket = c_line_find(line, "(");
    size_t length = c_word_length_before(line->text, bracket);
    struct c_function function = {
        .name = bracket - length,
        .name_length = length,
        .first = first,
        .is_pure = c_line_find(line, "instance") != NULL,
    };
    size_t i = first + 1;
    for (; i < count && lines[i].indentation > 0; i++) {
        function.is_pure = function.is_pure && is_computing(&lines[i]);
    }
    function.last = i < count ? i : count - 1;
    function.is_pure =
        function.is_pure && c_line_is(&lines[function.last], "}");
    function.is_float = function.is_pure && is_of_float(line);
    return function;
}

void c_functions_find(struct c_functions *functions, const struct c_line *lines,
                      size_t count, struct arena *arena)
{
    uint32_t capacity = 0;
    *functions = (struct c_functions){0};
    for (size_t i = 0; i < count; i++) {
        if (lines[i].indentation > 0 || !c_line_ends(&lines[i], ") {") ||
            c_line_find(&lines[i], "(") == NULL) {
            continue;
        }
        functions->list = arena_grow(arena, functions->list, functions->count,
                                     &capacity, sizeof(*functions->list));
        struct c_function *function = &functions->list[functions->count++];
        *function = read_function(lines, count, i);
        *u64map_at(&functions->by_name,
                   c_word_hash(function->name, function->name_length), arena) =
            functions->count;
        i = function->last;
    }
}

/* The call that the line makes: its bracket; NULL: none. */
static const char *call_of(const struct c_line *line)
{
    const char *call = c_line_find(line, "(instance,");
    return call != NULL ? call : c_line_find(line, "(instance)");
}

const struct c_function *c_functions_called(const struct c_functions *functions,
                                            const struct c_line *line)
{
    const char *call = call_of(line);
    if (call == NULL) {
        return NULL;
    }
    size_t length = c_word_length_before(line->text, call);
    const char *name = call - length;
    uint32_t found =
        u64map_find(&functions->by_name, c_word_hash(name, length));
    const struct c_function *function =
        found > 0 ? &functions->list[found - 1] : NULL;
    bool is_it = function != NULL && function->name_length == length &&
                 memcmp(function->name, name, length) == 0;
    return is_it ? function : NULL;
}

bool c_functions_calls_impure(const struct c_functions *functions,
                              const struct c_line *line)
{
    if (call_of(line) == NULL) {
        return false;
    }
    const struct c_function *called = c_functions_called(functions, line);
    return called == NULL || !called->is_pure;
}
