/* SPDX-License-Identifier: MIT */
/*
 * The pipeline, a table in one place: read, metadata, describe, ranges,
 * normalise, translate, generate, tune, compile.
 */
#ifndef F4E_BUILD_H
#define F4E_BUILD_H

#include "options/options.h"

/* Build options->input into options->output. */
F4E_MUST_CHECK bool build_run(const struct options *options,
                              struct arena *arena, struct diag *diag);

/* `f4e-build embed`: the first three stages, then a module with all that is
 * known in options->output. */
F4E_MUST_CHECK bool build_embed(const struct options *options,
                                struct arena *arena, struct diag *diag);

/* `f4e-build inspect`: read and metadata, then describe and print. */
F4E_MUST_CHECK bool build_inspect(const struct options *options,
                                  struct arena *arena, struct diag *diag);

#endif
