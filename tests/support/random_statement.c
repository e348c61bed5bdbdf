/* SPDX-License-Identifier: MIT */
#include "random_maker.h"

#include <string.h>

enum {
    FIRST_CALLABLE = 1, /* function 0 is called on its own terms */
    MAX_DEPTH = 4,      /* of statements in statements */
};

static void statement(struct code_maker *maker);

/* p += 4; if p is past the end, back to the start; write there. */
static void advance(struct code_maker *maker)
{
    static const uint32_t steps[] = {4, 4, 4, 1, 8, 12, 0xfffffffc, 0xffffffff};
    static const uint32_t compares[] = {
        CODE_I32_GT_S, CODE_I32_GE_S, CODE_I32_GT_U, CODE_I32_GE_U,
        CODE_I32_EQ,   CODE_I32_NE,   CODE_I32_LT_S, CODE_I32_LE_U};
    uint32_t at = maker_cell(maker);
    uint32_t copy = maker_local(maker);
    uint32_t start =
        RANDOM_CODE_ARRAY + RANDOM_CODE_ARRAY_BYTES * maker_any(maker, 3);
    uint32_t end = start + RANDOM_CODE_ARRAY_BYTES - 4 * maker_any(maker, 3);
    bool is_stored_first = maker_any(maker, 2) == 0;
    maker_load_cell(maker, at);
    maker_constant(maker, steps[maker_any(maker, 8)]);
    maker_op(maker, CODE_I32_ADD);
    maker_indexed(maker, CODE_LOCAL_SET, copy);
    if (is_stored_first) {
        maker_constant(maker, at);
        maker_indexed(maker, CODE_LOCAL_GET, copy);
        maker_store_word(maker);
    }
    maker_indexed(maker, CODE_LOCAL_GET, copy);
    maker_constant(maker, end);
    maker_op(maker, compares[maker_any(maker, 8)]);
    maker_open(maker, CODE_IF, MAKER_VOID, 0);
    if (is_stored_first) {
        maker_constant(maker, at);
        maker_constant(maker, start);
        maker_store_word(maker);
    } else {
        maker_constant(maker, start);
        maker_indexed(maker, CODE_LOCAL_SET, copy);
    }
    if (maker_any(maker, 3) == 0) {
        maker_statements(maker, 1);
    }
    maker_close(maker);
    if (!is_stored_first) {
        maker_constant(maker, at);
        maker_indexed(maker, CODE_LOCAL_GET, copy);
        maker_store_word(maker);
    }
}

/* What equalities come from, and end by: copies and steps. */
static void step(struct code_maker *maker)
{
    uint32_t local = maker_local(maker);
    switch (maker_any(maker, 5)) {
    case 0:
        maker_load_cell(maker, maker_cell(maker));
        break;
    case 1:
        maker_indexed(maker, CODE_LOCAL_GET, maker_local(maker));
        break;
    default:
        maker_indexed(maker, CODE_LOCAL_GET, local);
        maker_constant(maker, maker_any(maker, 3) == 0
                                  ? 0u - maker_any(maker, 5)
                                  : 1 + maker_any(maker, 4));
        maker_op(maker, maker_any(maker, 5) == 0 ? CODE_I32_SHL : CODE_I32_ADD);
        break;
    }
    maker_indexed(maker, CODE_LOCAL_SET, local);
    if (maker_any(maker, 3) == 0) {
        maker_constant(maker, maker_cell(maker));
        maker_indexed(maker, CODE_LOCAL_GET, local);
        maker_store_word(maker);
    }
}

static void store(struct code_maker *maker)
{
    static const uint32_t narrow[] = {0x3a, 0x3b}; /* i32.store8, 16 */
    maker_address(maker, 2);
    switch (maker_any(maker, 8)) {
    case 0:
        maker_expression(maker, 1);
        maker_op(maker, 0xbe); /* f32.reinterpret_i32 */
        maker_access(maker, CODE_F32_STORE);
        return;
    case 1:
        maker_expression(maker, 1);
        maker_op(maker, 0xb7); /* f64.convert_i32_s */
        maker_access(maker, CODE_F64_STORE);
        return;
    case 2:
        maker_expression(maker, 1);
        maker_op(maker, 0xac); /* i64.extend_i32_s */
        maker_access(maker,
                     0x37 + (maker_any(maker, 2) == 0 ? 0 : 5)); /* or 8 bits */
        return;
    case 3:
        maker_expression(maker, 2);
        maker_access(maker, narrow[maker_any(maker, 2)]);
        return;
    default:
        maker_expression(maker, 3);
        maker_access(maker, CODE_I32_STORE);
        return;
    }
}

