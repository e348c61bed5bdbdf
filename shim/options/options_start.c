/* SPDX-License-Identifier: MIT */
/* Declared in options/options_internal.h: --start-at. */
#include "options/options_internal.h"

#include "common/number.h"
#include "options/local_time.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { YEAR_MIN = 1970, YEAR_MAX = 2200 };

enum reading {
    NO_TIME,
    IS_TIME,
    IS_SKIPPED, /* no clock here ever shows it */
};

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

/* HH:MM, HH:MM:SS or HH:MM:SS.FFF, as seconds of a day and what is left. */
static bool take_clock(const char **at, int64_t *seconds, int64_t *fraction_ns)
{
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    *fraction_ns = 0;
    bool is_good = take_digits(at, 2, 23, &hour) && take_char(at, ':') &&
                   take_digits(at, 2, 59, &minute);
    if (is_good && take_char(at, ':')) {
        is_good =
            take_digits(at, 2, 59, &second) && take_fraction(at, fraction_ns);
    }
    *seconds = hour * HOUR + minute * MINUTE + second;
    return is_good;
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[12] = {31, 28, 31, 30, 31, 30,
                                           31, 31, 30, 31, 30, 31};
    const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

/* "Z", "+01:00", "-0330": what to add to reach UTC. */
static bool take_zone(const char **at, int64_t *seconds)
{
    unsigned hours = 0;
    unsigned minutes = 0;
    const char sign = **at;
    *seconds = 0;
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
    *seconds = hours * HOUR + minutes * MINUTE;
    *seconds = sign == '+' ? -*seconds : *seconds;
    return true;
}

/* The clocks here show it. Of two such instants the first one, unless it has
 * passed. */
static enum reading take_wall(int64_t wall, int64_t fraction_ns, int64_t now_ns,
                              int64_t *ns)
{
    int64_t instants[2];
    const unsigned count = local_time_find(wall, instants);
    for (unsigned i = 0; i < count; i++) {
        *ns = instants[i] * second_ns + fraction_ns;
        if (*ns > now_ns) {
            break;
        }
    }
    return count > 0 ? IS_TIME : IS_SKIPPED;
}

/* "2026-11-30T20:00:00+01:00"; without a zone it is the one of this machine. */
static enum reading parse_date(const char *text, int64_t now_ns, bool *is_local,
                               int64_t *ns)
{
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int64_t clock = 0;
    int64_t fraction_ns = 0;
    int64_t zone = 0;
    bool is_good = take_digits(&text, 4, YEAR_MAX, &year) && year >= YEAR_MIN &&
                   take_char(&text, '-') && take_digits(&text, 2, 12, &month) &&
                   month > 0 && take_char(&text, '-') &&
                   take_digits(&text, 2, days_in(year, month), &day) &&
                   day > 0 &&
                   (take_char(&text, 'T') || take_char(&text, 't') ||
                    take_char(&text, ' ')) &&
                   take_clock(&text, &clock, &fraction_ns);
    *is_local = is_good && *text == '\0';
    if (!is_good || (!*is_local && !take_zone(&text, &zone)) || *text != '\0') {
        return NO_TIME;
    }
    const int64_t wall = local_time_days(year, month, day) * DAY + clock;
    if (*is_local) {
        return take_wall(wall, fraction_ns, now_ns, ns);
    }
    *ns = (wall + zone) * second_ns + fraction_ns;
    return IS_TIME;
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
static enum reading parse_clock(const char *text, int64_t now_ns, int64_t *ns)
{
    const int64_t now = now_ns / second_ns;
    const int64_t now_wall = now + local_time_offset(now);
    int64_t clock = 0;
    int64_t fraction_ns = 0;
    if (!take_clock(&text, &clock, &fraction_ns) || *text != '\0') {
        return NO_TIME;
    }
    for (int tomorrow = 0; tomorrow < 2; tomorrow++) {
        const int64_t wall = now_wall - now_wall % DAY + tomorrow * DAY + clock;
        enum reading reading = take_wall(wall, fraction_ns, now_ns, ns);
        /* Today's, when it is over, is not meant. */
        if (reading == IS_SKIPPED ? wall > now_wall : *ns > now_ns) {
            return reading;
        }
    }
    return NO_TIME;
}

static enum reading read_time(struct options *options, const char *text,
                              int64_t now_ns)
{
    int64_t *ns = &options->start_at_ns;
    bool *is_local = &options->is_start_local;
    *is_local = false;
    if (text[0] == '+') {
        return parse_relative(text, now_ns, ns) ? IS_TIME : NO_TIME;
    }
    enum reading reading = parse_date(text, now_ns, is_local, ns);
    if (reading == NO_TIME) {
        reading = parse_clock(text, now_ns, ns);
        *is_local = reading != NO_TIME;
    }
    return reading == NO_TIME && parse_unix(text, ns) ? IS_TIME : reading;
}

bool options_set_start(struct options *options, const char *text,
                       struct failure *failure)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    const int64_t now_ns = (int64_t)now.tv_sec * second_ns + now.tv_nsec;
    enum reading reading = read_time(options, text, now_ns);
    if (reading == NO_TIME) {
        (void)failure_set(failure, STATUS_USAGE, "--start-at is '%s', no time",
                          text);
        return failure_hint(failure, "2027-01-31T20:00:00+01:00, 20:00, "
                                     "20:00:30, +10s, or seconds since 1970");
    }
    if (reading == IS_SKIPPED) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--start-at is '%s', when the clocks of this zone "
                          "are put forward: none shows it",
                          text);
        return failure_hint(failure,
                            "a date with its zone: 2027-01-31T20:00:00+01:00");
    }
    if (options->start_at_ns < now_ns) {
        (void)failure_set(
            failure, STATUS_USAGE, "--start-at is '%s', which was %.1f s ago%s",
            text, (double)(now_ns - options->start_at_ns) * 1e-9,
            options->is_start_local ? " in this machine's zone" : "");
        return failure_hint(failure, "--start-at +10s");
    }
    local_time_print(options->start_at_ns / second_ns,
                     (unsigned)(options->start_at_ns / 1000000 % 1000),
                     options->start_text, sizeof(options->start_text));
    return true;
}
