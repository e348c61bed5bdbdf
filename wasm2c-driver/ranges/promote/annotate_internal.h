/* SPDX-License-Identifier: MIT */
/* Shared by annotate*.c only. */
#ifndef F4E_ANNOTATE_INTERNAL_H
#define F4E_ANNOTATE_INTERNAL_H

#include "ranges/promote/annotate.h"

struct annotation {
    struct annotate_target *target;
    const struct analysis *analysis;
    const struct promotion *promotion; /* or NULL */
    struct arena *arena;
    struct wasm_edit *edits; /* the new ones, by function and offset */
    uint32_t count;
    uint32_t capacity;
    uint32_t range_function; /* its index; functions from there move up by 1 */
    uint32_t clone_shift;    /* from a function's old index to its clone's */
    uint32_t load_function;  /* load_promoted; store_promoted comes after it */
    uint32_t first_global;   /* of the promoted words */
};

/* ---- annotate_write.c ---- */

void annotation_add_edit(struct annotation *annotation, struct wasm_edit edit);

/* Append an i32.const, an instruction with an index, the immediates of an
 * access to 'memory' with offset 0. */
void annotation_write_constant(struct buf *out, uint32_t value);
void annotation_write_indexed(struct buf *out, unsigned code, uint32_t index);
void annotation_write_memarg(struct buf *out, uint32_t memory);

/* Append stores of all promoted words that memory does not hold. */
void annotation_store_promoted(const struct annotation *annotation,
                               struct buf *out);

/* Number types. Encodings descend from that of i32, and instructions that exist
 * for each of them come in the same order: this is the distance from the
 * first. */
enum { ANNOTATION_TYPES = 4 };
unsigned annotation_type_index(enum wasm_type type);

/* ---- annotate_tables.c ---- */

/* Extend the tables of the module as the edited bodies need them: the import,
 * the clones, the two functions that transfer promoted words, exports and
 * globals. 'function' is the old index of the one exported as "y0". */
void annotation_extend_tables(struct annotation *annotation, uint32_t function);

/* Add the bodies of load_promoted and store_promoted. */
void annotation_add_transfers(struct annotation *annotation);

#endif
