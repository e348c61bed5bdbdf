/* SPDX-License-Identifier: MIT */
/*
 * The instructions of WebAssembly as one table: name, immediates, type and how
 * far 8f4e goes. Reading, validating, interpreting and explaining a module all
 * read this table.
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

/* What follows the opcode in the byte stream. */
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

/* Who emits it, and whether we can build it. */
enum opcode_support {
    OPCODE_8F4E,        /* in the subset the 8f4e compiler emits (contract) */
    OPCODE_SUPPORTED,   /* outside the subset, built all the same */
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