/* A store that a condition on its address stands before. */
static void guarded_store(struct code_maker *maker)
{
    static const uint32_t limits[] = {65532, 65528, 380, 300, 0xfffffffc, 60};
    uint32_t at = maker_local(maker);
    maker_address(maker, 2);
    maker_indexed(maker, CODE_LOCAL_SET, at);
    maker_indexed(maker, CODE_LOCAL_GET, at);
    maker_constant(maker, limits[maker_any(maker, 6)]);
    maker_op(maker, maker_any(maker, 3) == 0 ? CODE_I32_LE_S : CODE_I32_LE_U);
    maker_open(maker, CODE_IF, MAKER_VOID, 0);
    maker_indexed(maker, CODE_LOCAL_GET, at);
    maker_expression(maker, 2);
    maker_access(maker, maker_any(maker, 4) == 0 ? 0x3a : CODE_I32_STORE);
    maker_close(maker);
}

/* Out of a block, or back to the head of a loop, with what that carries. */
static void jump(struct code_maker *maker)
{
    maker_condition(maker, 1);
    maker_open(maker, CODE_IF, MAKER_VOID, 0);
    if (maker_any(maker, 6) == 0) {
        const char *result =
            strchr(maker_types[maker_functions[maker->function].type], ':');
        for (result++; *result != '\0'; result++) {
            maker_expression(maker, 1);
        }
        maker_op(maker, CODE_RETURN);
    } else if (maker_any(maker, 30) == 0) {
        maker_op(maker, CODE_UNREACHABLE);
    } else {
        uint32_t label = maker_any(maker, maker->label_count);
        unsigned carried = maker->labels[maker->label_count - 1 - label];
        for (unsigned i = 0; i < carried; i++) {
            maker_expression(maker, 1);
        }
        maker_indexed(maker, CODE_BR, label);
    }
    if (maker_any(maker, 4) == 0) {
        maker_statements(maker, 1); /* never reached */
    }
    maker_close(maker);
}

/* At most so many rounds, whatever jumps back to the head; with a value that
 * goes round in half of them. */
static void loop(struct code_maker *maker)
{
    uint32_t counter = maker->params + MAKER_NUMBERS + maker->loops;
    bool has_value = maker_any(maker, 2) == 0;
    maker_constant(maker, 0);
    maker_indexed(maker, CODE_LOCAL_SET, counter);
    if (has_value) {
        maker_expression(maker, 1);
    }
    maker_open(maker, CODE_BLOCK, has_value ? TYPE_I_I : MAKER_VOID,
               has_value ? 1 : 0);
    maker_open(maker, CODE_LOOP, has_value ? TYPE_I_I : MAKER_VOID,
               has_value ? 1 : 0);
    maker->loops++;
    maker_indexed(maker, CODE_LOCAL_GET, counter);
    maker_constant(maker, 1);
    maker_op(maker, CODE_I32_ADD);
    maker_indexed(maker, CODE_LOCAL_TEE, counter);
    maker_constant(maker, 1 + maker_any(maker, 12));
    maker_op(maker, maker_any(maker, 2) == 0 ? CODE_I32_GT_S : CODE_I32_GE_U);
    maker_indexed(maker, CODE_BR_IF, 1);
    if (has_value) {
        maker_indexed(maker, CODE_LOCAL_SET, maker_local(maker));
    }
    maker_statements(maker, 3);
    if (has_value) {
        maker_expression(maker, 2);
    }
    if (maker_any(maker, 3) > 0) {
        maker_condition(maker, 2);
        maker_indexed(maker, CODE_BR_IF, 0);
    } else {
        maker_indexed(maker, CODE_BR, 0);
    }
    maker->loops--;
    maker_close(maker);
    maker_close(maker);
    if (has_value) {
        maker_indexed(maker, CODE_LOCAL_SET, maker_local(maker));
    }
}

