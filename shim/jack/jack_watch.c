/* SPDX-License-Identifier: MIT */
/* Declared in jack/jack_internal.h. */
#include "jack/jack_internal.h"

/* One at a time: ports for what a version sends; then what has come and has all
 * its names by now, and again where a server that has just begun has refused
 * some. */
static void run_errands(struct jack *jack)
{
    const struct jack_midi_out *out = &jack->midi_out;
    struct failure ignored = {0};
    const uint64_t now_ns = stats_now_ns();
    if (atomic_load(&jack->errand.is_busy)) {
        return;
    }
    if (jack->settle_ns == 0 && jack->failed_count > 0 &&
        jack->tries < JACK_TRIES_MAX) {
        jack->settle_ns = now_ns + JACK_RETRY_MS * UINT64_C(1000000);
    }
    if (atomic_load(&out->wanted) > atomic_load(&out->answered)) {
        (void)!jack_errand_begin(&jack->errand, jack_add_midi_out, jack,
                                 &ignored);
    } else if (jack->settle_ns != 0 && now_ns >= jack->settle_ns) {
        jack->settle_ns = 0;
        (void)!jack_errand_begin(&jack->errand, jack_connect_arrivals, jack,
                                 &ignored);
    }
}

/*
 * Looks are counted, not time: where the patch was stopped itself, or the whole
 * machine, nobody has looked. A patch that computes for ever is not the
 * server's fault.
 */
static bool is_still(struct jack *jack)
{
    const uint64_t now_ns = stats_now_ns();
    const uint64_t periods = atomic_load(&jack->periods);
    if (periods != jack->looked_at || atomic_load(&jack->is_inside)) {
        jack->looks = 0;
        jack->looked_at = periods;
        jack->looked_ns = now_ns;
    } else if (now_ns - jack->looked_ns >= JACK_WATCH_MS * UINT64_C(1000000)) {
        jack->looks++;
        jack->looked_ns = now_ns;
    }
    return jack->looks > jack_patience_ms / JACK_WATCH_MS;
}

bool jack_watch(struct jack *jack, struct failure *failure)
{
    if (jack->is_starting || !jack->is_client) {
        return true;
    }
    run_errands(jack);
    /* An end that was asked for has a limit of its own. */
    return atomic_load(&jack->audio->is_stopping) || !is_still(jack) ||
           jack_outlast(jack, failure);
}

int jack_watch_ms(const struct jack *jack)
{
    return jack->settle_ns == 0 ? JACK_WATCH_MS : JACK_SETTLE_MS;
}
