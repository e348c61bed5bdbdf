/* SPDX-License-Identifier: MIT */
/*
 * Stage 'compile', by kind: what is made of the generated C, the executable or
 * one of the kinds of --emit. Each kind is one function with this signature.
 */
#ifndef F4E_EMIT_H
#define F4E_EMIT_H

#include "compile/plan.h"
#include "options/options.h"

/* In a bundle, written last: a folder without it is none. */
#define BUNDLE_MANIFEST "MANIFEST"

/* What the stages before have made. */
struct emit_job {
    const struct options *options;
    const struct patch *patch;
    const struct compile_request *request;
};

/* Makes one kind of output; '*summary', in the arena, says what came of it. */
typedef bool emit_function(const struct emit_job *job, const char **summary,
                           struct arena *arena, struct diag *diag);

/* The kinds. */
emit_function emit_bundle;
emit_function emit_object;
emit_function emit_library;
emit_function emit_systemd;
emit_function emit_deb;

/* Make options->emit_kind at options->output. Everything appears when it is
 * complete and not before. */
F4E_MUST_CHECK bool emit_run(const struct emit_job *job, const char **summary,
                             struct arena *arena, struct diag *diag);

#endif
