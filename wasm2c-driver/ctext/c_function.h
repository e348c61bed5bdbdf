/* SPDX-License-Identifier: MIT */
/* Functions in the C text of wasm2c that only compute. */
#ifndef F4E_C_FUNCTION_H
#define F4E_C_FUNCTION_H

#include "base/u64map.h"
#include "ctext/c_statement.h"

struct c_function {
    const char *name; /* not terminated */
    size_t name_length;
    size_t first, last; /* lines: the one with the name, the closing brace */
    /* Its result hangs on nothing but its parameters; it touches no memory and
     * no global, traps nowhere, and has no loop and no call. */
    bool is_pure;
    bool is_float; /* pure, one parameter, and both it and the result are f32 */
};

struct c_functions {
    struct c_function *list; /* in the order of the text */
    uint32_t count;
    struct u64map by_name; /* 1 + the index, by the hash of the name */
};

/* The first line of the function's body behind its declarations. */
size_t c_function_body(const struct c_function *function,
                       const struct c_line *lines);

/* The definitions among the lines; in the arena. */
void c_functions_find(struct c_functions *functions, const struct c_line *lines,
                      size_t count, struct arena *arena);

/* The one that the line calls with "(instance, …)" or "(instance)"; NULL: it
 * calls nothing, or what is defined nowhere. */
const struct c_function *c_functions_called(const struct c_functions *functions,
                                            const struct c_line *line);

/* Whether the line is such a call of a function that is not pure. */
bool c_functions_calls_impure(const struct c_functions *functions,
                              const struct c_line *line);

#endif
