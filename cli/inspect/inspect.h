/* SPDX-License-Identifier: MIT */
/* `f4e-build inspect`: everything known about a module, for people or as JSON.
 * The keys are in f4e-build(1). */
#ifndef F4E_INSPECT_H
#define F4E_INSPECT_H

#include "describe/describe.h"

/*
 * Print what a module that wasm_read() accepted is, also when it cannot be
 * built: then it is not tried out and the reasons are listed. Fails when the
 * module does not validate, when the flags contradict themselves and when the
 * system fails.
 */
F4E_MUST_CHECK bool inspect_module(const struct wasm_module *module,
                                   const char *default_name,
                                   const struct describe_flags *flags,
                                   bool is_json, FILE *stream,
                                   struct arena *arena, struct diag *diag);

#endif
