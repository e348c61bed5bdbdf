/* SPDX-License-Identifier: MIT */
#include "midi/midi_send.h"

#include "common/thread.h"
#include "message/message.h"
#include "rt/stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    LOOK_NS = 1000000,    /* between two looks at the queue */
    TICK_NS = 100000000,  /* between two at what was plugged in */
    END_NS = 1000000000,  /* the longest wait for what is due */
    PRIO_BELOW_AUDIO = 4, /* a little above MIDI that comes in */
    SECOND_NS = 1000000000,
};

static const struct midi_source patch_itself = {-1, -1};

static void count(_Atomic uint64_t *counter, uint64_t n)
{
    (void)atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

/* To everybody who is there. It is sent when the last of them has it. */
static void deliver(struct midi_send *send,
                    const struct midi_queue_message *message)
{
    bool is_lost =
        send->seq.handle != NULL && !midi_send_seq_put(&send->seq, message);
    const bool is_waiting = midi_send_raw_is_open(&send->raw) &&
                            midi_send_raw_put(&send->raw, message, is_lost);
    is_lost = is_lost || (midi_send_raw_is_open(&send->raw) && !is_waiting);
    if (send->has_file && send->failure.status == STATUS_OK) {
        (void)!smf_writer_add(&send->file, message->frame, message->port,
                              message->bytes, message->count, &send->failure);
    }
    if (is_lost || !is_waiting) {
        count(is_lost ? &send->lost : &send->sent, 1);
    }
}

/* End what the patch has begun and will not end. */
static void release(struct midi_send *send, uint64_t frame, uint64_t due_ns)
{
    struct midi_queue_message message = {.frame = frame, .due_ns = due_ns};
    struct midi_message ending;
    unsigned port;
    while (midi_held_release(&send->held, patch_itself, &port, &ending)) {
        message.port = (uint8_t)port;
        message.count = (uint8_t)midi_queue_bytes(ending.bytes[0]);
        memcpy(message.bytes, ending.bytes, sizeof(message.bytes));
        deliver(send, &message);
    }
}

/* All that lies in the queue now. */
static void take(struct midi_send *send)
{
    struct midi_queue_message message;
    while (midi_queue_get(&send->queue, &message)) {
        /* A release that found no room has no time of its own. */
        send->last_frame =
            message.frame > send->last_frame ? message.frame : send->last_frame;
        send->last_due_ns = message.due_ns > send->last_due_ns
                                ? message.due_ns
                                : send->last_due_ns;
        if (message.count == 0) {
            release(send, send->last_frame, send->last_due_ns);
            continue;
        }
        struct midi_message bytes;
        memcpy(bytes.bytes, message.bytes, sizeof(bytes.bytes));
        midi_held_message(&send->held, patch_itself, message.port, &bytes);
        deliver(send, &message);
    }
}

/* Write what is due, and say until when there is nothing to do. */
static uint64_t flush_raw(struct midi_send *send, uint64_t now_ns)
{
    struct midi_send_raw_counts counts = {0, 0};
    uint64_t next_ns = now_ns + LOOK_NS;
    if (midi_send_raw_is_open(&send->raw)) {
        const bool was_away = send->raw.is_away;
        uint64_t due_ns = midi_send_raw_flush(&send->raw, now_ns, &counts);
        if (send->raw.is_away != was_away) {
            midi_lines_add(&send->lines, "midi    '%s' is %s", send->raw.name,
                           was_away ? "back" : "gone");
        }
        next_ns = due_ns > now_ns && due_ns < next_ns ? due_ns : next_ns;
        count(&send->sent, counts.sent);
        count(&send->lost, counts.lost);
    }
    return next_ns;
}

static void sleep_until(uint64_t ns)
{
    const struct timespec time = {(time_t)(ns / SECOND_NS),
                                  (long)(ns % SECOND_NS)};
    (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

/* The patch plays no more: let what is due leave, then end its notes. */
static void finish(struct midi_send *send)
{
    uint64_t now_ns = stats_now_ns();
    uint64_t end_ns = send->last_due_ns < now_ns ? now_ns : send->last_due_ns;
    end_ns = end_ns - now_ns > END_NS ? now_ns + END_NS : end_ns;
    release(send, send->last_frame, end_ns);
    end_ns += LOOK_NS;
    while (stats_now_ns() < end_ns) {
        uint64_t next_ns = flush_raw(send, stats_now_ns());
        sleep_until(next_ns < end_ns ? next_ns : end_ns);
    }
    (void)flush_raw(send, end_ns);
    struct midi_send_raw_counts counts = {0, 0};
    midi_send_raw_give_up(&send->raw, &counts);
    count(&send->lost, counts.lost);
}

static void *run_send(void *arg)
{
    struct midi_send *send = arg;
    uint64_t tick_ns = 0;
    bool is_ending = false;
    thread_take_prio(send->options->rt_prio, PRIO_BELOW_AUDIO);
    while (!is_ending) {
        /* Asked before the queue is looked at: what came until then is there.
         */
        is_ending = atomic_load(&send->is_ending);
        take(send);
        uint64_t now_ns = stats_now_ns();
        if (send->seq.handle != NULL && now_ns - tick_ns >= TICK_NS) {
            tick_ns = now_ns;
            midi_send_seq_tick(&send->seq, now_ns);
        }
        uint64_t next_ns = flush_raw(send, now_ns);
        if (!is_ending) {
            sleep_until(next_ns);
        }
    }
    finish(send);
    return NULL;
}

/* The sequencer, which may be missing unless a port of it was named. */
static bool open_seq(struct midi_send *send, const struct f4e_patch *patch,
                     struct failure *failure)
{
    const struct options *options = send->options;
    struct failure missing = {.status = STATUS_OK};
    if (!midi_send_seq_open(&send->seq, patch, options, &send->lines,
                            &missing)) {
        bool is_wanted = options->midi_out_count > 0;
        if (is_wanted) {
            *failure = missing;
        } else if (!options->is_quiet) {
            message(PRIORITY_WARNING, "midi    nothing is sent: %s",
                    missing.text);
        }
        return !is_wanted;
    }
    if (send->seq.link_count == 0) {
        midi_lines_add(&send->lines, "midi    out is connected to nothing "
                                     "yet");
    }
    return true;
}

static bool open_targets(struct midi_send *send, const struct f4e_patch *patch,
                         struct failure *failure)
{
    const struct options *options = send->options;
    bool is_live = options->render == NULL;
    bool wants_seq =
        is_live && !options->is_midi_out_off && !send->has_ports &&
        (options->midi_out_count > 0 ||
         (options->midi_out_raw == NULL && options->midi_out_file == NULL));
    if (options->midi_out_raw != NULL &&
        !midi_send_raw_open(&send->raw, options->midi_out_raw,
                            options->has_running_status, failure)) {
        return false;
    }
    if (options->midi_out_file != NULL) {
        send->has_file = smf_writer_open(&send->file, options->midi_out_file,
                                         patch, failure);
        if (!send->has_file) {
            return false;
        }
        if (is_live) {
            outfile_spare(&send->file.out); /* hours of it, perhaps */
        }
    }
    return !wants_seq || open_seq(send, patch, failure);
}

static void close_targets(struct midi_send *send)
{
    midi_send_seq_close(&send->seq);
    midi_send_raw_close(&send->raw);
    midi_lines_deinit(&send->lines);
}

bool midi_send_open(struct midi_send *send, struct engine *engine,
                    const struct f4e_patch *patch,
                    const struct options *options, struct failure *failure)
{
    const bool is_jack =
        options->is_jack && !options->is_dummy && options->render == NULL;
    const bool is_named = options->midi_out_count > 0 ||
                          options->midi_out_file != NULL ||
                          options->midi_out_raw != NULL;
    send->raw.fd = -1;
    if (patch->midi_out_ports == 0 &&
        !(options->has_versions && (is_named || is_jack))) {
        return true;
    }
    send->is_tried = true;
    send->engine = engine;
    send->options = options;
    send->has_ports =
        is_jack && !options->is_midi_out_off && patch->tick_ms == 0;
    midi_lines_init(&send->lines);
    bool is_good = open_targets(send, patch, failure);
    bool is_heard = send->seq.handle != NULL || send->has_file ||
                    midi_send_raw_is_open(&send->raw);
    bool needs_thread = is_good && is_heard && options->render == NULL;
    if (needs_thread) {
        is_good = thread_start(&send->thread, NULL, run_send, send, failure);
        send->has_thread = is_good;
    }
    if (!is_good || !(is_heard || send->has_ports)) {
        send->has_ports = false;
        if (send->has_file) {
            smf_writer_discard(&send->file);
        }
        close_targets(send);
        midi_queue_connect(NULL);
        return is_good;
    }
    send->is_open = true;
    return true;
}

void midi_send_pump(struct midi_send *send)
{
    if (send->is_open && !send->has_thread && !send->has_ports) {
        take(send);
    }
}

static void tell_dropped(struct midi_send *send)
{
    uint64_t dropped = midi_send_dropped(send);
    if (dropped != send->reported_dropped && !send->options->is_quiet) {
        send->reported_dropped = dropped;
        message(PRIORITY_WARNING,
                "midi    %" PRIu64 " messages not sent: more than can leave",
                dropped);
    }
}

void midi_send_report(struct midi_send *send)
{
    if (send->is_open && !send->options->is_quiet) {
        tell_dropped(send);
        midi_lines_tell(&send->lines);
    }
}

bool midi_send_close(struct midi_send *send, struct failure *failure)
{
    if (!send->is_open) {
        return true;
    }
    const struct engine *engine = send->engine;
    send->is_open = false;
    if (send->has_thread) {
        atomic_store(&send->is_ending, true);
        (void)pthread_join(send->thread, NULL);
    } else if (!send->has_ports) {
        take(send);
    }
    uint64_t end = engine->block * engine->patch->block_frames;
    if (!send->has_thread) {
        release(send, end, 0);
    }
    tell_dropped(send);
    midi_queue_connect(NULL);
    bool is_good = true;
    if (send->has_file && send->failure.status != STATUS_OK) {
        smf_writer_discard(&send->file);
        is_good = false;
    } else if (send->has_file) {
        is_good = smf_writer_close(&send->file, end, &send->failure);
    }
    if (!is_good && failure->status == STATUS_OK) {
        *failure = send->failure;
    }
    close_targets(send);
    return is_good;
}
