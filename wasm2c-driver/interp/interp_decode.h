/* SPDX-License-Identifier: MIT */
/*
 * Private to interp/: bodies decoded into fixed-size instructions. Validation
 * determines the height of the operand stack at every instruction, so branches
 * have resolved targets, arities and heights. Unreachable code is omitted.
 */
#ifndef F4E_INTERP_DECODE_H
#define F4E_INTERP_DECODE_H

#include "interp/interp.h"

/*
 * 'op' is the WebAssembly opcode, or 0x100 + number after the 0xfc prefix.
 * block, loop, end and nop are omitted. Others keep their meaning, except:
 *   if      jump to 'index' when the operand is 0
 *   else    jump to 'index'
 *   end     of the function: return
 *   br_table is followed by its targets as br instructions.
 */
struct interp_insn {
    uint16_t op;
    uint16_t memory;
    uint32_t index; /* target, local, global, function, segment, labels */
    uint64_t value; /* constant, address offset, or BRANCH_* below */
};

enum {
    INTERP_PREFIX_FC = 0x100,
};

/* 'value' of a branch: results carried, and operands kept below them. */
#define INTERP_BRANCH(arity, height) ((uint64_t)(height) << 32 | (arity))
#define INTERP_BRANCH_ARITY(value)   ((uint32_t)(value))
#define INTERP_BRANCH_HEIGHT(value)  ((uint32_t)((value) >> 32))

struct interp_code {
    struct interp_insn *insns; /* NULL for an imported function */
    uint32_t *offsets;         /* of each instruction in the file */
    uint32_t insn_count;
    uint32_t param_count;
    uint32_t result_count;
    uint32_t local_count; /* with parameters */
    uint32_t slot_count;  /* locals and the highest stack */
};

/* Decode the body of function 'index'. Fails only for a body that wasm_read()
 * would not have accepted. */
F4E_MUST_CHECK bool interp_decode(struct interp_code *code,
                                  const struct wasm_module *module,
                                  uint32_t index, struct arena *arena,
                                  struct diag *diag);

#endif
