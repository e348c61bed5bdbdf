/* SPDX-License-Identifier: MIT */
#include "options/local_time.h"

#include <stdio.h>
#include <time.h>

static const int64_t DAY = 86400;

int64_t local_time_days(unsigned year, unsigned month, unsigned day)
{
    /* Years that begin in March end with the day that may be missing. */
    const unsigned shifted = month > 2 ? month - 3 : month + 9;
    const int64_t from = (int64_t)year - (month <= 2);
    return from * 365 + from / 4 - from / 100 + from / 400 +
           (153 * shifted + 2) / 5 + day - 1 - 719468;
}

int64_t local_time_offset(int64_t instant)
{
    const time_t time = (time_t)instant;
    struct tm wall;
    if (localtime_r(&time, &wall) == NULL) {
        return 0;
    }
    const int64_t days =
        local_time_days((unsigned)wall.tm_year + 1900U,
                        (unsigned)wall.tm_mon + 1U, (unsigned)wall.tm_mday);
    return days * DAY + wall.tm_hour * INT64_C(3600) +
           wall.tm_min * INT64_C(60) + wall.tm_sec - instant;
}

unsigned local_time_find(int64_t wall, int64_t instants[2])
{
    /* Clocks are changed once within two days at most. */
    const int64_t before = wall - local_time_offset(wall - DAY);
    const int64_t after = wall - local_time_offset(wall + DAY);
    unsigned count = 0;
    if (before + local_time_offset(before) == wall) {
        instants[count++] = before;
    }
    if (after != before && after + local_time_offset(after) == wall) {
        instants[count++] = after;
    }
    return count;
}

void local_time_print(int64_t instant, unsigned ms, char *text, size_t size)
{
    const time_t time = (time_t)instant;
    const int64_t minutes = local_time_offset(instant) / 60;
    const int ahead = (int)(minutes < 0 ? -minutes : minutes);
    struct tm wall;
    char date[32];
    char zone[32];
    text[0] = '\0';
    if (localtime_r(&time, &wall) == NULL ||
        strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &wall) == 0) {
        return;
    }
    if (strftime(zone, sizeof(zone), "%Z", &wall) == 0) {
        zone[0] = '\0';
    }
    (void)snprintf(text, size, "%s.%03u%c%02d:%02d (%s)", date, ms,
                   minutes < 0 ? '-' : '+', ahead / 60, ahead % 60, zone);
}
