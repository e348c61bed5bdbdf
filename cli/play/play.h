/* SPDX-License-Identifier: MIT */
/*
 * `f4e-build play`: builds a patch, plays it, builds it again whenever its
 * files change, and lets the new code take over while it plays. Building is
 * done in processes of its own, which are given up when a newer change comes;
 * another process plays (shim/player.c).
 */
#ifndef F4E_PLAY_H
#define F4E_PLAY_H

#include "options/options.h"

/* One build of a version. */
struct play_job {
    const char *version; /* the library to make */
    const char *player;  /* the player to make as well, or NULL */
    const char *report;  /* a file to write: what the build was made of */
    bool is_quick;       /* as fast to build as it can be */
    bool is_checked;     /* the compiler was, by a build before */
    bool is_quiet;       /* no notice that the player takes its time */
};

/*
 * Makes a version. The report has a line "file PATH" for each file that was
 * read, also when the build fails; and "single" if a better build makes no
 * sense.
 */
typedef bool play_build(const struct options *options,
                        const struct play_job *job, struct arena *arena,
                        struct diag *diag);

/*
 * Play options->input until the patch or the user ends it. '*status' is the
 * exit status of the patch. Fails with what the first build fails with, or
 * (system) when nothing can be started.
 */
F4E_MUST_CHECK bool play_run(const struct options *options, play_build *build,
                             int *status, struct arena *arena,
                             struct diag *diag);

#endif
