/* SPDX-License-Identifier: MIT */
/*
 * --start-at on a clock that the test moves: exact to the nanosecond, whatever
 * else the machine does. What JACK makes of it is in test_jack_process.c.
 */
#include "audio/start.h"

#include "fake_card.h"
#include "fake_patch.h"
#include "load/load.h"
#include "options/local_time.h"
#include "options/options.h"
#include "rt/engine.h"
#include "suite.h"
#include "told.h"
#include "virtual_clock.h"

#include <alsa/asoundlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int64_t NOW = INT64_C(1800000000123456789);
static const int64_t SECOND = INT64_C(1000000000);

static struct options options;
static struct audio audio = {.options = &options, .stop_fd = -1};

static void setup(void)
{
    options = (struct options){0};
    atomic_store(&audio.is_stopping, false);
    virtual_clock_set(NOW);
}

static void teardown(void)
{
    virtual_clock_set(0);
}

START_TEST(waits_until_its_instant)
{
    options.start_at_ns = NOW + 5 * SECOND + 17;
    ck_assert(start_wait(&audio));
    ck_assert_int_eq(virtual_clock_ns(), options.start_at_ns);
    ck_assert_uint_gt(virtual_clock_waits(), 10);
    /* And no further. */
    ck_assert(start_wait(&audio));
    ck_assert_int_eq(virtual_clock_ns(), options.start_at_ns);
    setup();
    ck_assert(start_wait(&audio));
    ck_assert_int_eq(virtual_clock_ns(), NOW);
}
END_TEST

/* The time that counts is the clock's, when it is set as well. */
START_TEST(follows_a_clock_that_is_set)
{
    options.start_at_ns = NOW + 5 * SECOND;
    virtual_clock_step(7, -3600 * SECOND);
    ck_assert(start_wait(&audio));
    ck_assert_int_eq(virtual_clock_ns(), options.start_at_ns);
    ck_assert_uint_gt(virtual_clock_waits(), 36000);
    setup();
    options.start_at_ns = NOW + 5 * SECOND;
    virtual_clock_step(7, 3600 * SECOND);
    ck_assert(start_wait(&audio));
    ck_assert_uint_eq(virtual_clock_waits(), 7);
}
END_TEST