/* Two variables that go together in a loop, but for some rounds. */
static void twins(struct code_maker *maker)
{
    uint32_t counter = maker->params + MAKER_NUMBERS + maker->loops;
    uint32_t pair[2] = {maker_local(maker), maker_local(maker)};
    uint32_t step = maker_any(maker, 2) == 0 ? 1 : random_word(maker->numbers);
    maker_load_cell(maker, maker_cell(maker));
    maker_indexed(maker, CODE_LOCAL_TEE, pair[0]);
    maker_indexed(maker, CODE_LOCAL_SET, pair[1]);
    maker_constant(maker, 0);
    maker_indexed(maker, CODE_LOCAL_SET, counter);
    maker->loops++;
    maker_open(maker, CODE_LOOP, MAKER_VOID, 0);
    for (unsigned i = maker_any(maker, 3); i < 2; i++) {
        maker_indexed(maker, CODE_LOCAL_GET, pair[0]);
        maker_indexed(maker, CODE_LOCAL_GET, pair[1]);
        maker_op(maker, maker_any(maker, 2) == 0 ? CODE_I32_SUB : CODE_I32_EQ);
        maker_open(maker, CODE_IF, MAKER_VOID, 0);
        statement(maker);
        maker_close(maker);
        maker_indexed(maker, CODE_LOCAL_GET, counter);
        maker_constant(maker, maker_any(maker, 6));
        maker_op(maker, CODE_I32_EQ + maker_any(maker, 10));
        maker_open(maker, CODE_IF, MAKER_VOID, 0);
        maker_indexed(maker, CODE_LOCAL_GET, pair[i]);
        maker_constant(maker, step);
        maker_op(maker, CODE_I32_ADD);
        maker_indexed(maker, CODE_LOCAL_SET, pair[maker_any(maker, 2)]);
        maker_close(maker);
    }
    for (unsigned i = 0; i < 2; i++) {
        maker_indexed(maker, CODE_LOCAL_GET, pair[i]);
        maker_constant(maker, step);
        maker_op(maker, CODE_I32_ADD);
        maker_indexed(maker, CODE_LOCAL_SET, pair[i]);
    }
    maker_indexed(maker, CODE_LOCAL_GET, counter);
    maker_constant(maker, 1);
    maker_op(maker, CODE_I32_ADD);
    maker_indexed(maker, CODE_LOCAL_TEE, counter);
    maker_constant(maker, 1 + maker_any(maker, 9));
    maker_op(maker, CODE_I32_LT_U);
    maker_indexed(maker, CODE_BR_IF, 0);
    maker_close(maker);
    maker->loops--;
}

static void branch(struct code_maker *maker)
{
    maker_condition(maker, 3);
    maker_open(maker, CODE_IF, MAKER_VOID, 0);
    maker_statements(maker, 3);
    if (maker_any(maker, 2) == 0) {
        maker_op(maker, CODE_ELSE);
        maker_statements(maker, 3);
    }
    maker_close(maker);
}

static void table(struct code_maker *maker)
{
    maker_open(maker, CODE_BLOCK, MAKER_VOID, 0);
    maker_open(maker, CODE_BLOCK, MAKER_VOID, 0);
    maker_statements(maker, 1);
    maker_expression(maker, 1);
    maker_indexed(maker, CODE_BR_TABLE, 2);
    for (int i = 0; i < 3; i++) { /* the last one is for all other numbers */
        wasm_write_u32(maker->out, maker_any(maker, 2));
    }
    maker_close(maker);
    maker_statements(maker, 2);
    maker_close(maker);
}

