/* SPDX-License-Identifier: MIT */
/* --pgo and --tune as a stage of a build. */
#ifndef F4E_TUNE_BUILD_H
#define F4E_TUNE_BUILD_H

#include "base/workdir.h"
#include "options/options.h"
#include "tune/tune.h"

/* Fails (usage) when a build with these tools cannot be tuned as asked. */
F4E_MUST_CHECK bool tune_build_check(const struct options *options,
                                     const struct toolchain *toolchain,
                                     struct diag *diag);

/*
 * With --pgo or --tune: tune, store the choice in 'request', print the
 * measurements to stderr, and set '*summary' to the variant's name. Else does
 * nothing. Fails as tune_run() does.
 */
F4E_MUST_CHECK bool tune_build(struct compile_request *request,
                               const char **summary,
                               const struct options *options,
                               const struct patch *patch,
                               const struct workdir *workdir,
                               struct arena *arena, struct diag *diag);

#endif
