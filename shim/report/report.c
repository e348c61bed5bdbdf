/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "load/trap_text.h"
#include "message/message.h"
#include "report/changes.h"
#include "report/general.h"
#include "report/report_internal.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    METER_MS = 50,
    PROGRESS_MS = 200,
    NEWS_MS = 1000,
    WIDTH_MAX = 500,
};

static const uint64_t MESSAGES_NS = UINT64_C(900000000);

void report_describe_trap(const struct engine *engine, char *text, size_t size)
{
    char when[64];
    (void)snprintf(when, sizeof(when), "at block %" PRIu64 " (the first is 0)",
                   engine->trap_block);
    trap_describe(engine->patch, &engine->trap, when, text, size);
}

/* What so many frames are; of a patch without audio, the time of its ticks. */
static double seconds_of(const struct f4e_patch *patch, uint64_t frames)
{
    return (double)frames / patch->block_frames * report_budget_ns(patch) *
           1e-9;
}

static void print_calls(const char *title, const struct dropped_calls *dropped,
                        FILE *file)
{
    uint64_t count = atomic_load(&dropped->count);
    if (count > 0) {
        message_to(file, "%-7s %" PRIu64 " calls dropped: they trapped", title,
                   count);
    }
}

/* What came in and went out by MIDI, OSC and HTTP. */
static void print_traffic(const struct report *report, FILE *file)
{
    if (report->midi->is_open) {
        message_to(file, "midi    %" PRIu64 " messages, %" PRIu64 " lost",
                   stats_get(&report->midi->received),
                   stats_get(&report->midi->lost));
    }
    if (report->midi->is_open && report->options->midi_latency_ms > 0) {
        message_to(
            file, "midi    %" PRIu64 " messages too late for --midi-latency %u",
            stats_get(&report->midi->late), report->options->midi_latency_ms);
    }
    if (report->engine->patch->midi_out_ports > 0) {
        message_to(file,
                   "midi    %" PRIu64 " messages sent, %" PRIu64
                   " not sent, %" PRIu64 " invalid",
                   midi_send_sent(report->midi_send),
                   midi_send_dropped(report->midi_send),
                   stats_get(&report->midi_send->queue.invalid));
    }
    print_calls("midi", &report->engine->dropped_midi, file);
    print_calls("call", &report->engine->dropped_calls, file);
    if (report->front_restarts != NULL && *report->front_restarts > 0) {
        message_to(file, "%-7s started again %" PRIu64 " times",
                   report->options->has_http ? "http" : "osc",
                   *report->front_restarts);
    }
    if (report->osc != NULL && report->osc->received > 0) {
        message_to(file,
                   "osc     %" PRIu64 " messages, %" PRIu64 " refused, %" PRIu64
                   " dropped, %" PRIu64 " bundles late",
                   report->osc->received, report->osc->refused,
                   report->osc->dropped, report->osc->late);
    }
}

void report_print_stats(const struct report *report, FILE *file)
{
    const struct stats *stats = report->stats;
    const struct f4e_patch *patch = report->engine->patch;
    const struct stats_times *block = &stats->block;
    const struct stats_times *late = &stats->late;
    double percent = 100.0 / report_budget_ns(patch);
    char amount[64] = "ticks";
    if (patch->tick_ms == 0) {
        (void)snprintf(amount, sizeof(amount), "blocks, %.3f s of sound",
                       seconds_of(patch, stats_get(&stats->frames)));
    }
    message_to(file, "stats   %" PRIu64 " %s in %.3f s",
               stats_get(&stats->blocks), amount,
               report_seconds_since(report->start_ns));
    message_to(file,
               "xruns   %" PRIu64 ", %.1f ms lost; %" PRIu64
               " suspends, %" PRIu64 " times a lost device came back",
               stats_get(&stats->xruns),
               (double)stats_get(&stats->lost_ns) * 1e-6,
               stats_get(&stats->suspends), stats_get(&stats->reopened));
    message_to(file,
               "block   of %.1f us: mean %.2f%%, half %.2f%%, 99%% %.2f%%, max "
               "%.2f%%",
               report_budget_ns(patch) * 1e-3, report_mean_ns(block) * percent,
               (double)report_percentile(block, 0.5) * percent,
               (double)report_percentile(block, 0.99) * percent,
               (double)stats_get(&block->max_ns) * percent);
    general_print(report, file);
    changes_print(report, file);
    if (stats_get(&stats->wakeups) > 0) {
        message_to(
            file,
            "wake    %" PRIu64 " times, %" PRIu64
            " for nothing; late by mean %.1f us, 99%% %.1f us, max %.1f us",
            stats_get(&stats->wakeups), stats_get(&stats->spurious),
            report_mean_ns(late) * 1e-3,
            (double)report_percentile(late, 0.99) * 1e-3,
            (double)stats_get(&late->max_ns) * 1e-3);
    }
    message_to(file,
               "samples %" PRIu64 " not finite, %" PRIu64 " clipped; %" PRIu64
               " of the input at full scale",
               stats_get(&stats->non_finite), stats_get(&stats->clips),
               stats_get(&stats->clips_in));
    print_traffic(report, file);
    if (report->record != NULL) {
        message_to(file, "record  %" PRIu64 " frames lost",
                   report_lost_frames(report));
    }
}

