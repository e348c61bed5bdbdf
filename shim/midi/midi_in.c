/* SPDX-License-Identifier: MIT */
#include "midi/midi_in.h"

#include "common/thread.h"
#include "common/wakeup.h"
#include "message/message.h"
#include "midi/midi_call.h"
#include "rt/stats.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    LOOK_MS = 1000,       /* between two looks for what was unplugged */
    FULL_MS = 2,          /* the audio thread will take some of it */
    POLLS_MAX = 16,       /* descriptors of the sequencer */
    PRIO_BELOW_AUDIO = 5, /* MIDI waits for sound, not sound for MIDI */
    CAME_MOST_NS = 1000000000,
};

static void count(_Atomic uint64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/*
 * With --midi-latency a message waits for the block that is heard so much after
 * it came. 'came_ns' 0: just now.
 */
static void set_due(struct midi_in *midi, uint64_t came_ns)
{
    const struct options *options = midi->options;
    const struct f4e_patch *patch = midi->patch;
    uint64_t now_ns = stats_now_ns();
    uint64_t frame = 0;
    midi->inbox.due_block = 0;
    /* No time lies ahead, nor far back: the clocks are two. */
    if (came_ns == 0 || came_ns > now_ns || now_ns - came_ns > CAME_MOST_NS) {
        came_ns = now_ns;
    }
    uint64_t due_ns = came_ns + options->midi_latency_ms * UINT64_C(1000000);
    if (options->midi_latency_ms == 0) {
        return;
    }
    if (frame_clock_frame(midi->clock, due_ns, patch->sample_rate, &frame)) {
        if (frame < atomic_load(&midi->clock->told_frame)) {
            count(&midi->late);
        }
    } else { /* the first block is still to come */
        frame = options->midi_latency_ms * (uint64_t)patch->sample_rate / 1000;
    }
    midi->inbox.due_block = frame / patch->block_frames;
}

/* Call what hears the message, from binding '*sent' on. True: all have it. */
static bool try_send(struct midi_in *midi, unsigned target,
                     const struct midi_message *message, bool *is_heard,
                     unsigned *sent)
{
    (void)pthread_mutex_lock(&midi->patch_lock);
    const struct f4e_patch *patch = midi->patch;
    *is_heard =
        *is_heard || midi->tap.hear(midi->tap.context, &midi->inbox, message);
    if (*is_heard) {
        *sent = midi_call_send(patch, &midi->inbox, target, message, *sent);
    }
    bool is_done = *is_heard && *sent >= patch->midi_count;
    (void)pthread_mutex_unlock(&midi->patch_lock);
    return is_done;
}

/* 'can_wait': until there is room, or until the end. */
static void send(struct midi_in *midi, unsigned target,
                 const struct midi_message *message, bool can_wait)
{
    struct pollfd stop = {.fd = midi->stop_fd, .events = POLLIN};
    bool is_heard = midi->tap.hear == NULL;
    unsigned sent = 0;
    count(&midi->received);
    for (;;) {
        if (try_send(midi, target, message, &is_heard, &sent)) {
            return;
        }
        if (!can_wait || poll(&stop, 1, FULL_MS) > 0) {
            count(&midi->lost);
            return;
        }
    }
}

static const struct midi_source bare = {-1, -1};

/*
 * Nobody else ends the notes of a source that has gone. Puts what became of
 * them into 'text', a sentence's end.
 */
static void let_go(struct midi_in *midi, struct midi_source source, char *text,
                   size_t size)
{
    unsigned notes = midi_held_count(&midi->held, source);
    struct midi_message message;
    unsigned target;
    text[0] = '\0';
    if (notes == 0) {
        return;
    }
    const char *plural = notes == 1 ? "" : "s";
    if (!midi->options->is_notes_off) {
        (void)snprintf(text, size,
                       "; it holds %u note%s, which --notes-off would end",
                       notes, plural);
        return;
    }
    (void)snprintf(text, size, "; %u note%s ended", notes, plural);
    set_due(midi, 0);
    while (midi_held_release(&midi->held, source, &target, &message)) {
        send(midi, target, &message, true);
    }
}

static void parse(struct midi_in *midi, struct midi_parser *parser,
                  struct midi_source source, unsigned target,
                  const unsigned char *bytes, size_t length, bool can_wait)
{
    struct midi_message message;
    for (size_t i = 0; i < length; i++) {
        if (midi_parser_byte(parser, bytes[i], &message)) {
            midi_held_message(&midi->held, source, target, &message);
            send(midi, target, &message, can_wait);
        }
    }
}

static void read_seq(struct midi_in *midi)
{
    struct midi_seq_event *event = &midi->event;
    char text[80];
    do {
        midi_seq_next(&midi->seq, event);
        switch (event->kind) {
        case MIDI_SEQ_DATA:
            set_due(midi, event->time_ns);
            parse(midi, &midi->parsers[event->target % MIDI_SEQ_PORTS_MAX],
                  event->source, event->target, event->bytes, event->count,
                  false);
            break;
        case MIDI_SEQ_LOST:
            count(&midi->lost);
            break;
        case MIDI_SEQ_LINKED:
            midi_lines_add(&midi->lines, "midi    '%s' plays port %u",
                           event->link.name, event->link.target);
            break;
        case MIDI_SEQ_GONE:
            let_go(midi, event->source, text, sizeof(text));
            if (event->link.name[0] != '\0' || text[0] != '\0') {
                midi_lines_add(&midi->lines, "midi    '%s' is gone%s",
                               event->link.name[0] != '\0' ? event->link.name
                                                           : "a source",
                               text);
            }
            break;
        case MIDI_SEQ_NOTHING:
        case MIDI_SEQ_OTHER:
            break;
        }
    } while (event->kind != MIDI_SEQ_NOTHING);
}

static void read_raw(struct midi_in *midi, short events)
{
    unsigned char bytes[256];
    int length = midi_raw_read(&midi->raw, bytes, sizeof(bytes));
    if (length < 0) {
        const bool is_away = midi->raw.can_return &&
                             (events & (POLLERR | POLLHUP | POLLNVAL)) != 0;
        char text[80];
        midi_raw_close(&midi->raw);
        midi->is_raw_away = is_away;
        let_go(midi, bare, text, sizeof(text));
        midi_lines_add(&midi->lines, "midi    '%s' %s%s",
                       midi->options->midi_raw.text,
                       is_away ? "is gone" : "has ended", text);
    } else {
        set_due(midi, 0);
        parse(midi, &midi->raw_parser, bare, midi->raw_target, bytes,
              (size_t)length, midi->is_raw_paced);
    }
}

/* What was unplugged, once a second. */
static void look_for_raw(struct midi_in *midi)
{
    const uint64_t now_ns = stats_now_ns();
    if (now_ns - midi->raw_looked_ns < LOOK_MS * UINT64_C(1000000)) {
        return;
    }
    midi->raw_looked_ns = now_ns;
    if (midi_raw_reopen(&midi->raw, midi->options->midi_raw.text)) {
        midi->is_raw_away = false;
        midi->raw_parser = (struct midi_parser){0};
        midi_lines_add(&midi->lines, "midi    '%s' is back",
                       midi->options->midi_raw.text);
    }
}

static void *run_midi(void *arg)
{
    struct midi_in *midi = arg;
    /* Less than sound, more than anything else. */
    thread_take_prio(midi->options->rt_prio, PRIO_BELOW_AUDIO);
    for (;;) {
        struct pollfd fds[2 + POLLS_MAX] = {
            {.fd = midi->stop_fd, .events = POLLIN}, {.fd = -1}};
        unsigned polls = 0;
        bool has_raw = midi->raw.fd >= 0 || midi->raw.device != NULL;
        if (has_raw) {
            midi_raw_poll_fill(&midi->raw, &fds[1]);
        }
        if (midi->seq.handle != NULL) {
            polls = midi_seq_poll_count(&midi->seq);
            polls = polls < POLLS_MAX ? polls : POLLS_MAX;
            midi_seq_poll_fill(&midi->seq, fds + 2, polls);
        }
        if (poll(fds, 2 + polls, midi->is_raw_away ? LOOK_MS : -1) < 0) {
            continue;
        }
        if (fds[0].revents != 0) {
            return NULL;
        }
        if (has_raw && fds[1].revents != 0) {
            read_raw(midi, fds[1].revents);
        }
        if (midi->is_raw_away) {
            look_for_raw(midi);
        }
        if (midi->seq.handle != NULL) {
            midi_clock_tick(&midi->seq.clock, stats_now_ns());
            read_seq(midi);
        }
    }
}

/* The sequencer, which may be missing. */
static bool open_seq(struct midi_in *midi, struct failure *failure)
{
    const struct options *options = midi->options;
    struct failure missing = {.status = STATUS_OK};
    /* A JACK server has MIDI of its own: nothing is missing. */
    const bool has_other =
        options->is_jack && !options->is_dummy && midi->patch->tick_ms == 0;
    if (!midi_seq_open(&midi->seq, midi->patch, options, &missing)) {
        if (options->is_midi_required) {
            *failure = missing;
        } else if (!options->is_quiet && !has_other) {
            message(PRIORITY_WARNING, "midi    %s", missing.text);
        }
        return !options->is_midi_required;
    }
    for (unsigned i = 0; i < midi->seq.link_count; i++) {
        midi_lines_add(&midi->lines, "midi    '%s' plays port %u",
                       midi->seq.links[i].name, midi->seq.links[i].target);
    }
    if (midi->seq.link_count == 0) {
        midi_lines_add(&midi->lines, "midi    nothing is connected yet");
    }
    if (midi->seq.link_count == 0 && options->is_midi_required) {
        (void)failure_set(failure, STATUS_MIDI,
                          "no MIDI port to play from is there");
        return failure_hint(failure, "--list-midi shows what is");
    }
    return true;
}

static bool open_sources(struct midi_in *midi, struct failure *failure)
{
    const struct options *options = midi->options;
    bool wants_seq = !options->is_midi_off && (options->midi_raw.text == NULL ||
                                               options->midi_in_count > 0);
    if (options->midi_raw.text != NULL) {
        if (!midi_raw_open(&midi->raw, options->midi_raw.text, failure)) {
            return false;
        }
        midi->is_raw_paced = midi->raw.device == NULL;
        midi->raw_target = options->midi_raw.has_port ? options->midi_raw.port
                           : midi->patch->midi_count > 0
                               ? midi->patch->midi[0].port
                               : 0;
    }
    return !wants_seq || open_seq(midi, failure);
}

static void release(struct midi_in *midi)
{
    midi_seq_close(&midi->seq);
    midi_raw_close(&midi->raw);
    if (midi->stop_fd >= 0) {
        (void)close(midi->stop_fd);
    }
    midi_lines_deinit(&midi->lines);
}

void midi_in_attach(struct midi_in *midi, struct engine *engine)
{
    (void)pthread_mutex_init(&midi->patch_lock, NULL);
    inbox_init(&midi->inbox, midi->slots, midi->payloads, MIDI_IN_SLOTS);
    engine_attach(engine, &midi->inbox);
    midi->is_attached = true;
}

void midi_in_follow(struct midi_in *midi, const struct f4e_patch *patch,
                    uint32_t version, void (*tell)(void *context),
                    void *context)
{
    (void)pthread_mutex_lock(&midi->patch_lock);
    midi->patch = patch;
    midi->inbox.version = version;
    tell(context);
    (void)pthread_mutex_unlock(&midi->patch_lock);
}

bool midi_in_serves(const struct midi_in *midi, const struct f4e_patch *patch)
{
    const struct midi_seq *seq = &midi->seq;
    bool is_served = midi->is_open || patch->midi_count == 0;
    for (unsigned i = 0; is_served && i < patch->midi_count; i++) {
        bool is_there = seq->handle == NULL;
        for (unsigned k = 0; k < seq->port_count; k++) {
            is_there = is_there || seq->targets[k] == patch->midi[i].port;
        }
        is_served = is_there;
    }
    return is_served;
}

bool midi_in_open(struct midi_in *midi, struct engine *engine,
                  const struct options *options, struct failure *failure)
{
    bool is_wanted = engine->patch->midi_count > 0 || midi->tap.hear != NULL;
    if (!is_wanted || options->render != NULL ||
        (options->is_midi_off && options->midi_raw.text == NULL)) {
        return true;
    }
    if (!midi->is_attached) {
        midi_in_attach(midi, engine);
    }
    midi->patch = engine->patch;
    midi->clock = &engine->clock;
    midi->options = options;
    midi->raw.fd = -1;
    midi->is_raw_away = false;
    midi_lines_init(&midi->lines);
    midi->stop_fd = wakeup_open(failure);
    bool is_good = midi->stop_fd >= 0 && open_sources(midi, failure);
    is_good =
        is_good && thread_start(&midi->thread, NULL, run_midi, midi, failure);
    if (!is_good) {
        release(midi);
        return false;
    }
    midi->is_open = true;
    return true;
}

void midi_in_report(struct midi_in *midi)
{
    uint64_t lost = atomic_load_explicit(&midi->lost, memory_order_relaxed);
    if (!midi->is_open || midi->options->is_quiet) {
        return;
    }
    if (lost != midi->reported_lost) {
        midi->reported_lost = lost;
        message(PRIORITY_WARNING,
                "midi    %" PRIu64 " messages lost: more than the patch takes",
                lost);
    }
    midi_lines_tell(&midi->lines);
}

void midi_in_close(struct midi_in *midi)
{
    if (midi->is_open) {
        wakeup_send(midi->stop_fd);
        (void)pthread_join(midi->thread, NULL);
        release(midi);
        midi->is_open = false;
    }
}
