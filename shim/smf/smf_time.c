/* SPDX-License-Identifier: MIT */
/* Declared in smf/smf_internal.h. */
#include "smf/smf_internal.h"

#include <stdlib.h>

enum { TEMPO_DEFAULT_US = 500000, MILLION = 1000000 };

/* More than anybody can play; all sums with it fit. */
static const uint64_t UNITS_MAX = UINT64_C(1) << 61;

/*
 * Time is counted in units, of which a second has a whole number: by tempo a
 * tick takes as many as a quarter note has microseconds, so that nothing is
 * ever rounded before the frame is known.
 */
struct timing {
    uint64_t per_second; /* units */
    uint64_t per_tick;
    bool has_tempo;
    uint64_t units; /* up to 'tick' */
    uint64_t tick;
    uint64_t rate; /* frames are rate / span in a second */
    uint64_t span;
};

/* The number of frames a second, twice: 24, 25, 29 (29.97) or 30. */
static bool init_smpte(struct timing *timing, unsigned frames, unsigned ticks,
                       struct failure *failure)
{
    bool is_drop = frames == 29; /* 30000 / 1001 */
    if ((frames != 24 && frames != 25 && frames != 29 && frames != 30) ||
        ticks == 0) {
        (void)failure_set(failure, STATUS_FILE,
                          "byte 12: %u frames of %u ticks a second: not 24, "
                          "25, 29 or 30 frames of some",
                          frames, ticks);
        return false;
    }
    timing->per_second = (is_drop ? 30000U : frames) * (uint64_t)ticks;
    timing->per_tick = is_drop ? 1001 : 1;
    return true;
}

static bool init(struct timing *timing, uint16_t division,
                 const struct f4e_patch *patch, struct failure *failure)
{
    *timing = (struct timing){.rate = patch->sample_rate, .span = 1};
    if (patch->tick_ms > 0) {
        timing->rate = 1000;
        timing->span = patch->tick_ms;
    }
    if ((division & 0x8000U) != 0) {
        return init_smpte(timing, 256U - (division >> 8), division & 0xffU,
                          failure);
    }
    if (division == 0) {
        (void)failure_set(failure, STATUS_FILE,
                          "byte 12: a quarter note has no ticks");
        return false;
    }
    timing->per_second = (uint64_t)division * MILLION;
    timing->per_tick = TEMPO_DEFAULT_US;
    timing->has_tempo = true;
    return true;
}

/* Go on to a tick; false when that takes longer than anything. */
static bool advance(struct timing *timing, uint64_t tick,
                    struct failure *failure)
{
    uint64_t ticks = tick - timing->tick;
    if (ticks > (UNITS_MAX - timing->units) / timing->per_tick) {
        (void)failure_set(failure, STATUS_FILE,
                          "it lasts for ages: there is no such frame");
        return false;
    }
    timing->units += ticks * timing->per_tick;
    timing->tick = tick;
    return true;
}

static uint64_t frame_of(const struct timing *timing)
{
    uint64_t seconds = timing->units / timing->per_second;
    uint64_t rest = timing->units % timing->per_second;
    return (seconds * timing->rate + rest * timing->rate / timing->per_second) /
           timing->span;
}

static int compare(const void *a, const void *b)
{
    const struct smf_event *left = a;
    const struct smf_event *right = b;
    return left->tick != right->tick
               ? (left->tick > right->tick) - (left->tick < right->tick)
               : (left->order > right->order) - (left->order < right->order);
}

bool smf_time(struct smf *smf, struct smf_file *file,
              const struct f4e_patch *patch, struct failure *failure)
{
    struct timing timing;
    *smf = (struct smf){0};
    if (!init(&timing, file->division, patch, failure)) {
        return false;
    }
    smf->events = malloc((file->count + 1) * sizeof(*smf->events));
    if (smf->events == NULL) {
        (void)failure_set_memory(failure);
        return false;
    }
    if (file->count > 1) {
        qsort(file->events, file->count, sizeof(*file->events), compare);
    }
    bool is_good = true;
    for (size_t i = 0; is_good && i < file->count; i++) {
        const struct smf_event *event = &file->events[i];
        is_good = advance(&timing, event->tick, failure);
        if (event->tempo_us > 0) {
            timing.per_tick =
                timing.has_tempo ? event->tempo_us : timing.per_tick;
        } else {
            smf->events[smf->count++] = (struct sequence_event){
                .frame = frame_of(&timing),
                .port = event->port,
                .bytes = {event->bytes[0], event->bytes[1], event->bytes[2]}};
        }
    }
    is_good = is_good && advance(&timing, file->end_tick, failure);
    smf->end_frame = frame_of(&timing);
    if (!is_good) {
        free(smf->events);
        *smf = (struct smf){0};
    }
    return is_good;
}
