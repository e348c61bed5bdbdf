/* SPDX-License-Identifier: MIT */
#include "report/meter.h"

#include "program.h"
#include "suite.h"

#include <string.h>

/* Two channels at most; a peak of 0 is silence. */
static const struct {
    const char *name;
    unsigned channels;
    float peaks[2];
    unsigned width;
    const char *text;
} rows[] = {
    {"silence", 1, {0.0F}, 33, "0 [....:...:...:...:...] -60.0 "},
    {"full scale", 1, {1.0F}, 33, "0 [###################|]   0.0 "},
    {"half", 1, {0.5F}, 33, "0 [################|...]  -6.0 "},
    {"quarter", 1, {0.25F}, 33, "0 [##############|.:...] -12.0 "},
    {"clip", 1, {2.0F}, 33, "0 [###################|]   6.0!"},
    {"below the floor", 1, {1e-9F}, 33, "0 [....:...:...:...:...] -60.0 "},
    {"two", 2, {1.0F, 0.1F}, 42, "0 [#######|]   0.0  1 [####|.:.] -20.0 "},
    {"no room for a bar", 1, {1.0F}, 20, "  0.0 "},
    {"nor for two", 2, {2.0F, 0.1F}, 20, "  6.0! -20.0 "},
    {"of two one", 2, {2.0F, 0.1F}, 12, "  6.0!"},
    {"no room", 1, {1.0F}, 5, ""},
    {"none", 0, {0.0F}, 80, ""},
    {"only one finds room",
     2,
     {1.0F, 1.0F},
     41,
     "0 [###########################|]   0.0 "},
};

static void make(struct meter *meter, unsigned channels, const float *peaks)
{
    meter_init(meter, channels);
    for (unsigned k = 0; k < channels; k++) {
        meter_update(meter, k, peaks[k], 0.05);
    }
}

START_TEST(formats_a_line)
{
    struct meter meter;
    char text[256] = "?";
    make(&meter, rows[_i].channels, rows[_i].peaks);
    meter_format(&meter, rows[_i].width, text, sizeof(text));
    ck_assert_msg(strcmp(text, rows[_i].text) == 0, "%s: '%s'", rows[_i].name,
                  text);
}
END_TEST

START_TEST(fits_every_width)
{
    struct meter meter;
    char text[600];
    const float peaks[METER_CHANNELS_MAX] = {2.0F, 0.1F};
    for (unsigned channels = 0; channels <= METER_CHANNELS_MAX; channels++) {
        make(&meter, channels, peaks);
        for (unsigned width = 0; width < 500; width++) {
            meter_format(&meter, width, text, sizeof(text));
            ck_assert_msg(strlen(text) <= width, "%u channels, %u: '%s'",
                          channels, width, text);
        }
    }
    /* A short string is cut between two channels at the latest. */
    meter_format(&meter, 200, text, 60);
    ck_assert_uint_lt(strlen(text), 60);
}
END_TEST

START_TEST(falls_and_holds)
{
    struct meter meter;
    meter_init(&meter, 1);
    meter_update(&meter, 0, 2.0F, 0.05);
    ck_assert_double_gt(meter.channel[0].clip_s, 0.0);
    for (int i = 0; i < 20; i++) { /* a second of silence */
        meter_update(&meter, 0, 0.0F, 0.05);
    }
    ck_assert_double_eq_tol(meter.channel[0].level_db, 6.02 - 24.0, 0.01);
    ck_assert_double_eq_tol(meter.channel[0].hold_db, 6.02, 0.01);
    ck_assert_double_gt(meter.channel[0].clip_s, 0.0);
    for (int i = 0; i < 60; i++) { /* three more */
        meter_update(&meter, 0, 0.0F, 0.05);
    }
    ck_assert_double_eq_tol(meter.channel[0].level_db, METER_FLOOR_DB, 0.01);
    ck_assert_double_lt(meter.channel[0].hold_db, -30.0);
    ck_assert_double_eq_tol(meter.channel[0].clip_s, 0.0, 1e-9);
}
END_TEST

START_TEST(shows_nothing_without_a_terminal)
{
    struct program_result result =
        program_run(NULL, NULL, "--dummy --seconds 0.2 --meter");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_msg(strchr(result.err, '\r') == NULL, "%s", result.err);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("meter");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_loop_test(tcase, formats_a_line, 0, sizeof(rows) / sizeof(*rows));
    tcase_add_test(tcase, fits_every_width);
    tcase_add_test(tcase, falls_and_holds);
    tcase_add_test(tcase, shows_nothing_without_a_terminal);
    suite_add_tcase(suite, tcase);
    return suite;
}