void report_dump(struct report *report)
{
    struct failure failure = {.status = STATUS_OK};
    report_print_stats(report, NULL);
    if (!report_write_json(report, &failure)) {
        message(PRIORITY_ERROR, "%s", failure.text);
    }
}

static void tell_trap(struct report *report)
{
    char text[320];
    report->has_reported_trap = true;
    report_describe_trap(report->engine, text, sizeof(text));
    message(PRIORITY_ERROR, "%s; %s", text,
            report->options->on_trap == TRAP_RESET ? "started again"
                                                   : "silence from there");
}

/* Once for each kind of calls from outside. */
static void tell_dropped(struct report *report,
                         const struct dropped_calls *dropped, const char *what,
                         bool *has_reported)
{
    char when[64];
    char text[320];
    if (*has_reported ||
        atomic_load_explicit(&dropped->count, memory_order_acquire) == 0) {
        return;
    }
    *has_reported = true;
    (void)snprintf(when, sizeof(when), "at block %" PRIu64 ", in %s",
                   dropped->block, what);
    trap_describe(report->engine->patch, &dropped->trap, when, text,
                  sizeof(text));
    message(PRIORITY_ERROR, "%s; that call is dropped, like others that trap",
            text);
}

static void tell_record(struct report *report)
{
    uint64_t lost = report_lost_frames(report);
    if (report->record == NULL) {
        return;
    }
    if (!report->has_reported_record &&
        atomic_load(&report->record->has_failed)) {
        report->has_reported_record = true;
        message(PRIORITY_ERROR, "%s; nothing more is recorded",
                report->record->failure.text);
    } else if (!report->has_reported_record && lost != report->reported_lost) {
        report->reported_lost = lost;
        message(PRIORITY_WARNING,
                "the disk is slow: %" PRIu64 " frames were not recorded", lost);
    }
}

/* A device went away, or is back. */
static void tell_device(struct report *report)
{
    uint64_t losses = stats_get(&report->stats->losses);
    uint64_t reopened = stats_get(&report->stats->reopened);
    if (losses != report->reported_losses) {
        report->reported_losses = losses;
        message(PRIORITY_ERROR, "the device was lost: waiting for it");
    }
    if (reopened != report->reported_reopened) {
        report->reported_reopened = reopened;
        message(PRIORITY_NOTICE, "the device is back");
    }
}

/* A server moves other amounts than was asked for, or than before. */
static void tell_period(struct report *report)
{
    const uint64_t period = stats_get(&report->stats->period);
    if (period != report->reported_period) {
        report->reported_period = period;
        message(PRIORITY_INFO,
                "period  %" PRIu64
                " frames (%.1f ms) is what the server moves at a time",
                period,
                (double)period * 1e3 / report->engine->patch->sample_rate);
    }
}

static void tell_demotion(struct report *report)
{
    const bool is_demoted = rtsetup_is_demoted();
    if (report->has_reported_demotion != is_demoted) {
        report->has_reported_demotion = is_demoted;
        message(PRIORITY_WARNING, "%s",
                is_demoted ? "the patch computed without a pause for too long: "
                             "its real-time priority was taken away"
                           : "the real-time priority is back");
    }
}

/* What happened since the last time, at most once a second. */
static void print_messages(struct report *report)
{
    const struct stats *stats = report->stats;
    uint64_t xruns = stats_get(&stats->xruns);
    if (report->options->is_quiet) {
        return;
    }
    report->reported_ns = stats_now_ns();
    if (!report->has_reported_trap && report->options->on_trap != TRAP_STOP &&
        atomic_load_explicit(&report->engine->traps, memory_order_acquire) >
            0) {
        tell_trap(report);
    }
    tell_dropped(report, &report->engine->dropped_midi, "a MIDI callback",
                 &report->has_reported_dropped_midi);
    tell_dropped(report, &report->engine->dropped_calls, "a call from outside",
                 &report->has_reported_dropped_call);
    tell_demotion(report);
    if (xruns != report->reported_xruns) {
        report->reported_xruns = xruns;
        message(PRIORITY_WARNING, "%" PRIu64 " xrun%s, %.1f ms lost", xruns,
                xruns == 1 ? "" : "s",
                (double)stats_get(&stats->lost_ns) * 1e-6);
    }
    tell_device(report);
    tell_period(report);
    tell_record(report);
}

