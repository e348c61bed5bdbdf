/* SPDX-License-Identifier: MIT */
/* What the text and the JSON of the statistics share. Control thread. */
#ifndef F4E_REPORT_INTERNAL_H
#define F4E_REPORT_INTERNAL_H

#include "report/report.h"

/* The shortest duration of the bin after one. */
uint64_t report_bin_end(unsigned bin);

double report_seconds_since(uint64_t start_ns);

/* 0 where nothing was measured. */
double report_mean_ns(const struct stats_times *times);

/* Frames that a recording lacks. */
uint64_t report_lost_frames(const struct report *report);

#endif
