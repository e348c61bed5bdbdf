/* SPDX-License-Identifier: MIT */
/* The provider of each function that a module imports: stub, C file, or what
 * sends MIDI. */
#ifndef F4E_IMPORTS_H
#define F4E_IMPORTS_H

#include "glue.h"
#include "options/options.h"

/*
 * One entry per imported function, by index; '*imports' is in the arena. Fails
 * (input) with the prototypes to define when a function has no provider,
 * (usage) when --import-stub names a function that is not imported.
 */
F4E_MUST_CHECK bool imports_choose(const enum glue_import **imports,
                                   const struct wasm_module *module,
                                   const struct options *options,
                                   struct arena *arena, struct diag *diag);

#endif
