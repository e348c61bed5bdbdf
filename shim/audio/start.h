/* SPDX-License-Identifier: MIT */
/*
 * --start-at: the instant of the system's clock at which the first frame is
 * due. Once it has come frames alone count.
 */
#ifndef F4E_START_H
#define F4E_START_H

#include "audio/audio.h"

#include <stdint.h>

/* Nanoseconds until then; 0 or less when it has come, or there is none. Makes
 * no system call. */
int64_t start_left_ns(const struct options *options);

/* The same in frames, rounded up; below 0 when it has passed. */
int64_t start_left_frames(const struct options *options, uint32_t rate);

/* A line about it, when there is one. */
void start_describe(const struct options *options);

/*
 * Wait for it. Steps of the clock are followed. False when an end was asked
 * for. Before the audio thread has begun to play.
 */
F4E_MUST_CHECK bool start_wait(const struct audio *audio);

#endif