START_TEST(counts_frames_up_to_it)
{
    static const struct {
        int64_t left_ns;
        uint32_t rate;
        int64_t frames;
    } rows[] = {
        {SECOND, 48000, 48000}, {1, 48000, 1},
        {20833, 48000, 1},      {20834, 48000, 2},
        {0, 48000, 0},          {-SECOND, 48000, -48000},
        {-20834, 48000, -1},    {-20833, 48000, 0},
        {100 * SECOND, 1, 100}, {86400 * 365 * SECOND, 192000, 6054912000000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        options.start_at_ns = NOW + rows[i].left_ns;
        ck_assert_int_eq(start_left_ns(&options), rows[i].left_ns);
        ck_assert_int_eq(start_left_frames(&options, rows[i].rate),
                         rows[i].frames);
    }
}
END_TEST

/* ---- A card ---- */

static int64_t started_ns;
static snd_pcm_sframes_t started_room;

/* The linker's names. NOLINTBEGIN(readability-identifier-naming,
 * bugprone-reserved-identifier) */
int __real_snd_pcm_start(snd_pcm_t *pcm);
int __wrap_snd_pcm_start(snd_pcm_t *pcm);

int __wrap_snd_pcm_start(snd_pcm_t *pcm)
{
    if (started_ns == 0) {
        started_ns = virtual_clock_ns();
        started_room = snd_pcm_avail_update(pcm);
    }
    return __real_snd_pcm_start(pcm);
}
/* NOLINTEND(readability-identifier-naming,bugprone-reserved-identifier) */

static const struct {
    const char *input;
    snd_pcm_sframes_t room; /* in the buffer of 512 when it starts */
} streams[] = {{"--input=off", 0}, {"--quiet", 0}};

/* Its buffer is full, and it starts at the very instant. */
START_TEST(a_card_starts_full_and_at_its_instant)
{
    static struct engine engine;
    static struct stats stats;
    struct fake_card card;
    struct failure failure = {0};
    char input[16];
    char *argv[] = {(char[]){"fake"},
                    (char[]){"--frames=10000"},
                    (char[]){"--device=fake"},
                    (char[]){"--start-at=+3600s"},
                    input,
                    NULL};
    (void)snprintf(input, sizeof(input), "%s", streams[_i].input);
    started_ns = 0;
    fake_card_make(&card, "speed 0", "speed 0");
    fake_card_use(&card);
    ck_assert(options_parse(&options, &f4e_patch, 5, argv, &failure));
    engine_init(&engine, &f4e_patch, TRAP_RESET, load_stack_bytes(&f4e_patch));
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
    struct audio played = {.patch = &f4e_patch,
                           .options = &options,
                           .engine = &engine,
                           .stats = &stats,
                           .stop_fd = -1};
    ck_assert_msg(audio_alsa.open(&played, &failure), "%s", failure.text);
    ck_assert_msg(audio_alsa.run(&played, &failure), "%s", failure.text);
    ck_assert_int_eq(started_ns, NOW + 3600 * SECOND);
    ck_assert_int_eq(started_room, streams[_i].room);
    ck_assert_uint_eq(played.frames, 10000);
    (void)audio_alsa.close(&played, true, &failure);
    fake_card_remove(&card);
}
END_TEST

/* ---- Clocks on the wall ---- */

/* Middle Europe; a zone south of the equator, with half an hour; one that never
 * changes; the other side of the date line. */
static const char europe[] = "CET-1CEST,M3.5.0,M10.5.0/3";
static const char lord_howe[] = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";
static const char india[] = "IST-5:30";
static const char samoa[] = "<-11>11";

static const struct {
    const char *zone;
    const char *date;
    const char *utc[2]; /* the instants; NULL: none */
} walls[] = {
    {"UTC0", "2100-06-01T12:00:00", {"2100-06-01T12:00:00", NULL}},
    {europe, "2100-01-31T20:00:00", {"2100-01-31T19:00:00", NULL}},
    {europe, "2100-07-31T20:00:00", {"2100-07-31T18:00:00", NULL}},
    {europe, "2100-03-28T01:59:59", {"2100-03-28T00:59:59", NULL}},
    {europe, "2100-03-28T02:00:00", {NULL, NULL}},
    {europe, "2100-03-28T02:59:59", {NULL, NULL}},
    {europe, "2100-03-28T03:00:00", {"2100-03-28T01:00:00", NULL}},
    {europe, "2100-10-31T01:59:59", {"2100-10-30T23:59:59", NULL}},
    {europe,
     "2100-10-31T02:00:00",
     {"2100-10-31T00:00:00", "2100-10-31T01:00:00"}},
    {europe,
     "2100-10-31T02:59:59",
     {"2100-10-31T00:59:59", "2100-10-31T01:59:59"}},
    {europe, "2100-10-31T03:00:00", {"2100-10-31T02:00:00", NULL}},
    {lord_howe, "2100-10-03T02:15:00", {NULL, NULL}},
    {lord_howe,
     "2100-04-04T01:45:00",
     {"2100-04-03T14:45:00", "2100-04-03T15:15:00"}},
    {india, "2096-02-29T00:00:00", {"2096-02-28T18:30:00", NULL}},
    {samoa, "2099-12-31T23:00:00", {"2100-01-01T10:00:00", NULL}},
};

/* As if it were UTC. */
static int64_t seconds_of(const char *date)
{
    unsigned year;
    unsigned month;
    unsigned day;
    unsigned hour;
    unsigned minute;
    unsigned second;
    ck_assert_int_eq(sscanf(date, "%u-%u-%uT%u:%u:%u", &year, &month, &day,
                            &hour, &minute, &second),
                     6);
    return local_time_days(year, month, day) * 86400 + (int64_t)hour * 3600 +
           (int64_t)minute * 60 + second;
}

static void use_zone(const char *zone)
{
    ck_assert_int_eq(setenv("TZ", zone, 1), 0);
    tzset();
}

START_TEST(finds_what_clocks_show)
{
    int64_t instants[2];
    unsigned want = 0;
    use_zone(walls[_i].zone);
    const unsigned count =
        local_time_find(seconds_of(walls[_i].date), instants);
    for (; want < 2 && walls[_i].utc[want] != NULL; want++) {
        ck_assert_uint_lt(want, count);
        ck_assert_int_eq(instants[want], seconds_of(walls[_i].utc[want]));
    }
    ck_assert_msg(count == want, "%s: %u instants", walls[_i].date, count);
}
END_TEST

static bool parse(const char *time, struct failure *failure)
{
    char option[64];
    char *argv[] = {(char[]){"fake"}, option, NULL};
    (void)snprintf(option, sizeof(option), "--start-at=%s", time);
    *failure = (struct failure){0};
    return options_parse(&options, &f4e_patch, 2, argv, failure);
}

/* What the start says of it. */
static void expect_line(const char *want)
{
    told_start();
    start_describe(&options);
    ck_assert_str_eq(told(), want);
    told_stop();
}

START_TEST(takes_this_machines_zone_and_says_so)
{
    struct failure failure;
    use_zone(europe);
    virtual_clock_set(seconds_of("2100-07-31T17:00:00") * SECOND);
    ck_assert(parse("2100-07-31T20:00:00.25", &failure));
    expect_line("fake: start   at 2100-07-31T20:00:00.250+02:00 (CEST), this "
                "machine\'s zone, in 3600.250 s\n");
    ck_assert(parse("2100-07-31T18:00:01Z", &failure));
    expect_line("fake: start   at 2100-07-31T20:00:01.000+02:00 (CEST), in "
                "3601.000 s\n");
    ck_assert(parse("20:00", &failure));
    expect_line("fake: start   at 2100-07-31T20:00:00.000+02:00 (CEST), this "
                "machine\'s zone, in 3600.000 s\n");
    ck_assert(parse("18:59:59", &failure));
    expect_line("fake: start   at 2100-08-01T18:59:59.000+02:00 (CEST), this "
                "machine\'s zone, in 86399.000 s\n");
    ck_assert(!parse("2100-07-31T18:59:00", &failure));
    ck_assert_str_eq(failure.text,
                     "--start-at is '2100-07-31T18:59:00', which was 60.0 s "
                     "ago in this machine's zone");
    use_zone("<-0330>3:30");
    ck_assert(parse("+10s", &failure));
    expect_line("fake: start   at 2100-07-31T13:30:10.000-03:30 (-0330), in "
                "10.000 s\n");
}
END_TEST

START_TEST(knows_the_nights_when_clocks_change)
{
    static const char *const skipped[] = {"2100-03-28T02:30:00", "02:30"};
    struct failure failure;
    use_zone(europe);
    virtual_clock_set(seconds_of("2100-03-27T22:00:00") * SECOND);
    for (size_t i = 0; i < 2; i++) {
        ck_assert(!parse(skipped[i], &failure));
        ck_assert_msg(strstr(failure.text, "are put forward: none shows it") !=
                          NULL,
                      "%s", failure.text);
    }
    ck_assert(parse("2100-03-28T02:30:00+01:00", &failure));
    /* It is over: tomorrow's. */
    virtual_clock_set(seconds_of("2100-03-28T02:00:00") * SECOND);
    ck_assert(parse("02:30", &failure));
    ck_assert_int_eq(options.start_at_ns,
                     seconds_of("2100-03-29T00:30:00") * SECOND);
    /* Twice: the next one. */
    virtual_clock_set(seconds_of("2100-10-30T22:00:00") * SECOND);
    ck_assert(parse("02:30", &failure));
    ck_assert_int_eq(options.start_at_ns,
                     seconds_of("2100-10-31T00:30:00") * SECOND);
    virtual_clock_set(seconds_of("2100-10-31T00:45:00") * SECOND);
    ck_assert(parse("02:30", &failure));
    ck_assert_int_eq(options.start_at_ns,
                     seconds_of("2100-10-31T01:30:00") * SECOND);
    ck_assert(parse("2100-10-31T02:30:00", &failure));
    ck_assert_int_eq(options.start_at_ns,
                     seconds_of("2100-10-31T01:30:00") * SECOND);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("start");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, waits_until_its_instant);
    tcase_add_test(tcase, follows_a_clock_that_is_set);
    tcase_add_test(tcase, counts_frames_up_to_it);
    tcase_add_loop_test(tcase, a_card_starts_full_and_at_its_instant, 0,
                        sizeof(streams) / sizeof(*streams));
    tcase_add_loop_test(tcase, finds_what_clocks_show, 0,
                        sizeof(walls) / sizeof(*walls));
    tcase_add_test(tcase, takes_this_machines_zone_and_says_so);
    tcase_add_test(tcase, knows_the_nights_when_clocks_change);
    suite_add_tcase(suite, tcase);
    return suite;
}
