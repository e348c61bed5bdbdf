/* SPDX-License-Identifier: MIT */
/*
 * Imported functions that the file of --import-c should define and does not:
 * the error names them with their prototypes instead of showing a command of a
 * hundred objects.
 */
#ifndef F4E_MISSING_IMPORTS_H
#define F4E_MISSING_IMPORTS_H

#include "compile/compile.h"

/* By what a compiler or a linker wrote. True when it names such functions: then
 * 'diag' has the error (input). */
bool missing_imports_said(const char *text, const struct compile_plan *plan,
                          struct arena *arena, struct diag *diag);

/* By the symbols of an object, which a linker leaves undefined without a word.
 * Fails (input) when such functions are among them, (tool) when 'bytes' are no
 * ELF file. */
F4E_MUST_CHECK bool missing_imports_check(const uint8_t *bytes, size_t size,
                                          const struct compile_plan *plan,
                                          struct arena *arena,
                                          struct diag *diag);

#endif
