/* SPDX-License-Identifier: MIT */
/* How a patch gets the functions that its module imports. */
#ifndef F4E_IMPORTS_H
#define F4E_IMPORTS_H

#include "glue.h"
#include "options/options.h"

/*
 * Before any tool runs: how each imported function is provided, by its index.
 * '*imports' is in the arena. Fails (input) when one is neither stubbed nor
 * given in C, listing the prototypes to define, (usage) for a stub of a
 * function that is not imported.
 */
F4E_MUST_CHECK bool imports_choose(const enum glue_import **imports,
                                   const struct wasm_module *module,
                                   const struct options *options,
                                   struct arena *arena, struct diag *diag);

#endif
