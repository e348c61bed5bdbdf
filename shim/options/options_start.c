/* SPDX-License-Identifier: MIT */
/* Declared in options/options_internal.h: --start-at. */
#include "options/options_internal.h"

#include "common/number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { YEAR_MIN = 1970, YEAR_MAX = 2200 };

static const int64_t second_ns = 1000000000;
static const int64_t MINUTE = 60;
static const int64_t HOUR = 3600;
static const int64_t DAY = 86400;

/* 'count' digits with a value of at most 'most'. Moves the cursor on success.
 */
static bool take_digits(const char **at, unsigned count, unsigned most,
                        unsigned *value)
{
    unsigned number = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!isdigit((unsigned char)(*at)[i])) {
            return false;
        }
        number = number * 10 + (unsigned)((*at)[i] - '0');
    }
    if (number > most) {
        return false;
    }
    *value = number;
    *at += count;
    return true;
}

static bool take_char(const char **at, char character)
{
    bool is_there = **at == character;
    *at += is_there;
    return is_there;
}

/* ".25": nanoseconds; nothing is 0. Further digits are read and dropped. */
static bool take_fraction(const char **at, int64_t *ns)
{
    int64_t unit = second_ns / 10;
    *ns = 0;
    if (!take_char(at, '.')) {
        return true;
    }
    if (!isdigit((unsigned char)**at)) {
        return false;
    }
    for (; isdigit((unsigned char)**at); ++*at, unit /= 10) {
        *ns += (**at - '0') * unit;
    }
    return true;
}

/* HH:MM, HH:MM:SS or HH:MM:SS.FFF, as nanoseconds of a day. */
static bool take_clock(const char **at, int64_t *ns)
{
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    int64_t fraction = 0;
    bool is_good = take_digits(at, 2, 23, &hour) && take_char(at, ':') &&
                   take_digits(at, 2, 59, &minute);
    if (is_good && take_char(at, ':')) {
        is_good =
            take_digits(at, 2, 59, &second) && take_fraction(at, &fraction);
    }
    *ns = (hour * HOUR + minute * MINUTE + second) * second_ns + fraction;
    return is_good;
}

