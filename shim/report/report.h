/* SPDX-License-Identifier: MIT */
/*
 * What the control thread tells while a patch runs and at its end: news on
 * standard error, progress, the meter, statistics. All of it reads what other
 * threads count; none of it makes them wait.
 */
#ifndef F4E_REPORT_H
#define F4E_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "audio/record.h"
#include "common/failure.h"
#include "f4e_patch.h"
#include "midi/midi_in.h"
#include "options/settings.h"
#include "report/meter.h"
#include "rt/engine.h"
#include "rt/stats.h"
#include "system/rtsetup.h"

struct report {
    /* Set by the caller, all of them. */
    const char *program;
    const char *backend; /* "alsa", "dummy", "timer", "render" */
    const struct options *options;
    const struct engine *engine;
    struct stats *stats;
    const struct rtsetup *rtsetup;
    const struct record *record; /* or NULL */
    const struct midi_in *midi;

    /* Its own. */
    uint64_t start_ns;
    uint64_t told_ns;
    uint64_t metered_ns;
    uint64_t printed_s;
    uint64_t told_xruns;
    uint64_t told_lost;
    uint64_t told_losses;
    uint64_t told_reopened;
    bool has_told_trap;
    bool has_told_midi_trap;
    bool has_told_demotion;
    bool has_told_record;
    bool is_progress;
    bool is_meter;
    bool has_line; /* on the terminal, without an end */
    struct meter meter;
};

/* The time starts to count. */
void report_start(struct report *report);

/* How long to wait before report_tick() is called again, in ms. */
int report_interval_ms(const struct report *report);

/* Tell what is new. */
void report_tick(struct report *report);

/* When the audio thread has ended: the last news, and --stats. */
void report_end(struct report *report, bool is_complete);

/* SIGUSR1: the statistics to standard error, and to --stats-json. */
void report_dump(struct report *report);

/* --stats-json, when it was given. Fails with STATUS_FILE. */
bool report_write_json(const struct report *report, struct failure *failure);

/* Statistics for people, and as one JSON object with a line feed. */
void report_print_stats(const struct report *report, FILE *file);
void report_print_json(const struct report *report, FILE *file);

/*
 * The duration that a share of all durations does not exceed, 0.5 for the
 * median: the upper edge of its bin, or the longest when that is less.
 */
uint64_t report_percentile(const struct stats_times *times, double share);

/* Words for the engine's first trap. */
void report_describe_trap(const struct engine *engine, char *text, size_t size);

#endif
