/* SPDX-License-Identifier: MIT */
/*
 * Conversion of the rate, on fake cards that have one rate only: the pitch of
 * what is heard, and that both directions keep together.
 */
#include "alsa/alsa_rate.h"

#include "program.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double ramp_frames =
    1000.0; /* of the fake patch's saw-tooth, at 48 kHz */

static struct program_result run(const char *conf, const char *arguments)
{
    char text[2048];
    (void)snprintf(text, sizeof(text), "pcm_type.f4e_fake { lib \"%s\" }\n%s\n",
                   getenv("F4E_FAKE_CARD_LIBRARY"), conf);
    struct program_result result = program_run(NULL, text, arguments);
    ck_assert_msg(result.status == 0, "%s: %d, %s", arguments, result.status,
                  result.err);
    return result;
}

/* Where the saw-tooth falls back between 'frame' - 1 and 'frame'. */
static double edge(const float *left, size_t frame)
{
    double before = (double)left[(frame - 1) * 2];
    double after = (double)left[frame * 2];
    return (double)frame - before / (before - after);
}

/* How much too high the saw-tooth in "dev.raw" is, in cents. */
static double measure_cents(unsigned rate)
{
    size_t bytes;
    float *samples = (float *)(void *)program_read_file("dev.raw", &bytes);
    size_t frames = bytes / 8;
    double least = 0.6 * ramp_frames * rate / 48000.0;
    double first = 0.0;
    double last = 0.0;
    unsigned count = 0;
    for (size_t i = frames / 8; i + frames / 8 < frames; i++) {
        /* A converter rings: one edge a period. */
        if (samples[(i - 1) * 2] > 0.0F && samples[i * 2] <= 0.0F &&
            ((double)i > last + least)) {
            last = edge(samples, i);
            first = count++ == 0 ? last : first;
        }
    }
    free(samples);
    ck_assert_uint_gt(count, 20);
    double expected = ramp_frames * rate / 48000.0;
    return 1200.0 * log2(expected * (count - 1) / (last - first));
}

