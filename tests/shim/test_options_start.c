/* SPDX-License-Identifier: MIT */
/* --start-at: instants, times of the day, from now. */
#include "options/options.h"
#include "options_line.h"
#include "suite.h"

#include <time.h>

static const struct {
    const char *text;
    int64_t ns;
} instants[] = {
    {"2100-01-01T00:00:00Z", INT64_C(4102444800000000000)},
    {"2100-01-01t00:00z", INT64_C(4102444800000000000)},
    {"2100-01-01T01:30:00+01:30", INT64_C(4102444800000000000)},
    {"2099-12-31T20:00:00-0400", INT64_C(4102444800000000000)},
    {"2096-02-29T12:00:00.25Z", INT64_C(3981355200250000000)},
    {"2100-03-01T00:00:00.000000001Z", INT64_C(4107542400000000001)},
    {"4102444800", INT64_C(4102444800000000000)},
    {"4102444800.5", INT64_C(4102444800500000000)},
};

START_TEST(knows_when_to_start)
{
    struct options options;
    struct failure failure;
    char line[64];
    (void)snprintf(line, sizeof(line), "--start-at %s", instants[_i].text);
    ck_assert_msg(parse(line, &options, &failure), "%s: %s", line,
                  failure.text);
    ck_assert_msg(options.start_at_ns == instants[_i].ns, "%s: %lld", line,
                  (long long)options.start_at_ns);
}
END_TEST

static int64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

START_TEST(starts_from_now_or_within_a_day)
{
    static const struct {
        const char *text;
        double seconds;
    } times[] = {{"+10s", 10}, {"+0.5s", 0.5}, {"+1.5m", 90}, {"+2h", 7200}};
    struct options options;
    struct failure failure;
    char line[64];
    for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
        const int64_t ns = (int64_t)(times[i].seconds * 1e9);
        const int64_t before = now_ns();
        (void)snprintf(line, sizeof(line), "--start-at %s", times[i].text);
        ck_assert_msg(parse(line, &options, &failure), "%s", failure.text);
        ck_assert_msg(options.start_at_ns >= before + ns &&
                          options.start_at_ns <= now_ns() + ns,
                      "%s", line);
    }
    /* An hour more when summer ends. */
    for (unsigned hour = 0; hour < 24; hour++) {
        const int64_t before = now_ns();
        (void)snprintf(line, sizeof(line), "--start-at %02u:30:15", hour);
        ck_assert_msg(parse(line, &options, &failure), "%s", failure.text);
        ck_assert_msg(options.start_at_ns > before &&
                          options.start_at_ns <=
                              now_ns() + INT64_C(90000000000000),
                      "%s", line);
        const time_t at = (time_t)(options.start_at_ns / 1000000000);
        struct tm day;
        ck_assert_ptr_nonnull(localtime_r(&at, &day));
        ck_assert_int_eq(day.tm_min, 30);
        ck_assert_int_eq(day.tm_sec, 15);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("options_start");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, knows_when_to_start, 0,
                        sizeof(instants) / sizeof(*instants));
    tcase_add_test(tcase, starts_from_now_or_within_a_day);
    suite_add_tcase(suite, tcase);
    return suite;
}
