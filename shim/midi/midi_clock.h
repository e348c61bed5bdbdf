/* SPDX-License-Identifier: MIT */
/*
 * A queue of the sequencer that runs by real time, and what its time is on
 * CLOCK_MONOTONIC: the kernel counts it by a clock of its own. One thread at a
 * time.
 */
#ifndef F4E_MIDI_CLOCK_H
#define F4E_MIDI_CLOCK_H

#include "common/failure.h"

#include <alsa/asoundlib.h>
#include <stdint.h>

struct midi_clock {
    snd_seq_t *handle; /* NULL: none */
    int queue;
    uint64_t origin_ns; /* when the queue's time was 0 */
    uint64_t read_ns;   /* when that was found */
};

/*
 * Make it and start it. 'rate_hz' is how often the kernel looks for events that
 * are due, 0: as it does anyway, a thousand times a second. STATUS_MIDI.
 */
F4E_MUST_CHECK bool midi_clock_start(struct midi_clock *clock,
                                     snd_seq_t *handle, const char *name,
                                     unsigned rate_hz, struct failure *failure);

/* Follow its drift: looks again when a second is over. */
void midi_clock_tick(struct midi_clock *clock, uint64_t now_ns);

/* CLOCK_MONOTONIC for a time of the queue, and back. */
uint64_t midi_clock_ns(const struct midi_clock *clock,
                       const snd_seq_real_time_t *time);
snd_seq_real_time_t midi_clock_time(const struct midi_clock *clock,
                                    uint64_t ns);

#endif