/* 'cents': what is told and heard. */
static const struct {
    const char *name;
    const char *conf;
    const char *arguments;
    unsigned rate;
    double cents;
    const char *says;
} rows[] = {
    {"default", "pcm.default { type plug slave.pcm card }", "", 44100, 0.0,
     "periods of 160"},
    {"a converter chosen by the user",
     "pcm.default { type plug slave.pcm card rate_converter linear }", "",
     44100, 0.0, "libasound2-plugins"},
    {"a converter without a plug",
     "pcm.x { type plug slave.pcm card }\n"
     "pcm.y { type rate slave { pcm x rate 44100 format S16_LE } }\n"
     "pcm.default { type plug slave.pcm y }",
     "", 44100, 0.0, "44100 Hz"},
    {"--resample", "", "--resample --device card", 44100, 0.0,
     "periods of 160"},
    {"a longer period", "pcm.default { type plug slave.pcm card }",
     "--period 500 --periods 3", 44100, 0.0, "periods of 640"},
    {"twice the rate", "pcm.default { type plug slave.pcm card }", "", 96000,
     0.0, "periods of 128"},
    {"88200", "pcm.default { type plug slave.pcm card }", "", 88200, 0.0,
     "periods of 160"},
    {"32000", "pcm.default { type plug slave.pcm card }", "", 32000, 0.0,
     "pitch exact"},
    /* Nothing is exact in periods of powers of two: the least error. */
    {"fixed periods", "pcm.default { type plug slave.pcm card }", "FIXED",
     44100, 2.0, "cents too"},
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

START_TEST(keeps_the_pitch)
{
    char conf[1024];
    char arguments[256];
    bool is_fixed = strcmp(rows[_i].arguments, "FIXED") == 0;
    (void)snprintf(
        conf, sizeof(conf),
        "pcm.card { type f4e_fake speed 0 underruns no file dev.raw formats "
        "FLOAT_LE rates \"%u\" channels 2 %s }\n%s",
        rows[_i].rate, is_fixed ? "period \"128 256 512\"" : "", rows[_i].conf);
    (void)snprintf(arguments, sizeof(arguments),
                   "--frames 200000 --input off %s",
                   is_fixed ? "" : rows[_i].arguments);
    struct program_result result = run(conf, arguments);
    ck_assert_msg(strstr(result.err, rows[_i].says) != NULL, "%s: %s",
                  rows[_i].name, result.err);
    double cents = measure_cents(rows[_i].rate);
    double told = 0.0;
    const char *at = strstr(result.err, "that is ");
    if (at != NULL) {
        told = strtod(at + 8, NULL);
        told = strstr(at, "too high") != NULL ? told : -told;
    }
    ck_assert_msg(fabs(cents - told) < 0.1, "%s: heard %f, told %f",
                  rows[_i].name, cents, told);
    ck_assert_msg(fabs(cents) <= rows[_i].cents + 0.1, "%s: %f cents",
                  rows[_i].name, cents);
}
END_TEST

/* As fast as time: the pitch is the converter's, whatever the clock. */
START_TEST(keeps_the_pitch_in_real_time)
{
    (void)run("pcm.card { type f4e_fake speed 1 underruns no file dev.raw "
              "formats FLOAT_LE "
              "rates 44100 channels 2 }\n"
              "pcm.default { type plug slave.pcm card }",
              "--frames 72000 --input off --periods 16");
    ck_assert_double_lt(fabs(measure_cents(44100)), 0.1);
}
END_TEST

START_TEST(keeps_both_directions_together)
{
    struct program_result result =
        run("pcm.out { type f4e_fake speed 0 card a rates 48000 }\n"
            "pcm.in { type f4e_fake speed 0 card a rates 44100 }\n"
            "pcm.plugin { type plug slave.pcm in }",
            "--frames 480000 --device out --in-device plugin --stats");
    ck_assert_msg(strstr(result.err, "xruns   0,") != NULL, "%s", result.err);
}
END_TEST

START_TEST(does_not_convert_what_needs_none)
{
    struct program_result result =
        run("pcm.card { type f4e_fake speed 0 rates 48000 }\n"
            "pcm.default { type plug slave.pcm card }",
            "--frames 4000 --input off");
    ck_assert_ptr_null(strstr(result.err, "alsa-lib converts"));
    ck_assert_ptr_nonnull(strstr(result.err, "periods of 128"));
}
END_TEST

/* What snd_pcm_dump() writes, shortened. */
#define SETUP(rate, period)                                              \
    "Its setup is:\n  stream       : PLAYBACK\n  rate         : " rate   \
    "\n  exact rate   : " rate " (" rate "/1)\n  period_size  : " period \
    "\n  period_time  : 2666\n"

static const struct {
    const char *name;
    const char *dump;
    unsigned from;
    unsigned to;
    double cents;
    const char *converter;
} dumps[] = {
    {"nothing", "", 0, 0, 0.0, ""},
    {"no conversion", "Hardware PCM card 0\n" SETUP("48000", "128"), 0, 0, 0.0,
     ""},
    {"one",
     "Rate conversion PCM (44100, sformat=S16_LE)\nConverter: libspeex "
     "(external)\n" SETUP("48000", "128") "Slave: x\n" SETUP("44100", "117"),
     48000, 44100, 8.8554, "libspeex (external)"},
    {"behind a format",
     "Plug PCM: Linear conversion PCM\n" SETUP(
         "48000", "128") "Slave: Rate conversion PCM (44100, "
                         "sformat=S16_LE)\n" SETUP(
                             "48000", "160") "Slave: x\n" SETUP("44100", "147"),
     48000, 44100, 0.0, ""},
    {"two stages",
     "Rate conversion PCM (44100, sformat=S16_LE)\n" SETUP(
         "48000", "128") "Slave: Rate conversion PCM (48000, "
                         "sformat=S16_LE)\n" SETUP(
                             "44100", "117") "Slave: x\n" SETUP("48000", "127"),
     48000, 48000, 13.578, ""},
    {"cut off",
     "Rate conversion PCM (44100, sformat=S16_LE)\n" SETUP(
         "48000", "128") "Slave: x\nIts setup is:\n  rate  : 44",
     0, 0, 0.0, ""},
    {"zeros",
     "Rate conversion PCM (0, sformat=S16_LE)\n" SETUP(
         "0", "0") "Slave: x\n" SETUP("0", "0"),
     0, 0, 0.0, ""},
};
enum { DUMPS = sizeof(dumps) / sizeof(*dumps) };

START_TEST(understands_dumps)
{
    struct alsa_rate rate = alsa_rate_parse(dumps[_i].dump);
    ck_assert_msg(rate.from_hz == dumps[_i].from &&
                      rate.to_hz == dumps[_i].to &&
                      fabs(rate.cents - dumps[_i].cents) < 0.001 &&
                      strcmp(rate.converter, dumps[_i].converter) == 0,
                  "%s: %u to %u Hz, %f cents, '%s'", dumps[_i].name,
                  rate.from_hz, rate.to_hz, rate.cents, rate.converter);
}
END_TEST

START_TEST(finds_whole_periods)
{
    ck_assert_uint_eq(alsa_rate_step(48000, 44100), 160);
    ck_assert_uint_eq(alsa_rate_step(44100, 48000), 147);
    ck_assert_uint_eq(alsa_rate_step(48000, 96000), 1);
    ck_assert_uint_eq(alsa_rate_step(48000, 32000), 3);
    ck_assert_uint_eq(alsa_rate_step(0, 0), 1);
    for (unsigned from = 8000; from < 200000; from += 977) {
        unsigned step = alsa_rate_step(from, 44100);
        ck_assert_uint_eq((unsigned long)step * 44100 % from, 0);
        ck_assert_uint_eq(from % step, 0);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("alsa_rate");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, keeps_the_pitch, 0, ROWS);
    tcase_add_test(tcase, keeps_the_pitch_in_real_time);
    tcase_add_test(tcase, keeps_both_directions_together);
    tcase_add_test(tcase, does_not_convert_what_needs_none);
    tcase_add_loop_test(tcase, understands_dumps, 0, DUMPS);
    tcase_add_test(tcase, finds_whole_periods);
    suite_add_tcase(suite, tcase);
    return suite;
}
