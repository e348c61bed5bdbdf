/* SPDX-License-Identifier: MIT */
/* Declared in jack/jack_internal.h. */
#include "jack/jack_internal.h"

#include "optional.h"

#include <poll.h>

F4E_OPTIONAL(midi_queue_release);

enum { BACK_OFF_MIN_MS = 200, BACK_OFF_MAX_MS = 2000, INSIDE_MS = 1 };

static const char stands_still[] = "the JACK server stands still";

static void pause_for(const struct jack *jack, int64_t ms)
{
    struct pollfd stop = {.fd = jack->audio->stop_fd, .events = POLLIN};
    (void)poll(&stop, 1, ms > 0 ? (int)ms : 0);
}

static bool fail_lost(const char *why, const char *more,
                      struct failure *failure)
{
    (void)failure_set(failure, STATUS_LOST, "the device was lost: %s%s%s", why,
                      more[0] != '\0' ? ": " : "", more);
    return failure_hint(failure, "--wait-device waits until it is back");
}

static bool fail_gone(struct jack *jack, struct failure *failure)
{
    const bool has_reason = atomic_load(&jack->reason_state) == 2;
    return fail_lost("the JACK server is gone", has_reason ? jack->reason : "",
                     failure);
}

static bool fail_late(const struct jack *jack, const char *why,
                      struct failure *failure)
{
    return failure_set(failure, STATUS_LOST,
                       "the device was lost and not back after %d s: %s",
                       jack->audio->options->wait_device_s, why);
}

/* The patch stands still: its notes end, here and wherever else it sends. The
 * audio thread is not at work. */
static void lose(struct jack *jack)
{
    if (jack->lost_ns == 0) {
        jack->lost_ns = stats_now_ns();
        if (jack->audio->engine->midi_out != NULL) {
            midi_queue_release(jack->audio->engine->midi_out);
        }
        stats_add(&jack->audio->stats->losses, 1);
    }
}

static void find(struct jack *jack)
{
    jack->lost_ns = 0;
    jack->looks = 0;
    stats_add(&jack->audio->stats->reopened, 1);
    atomic_store(&jack->is_running, true);
}

/* How long it is waited for. */
static int64_t left_ms(const struct jack *jack)
{
    const int limit_s = jack->audio->options->wait_device_s;
    return limit_s == 0
               ? INT64_MAX
               : limit_s * INT64_C(1000) -
                     (int64_t)((stats_now_ns() - jack->lost_ns) / 1000000U);
}

bool jack_reopen(struct jack *jack, struct failure *failure)
{
    struct audio *audio = jack->audio;
    int64_t pause_ms = BACK_OFF_MIN_MS;
    if (audio->options->wait_device_s < 0) {
        return fail_gone(jack, failure);
    }
    jack_client_stop(jack);
    jack->is_client = false;
    if (jack->is_abandoned) {
        return fail_lost(stands_still, "", failure);
    }
    lose(jack);
    for (;;) {
        struct failure why = {0};
        const int64_t left = left_ms(jack);
        const bool is_last = left <= pause_ms;
        pause_for(jack, is_last ? left : pause_ms);
        if (atomic_load(&audio->is_stopping)) {
            return true;
        }
        /* What the old client has told is over. */
        (void)atomic_exchange(&jack->news, 0);
        atomic_store(&jack->rate, 0);
        if (!jack->is_starting) { /* for versions that came meanwhile */
            jack_add_midi_out(jack);
        }
        if (jack_client_start(jack, audio->stop_fd, &why)) {
            find(jack);
            return true;
        }
        if (why.status == STATUS_HARDWARE) {
            return failure_set(failure, STATUS_HARDWARE,
                               "the device is back, but %s", why.text);
        }
        if (is_last) {
            return fail_late(jack, why.text, failure);
        }
        pause_ms = pause_ms * 3 / 2 < BACK_OFF_MAX_MS ? pause_ms * 3 / 2
                                                      : BACK_OFF_MAX_MS;
    }
}

static bool goes_on(const struct jack *jack)
{
    return atomic_load(&jack->periods) != jack->looked_at;
}

static bool has_rate(const struct jack *jack)
{
    const uint32_t rate = atomic_load(&jack->rate);
    return rate == 0 || rate == jack->audio->patch->sample_rate;
}

/* As its client, until that is over. */
static bool outlast(struct jack *jack, bool (*is_over)(const struct jack *jack),
                    const char *why, struct failure *failure)
{
    const struct audio *audio = jack->audio;
    /* When it is over the patch does not go on before it is told so. */
    atomic_store(&jack->is_running, false);
    while (atomic_load(&jack->is_inside)) {
        pause_for(jack, INSIDE_MS);
    }
    lose(jack);
    while (!is_over(jack)) {
        if (atomic_load(&audio->is_stopping)) {
            return true;
        }
        if ((atomic_load(&jack->news) & JACK_IS_LOST) != 0) {
            return jack_reopen(jack, failure);
        }
        if (left_ms(jack) <= 0) {
            return fail_late(jack, why, failure);
        }
        pause_for(jack, BACK_OFF_MIN_MS);
    }
    find(jack);
    return true;
}

bool jack_outlast(struct jack *jack, struct failure *failure)
{
    if (jack->audio->options->wait_device_s < 0) {
        return fail_lost(stands_still, "", failure);
    }
    return outlast(jack, goes_on, stands_still, failure);
}

bool jack_outlast_rate(struct jack *jack, struct failure *failure)
{
    if (jack->audio->options->wait_device_s >= 0) {
        return has_rate(jack) ||
               outlast(jack, has_rate, "the JACK server has another rate",
                       failure);
    }
    (void)failure_set(failure, STATUS_HARDWARE,
                      "the JACK server has left the patch's %u Hz",
                      (unsigned)jack->audio->patch->sample_rate);
    return failure_hint(failure, "--wait-device waits until it is back");
}
