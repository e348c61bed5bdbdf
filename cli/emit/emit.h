/* SPDX-License-Identifier: MIT */
/*
 * Stage 6 by form: what is made of the generated C, the executable or one of
 * the kinds of --emit. Each kind is one function with this signature.
 */
#ifndef F4E_EMIT_H
#define F4E_EMIT_H

#include "base/progress.h"
#include "compile/compile.h"
#include "options/options.h"
#include "translate/translate.h"
#include "tune/tune.h"

/* In a bundle, written last: a folder without it is none. */
#define BUNDLE_MANIFEST "MANIFEST"

/* What the stages before have made. */
struct emit_job {
    const struct options *options;
    const struct toolchain *toolchain;
    const struct patch *patch;
    const struct translation *translation;
    const char *directory;     /* holds the generated files */
    const struct tuned *tuned; /* by --pgo or --tune, or NULL */
    const char *objects;       /* of the tuning, or NULL: for an executable */
};

typedef bool emit_function(const struct emit_job *job,
                           struct progress *progress, struct arena *arena,
                           struct diag *diag);

/* The kinds. */
emit_function emit_bundle;
emit_function emit_object;
emit_function emit_library;
emit_function emit_systemd;
emit_function emit_deb;

/* Make options->form at options->output. Everything appears when it is
 * complete and not before. Each kind reports its stage to 'progress'. */
F4E_MUST_CHECK bool emit_run(const struct emit_job *job,
                             struct progress *progress, struct arena *arena,
                             struct diag *diag);

/* Where tools, which run elsewhere, find a file of the user's; NULL stays NULL.
 * Fails (input) when it is gone. */
F4E_MUST_CHECK bool emit_path(const char **path, const char *file,
                              struct arena *arena, struct diag *diag);

/* The plan that compiles this job as the user wants it. Fails (input) when the
 * file of --import-c is gone. */
F4E_MUST_CHECK bool emit_plan(struct compile_plan *plan,
                              const struct emit_job *job, const char *output,
                              struct arena *arena, struct diag *diag);

/* The executable at 'output', for kinds that contain one. '*size' in bytes. */
F4E_MUST_CHECK bool emit_executable(const struct emit_job *job,
                                    const char *output, size_t *size,
                                    struct arena *arena, struct diag *diag);

#endif
