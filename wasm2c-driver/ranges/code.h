/* SPDX-License-Identifier: MIT */
/*
 * Functions as arrays of instructions, each block opener knowing its `else` and
 * `end`: what the walk steps through. And the opcodes that it tells apart.
 */
#ifndef F4E_RANGES_CODE_H
#define F4E_RANGES_CODE_H

#include "../wasm.h"

enum {
    CODE_UNREACHABLE = 0x00,
    CODE_NOP = 0x01,
    CODE_BLOCK = 0x02,
    CODE_LOOP = 0x03,
    CODE_IF = 0x04,
    CODE_ELSE = 0x05,
    CODE_END = 0x0b,
    CODE_BR = 0x0c,
    CODE_BR_IF = 0x0d,
    CODE_BR_TABLE = 0x0e,
    CODE_RETURN = 0x0f,
    CODE_CALL = 0x10,
    CODE_DROP = 0x1a,
    CODE_SELECT = 0x1b,
    CODE_SELECT_TYPED = 0x1c,
    CODE_LOCAL_GET = 0x20,
    CODE_LOCAL_SET = 0x21,
    CODE_LOCAL_TEE = 0x22,
    CODE_GLOBAL_GET = 0x23,
    CODE_GLOBAL_SET = 0x24,
    CODE_I32_LOAD = 0x28,
    CODE_I32_LOAD8_S = 0x2c,
    CODE_I32_LOAD8_U = 0x2d,
    CODE_I32_LOAD16_S = 0x2e,
    CODE_I32_LOAD16_U = 0x2f,
    CODE_I64_LOAD32_U = 0x35, /* the last load */
    CODE_I32_STORE = 0x36,
    CODE_F32_STORE = 0x38,
    CODE_F64_STORE = 0x39,
    CODE_I64_STORE32 = 0x3e, /* the last store */
    CODE_MEMORY_SIZE = 0x3f,
    CODE_MEMORY_GROW = 0x40,
    CODE_I32_CONST = 0x41,
    CODE_I64_CONST = 0x42,
    CODE_F32_CONST = 0x43,
    CODE_F64_CONST = 0x44,
    CODE_I32_EQZ = 0x45,
    CODE_I32_EQ = 0x46,
    CODE_I32_NE = 0x47,
    CODE_I32_LT_S = 0x48,
    CODE_I32_LT_U = 0x49,
    CODE_I32_GT_S = 0x4a,
    CODE_I32_GT_U = 0x4b,
    CODE_I32_LE_S = 0x4c,
    CODE_I32_LE_U = 0x4d,
    CODE_I32_GE_S = 0x4e,
    CODE_I32_GE_U = 0x4f,
    CODE_I32_CLZ = 0x67,
    CODE_I32_CTZ = 0x68,
    CODE_I32_POPCNT = 0x69,
    CODE_I32_ADD = 0x6a,
    CODE_I32_SUB = 0x6b,
    CODE_I32_MUL = 0x6c,
    CODE_I32_DIV_S = 0x6d,
    CODE_I32_DIV_U = 0x6e,
    CODE_I32_REM_S = 0x6f,
    CODE_I32_REM_U = 0x70,
    CODE_I32_AND = 0x71,
    CODE_I32_OR = 0x72,
    CODE_I32_XOR = 0x73,
    CODE_I32_SHL = 0x74,
    CODE_I32_SHR_S = 0x75,
    CODE_I32_SHR_U = 0x76,
    CODE_I32_EXTEND8_S = 0xc0,
    CODE_I32_EXTEND16_S = 0xc1,
    CODE_MEMORY_INIT = 0xfc0008,
    CODE_DATA_DROP = 0xfc0009,
    CODE_MEMORY_COPY = 0xfc000a,
    CODE_MEMORY_FILL = 0xfc000b,
};

/* The number of a step other than a load, a store or a condition. */
#define CODE_NO_SITE UINT32_MAX

struct code_step {
    struct wasm_insn insn;
    uint32_t other_else; /* of an `if`: the step of its `else`, or its `end` */
    uint32_t other_end;  /* of block, loop, if, else: the step of the `end` */
    uint32_t site;       /* number of what facts are kept of, in their order */
};

struct code_function {
    struct code_step *steps; /* the last one is the body's `end` */
    uint32_t step_count;
};

struct code {
    const struct wasm_module *module;
    struct code_function *functions; /* by function index; imported: empty */
    uint32_t site_count;
};

/* Decode every body of a validated module. */
void code_decode(struct code *code, const struct wasm_module *module,
                 struct arena *arena);

bool code_is_load(uint32_t opcode);
bool code_is_store(uint32_t opcode);

/* Bytes that a load or store touches: 1, 2, 4 or 8. */
uint32_t code_access_bytes(uint32_t opcode);

#endif
