/* SPDX-License-Identifier: MIT */
/* Validation of the operand stack, for validate.c. */
#ifndef F4E_VALIDATE_BODY_H
#define F4E_VALIDATE_BODY_H

#include "wasm/validate.h"

/* Type-check the body of every defined function. */
F4E_MUST_CHECK bool wasm_bodies_validate(const struct wasm_module *module,
                                         struct arena *arena,
                                         struct diag *diag);

#endif
