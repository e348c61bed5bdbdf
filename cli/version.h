/* SPDX-License-Identifier: MIT */
/* The stages of a build that make a version for play: what is special there. */
#ifndef F4E_BUILD_VERSION_H
#define F4E_BUILD_VERSION_H

#include "compile/plan.h"
#include "metadata/metadata.h"
#include "play/play.h"

/* Whether it has mutable globals. Their values belong to the code that has them
 * and would be lost when a better build of it took over. */
bool version_has_globals(const struct wasm_module *module);

/* Write job->report. Fails (system). */
F4E_MUST_CHECK bool version_report(const struct play_job *job,
                                   const struct options *options,
                                   const struct metadata *metadata,
                                   bool is_single, struct arena *arena,
                                   struct diag *diag);

/* From the generated C to job->version, and job->player. '*summary', in the
 * arena, is the progress line. */
F4E_MUST_CHECK bool version_compile(const struct play_job *job,
                                    const struct compile_request *request,
                                    const char **summary, struct arena *arena,
                                    struct diag *diag);

#endif
