/* SPDX-License-Identifier: MIT */
/*
 * The pipeline as a table of stages: read, metadata, describe, ranges,
 * normalise, translate, generate, tune, compile. Prints progress and notices to
 * stderr. Each function fails with the kinds of its stages.
 */
#ifndef F4E_BUILD_H
#define F4E_BUILD_H

#include "options/options.h"
#include "play/play.h"

/* Build options->input; options->output appears only when it is complete. */
F4E_MUST_CHECK bool build_run(const struct options *options,
                              struct arena *arena, struct diag *diag);

/* Build a version of options->input for play. */
play_build build_version;

/* `f4e-build embed`: read, metadata and describe; then write the module with
 * its manifest and assets to options->output. */
F4E_MUST_CHECK bool build_embed(const struct options *options,
                                struct arena *arena, struct diag *diag);

/* `f4e-build inspect`: read and metadata, then describe and print. */
F4E_MUST_CHECK bool build_inspect(const struct options *options,
                                  struct arena *arena, struct diag *diag);

#endif
