/* SPDX-License-Identifier: MIT */
/*
 * Times that alsa-lib tells. It writes a struct timespec as its own compiler
 * laid it out, which on 32-bit machines is 8 bytes in Debian 12 and 16 since
 * Debian 13: an executable of one meets the library of the other. This is the
 * only place that takes a time from alsa-lib; every other structure with a
 * time in it is allocated by alsa-lib, or laid out by the kernel alike for both
 * (snd_seq_event_t).
 */
#ifndef F4E_ALSA_TIME_H
#define F4E_ALSA_TIME_H

#include <alsa/asoundlib.h>
#include <stdint.h>

/*
 * When the stream of 'status' was started or stopped last, in ns of the clock
 * chosen for it; 0 when that is unknown or no time. Any thread.
 */
uint64_t alsa_trigger_ns(const snd_pcm_status_t *status);

#endif
