/* SPDX-License-Identifier: MIT */
/* Declared in alsa/alsa_internal.h. */
#include "alsa/alsa_internal.h"

#include <stdio.h>

enum { BACK_OFF_MIN_MS = 200, BACK_OFF_MAX_MS = 2000 };

static bool open_all(struct alsa *alsa, struct failure *failure)
{
    bool is_open = true;
    for (unsigned k = 0; k < alsa->stream_count && is_open; k++) {
        is_open = alsa_stream_reopen(&alsa->streams[k], failure);
        alsa->streams[k].moved = 0;
        alsa->streams[k].avail =
            k == ALSA_OUT
                ? (snd_pcm_sframes_t)alsa->streams[k].config.buffer_frames
                : 0;
    }
    if (!is_open) {
        for (unsigned k = 0; k < alsa->stream_count; k++) {
            alsa_stream_lose(&alsa->streams[k]);
        }
    }
    return is_open;
}

enum alsa_remedy alsa_reopen(struct alsa *alsa, struct failure *failure)
{
    struct audio *audio = alsa->audio;
    int limit_s = audio->options->wait_device_s;
    uint64_t start_ns = stats_now_ns();
    int pause_ms = BACK_OFF_MIN_MS;
    for (unsigned k = 0; k < alsa->stream_count; k++) {
        alsa_stream_lose(&alsa->streams[k]);
    }
    alsa->is_started = false;
    alsa->is_primed = false;
    alsa->prepares = 0;
    stats_add(&audio->stats->losses, 1);
    for (;;) {
        struct failure why = {0};
        int64_t left_ms = limit_s * INT64_C(1000) -
                          (int64_t)((stats_now_ns() - start_ns) / 1000000);
        bool is_last = limit_s > 0 && left_ms <= pause_ms;
        alsa_sleep(alsa, is_last && left_ms > 0 ? (int)left_ms : pause_ms);
        if (atomic_load(&audio->is_stopping)) {
            return ALSA_ENDS;
        }
        if (open_all(alsa, &why)) {
            break;
        }
        if (why.status == STATUS_HARDWARE) {
            (void)failure_set(failure, STATUS_HARDWARE,
                              "the device is back, but %s", why.text);
            return ALSA_IS_LOST;
        }
        if (is_last) {
            (void)failure_set(failure, STATUS_LOST,
                              "the device was lost and not back after %d s: %s",
                              limit_s, why.text);
            return ALSA_IS_LOST;
        }
        pause_ms = pause_ms * 3 / 2 < BACK_OFF_MAX_MS ? pause_ms * 3 / 2
                                                      : BACK_OFF_MAX_MS;
    }
    if (alsa->is_linked) {
        alsa->is_linked = snd_pcm_link(alsa_pcm(alsa, ALSA_OUT),
                                       alsa_pcm(alsa, ALSA_IN)) >= 0;
    }
    stats_add(&audio->stats->reopened, 1);
    return ALSA_GOES_ON;
}