/* --stats=SEC: one line. */
static void tell_stats(struct report *report)
{
    const struct stats *stats = report->stats;
    double percent = 100.0 / report_budget_ns(report->engine->patch);
    uint64_t now_s = (uint64_t)report_seconds_since(report->start_ns);
    if (report->options->stats_s == 0 ||
        now_s < report->printed_s + report->options->stats_s) {
        return;
    }
    report->printed_s = now_s - now_s % report->options->stats_s;
    message(PRIORITY_INFO,
            "%" PRIu64 " s: %" PRIu64 " xruns, block mean %.1f%% 99%% %.1f%% "
            "max %.1f%%, late max %.0f us, %" PRIu64 " clips",
            now_s, stats_get(&stats->xruns),
            report_mean_ns(&stats->block) * percent,
            (double)report_percentile(&stats->block, 0.99) * percent,
            (double)stats_get(&stats->block.max_ns) * percent,
            (double)stats_get(&stats->late.max_ns) * 1e-3,
            stats_get(&stats->clips));
}

static void show_progress(const struct report *report)
{
    char text[96];
    const struct f4e_patch *patch = report->engine->patch;
    double done = seconds_of(patch, stats_get(&report->stats->frames));
    double spent = report_seconds_since(report->start_ns);
    (void)snprintf(text, sizeof(text),
                   "rendering %.1f s of %.1f s, %.0fx real time ", done,
                   seconds_of(patch, report->options->frame_limit),
                   spent > 0.0 ? done / spent : 0.0);
    message_status(text);
}

static void show_meter(struct report *report)
{
    char text[WIDTH_MAX + 1];
    struct winsize window = {.ws_col = 80};
    uint64_t now_ns = stats_now_ns();
    double seconds = (double)(now_ns - report->metered_ns) * 1e-9;
    report->metered_ns = now_ns;
    for (unsigned k = 0; k < report->meter.channels; k++) {
        meter_update(&report->meter, k, levels_take(report->levels, 0, k),
                     seconds);
    }
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0) {
        window.ws_col = 80;
    }
    unsigned width = window.ws_col < WIDTH_MAX ? window.ws_col : WIDTH_MAX;
    meter_format(&report->meter, width - 1, text, sizeof(text));
    message_status(text);
}

void report_start(struct report *report)
{
    bool is_terminal = isatty(STDERR_FILENO) != 0;
    report->start_ns = stats_now_ns();
    report->metered_ns = report->start_ns;
    report->is_progress = report->options->render != NULL &&
                          !report->options->is_quiet && is_terminal;
    report->is_meter = report->options->is_meter && is_terminal;
    report->reported_period = stats_get(&report->stats->period);
    meter_init(&report->meter, report->engine->patch->output_count);
}

int report_interval_ms(const struct report *report)
{
    return report->is_meter      ? METER_MS
           : report->is_progress ? PROGRESS_MS
                                 : NEWS_MS;
}

void report_tick(struct report *report)
{
    if (stats_now_ns() - report->reported_ns > MESSAGES_NS) {
        print_messages(report);
    }
    tell_stats(report);
    if (report->is_progress) {
        show_progress(report);
    } else if (report->is_meter) {
        show_meter(report);
    }
}

/* "rendered 10.0 s in 0.05 s (200x real time)" */
static void tell_speed(const struct report *report)
{
    double length =
        seconds_of(report->engine->patch, stats_get(&report->stats->frames));
    double spent = report_seconds_since(report->start_ns);
    if (report->is_progress ||
        (report->options->render != NULL && report->options->is_verbose)) {
        message_status(NULL);
        (void)fprintf(stderr, "rendered %.1f s in %.2f s (%.0fx real time)\n",
                      length, spent, spent > 0.0 ? length / spent : 0.0);
    }
}

void report_end(struct report *report, bool is_complete)
{
    uint64_t non_finite = stats_get(&report->stats->non_finite);
    if (is_complete) {
        tell_speed(report);
    }
    print_messages(report);
    if (non_finite > 0 && !report->options->is_quiet) {
        message(PRIORITY_WARNING, "%" PRIu64 " samples were not finite",
                non_finite);
    }
    if (report->options->is_stats) {
        report_print_stats(report, NULL);
    }
}
