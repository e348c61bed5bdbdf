/* SPDX-License-Identifier: MIT */
/*
 * Encoding of a module. Sections are written from the module's tables, so a
 * rewrite changes plain data; bodies are copied with edits applied.
 */
#ifndef F4E_WASM_WRITE_H
#define F4E_WASM_WRITE_H

#include "wasm/wasm.h"

/*
 * Replace 'length' bytes at file offset 'offset' by 'size' other ones, in the
 * body of 'function' (several functions may share a body).
 */
struct wasm_edit {
    uint32_t function;
    size_t offset;
    size_t length;
    const uint8_t *bytes;
    size_t size;
};

/*
 * Append the module to 'out'. 'edits' are sorted by function and offset and do
 * not overlap. Custom sections are dropped; debug names of functions become a
 * name section. Without edits, a module with shortest encodings and no custom
 * sections is reproduced byte for byte.
 */
void wasm_write(struct buf *out, const struct wasm_module *module,
                const struct wasm_edit *edits, size_t edit_count);

/* LEB128, shortest form. */
void wasm_write_u32(struct buf *out, uint32_t value);
void wasm_write_s32(struct buf *out, int32_t value);

#endif
