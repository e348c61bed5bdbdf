/* SPDX-License-Identifier: MIT */
#include "random_maker.h"

#include <string.h>

uint32_t maker_any(struct code_maker *maker, uint32_t below)
{
    return random_any(maker->numbers, below);
}

/* ---- Single instructions ---- */

void maker_op(struct code_maker *maker, uint32_t code)
{
    if (code > 0xff) {
        buf_byte(maker->out, code >> 16);
        wasm_write_u32(maker->out, code & 0xff);
    } else {
        buf_byte(maker->out, code);
    }
}

void maker_indexed(struct code_maker *maker, uint32_t code, uint32_t index)
{
    maker_op(maker, code);
    wasm_write_u32(maker->out, index);
}

void maker_constant(struct code_maker *maker, uint32_t value)
{
    maker_op(maker, CODE_I32_CONST);
    wasm_write_s32(maker->out, (int32_t)value);
}

/* Mostly of the first memory, mostly without an offset. */
void maker_access(struct code_maker *maker, uint32_t code)
{
    static const uint32_t offsets[] = {1, 2, 3, 4, 8, 16, 65532, 0xfffffff0};
    uint32_t memory = maker_any(maker, 12) == 0 ? 1 : 0;
    maker_op(maker, code);
    buf_byte(maker->out, memory != 0 ? 0x40 : 0);
    if (memory != 0) {
        wasm_write_u32(maker->out, memory);
    }
    wasm_write_u32(maker->out,
                   maker_any(maker, 8) == 0 ? offsets[maker_any(maker, 8)] : 0);
}

uint32_t maker_local(struct code_maker *maker)
{
    return maker->params + maker_any(maker, maker->style->locals);
}

uint32_t maker_cell(struct code_maker *maker)
{
    return RANDOM_CODE_CELL + 4 * maker_any(maker, maker->style->cells);
}

void maker_load_cell(struct code_maker *maker, uint32_t address)
{
    maker_constant(maker, address);
    maker_op(maker, CODE_I32_LOAD);
    wasm_write_u32(maker->out, 2);
    wasm_write_u32(maker->out, 0);
}

/* The value is on the stack above the address. */
void maker_store_word(struct code_maker *maker)
{
    maker_op(maker, CODE_I32_STORE);
    wasm_write_u32(maker->out, 2);
    wasm_write_u32(maker->out, 0);
}

void maker_open(struct code_maker *maker, uint32_t code, uint32_t type,
                unsigned carried)
{
    maker_op(maker, code);
    buf_byte(maker->out, type);
    maker->labels[maker->label_count++] = carried;
}

void maker_close(struct code_maker *maker)
{
    maker_op(maker, CODE_END);
    maker->label_count--;
}

/* ---- Expressions: each leaves an i32 ---- */

static void comparison(struct code_maker *maker, unsigned depth)
{
    switch (maker_any(maker, 4)) {
    case 0: /* tells of a variable through a sum, a product, … */
        maker_indexed(maker, CODE_LOCAL_GET, maker_local(maker));
        maker_constant(maker, random_word(maker->numbers));
        maker_op(maker, CODE_I32_ADD + maker_any(maker, 3));
        break;
    case 1:
        maker_indexed(maker, CODE_LOCAL_GET, maker_local(maker));
        break;
    default:
        maker_expression(maker, depth);
        break;
    }
    if (maker_any(maker, 4) == 0) {
        maker_indexed(maker, CODE_LOCAL_GET, maker_local(maker));
    } else if (maker_any(maker, 4) == 0) {
        maker_expression(maker, depth);
    } else {
        maker_constant(maker, random_word(maker->numbers));
    }
    maker_op(maker, CODE_I32_EQ + maker_any(maker, 10));
}

