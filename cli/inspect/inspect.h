/* SPDX-License-Identifier: MIT */
/* `f4e-build inspect`: the description of a module as text or JSON, whose keys
 * are in f4e-build(1). */
#ifndef F4E_INSPECT_H
#define F4E_INSPECT_H

#include "describe/describe.h"

/*
 * Print the description of a module that wasm_read() accepted. One that cannot
 * be built is not run by the probe, and the reasons are listed. Fails (input)
 * when it does not validate, (usage) when flags conflict, (system).
 */
F4E_MUST_CHECK bool inspect_module(const struct wasm_module *module,
                                   const char *default_name,
                                   const struct describe_flags *flags,
                                   bool is_json, FILE *stream,
                                   struct arena *arena, struct diag *diag);

#endif
