/* SPDX-License-Identifier: MIT */
/* A channel to a patch that plays when the test says so. */
#ifndef F4E_CHANNEL_BENCH_H
#define F4E_CHANNEL_BENCH_H

#include "channel/channel.h"
#include "rt/engine.h"

#include <stdbool.h>
#include <stdint.h>

extern struct channel channel;
extern struct engine engine;
extern struct stats stats;
extern struct levels levels;
extern char *answers; /* on standard output; after pump() */

void start_channel(void);

/* start_channel(), and a pipe to it: its writing end. */
int start(void);

/* Closes 'fd', unless it is -1, and frees all. */
void stop(int fd);

/* Until nothing is left that could be done at once. */
void pump(uint64_t now_ns);

/* Some client waits for the patch. */
bool is_held(void);

/* Write, and pump(). */
void say(int fd, const char *text);

void play(unsigned blocks);

/* A word of the patch's memory. */
int32_t cell(unsigned address);

#endif