void maker_condition(struct code_maker *maker, unsigned depth)
{
    switch (depth == 0 ? 7 : maker_any(maker, 8)) {
    case 0:
        maker_expression(maker, depth - 1);
        return;
    case 1:
        maker_condition(maker, depth - 1);
        maker_op(maker, CODE_I32_EQZ);
        return;
    case 2:
        maker_condition(maker, depth - 1);
        maker_condition(maker, depth - 1);
        maker_op(maker, maker_any(maker, 2) == 0 ? CODE_I32_AND : CODE_I32_OR);
        return;
    default:
        comparison(maker, depth == 0 ? 0 : depth - 1);
        return;
    }
}

/* An address, more often than not inside the memory. */
void maker_address(struct code_maker *maker, unsigned depth)
{
    static const uint32_t masks[] = {3, 12, 28, 31, 60, 63, 0xfffffffc, 65532};
    switch (maker_any(maker, 6)) {
    case 0:
        maker_load_cell(maker, maker_cell(maker));
        return;
    case 1:
        maker_indexed(maker, CODE_LOCAL_GET, maker_local(maker));
        return;
    case 2:
    case 3: /* an array, or the cells, and an index */
        maker_constant(maker,
                       maker_any(maker, 3) == 0
                           ? RANDOM_CODE_CELL
                           : RANDOM_CODE_ARRAY +
                                 RANDOM_CODE_ARRAY_BYTES * maker_any(maker, 3));
        maker_expression(maker, depth);
        if (maker_any(maker, 3) > 0) {
            maker_constant(maker, masks[maker_any(maker, 8)]);
            maker_op(maker, CODE_I32_AND);
        } else {
            maker_constant(maker, 1 + maker_any(maker, 20));
            maker_op(maker, CODE_I32_REM_S + maker_any(maker, 2));
            maker_constant(maker, 2);
            maker_op(maker, CODE_I32_SHL);
        }
        maker_op(maker, CODE_I32_ADD);
        return;
    case 4:
        maker_constant(maker, maker_any(maker, RANDOM_CODE_END));
        return;
    default:
        maker_expression(maker, depth);
        return;
    }
}

/* Two ways to a value, one of them from inside by a jump. */
static void value_of_block(struct code_maker *maker, unsigned depth)
{
    maker_open(maker, CODE_BLOCK, WASM_I32, 1);
    maker_expression(maker, depth);
    maker_condition(maker, depth);
    maker_indexed(maker, CODE_BR_IF,
                  maker_any(maker, 3) == 0 && maker->label_count > 1 &&
                          maker->labels[maker->label_count - 2] == 1
                      ? 1
                      : 0);
    maker_op(maker, CODE_DROP);
    maker_expression(maker, depth);
    maker_close(maker);
}

static void value_of_if(struct code_maker *maker, unsigned depth)
{
    bool has_operand = maker_any(maker, 2) == 0;
    if (has_operand) {
        maker_expression(maker, depth);
    }
    maker_condition(maker, depth);
    maker_open(maker, CODE_IF,
               has_operand ? (uint32_t)TYPE_I_I : (uint32_t)WASM_I32, 1);
    if (has_operand) {
        maker_indexed(maker, CODE_LOCAL_TEE, maker_local(maker));
    } else {
        maker_expression(maker, depth);
    }
    if (!has_operand || maker_any(maker, 2) == 0) {
        maker_op(maker, CODE_ELSE);
        if (has_operand) {
            maker_op(maker, CODE_DROP);
        }
        maker_expression(maker, depth);
    }
    maker_close(maker);
}

/* By way of numbers that are not followed. */
static void value_of_float(struct code_maker *maker, unsigned depth)
{
    enum {
        REINTERPRET = 0xbc,
        TRUNC_SAT = 0xfc0000,
        F32_LT = 0x5d,
        F32_LOAD = 0x2a,
        I64_LOAD32_S = 0x34,
        WRAP = 0xa7
    };
    maker_address(maker, depth);
    switch (maker_any(maker, 4)) {
    case 0:
        maker_access(maker, F32_LOAD);
        maker_op(maker, REINTERPRET);
        return;
    case 1:
        maker_access(maker, F32_LOAD);
        maker_op(maker, TRUNC_SAT);
        return;
    case 2:
        maker_access(maker, I64_LOAD32_S);
        maker_op(maker, WRAP);
        return;
    default:
        maker_access(maker, F32_LOAD);
        maker_address(maker, depth);
        maker_access(maker, F32_LOAD);
        maker_op(maker, F32_LT);
        return;
    }
}

