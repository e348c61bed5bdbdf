/* SPDX-License-Identifier: MIT */
/*
 * A module back into bytes. Sections are written from the module's tables, so a
 * rewrite is a change of plain data; bodies are copied with edits applied.
 */
#ifndef F4E_WASM_WRITE_H
#define F4E_WASM_WRITE_H

#include "wasm/wasm.h"

/*
 * Replace 'length' bytes at file offset 'offset', inside the body of a function
 * (its index: two functions may have one body).
 */
struct wasm_edit {
    uint32_t function;
    size_t offset;
    size_t length;
    const uint8_t *bytes;
    size_t size;
};

/*
 * Append the module to 'out'. 'edits' are sorted by function and offset, and do
 * not overlap.
 * Custom sections are dropped, except that functions with a debug name give a
 * name section. For a module without custom sections whose numbers are encoded
 * shortest, and without edits, the result equals the bytes that were read.
 */
void wasm_write(struct buf *out, const struct wasm_module *module,
                const struct wasm_edit *edits, size_t edit_count);

/* LEB128, shortest form. */
void wasm_write_u32(struct buf *out, uint32_t value);
void wasm_write_s32(struct buf *out, int32_t value);

#endif
