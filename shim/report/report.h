/* SPDX-License-Identifier: MIT */
/*
 * What the control thread prints while a patch runs and at its end: messages
 * about traps, xruns and devices on standard error, progress, the meter and
 * statistics. It reads atomic counters of other threads and never blocks them.
 */
#ifndef F4E_REPORT_H
#define F4E_REPORT_H

#include "audio/record.h"
#include "common/failure.h"
#include "common/json.h"
#include "f4e_patch.h"
#include "midi/midi_in.h"
#include "midi/midi_send.h"
#include "options/settings.h"
#include "report/levels.h"
#include "report/meter.h"
#include "report/osc_counts.h"
#include "rt/engine.h"
#include "rt/stats.h"
#include "system/rtsetup.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct report {
    /* Set by the caller, all of them. */
    const char *backend; /* "alsa", "dummy", "timer", "render" */
    const struct options *options;
    const struct engine *engine;
    struct stats *stats;
    const struct rtsetup *rtsetup;
    const struct record *record; /* or NULL */
    const struct midi_in *midi;
    const struct midi_send *midi_send;
    struct levels *levels;          /* the meter is reader 0 */
    const uint64_t *front_restarts; /* or NULL */
    const struct osc_counts *osc;   /* or NULL */

    /* Its own. */
    bool has_reported_trap;
    bool has_reported_dropped_midi;
    bool has_reported_dropped_call;
    bool has_reported_demotion;
    bool has_reported_record;
    bool is_progress;
    bool is_meter;
    uint64_t start_ns;
    uint64_t reported_ns;
    uint64_t metered_ns;
    uint64_t printed_s;
    uint64_t reported_xruns;
    uint64_t reported_lost;
    uint64_t reported_period;
    uint64_t reported_losses;
    uint64_t reported_reopened;
    struct meter meter;
};

/* The audio thread starts now. */
void report_start(struct report *report);

/* How long to wait before report_tick() is called again, in ms. */
int report_interval_ms(const struct report *report);

/* Print what is due. */
void report_tick(struct report *report);

/* The audio thread has ended: print the last messages, and --stats. */
void report_end(struct report *report, bool is_complete);

/* SIGUSR1: the statistics to standard error, and to --stats-json. */
void report_dump(struct report *report);

/* Whether --stats-json can be written, if it was given. STATUS_FILE. */
F4E_MUST_CHECK bool report_probe_json(const struct report *report,
                                      struct failure *failure);

/* --stats-json, when it was given. Fails with STATUS_FILE. */
F4E_MUST_CHECK bool report_write_json(const struct report *report,
                                      struct failure *failure);

/* Statistics for people, as messages (NULL) or to a file; and as one JSON
 * object with a line feed. */
void report_print_stats(const struct report *report, FILE *file);
void report_print_json(const struct report *report, FILE *file);

/* The same members in the object that is open, histograms if wanted. */
void report_write(const struct report *report, bool has_bins,
                  struct json *json);

/*
 * The duration that a share of all durations does not exceed, 0.5 for the
 * median: the upper edge of its bin, or the longest when that is less.
 */
uint64_t report_percentile(const struct stats_times *times, double share);

/* The time that one block lasts. */
double report_budget_ns(const struct f4e_patch *patch);

/* Words for the engine's first trap. */
void report_describe_trap(const struct engine *engine, char *text, size_t size);

#endif
