/* SPDX-License-Identifier: MIT */
/*
 * Stage 'compile': from generated C to the executable or another kind of
 * --emit. Each kind is one function of type emit_function.
 */
#ifndef F4E_EMIT_H
#define F4E_EMIT_H

#include "compile/plan.h"
#include "options/options.h"

/* Written last: it marks a folder as a complete bundle. */
#define BUNDLE_MANIFEST "MANIFEST"

/* The results of the previous stages. */
struct emit_job {
    const struct options *options;
    const struct patch *patch;
    const struct compile_request *request;
};

/* Make one kind of output. '*summary', in the arena, is the progress line. */
typedef bool emit_function(const struct emit_job *job, const char **summary,
                           struct arena *arena, struct diag *diag);

/* The kinds. */
emit_function emit_bundle;
emit_function emit_object;
emit_function emit_library;
emit_function emit_systemd;
emit_function emit_deb;

/* Make options->emit_kind at options->output, which appears only when it is
 * complete. */
F4E_MUST_CHECK bool emit_run(const struct emit_job *job, const char **summary,
                             struct arena *arena, struct diag *diag);

#endif
