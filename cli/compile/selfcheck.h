/* SPDX-License-Identifier: MIT */
/*
 * Known answers of a compiler that is new here: shim/selfcheck.c, compiled as a
 * patch's own code is and run. That it was right is kept in the cache, by
 * compiler and flags. What this machine cannot run is not checked: builds for
 * another machine or with a sysroot, and a CPU by --cpu that this one is not.
 */
#ifndef F4E_SELFCHECK_H
#define F4E_SELFCHECK_H

#include "compile/compile.h"

/*
 * Check what 'plan' compiles with; 'directory' is a private one for the
 * program. Fails (tool) with what was computed and what to type instead; also
 * when it does not compile.
 */
F4E_MUST_CHECK bool selfcheck_run(const struct compile_plan *plan,
                                  const char *directory, struct arena *arena,
                                  struct diag *diag);

#endif
