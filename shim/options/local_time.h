/* SPDX-License-Identifier: MIT */
/*
 * What clocks on the wall of this machine's zone show, and which instants that
 * can be: one, none where they are put forward, or two where they are put back.
 * Seconds since 1970-01-01T00:00:00Z, without leap seconds; the calendar is
 * today's. Any thread; the zone is the one that the process has met first.
 */
#ifndef F4E_LOCAL_TIME_H
#define F4E_LOCAL_TIME_H

#include <stddef.h>
#include <stdint.h>

/* Days from 1970-01-01 of a year, a month and a day, both from 1. */
int64_t local_time_days(unsigned year, unsigned month, unsigned day);

/* How far the clocks are ahead of UTC at an instant, in seconds. */
int64_t local_time_offset(int64_t instant);

/* The instants, in their order, at which they show 'wall', which is counted as
 * if it were UTC. Returns how many there are. */
unsigned local_time_find(int64_t wall, int64_t instants[2]);

/* "2027-01-31T20:00:00.250+01:00 (CET)"; nothing when there is no such. */
void local_time_print(int64_t instant, unsigned ms, char *text, size_t size);

#endif
