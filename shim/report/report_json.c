/* SPDX-License-Identifier: MIT */
/* The statistics of report.h as JSON. */
#include "report/report.h"

#include "report/report_internal.h"

#include "files/outfile.h"
#include "report/changes.h"
#include "report/general.h"

#include <string.h>

/* Pairs: the duration that a bin's times stay below, and how many they are. */
static void write_bins(const struct stats_times *times, struct json *json)
{
    json_open_member(json, "bins", '[');
    for (unsigned i = 0; i < STATS_BINS; i++) {
        uint64_t count =
            atomic_load_explicit(&times->bins[i], memory_order_relaxed);
        if (count > 0) {
            json_open(json, '[');
            json_unsigned(json, i < STATS_BINS - 1
                                    ? report_bin_end(i)
                                    : stats_get(&times->max_ns) + 1);
            json_unsigned(json, count);
            json_close(json, ']');
        }
    }
    json_close(json, ']');
}

static void write_times(const char *name, const struct stats_times *times,
                        double budget, bool has_bins, struct json *json)
{
    static const struct {
        char name[8];
        double share;
    } shares[] = {
        {"p50Us", 0.5}, {"p99Us", 0.99}, {"p999Us", 0.999}, {"maxUs", 1.0}};
    json_open_member(json, name, '{');
    json_member_unsigned(json, "count", stats_get(&times->count));
    json_member_fixed(json, "meanUs", report_mean_ns(times) * 1e-3, 3);
    for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
        double ns = (double)report_percentile(times, shares[i].share);
        json_member_fixed(json, shares[i].name, ns * 1e-3, 3);
    }
    if (budget > 0.0) {
        double percent = 100.0 / budget;
        double p99 = (double)report_percentile(times, 0.99);
        double max = (double)stats_get(&times->max_ns);
        json_member_fixed(json, "budgetUs", budget * 1e-3, 3);
        json_member_fixed(json, "meanPercent", report_mean_ns(times) * percent,
                          3);
        json_member_fixed(json, "p99Percent", p99 * percent, 3);
        json_member_fixed(json, "maxPercent", max * percent, 3);
    }
    if (has_bins) {
        write_bins(times, json);
    }
    json_close(json, '}');
}

void report_write(const struct report *report, bool has_bins, struct json *json)
{
    const struct stats *stats = report->stats;
    const struct f4e_patch *patch = report->engine->patch;
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = {
        {"sampleRate", patch->sample_rate},
        {"blockFrames", patch->block_frames},
        {"blocks", stats_get(&stats->blocks)},
        {"frames", stats_get(&stats->frames)},
        {"xruns", stats_get(&stats->xruns)},
        {"suspends", stats_get(&stats->suspends)},
        {"reopened", stats_get(&stats->reopened)},
        {"wakeups", stats_get(&stats->wakeups)},
        {"spuriousWakeups", stats_get(&stats->spurious)},
        {"nonFinite", stats_get(&stats->non_finite)},
        {"clips", stats_get(&stats->clips)},
        {"clipsIn", stats_get(&stats->clips_in)},
        {"traps", atomic_load(&report->engine->traps)},
        {"midiTraps", atomic_load(&report->engine->dropped_midi.count)},
        {"callTraps", atomic_load(&report->engine->dropped_calls.count)},
        {"midiMessages", stats_get(&report->midi->received)},
        {"midiLost", stats_get(&report->midi->lost)},
        {"midiLate", stats_get(&report->midi->late)},
        {"midiSent", midi_send_sent(report->midi_send)},
        {"midiNotSent", midi_send_dropped(report->midi_send)},
        {"midiInvalid", stats_get(&report->midi_send->queue.invalid)},
        {"generalBlocks", atomic_load(&report->engine->general_blocks)},
        {"recordLostFrames", report_lost_frames(report)},
        {"frontRestarts",
         report->front_restarts != NULL ? *report->front_restarts : 0},
        {"oscReceived", report->osc != NULL ? report->osc->received : 0},
        {"oscRefused", report->osc != NULL ? report->osc->refused : 0},
        {"oscDropped", report->osc != NULL ? report->osc->dropped : 0},
        {"oscLate", report->osc != NULL ? report->osc->late : 0},
        {"rtPriority",
         (uint64_t)(rtsetup_is_demoted() ? 0 : report->rtsetup->prio)},
    };
    json_member_string(json, "name", patch->name);
    json_member_string(json, "backend", report->backend);
    if (strcmp(report->backend, "alsa") == 0) {
        json_member_string(json, "device", report->options->device);
    }
    json_member_fixed(json, "seconds", report_seconds_since(report->start_ns),
                      3);
    json_member_fixed(json, "lostMs", (double)stats_get(&stats->lost_ns) * 1e-6,
                      3);
    general_write(report, json);
    write_times("block", &stats->block, report_budget_ns(patch), has_bins,
                json);
    write_times("late", &stats->late, 0.0, has_bins, json);
    changes_write(report, json);
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        json_member_unsigned(json, counts[i].name, counts[i].value);
    }
}

void report_print_json(const struct report *report, FILE *file)
{
    struct json json;
    json_init(&json, file, 1);
    json_open(&json, '{');
    report_write(report, true, &json);
    json_close(&json, '}');
}

bool report_probe_json(const struct report *report, struct failure *failure)
{
    const char *path = report->options->stats_json;
    return path == NULL || outfile_probe(path, failure);
}

bool report_write_json(const struct report *report, struct failure *failure)
{
    struct outfile out;
    if (report->options->stats_json == NULL) {
        return true;
    }
    if (!outfile_open(&out, report->options->stats_json, failure)) {
        return false;
    }
    report_print_json(report, out.file);
    return outfile_close(&out, failure);
}
