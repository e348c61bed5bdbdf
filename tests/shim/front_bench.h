/* SPDX-License-Identifier: MIT */
/* A patch that plays with --http, as its clients see it. */
#ifndef F4E_FRONT_BENCH_H
#define F4E_FRONT_BENCH_H

#include "program.h"

#include <stdint.h>

/* A long buffer: a busy machine is not what is tested here. Short periods: what
 * is asked waits for one. */
#define PLAY "--dummy --rt-prio 0 --period 1024 --periods 64 --seconds 600 "

enum { PAUSE_MS = 20, PAUSES = 3000 }; /* a minute */

extern uint16_t port; /* of the patch started last */

/* Start the stereo fake with PLAY and these options. */
pid_t play(const char *options);

/* SIGTERM; fails unless it ends well. */
struct program_result end(pid_t pid);

void pause_ms(long ms);

/* Ask until the status is this one. */
void await(const char *request, int status);

/* The front of the patch 'pid': a child of it, by its name; 0: none. */
pid_t front_of(pid_t pid);

/* Ask for the events of a session: a connection from which they come. */
int open_events(const char *session);

#endif
