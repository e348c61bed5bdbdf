/* SPDX-License-Identifier: MIT */
/*
 * Known-answer test of a compiler: shim/selfcheck.c is compiled with the flags
 * of a patch's own code and run. Success is cached by compiler and flags.
 * Skipped when this machine cannot run the program: another target, a sysroot,
 * or a CPU of --cpu that is not this one's.
 */
#ifndef F4E_SELFCHECK_H
#define F4E_SELFCHECK_H

#include "compile/compile.h"

/*
 * Test the compiler and flags of 'plan'; 'directory' is a private one for the
 * program. Fails (tool) when a result is wrong, with the result and a hint, or
 * when it does not compile.
 */
F4E_MUST_CHECK bool selfcheck_run(const struct compile_plan *plan,
                                  const char *directory, struct arena *arena,
                                  struct diag *diag);

#endif
