/* SPDX-License-Identifier: MIT */
/*
 * The language's `map` in a body: a number goes in, and what the first row with
 * an equal key says comes out. Its compilers write a row as a compare and a
 * select, so that a table of n rows takes n steps each time it is asked.
 */
#ifndef F4E_LOOKUP_H
#define F4E_LOOKUP_H

#include "wasm/wasm.h"

struct lookup_row {
    uint64_t key; /* bits of a constant */
    uint64_t value;
    uint32_t order; /* of rows with equal keys the lowest counts */
};

struct lookup {
    size_t offset; /* of its first instruction in the file, and past its last */
    size_t end;
    enum wasm_type in; /* i32, f32 or f64, both */
    enum wasm_type out;
    uint32_t input; /* locals that it leaves the number and the result in */
    uint32_t result;
    uint64_t otherwise;      /* without a row: bits */
    struct lookup_row *rows; /* one for each key that can be met, ascending */
    uint32_t row_count;
};

/*
 * All lookups in the body of 'function', a defined one, by offset; the array is
 * in the arena. A chain whose other locals are read elsewhere is none.
 */
F4E_MUST_CHECK bool lookup_find(struct lookup **lookups, uint32_t *count,
                                const struct wasm_module *module,
                                uint32_t function, struct arena *arena,
                                struct diag *diag);

/* A constant of type i32, f32 or f64 as a number. */
double lookup_number(enum wasm_type type, uint64_t bits);

/*
 * Append instructions that do what 'lookup' does, without a step for each row:
 * jumps through tables where keys lie close together, halving between those.
 */
void lookup_write(struct buf *out, const struct lookup *lookup);

#endif
