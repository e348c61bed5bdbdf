/* SPDX-License-Identifier: MIT */
/*
 * A small interpreter for validated modules. The probe runs patches in it: it
 * needs no compiler, counts every instruction, and shows every memory access.
 * Same numbers as the translated code: both use shim/rt/wasm_num.h.
 */
#ifndef F4E_INTERP_H
#define F4E_INTERP_H

#include "wasm/wasm.h"

struct interp;

enum {
    /* All memories of a module together; larger ones are refused. */
    INTERP_MAX_PAGES = 16384,
    /* Calls inside calls, then "call stack exhausted". */
    INTERP_MAX_DEPTH = 10000,
};

/* One access to memory. Loads and stores have 1, 2, 4 or 8 bytes. */
struct interp_access {
    uint32_t memory;
    uint32_t address; /* bytes, in range */
    uint64_t bytes;
    uint32_t site; /* differs between any two instructions */
    bool is_store;
    bool is_f32;  /* f32.load or f32.store */
    bool is_bulk; /* memory.copy, memory.init or memory.fill */
    bool is_fill;
};

/* Whom to tell what happens. A NULL function is not called. */
struct interp_watch {
    void (*access)(void *user, const struct interp_access *access);
    /* 'function' is entered and left, nested calls included. */
    void (*enter)(void *user);
    void (*leave)(void *user);
    /* An imported function is called; 'slots' holds its arguments, and takes
     * its results. NULL: it does nothing and returns 0. */
    void (*import)(void *user, uint32_t function, uint64_t *slots);
    uint32_t function;
    void *user;
};

enum interp_result {
    INTERP_DONE,
    INTERP_TRAP,
    INTERP_OUT_OF_FUEL,
};

/* Where and why the last call stopped, for messages. */
struct interp_stop {
    const char *text;  /* "divide by zero", …; static */
    uint32_t function; /* index */
    size_t offset;     /* of the instruction, in the file */
};

/*
 * Prepare a module: decode bodies, allocate zeroed memories (calloc'd, so
 * untouched pages cost nothing), apply active segments; the start function is
 * not run. Function imports do what
 * the watch does, or nothing. Fails when memory is
 * short or larger than INTERP_MAX_PAGES, and when an active segment does not
 * fit. Destroy with interp_destroy().
 */
F4E_MUST_CHECK bool interp_create(struct interp **interp,
                                  const struct wasm_module *module,
                                  struct arena *arena, struct diag *diag);
void interp_destroy(struct interp *interp);

/* Watch from the next call on; NULL to stop. The struct is copied. */
void interp_watch(struct interp *interp, const struct interp_watch *watch);

/*
 * Call function 'index' with all parameters as a JavaScript host passes nothing
 * (integers 0, floats NaN), discarding results. '*fuel' is how many
 * instructions may run; it is counted down. Recursion deeper than a fixed limit
 * traps with "call stack exhausted".
 */
enum interp_result interp_call(struct interp *interp, uint32_t index,
                               uint64_t *fuel, struct interp_stop *stop);

/* The same with arguments: one for each parameter, as bits; 32-bit ones
 * zero-extended. */
enum interp_result interp_call_with(struct interp *interp, uint32_t index,
                                    const uint64_t *arguments, uint64_t *fuel,
                                    struct interp_stop *stop);

/* Bytes of memory 'index'. */
uint8_t *interp_memory(struct interp *interp, uint32_t index, uint64_t *bytes);

#endif
