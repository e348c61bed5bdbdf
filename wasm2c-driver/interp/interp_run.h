/* SPDX-License-Identifier: MIT */
/* Private to interp/: the state of the interpreter and its loop. */
#ifndef F4E_INTERP_RUN_H
#define F4E_INTERP_RUN_H

#include "interp/interp_decode.h"

enum {
    INTERP_SLOTS = 1 << 20, /* of the stack: locals and operands */
};

struct interp_memory {
    uint8_t *bytes;
    uint64_t size;
};

struct interp_frame {
    const struct interp_insn *back; /* instruction after the call */
    uint32_t base;                  /* slot of the caller's first local */
    uint32_t function;              /* the caller */
};

struct interp {
    const struct wasm_module *module;
    struct interp_code *codes;
    struct interp_memory *memories;
    uint64_t *globals; /* bits; 32-bit values zero-extended */
    bool *is_dropped;  /* data segments */
    uint64_t *slots;
    struct interp_frame *frames;
    struct interp_watch watch;
};

/*
 * Run function 'index', which is defined in the module, with its parameters in
 * the first slots. The stop's text, function and offset are filled on a trap
 * and when the fuel is used up.
 */
enum interp_result interp_run(struct interp *interp, uint32_t index,
                              uint64_t *fuel, struct interp_stop *stop);

/* Whether 'bytes' bytes at 'address' are inside memory 'index'. */
static inline bool interp_fits(const struct interp *interp, uint32_t index,
                               uint64_t address, uint64_t bytes)
{
    uint64_t size = interp->memories[index].size;
    return bytes <= size && address <= size - bytes;
}

/* --- interp_memory.c --- */
/* memory.init, memory.copy, memory.fill ('op' as in interp_decode.h) with their
 * three operands. False: out of bounds, nothing is written. */
F4E_MUST_CHECK bool interp_bulk(struct interp *interp,
                                const struct interp_insn *insn, uint32_t site,
                                const uint64_t *operands);

#endif
