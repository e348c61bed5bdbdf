/* SPDX-License-Identifier: MIT */
/*
 * Every numeric instruction of WebAssembly as a function of its operands' bits.
 * The table exists twice, compiled without and with optimisation.
 */
#ifndef F4E_WASM_NUM_OPS_H
#define F4E_WASM_NUM_OPS_H

#include <stdint.h>

enum { WASM_NUM_OPS = 136 };

enum type { TYPE_I32, TYPE_I64, TYPE_F32, TYPE_F64 };

struct op {
    const char *name; /* the instruction, its '.' written '_' */
    unsigned arity;
    enum type result;
    enum type operand;
    /* May trap, naming "run_" and the instruction. */
    uint64_t (*run)(uint64_t a, uint64_t b);
};

extern const struct op wasm_num_ops_plain[WASM_NUM_OPS];
extern const struct op wasm_num_ops_optimised[WASM_NUM_OPS];

#endif
