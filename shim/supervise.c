/* SPDX-License-Identifier: MIT */
#include "supervise.h"

#include "audio/start.h"
#include "common/wakeup.h"
#include "message/message.h"
#include "optional.h"
#include "rt/denormals.h"
#include "signals.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

F4E_OPTIONAL(key_input_report);
F4E_OPTIONAL(midi_send_report);

/* The second part of the start-up block: what the audio thread found. */
static void print_setup(const struct session *session)
{
    const struct options *options = session->options;
    if (session_is_real_time(session) && !options->is_quiet) {
        rtsetup_tell(&session->rtsetup);
        message(PRIORITY_INFO, "policy  denormals %s, xruns %s",
                !options->is_flushing ? "as IEEE 754"
                : DENORMALS_CAN_FLUSH ? "flushed"
                                      : "kept: this CPU cannot flush",
                options->xrun_policy == XRUN_SKIP ? "skip what was lost"
                                                  : "keep the patch's "
                                                    "time");
    }
}

/* Until something happens, or the next thing is to be printed. */
static void wait_for_events(const struct session *session, int wake_fd)
{
    const struct session_host *host = session->host;
    struct pollfd fds[4] = {
        {.fd = wake_fd, .events = POLLIN},
        {.fd = channel_fd(&session->channel), .events = POLLIN},
        {.fd = front_fd(&session->front), .events = POLLIN},
        {.fd = host != NULL ? host->fd(host->context) : -1, .events = POLLIN}};
    int wait_ms = channel_wait_ms(
        &session->channel,
        control_wait_ms(
            &session->control,
            notify_interval_ms(&session->notify,
                               report_interval_ms(&session->report))));
    wait_ms = live_wait_ms(&session->live, wait_ms);
    wait_ms = front_wait_ms(&session->front, stats_now_ns(), wait_ms);
    if (signals_has_stop() && wait_ms > BLOCK_WATCH_MS) {
        wait_ms = BLOCK_WATCH_MS;
    }
    if (host != NULL) {
        wait_ms = host->wait_ms(host->context, wait_ms);
    }
    if (poll(fds, 4, wait_ms) > 0 && fds[0].revents != 0) {
        wakeup_clear(wake_fd);
    }
}

/*
 * The audio thread looks whether it is to stop after each block. One that does
 * not end keeps all others waiting, and what it was to be part of as well.
 */
static void check_block(struct session *session)
{
    if (block_watch_is_endless(&session->watch, &session->engine,
                               stats_now_ns())) {
        message(PRIORITY_ERROR, "block %" PRIu64 " does not end: given up",
                atomic_load(&session->stats.blocks));
        signals_die();
    }
}

/* True: whoever exchanges the code wants an end. */
static bool pump_host(const struct session *session)
{
    const struct session_host *host = session->host;
    return host != NULL && host->pump(host->context);
}

static void report_backend(const struct session *session)
{
    if (session->backend->report != NULL && !session->options->is_quiet) {
        session->backend->report(&session->audio);
    }
}

void supervise(struct session *session, int wake_fd)
{
    bool is_stopping = false;
    bool is_setup_printed = false;
    while (!atomic_load(&session->is_done)) {
        wait_for_events(session, wake_fd);
        front_pump(&session->front, stats_now_ns());
        channel_pump(&session->channel, stats_now_ns());
        if (control_pump(&session->control, &session->stats) ||
            session->channel.is_quitting || pump_host(session)) {
            signals_stop();
        }
        if (signals_has_stop() && !is_stopping) {
            is_stopping = true;
            notify_close(&session->notify);
            atomic_store(&session->audio.is_stopping, true);
            wakeup_send(session->audio.stop_fd);
        }
        if (is_stopping) {
            check_block(session);
        }
        if (!is_setup_printed && atomic_load(&session->is_ready)) {
            is_setup_printed = true;
            print_setup(session);
        }
        if (signals_take_stats()) {
            report_dump(&session->report);
        }
        if (signals_take_save()) {
            state_keep_now(&session->state);
        }
        report_tick(&session->report);
        live_pump(&session->live);
        control_report(&session->control, &session->engine);
        if (session->keys.is_open) {
            key_input_report(&session->keys);
        }
        midi_in_report(&session->midi);
        if (session->midi_send.is_open) {
            midi_send_report(&session->midi_send);
        }
        report_backend(session);
        session->notify.is_early = start_left_ns(session->options) > 0;
        notify_tick(&session->notify, &session->stats, stats_now_ns());
    }
    notify_tick(&session->notify, &session->stats, stats_now_ns());
    notify_close(&session->notify);
    control_report(&session->control, &session->engine);
    if (!is_setup_printed) {
        print_setup(session);
    }
}
