/* SPDX-License-Identifier: MIT */
/* --pgo and --tune as part of a build: what is tuned, and what is told. */
#ifndef F4E_TUNE_BUILD_H
#define F4E_TUNE_BUILD_H

#include "base/workdir.h"
#include "emit/emit.h"

/* Before the work: fails (usage) when the build cannot be tuned. */
F4E_MUST_CHECK bool tune_build_check(const struct options *options,
                                     const struct toolchain *toolchain,
                                     struct diag *diag);

/*
 * With --pgo or --tune: let the patch run to find out how to compile it, leave
 * the choice in 'job', and print what was measured. Fails as tune_run() does.
 */
F4E_MUST_CHECK bool tune_build(struct emit_job *job,
                               const struct workdir *workdir,
                               struct progress *progress, struct arena *arena,
                               struct diag *diag);

#endif
