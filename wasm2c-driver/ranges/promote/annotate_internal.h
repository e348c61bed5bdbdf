/* SPDX-License-Identifier: MIT */
/* For the files that make up insert.h only. */
#ifndef F4E_RANGES_INSERTION_H
#define F4E_RANGES_INSERTION_H

#include "ranges/promote/annotate.h"
#include "ranges/promote/promote.h"

struct insertion {
    struct insert_target *target;
    const struct analysis *analysis;
    struct arena *arena;
    struct wasm_edit *edits; /* the new ones */
    uint32_t count;
    uint32_t capacity;
    uint32_t range_function; /* its index, and how far others have moved */
    uint32_t clone_shift;    /* from a function's old index to its clone's */
    uint32_t fill_function;  /* the one that writes back comes after it */
    uint32_t first_global;   /* of the kept words */
};

void insertion_add_edit(struct insertion *insertion, struct wasm_edit edit);

/*
 * The module's tables as the edited bodies want them: the import, the functions
 * of the second set, the two for the kept words, exports and globals.
 */
void insertion_extend_tables(struct insertion *insertion, uint32_t function);

/* The bodies of the two functions for the kept words. */
void insertion_add_keepers(struct insertion *insertion);

/* Instructions that write kept words to memory, where it does not hold them. */
void insertion_write_back(const struct insertion *insertion, struct buf *out);

/* A constant; an instruction with an index. */
void insertion_write_constant(struct buf *out, uint32_t value);
void insertion_write_indexed(struct buf *out, unsigned code, uint32_t index);

/* Of the instructions that exist once for i32, i64, f32 and f64 each, in this
 * order: how far that for 'type' is from the first. */
unsigned insertion_type_index(enum wasm_type type);

#endif
