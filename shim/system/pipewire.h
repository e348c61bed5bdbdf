/* SPDX-License-Identifier: MIT */
/*
 * What PipeWire's libraries read from the environment: how long a period we
 * want, without which it takes one of its own, and a name that a mixer shows.
 */
#ifndef F4E_PIPEWIRE_H
#define F4E_PIPEWIRE_H

#include <stdint.h>

/*
 * Set PIPEWIRE_LATENCY and PIPEWIRE_ALSA, unless the user has. Before the first
 * thread starts; nothing else reads them.
 */
void pipewire_announce(const char *patch, unsigned period_frames,
                       uint32_t sample_rate);

#endif
