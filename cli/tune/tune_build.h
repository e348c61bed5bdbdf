/* SPDX-License-Identifier: MIT */
/* --pgo and --tune as part of a build: what is tuned, and what is told. */
#ifndef F4E_TUNE_BUILD_H
#define F4E_TUNE_BUILD_H

#include "base/workdir.h"
#include "options/options.h"
#include "tune/tune.h"

/* Before the work: fails (usage) when the build cannot be tuned. */
F4E_MUST_CHECK bool tune_build_check(const struct options *options,
                                     const struct toolchain *toolchain,
                                     struct diag *diag);

/*
 * With --pgo or --tune: let the patch run to find out how to compile it, leave
 * the choice in 'request', and print what was measured. '*summary' is the name
 * of what was chosen; it stays as it is where nothing is tuned. Fails as
 * tune_run() does.
 */
F4E_MUST_CHECK bool tune_build(struct compile_request *request,
                               const char **summary,
                               const struct options *options,
                               const struct patch *patch,
                               const struct workdir *workdir,
                               struct arena *arena, struct diag *diag);

#endif
