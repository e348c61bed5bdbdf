/* SPDX-License-Identifier: MIT */
/*
 * The instructions of WebAssembly as one table: name, immediates, type and
 * level of support. Every stage that decodes instructions uses it.
 */
#ifndef F4E_OPCODE_H
#define F4E_OPCODE_H

#include <stdbool.h>
#include <stdint.h>

/* A prefixed opcode is prefix << 16 | number: 0xfc000a is memory.copy. */
enum {
    OPCODE_PREFIX_FC = 0xfc0000,
    OPCODE_PREFIX_SIMD = 0xfd0000,
    OPCODE_PREFIX_ATOMIC = 0xfe0000,
};

/* Opcodes that stages refer to by name. */
enum {
    CODE_UNREACHABLE = 0x00,
    CODE_NOP = 0x01,
    CODE_BLOCK = 0x02,
    CODE_LOOP = 0x03,
    CODE_IF = 0x04,
    CODE_ELSE = 0x05,
    CODE_TRY = 0x06,
    CODE_CATCH = 0x07,
    CODE_END = 0x0b,
    CODE_BR = 0x0c,
    CODE_BR_IF = 0x0d,
    CODE_BR_TABLE = 0x0e,
    CODE_RETURN = 0x0f,
    CODE_CALL = 0x10,
    CODE_CALL_INDIRECT = 0x11,
    CODE_DELEGATE = 0x18,
    CODE_CATCH_ALL = 0x19,
    CODE_DROP = 0x1a,
    CODE_SELECT = 0x1b,
    CODE_SELECT_TYPED = 0x1c,
    CODE_LOCAL_GET = 0x20,
    CODE_LOCAL_SET = 0x21,
    CODE_LOCAL_TEE = 0x22,
    CODE_GLOBAL_GET = 0x23,
    CODE_GLOBAL_SET = 0x24,
    CODE_I32_LOAD = 0x28,
    CODE_F64_LOAD = 0x2b,
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
    CODE_F32_EQ = 0x5b,
    CODE_F32_NE = 0x5c,
    CODE_F32_LT = 0x5d,
    CODE_F64_EQ = 0x61,
    CODE_F64_NE = 0x62,
    CODE_F64_LT = 0x63,
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
    CODE_I64_DIV_S = 0x7f,
    CODE_I64_REM_U = 0x82,
    CODE_I32_TRUNC_F32_S = 0xa8,
    CODE_I32_TRUNC_F64_U = 0xab,
    CODE_I64_TRUNC_F32_S = 0xae,
    CODE_I64_TRUNC_F64_U = 0xb1,
    CODE_F32_CONVERT_I32_S = 0xb2,
    CODE_F64_CONVERT_I32_S = 0xb7,
    CODE_I32_REINTERPRET_F32 = 0xbc, /* i32, i64, f32, f64: from the other */
    CODE_I32_EXTEND8_S = 0xc0,
    CODE_I32_EXTEND16_S = 0xc1,
    CODE_REF_NULL = 0xd0,
    CODE_REF_FUNC = 0xd2,
    CODE_I32_TRUNC_SAT_F32_S = OPCODE_PREFIX_FC | 0x00,
    CODE_I32_TRUNC_SAT_F64_S = OPCODE_PREFIX_FC | 0x02,
    CODE_MEMORY_INIT = OPCODE_PREFIX_FC | 0x08,
    CODE_DATA_DROP = OPCODE_PREFIX_FC | 0x09,
    CODE_MEMORY_COPY = OPCODE_PREFIX_FC | 0x0a,
    CODE_MEMORY_FILL = OPCODE_PREFIX_FC | 0x0b,
    CODE_V128_CONST = OPCODE_PREFIX_SIMD | 0x0c,
};

/* Immediates of an opcode in the byte stream. */
enum opcode_immediate {
    IMMEDIATE_NONE,
    IMMEDIATE_BLOCK,         /* block type */
    IMMEDIATE_LABEL,         /* relative depth */
    IMMEDIATE_LABEL_TABLE,   /* br_table */
    IMMEDIATE_FUNCTION,      /* function index */
    IMMEDIATE_CALL_INDIRECT, /* type index, table index */
    IMMEDIATE_LOCAL,         /* local index */
    IMMEDIATE_GLOBAL,        /* global index */
    IMMEDIATE_TABLE,         /* table index */
    IMMEDIATE_MEMARG,        /* alignment, [memory], offset */
    IMMEDIATE_MEMARG_LANE,   /* memarg, then a lane byte (SIMD) */
    IMMEDIATE_LANE,          /* one byte (SIMD) */
    IMMEDIATE_BYTES_16,      /* v128.const, i8x16.shuffle */
    IMMEDIATE_MEMORY,        /* memory index */
    IMMEDIATE_MEMORY_COPY,   /* destination memory, source memory */
    IMMEDIATE_MEMORY_INIT,   /* data segment, memory */
    IMMEDIATE_DATA,          /* data segment */
    IMMEDIATE_TABLE_COPY,    /* destination table, source table */
    IMMEDIATE_TABLE_INIT,    /* element segment, table */
    IMMEDIATE_ELEMENT,       /* element segment */
    IMMEDIATE_I32,           /* signed LEB128 */
    IMMEDIATE_I64,
    IMMEDIATE_F32, /* four bytes */
    IMMEDIATE_F64,
    IMMEDIATE_REF_TYPE,     /* ref.null */
    IMMEDIATE_SELECT_TYPES, /* select with a list of types */
    IMMEDIATE_ZERO_BYTE,    /* atomic.fence */
    IMMEDIATE_TAG,          /* tag index (exceptions) */
    IMMEDIATE_TRY_TABLE,    /* block type, list of catch clauses */
};

enum opcode_support {
    OPCODE_8F4E,        /* supported, and emitted by the 8f4e compiler */
    OPCODE_SUPPORTED,   /* supported, from other compilers */
    OPCODE_UNSUPPORTED, /* refused by name */
};

struct opcode {
    uint32_t code;
    const char *name; /* as in the text format */
    enum opcode_immediate immediate;
    enum opcode_support support;
    /*
     * Operand types, ':', result types: "ii:i" with i I f F for i32 i64 f32
     * f64. NULL where the type depends on more than the opcode (control,
     * locals, globals, drop, select, calls) or where it is unsupported.
     */
    const char *type;
    uint8_t natural_alignment; /* log2 bytes of a memory access */
};

/* The entry, or NULL for an opcode that does not exist. SIMD instructions
 * share one entry per shape of immediates, named "v128 instruction". */
const struct opcode *opcode_find(uint32_t code);

/* Every entry in ascending order of code; for tests and listings. */
const struct opcode *opcode_table(unsigned *count);

#endif