void maker_arguments(struct code_maker *maker, const char *type, unsigned depth)
{
    for (; *type != ':'; type++) {
        maker_expression(maker, depth);
        if (*type == 'f') {
            maker_op(maker, 0xbe); /* f32.reinterpret_i32 */
        }
    }
}

/* A call of a function before this one, which gives one value or two. */
static void value_of_call(struct code_maker *maker, unsigned depth)
{
    unsigned callee = 2 + maker_any(maker, 3);
    if (callee >= maker->function) {
        maker_indexed(maker, CODE_CALL, 0);
        return;
    }
    maker_arguments(maker, maker_types[maker_functions[callee].type], depth);
    maker_indexed(maker, CODE_CALL, callee);
    if (maker_functions[callee].type == TYPE_II_II) {
        maker_op(maker, maker_any(maker, 2) == 0 ? CODE_DROP : CODE_I32_SUB);
    }
}

static void operation(struct code_maker *maker, unsigned depth)
{
    maker_expression(maker, depth);
    if (maker_any(maker, 8) == 0) {
        static const uint32_t unary[] = {
            CODE_I32_EQZ,    CODE_I32_CLZ,       CODE_I32_CTZ,
            CODE_I32_POPCNT, CODE_I32_EXTEND8_S, CODE_I32_EXTEND16_S};
        maker_op(maker, unary[maker_any(maker, 6)]);
        return;
    }
    if (maker_any(maker, 2) == 0) {
        maker_constant(maker, random_word(maker->numbers));
    } else {
        maker_expression(maker, depth);
    }
    maker_op(maker, CODE_I32_ADD +
                        maker_any(maker, maker_any(maker, 2) == 0 ? 3 : 15));
}

void maker_expression(struct code_maker *maker, unsigned depth)
{
    depth = depth > maker->style->depth ? maker->style->depth : depth;
    switch (maker_any(
        maker, depth == 0 || maker->label_count + 4 > MAKER_LABELS ? 6 : 16)) {
    case 0:
        maker_constant(maker, random_word(maker->numbers));
        return;
    case 1:
    case 2:
        maker_indexed(maker, CODE_LOCAL_GET, maker_local(maker));
        return;
    case 3:
    case 4:
        maker_load_cell(maker, maker_cell(maker));
        return;
    case 5:
        if (maker_any(maker, 4) == 0) {
            maker_indexed(maker, CODE_CALL, 0);
        } else {
            maker_indexed(maker, CODE_LOCAL_GET,
                          maker->params + MAKER_NUMBERS +
                              maker_any(maker, MAKER_COUNTERS));
        }
        return;
    case 6:
        maker_expression(maker, depth - 1);
        maker_expression(maker, depth - 1);
        maker_condition(maker, depth - 1);
        maker_op(maker, CODE_SELECT);
        return;
    case 7:
        value_of_block(maker, depth - 1);
        return;
    case 8:
        value_of_if(maker, depth - 1);
        return;
    case 9:
        maker_address(maker, depth - 1);
        if (maker_any(maker, 3) == 0) {
            maker_access(maker, CODE_I32_LOAD8_S +
                                    maker_any(maker, CODE_I32_LOAD16_U -
                                                         CODE_I32_LOAD8_S + 1));
        } else {
            maker_access(maker, CODE_I32_LOAD);
        }
        return;
    case 10:
        value_of_call(maker, depth - 1);
        return;
    case 11:
        maker_expression(maker, depth - 1);
        maker_indexed(maker, CODE_LOCAL_TEE, maker_local(maker));
        return;
    case 12:
        value_of_float(maker, depth - 1);
        return;
    case 13:
        maker_condition(maker, depth - 1);
        return;
    default:
        operation(maker, depth - 1);
        return;
    }
}
