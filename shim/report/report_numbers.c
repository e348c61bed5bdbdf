/* SPDX-License-Identifier: MIT */
/* Declared in report/report.h and report/report_internal.h. */
#include "report/report.h"

#include "report/report_internal.h"

double report_seconds_since(uint64_t start_ns)
{
    return (double)(stats_now_ns() - start_ns) * 1e-9;
}

/* The shortest duration of the bin after 'bin'. */
uint64_t report_bin_end(unsigned bin)
{
    unsigned octave = STATS_FIRST_OCTAVE + bin / STATS_STEPS;
    uint64_t steps = STATS_STEPS + bin % STATS_STEPS;
    return bin >= STATS_BINS - 1 ? UINT64_MAX
                                 : steps << (octave - STATS_STEP_BITS);
}

uint64_t report_percentile(const struct stats_times *times, double share)
{
    uint64_t bins[STATS_BINS];
    uint64_t total = 0;
    uint64_t sum = 0;
    for (unsigned i = 0; i < STATS_BINS; i++) {
        bins[i] = atomic_load_explicit(&times->bins[i], memory_order_relaxed);
        total += bins[i];
    }
    uint64_t most = stats_get(&times->max_ns);
    for (unsigned i = 0; i < STATS_BINS; i++) {
        sum += bins[i];
        if (sum > 0 && (double)sum >= share * (double)total) {
            return report_bin_end(i) < most ? report_bin_end(i) : most;
        }
    }
    return 0;
}

double report_mean_ns(const struct stats_times *times)
{
    uint64_t count = stats_get(&times->count);
    return count > 0 ? (double)stats_get(&times->sum_ns) / (double)count : 0.0;
}

double report_budget_ns(const struct f4e_patch *patch)
{
    return patch->tick_ms > 0 ? patch->tick_ms * 1e6
                              : patch->block_frames * 1e9 / patch->sample_rate;
}

uint64_t report_lost_frames(const struct report *report)
{
    return report->record != NULL ? stats_get(&report->record->lost) : 0;
}
