/* SPDX-License-Identifier: MIT */
/*
 * Stage 5, generate: everything that the compile stage needs, as files in one
 * directory: module.c, module.h, glue.c, f4e-imports.h, asset<k>.bin,
 * data<k>.bin.
 */
#ifndef F4E_GENERATE_H
#define F4E_GENERATE_H

#include "glue.h"
#include "options/options.h"

/*
 * Write the files; 'imports' is what generate_imports() found. 'analysis' has
 * the ranges in the translation, NULL where there are none; 'is_checking': as
 * checks. Fails (system) when a file cannot be written.
 */
F4E_MUST_CHECK bool generate_files(const struct patch *patch,
                                   const struct translation *translation,
                                   const enum glue_import *imports,
                                   const struct analysis *analysis,
                                   bool is_checking, const char *directory,
                                   struct arena *arena, struct diag *diag);

/*
 * Before any tool runs: how each imported function is provided. '*imports' is
 * in the arena. Fails (input) when one is neither stubbed nor given in C,
 * listing the prototypes to define.
 */
F4E_MUST_CHECK bool generate_imports(const enum glue_import **imports,
                                     const struct wasm_module *module,
                                     const struct options *options,
                                     struct arena *arena, struct diag *diag);

#endif
