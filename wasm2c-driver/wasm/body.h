/* SPDX-License-Identifier: MIT */
/*
 * Functions as arrays of instructions, each block opener knowing its `else` and
 * `end`: what the walk steps through.
 */
#ifndef F4E_RANGES_CODE_H
#define F4E_RANGES_CODE_H

#include "wasm/wasm.h"

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

/* The type of the value that a load gives or a store takes. */
enum wasm_type code_value_type(const struct wasm_insn *insn);

/* Bytes that a load or store touches: 1, 2, 4 or 8. */
uint32_t code_access_bytes(uint32_t opcode);

#endif
