/* SPDX-License-Identifier: MIT */
/*
 * Function bodies as arrays of decoded instructions, with the structure of
 * their blocks resolved. A load, a store and an instruction with a condition
 * (`if`, `br_if`, `select`) is a site; sites are numbered from 0 in the order
 * of the module's bytes.
 */
#ifndef F4E_BODY_H
#define F4E_BODY_H

#include "wasm/wasm.h"

/* The site number of an instruction that is not a site. */
#define BODY_NO_SITE UINT32_MAX

struct body_op {
    struct wasm_insn insn;
    uint32_t else_index; /* of an `if`: its `else`, or its `end` without one */
    uint32_t end_index;  /* of block, loop, if, else: the matching `end` */
    uint32_t site;       /* or BODY_NO_SITE */
};

struct wasm_body {
    struct body_op *ops; /* the last one is the body's `end` */
    uint32_t op_count;
};

struct wasm_bodies {
    const struct wasm_module *module;
    struct wasm_body *functions; /* by function index; an import has no ops */
    uint32_t site_count;
    uint32_t op_count; /* of all bodies */
};

/* Decode every body of a validated module, which must outlive the result. The
 * arrays are in 'arena'. */
void body_decode_all(struct wasm_bodies *bodies,
                     const struct wasm_module *module, struct arena *arena);

bool body_is_load(uint32_t opcode);
bool body_is_store(uint32_t opcode);
/* A division or remainder of 32 bits. */
bool body_is_division(uint32_t opcode);

/* The type of the value that a load pushes or a store pops. */
enum wasm_type body_value_type(const struct wasm_insn *insn);

/* Bytes that a load or store accesses: 1, 2, 4 or 8. */
uint32_t body_access_bytes(uint32_t opcode);

/* Whether the instruction pushes a constant; its bits, zero-extended from 32
 * where it has only as many. */
bool body_constant(const struct wasm_insn *insn, uint64_t *bits);

#endif
