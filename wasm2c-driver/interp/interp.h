/* SPDX-License-Identifier: MIT */
/*
 * An interpreter for validated modules that counts instructions and reports
 * memory accesses. Numeric results are bit-identical to the translated code:
 * both use shim/rt/wasm_num.h.
 */
#ifndef F4E_INTERP_H
#define F4E_INTERP_H

#include "wasm/wasm.h"

struct interp;

enum {
    /* Limit of all memories of a module together. */
    INTERP_MAX_PAGES = 16384,
    /* Call depth; beyond it "call stack exhausted". */
    INTERP_MAX_DEPTH = 10000,
};

/* One access to memory. Loads and stores have 1, 2, 4 or 8 bytes. */
struct interp_access {
    uint32_t memory;
    uint32_t address; /* bytes, in range */
    uint64_t bytes;
    uint32_t site; /* unique for each instruction */
    bool is_store;
    bool is_f32;  /* f32.load or f32.store */
    bool is_bulk; /* memory.copy, memory.init or memory.fill */
    bool is_fill;
};

/* Callbacks; each may be NULL. */
struct interp_watch {
    void (*access)(void *user, const struct interp_access *access);
    /* Entry and exit of 'function', for nested calls too. */
    void (*enter)(void *user);
    void (*leave)(void *user);
    /* Call of an imported function; 'slots' holds its arguments and receives
     * its results. NULL: imports return 0. */
    void (*import)(void *user, uint32_t function, uint64_t *slots);
    uint32_t function;
    void *user;
};

enum interp_result {
    INTERP_DONE,
    INTERP_TRAP,
    INTERP_OUT_OF_FUEL,
};

/* Reason and place of the end of a call, for messages. */
struct interp_stop {
    const char *text;  /* "divide by zero", …; static */
    uint32_t function; /* index */
    size_t offset;     /* of the instruction, in the file */
};

/*
 * Instantiate a module: decode bodies, allocate zeroed memories, apply active
 * segments. Does not call the start function. Fails (input) when memories
 * exceed INTERP_MAX_PAGES or an active segment does not fit, (system) when
 * memory is short. Free with interp_destroy().
 */
F4E_MUST_CHECK bool interp_create(struct interp **interp,
                                  const struct wasm_module *module,
                                  struct arena *arena, struct diag *diag);
void interp_destroy(struct interp *interp);

/* Set the callbacks from the next call on; NULL: none. The struct is copied. */
void interp_watch(struct interp *interp, const struct interp_watch *watch);

/*
 * Call function 'index' with the arguments that JavaScript passes for missing
 * ones (integers 0, floats NaN); results are discarded. '*fuel' is the number
 * of instructions that may run, and is counted down. '*stop' is set unless the
 * result is INTERP_DONE.
 */
enum interp_result interp_call(struct interp *interp, uint32_t index,
                               uint64_t *fuel, struct interp_stop *stop);

/* The same with one argument for each parameter, as bits; 32-bit values are
 * zero-extended. */
enum interp_result interp_call_with(struct interp *interp, uint32_t index,
                                    const uint64_t *arguments, uint64_t *fuel,
                                    struct interp_stop *stop);

/* Bytes of memory 'index'. */
uint8_t *interp_memory(struct interp *interp, uint32_t index, uint64_t *bytes);

#endif
