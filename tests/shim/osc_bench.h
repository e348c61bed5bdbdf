/* SPDX-License-Identifier: MIT */
/* A patch that plays with --osc, and what it has counted at its end. */
#ifndef F4E_OSC_BENCH_H
#define F4E_OSC_BENCH_H

#include "program.h"

/* A long buffer: a busy machine is not what is tested here. Short periods: what
 * is asked waits for one. */
#define PLAY                                                               \
    "--dummy --rt-prio 0 --period 1024 --periods 64 --seconds 60 --stats " \
    "--presets presets.json "

/* Start the stereo fake with PLAY and these options. */
pid_t play(const char *options);

/* SIGTERM; fails unless it ends well, with the front that it began with. */
struct program_result end(pid_t pid);

/* Once all that was counted is told. */
struct program_result end_counted(pid_t pid);

/* The numbers of the line of --stats. */
void check_counts(const struct program_result *result,
                  unsigned long most_received, unsigned long refused,
                  unsigned long dropped, unsigned long late);

#endif
