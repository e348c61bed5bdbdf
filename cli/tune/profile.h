/* SPDX-License-Identifier: MIT */
/*
 * A profile of the patch's code: compile it with counters, run it without a
 * sound card, and keep what was counted. The counters belong to glue.c, so the
 * profile of a build for this machine also serves one for another.
 */
#ifndef F4E_PROFILE_H
#define F4E_PROFILE_H

#include "compile/compile.h"
#include "tune/benchmark.h"

/* The profile's file in the directory of the build. */
const char *profile_file_name(const struct toolchain *toolchain);

/* The flags that make use of it; NULL-terminated. */
const char *const *profile_flags(const struct toolchain *toolchain);

/*
 * Train in the directory of 'plan', a plan for this machine, and leave the
 * profile there. '*reason' is NULL, or why there is none: a part of the
 * compiler is missing, which it names with the line to type, or the patch did
 * not get to its end. Fails (input) when the script is wrong, (system) when the
 * build is interrupted.
 */
F4E_MUST_CHECK bool profile_make(const char **reason,
                                 const struct compile_plan *plan,
                                 const struct benchmark *benchmark,
                                 struct arena *arena, struct diag *diag);

#endif
