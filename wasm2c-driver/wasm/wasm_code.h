/* SPDX-License-Identifier: MIT */
/* Decoding of instructions (wasm_insn.c) and of bodies (wasm_code.c), for
 * wasm_section.c. */
#ifndef F4E_WASM_CODE_H
#define F4E_WASM_CODE_H

#include "wasm/reader.h"

/* wasm_insn_read() with the caller's reader. */
F4E_MUST_CHECK bool wasm_insn_decode(const struct wasm_module *module,
                                     struct reader *reader,
                                     struct wasm_insn *insn);

/*
 * Skip a constant expression up to and including its `end`. Checks which
 * instructions occur, not their types.
 */
F4E_MUST_CHECK bool wasm_expression_read(const struct wasm_module *module,
                                         struct reader *reader);

/* The payload of the code section: fills in the defined functions. */
F4E_MUST_CHECK bool wasm_code_read(struct wasm_module *module,
                                   struct reader *reader, struct arena *arena);

#endif
