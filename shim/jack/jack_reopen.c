/* SPDX-License-Identifier: MIT */
/* Declared in jack/jack_internal.h. */
#include "jack/jack_internal.h"

#include <poll.h>

enum { BACK_OFF_MIN_MS = 200, BACK_OFF_MAX_MS = 2000 };

static void pause_for(const struct jack *jack, int64_t ms)
{
    struct pollfd stop = {.fd = jack->audio->stop_fd, .events = POLLIN};
    (void)poll(&stop, 1, ms > 0 ? (int)ms : 0);
}

static bool fail_lost(struct jack *jack, struct failure *failure)
{
    const bool has_reason =
        atomic_load(&jack->reason_state) == 2 && jack->reason[0] != '\0';
    (void)failure_set(failure, STATUS_LOST,
                      "the device was lost: the JACK server is gone%s%s",
                      has_reason ? ": " : "", has_reason ? jack->reason : "");
    return failure_hint(failure, "--wait-device waits until it is back");
}

bool jack_reopen(struct jack *jack, struct failure *failure)
{
    struct audio *audio = jack->audio;
    const int limit_s = audio->options->wait_device_s;
    const uint64_t start_ns = stats_now_ns();
    int64_t pause_ms = BACK_OFF_MIN_MS;
    if (limit_s < 0) {
        return fail_lost(jack, failure);
    }
    jack_client_stop(jack);
    /* The patch stands still: its notes end, here and wherever else it sends.
     */
    midi_queue_release(audio->engine->midi_out);
    stats_add(&audio->stats->losses, 1);
    for (;;) {
        struct failure why = {0};
        const int64_t left_ms =
            limit_s * INT64_C(1000) -
            (int64_t)((stats_now_ns() - start_ns) / 1000000);
        const bool is_last = limit_s > 0 && left_ms <= pause_ms;
        pause_for(jack, is_last ? left_ms : pause_ms);
        if (atomic_load(&audio->is_stopping)) {
            return true;
        }
        /* What the old client has told is over. */
        (void)atomic_exchange(&jack->news, 0);
        jack_add_midi_out(jack); /* of versions that came meanwhile */
        if (jack_client_start(jack, &why)) {
            stats_add(&audio->stats->reopened, 1);
            return true;
        }
        if (why.status == STATUS_HARDWARE) {
            return failure_set(failure, STATUS_HARDWARE,
                               "the device is back, but %s", why.text);
        }
        if (is_last) {
            return failure_set(failure, STATUS_LOST,
                               "the device was lost and not back after %d s: "
                               "%s",
                               limit_s, why.text);
        }
        pause_ms = pause_ms * 3 / 2 < BACK_OFF_MAX_MS ? pause_ms * 3 / 2
                                                      : BACK_OFF_MAX_MS;
    }
}