static void bulk(struct code_maker *maker)
{
    static const uint32_t codes[] = {CODE_MEMORY_FILL, CODE_MEMORY_COPY,
                                     CODE_MEMORY_INIT};
    unsigned which = maker_any(maker, 3);
    if (maker_any(maker, 40) == 0) {
        maker_indexed(maker, CODE_DATA_DROP, 0);
        return;
    }
    maker_address(maker, 1);
    if (which == 0 || maker_any(maker, 2) == 0) {
        maker_expression(maker, 1);
    } else {
        maker_constant(maker, maker_any(maker, 8));
    }
    if (maker_any(maker, 3) == 0) {
        maker_expression(maker, 1);
        maker_constant(maker, 31);
        maker_op(maker, CODE_I32_AND);
    } else {
        maker_constant(maker, maker_any(maker, 14));
    }
    maker_op(maker, codes[which]);
    buf_byte(maker->out, which == 2 ? 0 : maker_any(maker, 8) == 0);
    if (which > 0) {
        buf_byte(maker->out, maker_any(maker, 8) == 0);
    }
}

/* An element of the table that is likely to be 'callee', and a function before
 * this one if it is one at all. */
static void element(struct code_maker *maker, unsigned callee)
{
    switch (maker_any(maker, 4)) {
    case 0:
        maker_constant(maker, MAKER_FUNCTIONS + 1 + callee);
        return;
    case 1:
        maker_expression(maker, 1);
        maker_constant(maker, maker->function);
        maker_op(maker, CODE_I32_REM_U);
        return;
    case 2:
        if (maker_any(maker, 4) == 0) {
            maker_constant(maker, maker_any(maker, 2) == 0
                                      ? MAKER_FUNCTIONS
                                      : MAKER_ELEMENTS + maker_any(maker, 3));
            return;
        }
        maker_constant(maker, callee);
        return;
    default:
        maker_constant(maker, callee);
        return;
    }
}

static void call(struct code_maker *maker)
{
    unsigned callee =
        FIRST_CALLABLE + maker_any(maker, maker->function - FIRST_CALLABLE);
    const char *type = maker_types[maker_functions[callee].type];
    if (callee == 1 && maker_any(maker, 4) > 0) {
        return; /* initDefaults undoes all that has been built up */
    }
    maker_arguments(maker, type, 2);
    if (maker_any(maker, 3) > 0) {
        maker_indexed(maker, CODE_CALL, callee);
    } else {
        element(maker, callee);
        maker_indexed(maker, CODE_CALL_INDIRECT, maker_functions[callee].type);
        buf_byte(maker->out, 0);
    }
    for (const char *result = strchr(type, ':') + 1; *result != '\0';
         result++) {
        maker_indexed(maker, CODE_LOCAL_SET, maker_local(maker));
    }
}

static void statement(struct code_maker *maker)
{
    bool is_deep = maker->depth >= MAX_DEPTH || maker->budget == 0 ||
                   maker->label_count + 6 > MAKER_LABELS;
    maker->budget -= maker->budget > 0 ? 1 : 0;
    if (maker_any(maker, 6) == 0) {
        maker_arithmetic(maker);
        return;
    }
    switch (maker_any(maker, is_deep ? 10 : 22)) {
    case 0:
    case 1:
        maker_constant(maker, maker_cell(maker));
        maker_expression(maker, 3);
        maker_store_word(maker);
        return;
    case 2: /* a copy */
        maker_constant(maker, maker_cell(maker));
        maker_load_cell(maker, maker_cell(maker));
        maker_store_word(maker);
        return;
    case 3:
    case 4:
        maker_expression(maker, 3);
        maker_indexed(maker, CODE_LOCAL_SET, maker_local(maker));
        return;
    case 5:
    case 6:
        store(maker);
        return;
    case 7:
        guarded_store(maker);
        return;
    case 8:
    case 9:
        if (maker_any(maker, 4) == 0) {
            bulk(maker);
        } else {
            step(maker);
        }
        return;
    case 10:
    case 11:
    case 12:
        advance(maker);
        return;
    case 13:
        jump(maker);
        return;
    case 14:
    case 15:
        if (maker->loops < MAKER_COUNTERS && maker_any(maker, 3) == 0) {
            twins(maker);
        } else if (maker->loops < MAKER_COUNTERS) {
            loop(maker);
        }
        return;
    case 16:
        table(maker);
        return;
    case 17:
        call(maker);
        return;
    default:
        branch(maker);
        return;
    }
}

void maker_statements(struct code_maker *maker, unsigned count)
{
    maker->depth++;
    for (unsigned i = maker_any(maker, count) + 1; i > 0; i--) {
        statement(maker);
    }
    maker->depth--;
}
