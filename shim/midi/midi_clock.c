/* SPDX-License-Identifier: MIT */
#include "midi/midi_clock.h"

#include "rt/stats.h"

#include <stdlib.h>

enum { SECOND_NS = 1000000000 };

/* Asked for in the middle between two looks at our own clock. */
static void look(struct midi_clock *clock)
{
    snd_seq_queue_status_t *status = calloc(1, snd_seq_queue_status_sizeof());
    if (status == NULL) {
        return;
    }
    uint64_t before_ns = stats_now_ns();
    if (snd_seq_get_queue_status(clock->handle, clock->queue, status) >= 0) {
        uint64_t after_ns = stats_now_ns();
        const snd_seq_real_time_t *time =
            snd_seq_queue_status_get_real_time(status);
        clock->read_ns = after_ns;
        clock->origin_ns = before_ns + (after_ns - before_ns) / 2 -
                           (uint64_t)time->tv_sec * SECOND_NS - time->tv_nsec;
    }
    free(status);
}

/* Without it things are less exact, and nothing else. */
static void set_rate(const struct midi_clock *clock, unsigned rate_hz)
{
    snd_seq_queue_timer_t *timer = calloc(1, snd_seq_queue_timer_sizeof());
    if (rate_hz > 0 && timer != NULL &&
        snd_seq_get_queue_timer(clock->handle, clock->queue, timer) >= 0) {
        snd_seq_queue_timer_set_resolution(timer, rate_hz);
        (void)snd_seq_set_queue_timer(clock->handle, clock->queue, timer);
    }
    free(timer);
}

bool midi_clock_start(struct midi_clock *clock, snd_seq_t *handle,
                      const char *name, unsigned rate_hz,
                      struct failure *failure)
{
    *clock = (struct midi_clock){
        .handle = handle, .queue = snd_seq_alloc_named_queue(handle, name)};
    if (clock->queue >= 0) {
        set_rate(clock, rate_hz);
    }
    int error = clock->queue < 0
                    ? clock->queue
                    : snd_seq_start_queue(handle, clock->queue, NULL);
    error = error < 0 ? error : snd_seq_drain_output(handle);
    if (error < 0) {
        return failure_set(failure, STATUS_MIDI,
                           "cannot start a queue for MIDI: %s",
                           snd_strerror(error));
    }
    look(clock);
    return true;
}

void midi_clock_tick(struct midi_clock *clock, uint64_t now_ns)
{
    if (clock->handle != NULL && now_ns - clock->read_ns >= SECOND_NS) {
        look(clock);
    }
}

uint64_t midi_clock_ns(const struct midi_clock *clock,
                       const snd_seq_real_time_t *time)
{
    return clock->origin_ns + (uint64_t)time->tv_sec * SECOND_NS +
           time->tv_nsec;
}

snd_seq_real_time_t midi_clock_time(const struct midi_clock *clock, uint64_t ns)
{
    uint64_t at_ns = ns > clock->origin_ns ? ns - clock->origin_ns : 0;
    return (snd_seq_real_time_t){(unsigned)(at_ns / SECOND_NS),
                                 (unsigned)(at_ns % SECOND_NS)};
}
