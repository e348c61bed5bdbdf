/* SPDX-License-Identifier: MIT */
/*
 * Large data segments are not C text: the assembler includes data<k>.bin
 * (.incbin), which is much faster to compile.
 */
#ifndef F4E_SEGMENTS_H
#define F4E_SEGMENTS_H

#include "wasm/wasm.h"

/*
 * Append 'text', as wasm2c wrote it, with the array of every data segment of
 * more than 'limit' bytes replaced by a declaration.
 */
void segments_add(struct buf *out, const char *text,
                  const struct wasm_module *module, uint32_t limit);

#endif
