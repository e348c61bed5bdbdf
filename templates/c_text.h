/* SPDX-License-Identifier: MIT */
/* Values of a patch as C text. Results are in the arena. */
#ifndef F4E_C_TEXT_H
#define F4E_C_TEXT_H

#include "wasm/wasm.h"

/* A C string literal; every byte that is not a plain character as octal. */
const char *c_text_bytes(struct wasm_name text, struct arena *arena);

/* The same for a C string. */
const char *c_text_string(const char *text, struct arena *arena);

/* A finite number, exactly: "0x1.8p+1". */
const char *c_text_number(double number, struct arena *arena);

#endif
