/* SPDX-License-Identifier: MIT */
/* Declared in audio/audio.h. */
#include "audio/audio.h"

#include "common/wakeup.h"
#include "jack/jack_internal.h"
#include "message/message.h"
#include "optional.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

F4E_OPTIONAL(jack_midi_out_init);

enum {
    TAP_BUSY_MS = 2,  /* how long listeners of MIDI wait while some comes ... */
    TAP_IDLE_MS = 20, /* ... and while none does */
    END_EXTRA_MS = 500,
};

static bool jack_close(struct audio *audio, bool is_complete,
                       struct failure *failure)
{
    struct jack *jack = audio->state;
    (void)is_complete;
    (void)failure;
    audio->state = NULL;
    jack_client_stop(jack);
    if (jack->is_abandoned) {
        return true; /* the library still has it; the program ends */
    }
    jack_errand_deinit(&jack->errand);
    midi_lines_deinit(&jack->lines);
    if (jack->event_fd >= 0) {
        (void)close(jack->event_fd);
    }
    audio_free_outputs(jack->out);
    if (jack->in != NULL) {
        free(jack->in[0]);
    }
    free((void *)jack->in);
    free((void *)jack->out_ports);
    free((void *)jack->in_ports);
    free((void *)jack->out_now);
    free((void *)jack->in_now);
    free(jack);
    return true;
}

static bool allocate(struct jack *jack, const struct f4e_patch *patch)
{
    const size_t block = patch->block_frames;
    /* One more of each: there may be none. */
    const size_t outputs = patch->output_count + 1U;
    const size_t inputs = patch->input_count + 1U;
    jack->out = audio_make_outputs(patch);
    jack->out_ports =
        (struct libjack_port **)calloc(outputs, sizeof(*jack->out_ports));
    jack->out_now = (float **)calloc(outputs, sizeof(*jack->out_now));
    jack->in_ports =
        (struct libjack_port **)calloc(inputs, sizeof(*jack->in_ports));
    jack->in_now = (const float **)calloc(inputs, sizeof(*jack->in_now));
    jack->in = (float **)calloc(inputs, sizeof(*jack->in));
    float *samples = calloc(inputs * block, sizeof(*samples));
    if (jack->in == NULL) {
        free(samples);
        return false;
    }
    /* Without ports they stay silent: --input off. */
    for (unsigned k = 0; samples != NULL && k < inputs; k++) {
        jack->in[k] = samples + k * block;
    }
    return samples != NULL && jack->out != NULL && jack->out_ports != NULL &&
           jack->out_now != NULL && jack->in_ports != NULL &&
           jack->in_now != NULL;
}

static bool prepare(struct jack *jack, struct failure *failure)
{
    struct audio *audio = jack->audio;
    const struct f4e_patch *patch = audio->patch;
    jack->event_fd = wakeup_open(failure);
    if (jack->event_fd < 0 || !jack_errand_init(&jack->errand, failure)) {
        return false;
    }
    if (!allocate(jack, patch)) {
        return failure_set_memory(failure);
    }
    jack->in_count = audio->options->is_input_off ? 0 : patch->input_count;
    jack->has_started = audio->options->start_at_ns == 0;
    jack->fade = fade_make(audio->options->fade_ms, patch->sample_rate);
    jack_midi_init(&jack->midi, &jack->lib, audio->engine, audio->options,
                   audio->midi);
    if (audio->engine->midi_out != NULL) {
        jack_midi_out_init(&jack->midi_out, &jack->lib, audio->engine,
                           audio->midi_send);
    }
    return true;
}

static bool jack_open(struct audio *audio, struct failure *failure)
{
    if (audio->patch->output_count == 0) {
        (void)failure_set(failure, STATUS_USAGE,
                          "the patch has no output channels: nothing to play");
        return failure_hint(failure, "--render /dev/null --blocks 1000");
    }
    /* Its inboxes begin with cache lines. */
    struct jack *jack = aligned_alloc(_Alignof(struct jack), sizeof(*jack));
    if (jack == NULL) {
        return failure_set_memory(failure);
    }
    memset(jack, 0, sizeof(*jack));
    audio->state = jack;
    jack->audio = audio;
    jack->event_fd = -1;
    jack->errand.done_fd = -1;
    midi_lines_init(&jack->lines);
    if (!libjack_open(&jack->lib, failure) || !prepare(jack, failure) ||
        !jack_client_start(jack, -1, failure)) {
        (void)jack_close(audio, false, failure);
        return false;
    }
    return true;
}

static void jack_describe(const struct audio *audio)
{
    struct jack *jack = audio->state;
    const double rate = audio->patch->sample_rate;
    const uint32_t period = jack->lib.get_buffer_size(jack->client);
    const uint32_t delay = jack_delay(jack, period);
    const uint32_t latency = atomic_load(&jack->latency);
    char later[64] = "";
    /* Another one would be news. */
    atomic_store(&audio->stats->period, period);
    if (latency > 0) {
        (void)snprintf(later, sizeof(later),
                       ", heard %u frames (%.1f ms) later", (unsigned)latency,
                       (double)latency * 1e3 / rate);
    }
    message(PRIORITY_INFO, "device  JACK, as '%s'", jack->name);
    message(PRIORITY_INFO, "buffer  periods of %u frames (%.1f ms)%s",
            (unsigned)period, (double)period * 1e3 / rate, later);
    if (delay > 0) {
        message(PRIORITY_INFO,
                "delay   %u frames (%.1f ms) from input to output: periods are "
                "not whole blocks of that",
                (unsigned)delay, (double)delay * 1e3 / rate);
    }
    if (jack->wire_count == 0) {
        message(PRIORITY_INFO, "wire    none");
    }
    midi_lines_tell(&jack->lines);
}