/* Days from 1970-01-01, in the calendar of today. */
static int64_t days_of(unsigned year, unsigned month, unsigned day)
{
    /* Years that begin in March end with the day that may be missing. */
    const unsigned shifted = month > 2 ? month - 3 : month + 9;
    const int64_t from = (int64_t)year - (month <= 2);
    return from * 365 + from / 4 - from / 100 + from / 400 +
           (153 * shifted + 2) / 5 + day - 1 - 719468;
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[12] = {31, 28, 31, 30, 31, 30,
                                           31, 31, 30, 31, 30, 31};
    const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

/* "Z", "+01:00", "-0330": what to add to reach UTC. */
static bool take_zone(const char **at, int64_t *ns)
{
    unsigned hours = 0;
    unsigned minutes = 0;
    const char sign = **at;
    *ns = 0;
    if (take_char(at, 'Z') || take_char(at, 'z')) {
        return true;
    }
    if (sign != '+' && sign != '-') {
        return false;
    }
    ++*at;
    if (!take_digits(at, 2, 14, &hours)) {
        return false;
    }
    (void)take_char(at, ':');
    if (!take_digits(at, 2, 59, &minutes)) {
        return false;
    }
    *ns = (hours * HOUR + minutes * MINUTE) * second_ns;
    *ns = sign == '+' ? -*ns : *ns;
    return true;
}

/* "2026-11-30T20:00:00+01:00". */
static bool parse_date(const char *text, int64_t *ns)
{
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int64_t clock_ns = 0;
    int64_t zone_ns = 0;
    bool is_good = take_digits(&text, 4, YEAR_MAX, &year) && year >= YEAR_MIN &&
                   take_char(&text, '-') && take_digits(&text, 2, 12, &month) &&
                   month > 0 && take_char(&text, '-') &&
                   take_digits(&text, 2, days_in(year, month), &day) &&
                   day > 0 &&
                   (take_char(&text, 'T') || take_char(&text, 't') ||
                    take_char(&text, ' ')) &&
                   take_clock(&text, &clock_ns) && take_zone(&text, &zone_ns) &&
                   *text == '\0';
    if (is_good) {
        *ns = days_of(year, month, day) * DAY * second_ns + clock_ns + zone_ns;
    }
    return is_good;
}

/* "+10s", "+1.5m", "+2h", from now. */
static bool parse_relative(const char *text, int64_t now_ns, int64_t *ns)
{
    const size_t digits = strspn(text + 1, "0123456789");
    unsigned value = 0;
    int64_t fraction = 0;
    const char *at = text + 1;
    if (digits == 0 || digits > 6 ||
        !take_digits(&at, (unsigned)digits, 999999, &value) ||
        !take_fraction(&at, &fraction)) {
        return false;
    }
    const int64_t unit = strcmp(at, "h") == 0   ? HOUR
                         : strcmp(at, "m") == 0 ? MINUTE
                         : strcmp(at, "s") == 0 ? 1
                                                : 0;
    *ns = now_ns + (value * second_ns + fraction) * unit;
    return unit > 0;
}

/* "1796155200.5": seconds since 1970-01-01T00:00:00Z. */
static bool parse_unix(const char *text, int64_t *ns)
{
    const size_t digits = strspn(text, "0123456789");
    uint64_t seconds = 0;
    const char *at = text + digits;
    int64_t fraction = 0;
    bool is_good = digits >= 9 && digits <= 10 &&
                   number_whole(text, at, NUMBER_DECIMAL, &seconds) &&
                   take_fraction(&at, &fraction) && *at == '\0';
    *ns = (int64_t)seconds * second_ns + fraction;
    return is_good;
}

/* "20:00": here, today or tomorrow. */
static bool parse_clock(const char *text, int64_t now_ns, int64_t *ns)
{
    const time_t now = (time_t)(now_ns / second_ns);
    int64_t clock_ns = 0;
    struct tm day;
    if (!take_clock(&text, &clock_ns) || *text != '\0' ||
        localtime_r(&now, &day) == NULL) {
        return false;
    }
    for (int tomorrow = 0; tomorrow < 2; tomorrow++) {
        struct tm then = day;
        /* mktime() knows what the hours of this day are. */
        then.tm_mday += tomorrow;
        then.tm_hour = (int)(clock_ns / second_ns / HOUR);
        then.tm_min = (int)(clock_ns / second_ns / MINUTE % 60);
        then.tm_sec = (int)(clock_ns / second_ns % 60);
        then.tm_isdst = -1;
        *ns = (int64_t)mktime(&then) * second_ns + clock_ns % second_ns;
        if (*ns > now_ns) {
            return true;
        }
    }
    return false;
}

bool options_set_start(struct options *options, const char *text,
                       struct failure *failure)
{
    struct timespec now;
    int64_t *ns = &options->start_at_ns;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    const int64_t now_ns = (int64_t)now.tv_sec * second_ns + now.tv_nsec;
    bool is_time = text[0] == '+'
                       ? parse_relative(text, now_ns, ns)
                       : parse_clock(text, now_ns, ns) ||
                             parse_date(text, ns) || parse_unix(text, ns);
    if (!is_time) {
        (void)failure_set(failure, STATUS_USAGE, "--start-at is '%s', no time",
                          text);
        return failure_hint(failure, "2027-01-31T20:00:00+01:00, 20:00, "
                                     "20:00:30, +10s, or seconds since 1970");
    }
    if (*ns < now_ns) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--start-at is '%s', which was %.1f s ago", text,
                          (double)(now_ns - *ns) * 1e-9);
        return failure_hint(failure, "--start-at +10s");
    }
    return true;
}
