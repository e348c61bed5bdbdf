/* SPDX-License-Identifier: MIT */
/*
 * The pipeline: read, describe, normalise, translate, generate, compile, in
 * that order, in one place.
 */
#ifndef F4E_BUILD_H
#define F4E_BUILD_H

#include "options/options.h"

/* Build options->input into options->output. */
F4E_MUST_CHECK bool build_run(const struct options *options,
                              struct arena *arena, struct diag *diag);

/* `f4e-build embed`: stages read and describe, then a module with all that is
 * known in options->output. */
F4E_MUST_CHECK bool build_embed(const struct options *options,
                                struct arena *arena, struct diag *diag);

/* `f4e-build inspect`: stages read and describe, then print. */
F4E_MUST_CHECK bool build_inspect(const struct options *options,
                                  struct arena *arena, struct diag *diag);

#endif
