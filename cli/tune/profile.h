/* SPDX-License-Identifier: MIT */
/*
 * Profile-guided optimisation: compile the patch's code with instrumentation,
 * run it without a sound card, and keep the profile. It refers to glue.c, so a
 * profile made on this machine also serves a build for another.
 */
#ifndef F4E_PROFILE_H
#define F4E_PROFILE_H

#include "compile/compile.h"
#include "tune/benchmark.h"

/* The profile's file in the directory of the build. */
const char *profile_file_name(const struct toolchain *toolchain);

/* The compiler's flags to use it; NULL at the end. Static. */
const char *const *profile_flags(const struct toolchain *toolchain);

/*
 * Make the profile in the directory of 'plan', a plan for this machine.
 * '*reason' is NULL, or why there is no profile: a missing part of the
 * compiler, with the command that installs it, or a run that did not complete.
 * Fails (input) when the script is wrong, (system) when interrupted.
 */
F4E_MUST_CHECK bool profile_make(const char **reason,
                                 const struct compile_plan *plan,
                                 const struct benchmark *benchmark,
                                 struct arena *arena, struct diag *diag);

#endif
