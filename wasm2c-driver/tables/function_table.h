/* SPDX-License-Identifier: MIT */
/*
 * What the tables of a module hold. No instruction that can be built changes
 * one, so their contents are those that the element segments give at the start.
 */
#ifndef F4E_FUNCTION_TABLE_H
#define F4E_FUNCTION_TABLE_H

#include "wasm/wasm.h"

#define TABLE_NO_FUNCTION UINT32_MAX

struct function_table {
    uint32_t *functions; /* 'used' indices, or TABLE_NO_FUNCTION */
    uint32_t used;       /* elements up to the last that is not null */
    uint64_t size;       /* elements */
};

/*
 * The tables of a module that wasm_supported() and wasm_validate() accepted; in
 * the arena. Fails (input) when a segment does not fit its table.
 */
F4E_MUST_CHECK bool tables_read(struct function_table **tables,
                                const struct wasm_module *module,
                                struct arena *arena, struct diag *diag);

#endif