static void jack_report(const struct audio *audio)
{
    struct jack *jack = audio->state;
    midi_lines_tell(&jack->lines);
}

static unsigned wait_for_news(struct jack *jack, int ms)
{
    const bool is_stopping = atomic_load(&jack->audio->is_stopping);
    struct pollfd fds[2] = {
        {.fd = jack->event_fd, .events = POLLIN},
        {.fd = is_stopping ? -1 : jack->audio->stop_fd, .events = POLLIN}};
    if (poll(fds, 2, ms) > 0 && fds[0].revents != 0) {
        wakeup_clear(jack->event_fd);
    }
    return atomic_exchange(&jack->news, 0);
}

/* The patch is not run any more. A server that has died in the middle of a
 * period does not finish it. */
static void leave(struct jack *jack)
{
    atomic_store(&jack->is_running, false);
    for (int ms = 0; ms < END_EXTRA_MS && atomic_load(&jack->is_inside); ms++) {
        (void)poll(NULL, 0, 1);
    }
}

/* How long the rest may take, once an end was asked for. */
static uint64_t end_ns(const struct jack *jack)
{
    const uint64_t rate = jack->audio->patch->sample_rate;
    return (jack->audio->options->fade_ms + UINT64_C(2) * END_EXTRA_MS) *
               1000000U +
           atomic_load(&jack->latency) * UINT64_C(2000000000) / rate;
}

/* False at an end; the failure says whether it is one. */
static bool take_news(struct jack *jack, unsigned news, struct failure *failure)
{
    struct audio *audio = jack->audio;
    if ((news & JACK_HAS_XRUNS) != 0) {
        return failure_set(failure, STATUS_XRUNS,
                           "%llu xruns: more than --max-xruns %llu",
                           (unsigned long long)stats_get(&audio->stats->xruns),
                           (unsigned long long)audio->options->max_xruns);
    }
    if ((news & JACK_HAS_ENDED) != 0) {
        return false;
    }
    if ((news & JACK_IS_LOST) != 0) {
        return jack_reopen(jack, failure);
    }
    if ((news & JACK_HAS_RATE) != 0 && !jack_outlast_rate(jack, failure)) {
        return false;
    }
    if ((news & JACK_HAS_PORTS) != 0) {
        jack->settle_ns = stats_now_ns() + JACK_SETTLE_MS * UINT64_C(1000000);
    }
    return true;
}

/* How long nothing has to be done. */
static int rest_ms(const struct jack *jack, bool is_heard)
{
    const int watch_ms = jack_watch_ms(jack);
    const int ms = is_heard ? TAP_BUSY_MS
                   : jack_midi_is_heard(&jack->midi) ||
                           atomic_load(&jack->audio->is_stopping)
                       ? TAP_IDLE_MS
                       : watch_ms;
    return ms < watch_ms ? ms : watch_ms;
}

static bool jack_run(struct audio *audio, struct failure *failure)
{
    struct jack *jack = audio->state;
    uint64_t stop_ns = 0;
    bool is_heard = false;
    atomic_store(&jack->is_running, true);
    while (take_news(jack, wait_for_news(jack, rest_ms(jack, is_heard)),
                     failure) &&
           jack_watch(jack, failure)) {
        is_heard =
            jack_midi_is_heard(&jack->midi) && jack_midi_listen(&jack->midi);
        if (!atomic_load(&audio->is_stopping)) {
            continue;
        }
        /* A server that stands still does not play the end. */
        stop_ns = stop_ns == 0 ? stats_now_ns() + end_ns(jack) : stop_ns;
        if (jack->is_starting || !jack->is_client || stats_now_ns() > stop_ns) {
            break;
        }
    }
    leave(jack);
    return failure->status == STATUS_OK;
}

static bool jack_meet(struct audio *audio, const struct f4e_patch *patch)
{
    struct jack *jack = audio->state;
    struct jack_midi_out *out = &jack->midi_out;
    if (!audio->midi_send->has_ports) {
        return true;
    }
    if (patch->midi_out_ports > atomic_load(&out->wanted)) {
        atomic_store(&out->wanted, patch->midi_out_ports);
        jack_tell(jack, JACK_HAS_MIDI);
    }
    return atomic_load(&out->answered) >= patch->midi_out_ports;
}

const struct audio_backend audio_jack = {
    .name = "jack",
    .open = jack_open,
    .describe = jack_describe,
    .report = jack_report,
    .has_thread = true,
    .run = jack_run,
    .meet = jack_meet,
    .close = jack_close,
};
