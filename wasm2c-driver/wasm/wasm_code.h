/* SPDX-License-Identifier: MIT */
/* The parts of reading that decode instructions; for wasm_section.c.
 * wasm_insn.c: one instruction; wasm_code.c: bodies. */
#ifndef F4E_WASM_CODE_H
#define F4E_WASM_CODE_H

#include "wasm/reader.h"

/* wasm_insn_read() with the caller's reader. */
F4E_MUST_CHECK bool wasm_insn_decode(const struct wasm_module *module,
                                     struct reader *reader,
                                     struct wasm_insn *insn);

/*
 * Walk a constant expression up to and including its `end`. Which instructions
 * may stand in it is checked, their types are not.
 */
F4E_MUST_CHECK bool wasm_expression_read(const struct wasm_module *module,
                                         struct reader *reader);

/* The payload of the code section: fills in the defined functions. */
F4E_MUST_CHECK bool wasm_code_read(struct wasm_module *module,
                                   struct reader *reader, struct arena *arena);

#endif
