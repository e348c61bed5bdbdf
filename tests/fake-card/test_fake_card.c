/* SPDX-License-Identifier: MIT */
/*
 * The fake card when nothing goes wrong: every byte, both directions, time,
 * and what it offers. The other files are the rest.
 */
#include "fake_card.h"
#include "player.h"
#include "suite.h"
#include "test_faults.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FRAMES = 5001 }; /* not whole periods */

static const struct {
    const char *name;
    snd_pcm_format_t format;
} formats[] = {
    {"S16_LE", SND_PCM_FORMAT_S16_LE},     {"S24_3LE", SND_PCM_FORMAT_S24_3LE},
    {"S24_LE", SND_PCM_FORMAT_S24_LE},     {"S32_LE", SND_PCM_FORMAT_S32_LE},
    {"FLOAT_LE", SND_PCM_FORMAT_FLOAT_LE},
};
enum { FORMATS = sizeof(formats) / sizeof(*formats) };

static void expect_played(const struct fake_card *card, const void *data,
                          size_t bytes, const char *name)
{
    size_t got;
    unsigned char *played = fake_card_played(card, &got);
    ck_assert_msg(got == bytes, "%s: %zu bytes heard, not %zu", name, got,
                  bytes);
    ck_assert_msg(memcmp(played, data, bytes) == 0, "%s: other bytes", name);
    free(played);
}

static void set_environment(const char *name, const char *value)
{
    ck_assert_int_eq(setenv(name, value, 1), 0);
}

/* Bit 0: mapped memory; bit 1: a program that waits inside alsa-lib. */
START_TEST(plays_every_byte)
{
    struct fake_card card;
    struct player player = player_defaults();
    player.format = formats[_i / 4].format;
    player.is_mmap = (_i & 1) != 0;
    fake_card_make(&card, "speed 0", NULL);
    fake_card_use(&card);
    player_must_open(&player, "fake", SND_PCM_STREAM_PLAYBACK);
    unsigned char *noise = player_noise(FRAMES * player.frame_bytes);
    if ((_i & 2) != 0) {
        ck_assert_int_eq(snd_pcm_nonblock(player.pcm, 0), 0);
        ck_assert_int_eq(player_transfer(&player, noise, 512), 512);
        ck_assert_int_eq(snd_pcm_start(player.pcm), 0);
        ck_assert_int_eq(player_transfer(&player,
                                         noise + 512 * player.frame_bytes,
                                         FRAMES - 512),
                         FRAMES - 512);
    } else {
        player_must_run(&player, noise, FRAMES);
    }
    player_drain(&player);
    player_close(&player);
    expect_played(&card, noise, FRAMES * player.frame_bytes,
                  formats[_i / 4].name);
    free(noise);
    fake_card_remove(&card);
}
END_TEST

/* The reference generator's sample of a state, as that format stores it. */
static int64_t sample_of(uint32_t state, const unsigned char *at,
                         snd_pcm_format_t format, int64_t *expected)
{
    int64_t value = (int64_t)(state >> 8);
    value = value >= 8388608 ? value - 16777216 : value;
    uint32_t bits = 0;
    float number;
    int bytes = snd_pcm_format_physical_width(format) / 8;
    for (int k = 0; k < bytes; k++) {
        bits |= (uint32_t)at[k] << (8 * k);
    }
    *expected = value;
    switch (bytes) {
    case 2:
        *expected = (value - (value & 255)) / 256;
        return (int16_t)bits;
    case 3:
        return bits >= 0x800000u ? (int64_t)bits - 16777216 : (int64_t)bits;
    default:
        break;
    }
    if (format == SND_PCM_FORMAT_FLOAT_LE) {
        memcpy(&number, &bits, sizeof(number));
        return (int64_t)(number * 8388608.0f);
    }
    *expected = format == SND_PCM_FORMAT_S32_LE ? value * 256 : value;
    return (int32_t)bits;
}

START_TEST(captures_the_reference_signal)
{
    struct fake_card card;
    struct player player = player_defaults();
    player.format = formats[_i / 2].format;
    player.is_mmap = (_i & 1) != 0;
    fake_card_make(&card, NULL, "speed 0\ninput \"lcg:12345\"");
    fake_card_use(&card);
    player_must_open(&player, "fake_in", SND_PCM_STREAM_CAPTURE);
    unsigned char *got = calloc(FRAMES, player.frame_bytes);
    ck_assert_int_eq(snd_pcm_start(player.pcm), 0);
    player_must_run(&player, got, FRAMES);
    player_close(&player);
    uint32_t state[2] = {12345, 12346};
    for (size_t k = 0; k < (size_t)FRAMES * 2; k++) {
        int64_t expected;
        state[k % 2] = state[k % 2] * 1664525u + 1013904223u;
        int64_t sample =
            sample_of(state[k % 2], got + k * player.frame_bytes / 2,
                      player.format, &expected);
        ck_assert_msg(sample == expected, "%s: sample %zu is %lld, not %lld",
                      formats[_i / 2].name, k, (long long)sample,
                      (long long)expected);
    }
    free(got);
    fake_card_remove(&card);
}
END_TEST

START_TEST(captures_a_file_then_silence)
{
    enum { FILE_BYTES = 4000, ALL_BYTES = 4096 };
    struct fake_card card;
    struct player player = player_defaults();
    unsigned char *got = calloc(ALL_BYTES, 1);
    unsigned char *expected = calloc(ALL_BYTES, 1);
    unsigned char *noise = player_noise(FILE_BYTES);
    memcpy(expected, noise, FILE_BYTES);
    fake_card_make(&card, NULL, NULL);
    FILE *file = fopen(card.played, "we");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(noise, 1, FILE_BYTES, file), FILE_BYTES);
    ck_assert_int_eq(fclose(file), 0);
    set_environment("F4E_FAKE_CARD_INPUT", card.played);
    set_environment("F4E_FAKE_CARD_SPEED", "0");
    fake_card_use(&card);
    player_must_open(&player, "fake_in", SND_PCM_STREAM_CAPTURE);
    ck_assert_int_eq(snd_pcm_start(player.pcm), 0);
    player_must_run(&player, got, ALL_BYTES / player.frame_bytes);
    player_close(&player);
    ck_assert_mem_eq(got, expected, ALL_BYTES);
    free(got);
    free(expected);
    free(noise);
    fake_card_remove(&card);
}
END_TEST

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

START_TEST(keeps_accelerated_time)
{
    enum { CARD_FRAMES = 480000 }; /* ten seconds of the card */
    struct fake_card card;
    struct player player = player_defaults();
    fake_card_make(&card, "speed 20\nunderruns no\nquantum period", NULL);
    fake_card_use(&card);
    player.period_frames = 1024;
    player_must_open(&player, "fake", SND_PCM_STREAM_PLAYBACK);
    unsigned char *noise = player_noise((size_t)CARD_FRAMES * 4);
    double start = seconds();
    player_must_run(&player, noise, CARD_FRAMES);
    player_drain(&player);
    double took = seconds() - start;
    player_close(&player);
    /* Never faster; how much slower is the machine's affair, but it is not the
     * card's own pace. */
    ck_assert_double_ge(took, 0.4975);
    ck_assert_double_le(took, 9.0);
    expect_played(&card, noise, (size_t)CARD_FRAMES * 4, "20x");
    free(noise);
    fake_card_remove(&card);
}
END_TEST

/* One run of a duplex program: returns the log. */
static char *run_duplex(const struct fake_card *card, unsigned blocks)
{
    struct player out = player_defaults();
    struct player in = player_defaults();
    unsigned char block[128 * 4];
    unsigned char silence[512 * 4] = {0};
    fake_card_use(card);
    player_must_open(&out, "fake", SND_PCM_STREAM_PLAYBACK);
    player_must_open(&in, "fake_in", SND_PCM_STREAM_CAPTURE);
    ck_assert_int_eq(snd_pcm_link(in.pcm, out.pcm), -ENOSYS);
    ck_assert_int_eq(player_transfer(&out, silence, 512), 512);
    ck_assert_int_eq(snd_pcm_start(in.pcm), 0);
    ck_assert_int_eq(snd_pcm_start(out.pcm), 0);
    for (unsigned k = 0; k < blocks; k++) {
        player_must_run(&in, block, 128);
        player_must_run(&out, block, 128);
        snd_pcm_sframes_t room = snd_pcm_avail(out.pcm);
        snd_pcm_sframes_t waiting = snd_pcm_avail(in.pcm);
        ck_assert_msg(room == waiting, "block %u: %ld frames of room, %ld read",
                      k, (long)room, (long)waiting);
    }
    player_close(&in);
    player_close(&out);
    return fake_card_log(card);
}

START_TEST(keeps_both_directions_in_step)
{
    struct fake_card card;
    uint32_t state = 12345;
    size_t bytes;
    fake_card_make(&card, "speed 0", "speed 0\ninput lcg");
    char *log = run_duplex(&card, 100);
    ck_assert_int_eq(fake_card_frame(log, "playback", "close", 0), 12800);
    ck_assert_int_eq(fake_card_frame(log, "capture", "close", 0), 12800);
    unsigned char *played = fake_card_played(&card, &bytes);
    ck_assert_uint_eq(bytes, 51200);
    for (size_t k = 0; k < 12800 - 512; k++) {
        int64_t expected;
        state = state * 1664525u + 1013904223u;
        ck_assert_int_eq(sample_of(state, played + (k + 512) * 4,
                                   SND_PCM_FORMAT_S16_LE, &expected),
                         expected);
    }
    free(played);
    free(log);
    fake_card_remove(&card);
}
END_TEST

/* Two runs in cards of their own leave the same log and the same sound. */
static char *run_jittered(unsigned char **played, size_t *bytes)
{
    struct fake_card card;
    fake_card_make(&card,
                   "speed 0\njitter_us 900\nseed 5\n"
                   "script \"eagain@600+700~300 spurious@100+900:3\"",
                   "speed 0\njitter_us 300");
    char *log = run_duplex(&card, 200);
    *played = fake_card_played(&card, bytes);
    fake_card_remove(&card);
    return log;
}

START_TEST(does_the_same_again_in_virtual_time)
{
    unsigned char *played[2];
    size_t bytes[2];
    char *first = run_jittered(&played[0], &bytes[0]);
    char *second = run_jittered(&played[1], &bytes[1]);
    ck_assert_str_eq(first, second);
    ck_assert_ptr_nonnull(fake_card_event(first, "playback", "eagain", 9));
    ck_assert_uint_eq(bytes[0], bytes[1]);
    ck_assert_mem_eq(played[0], played[1], bytes[0]);
    free(first);
    free(second);
    free(played[0]);
    free(played[1]);
}
END_TEST

static const struct {
    const char *name;
    const char *settings;
    struct player ask;
    int error;
} offers[] = {
#define ASK(rate, channel_count, period, count) \
    {.format = SND_PCM_FORMAT_S16_LE,           \
     .channels = (channel_count),               \
     .rate_hz = (rate),                         \
     .period_frames = (period),                 \
     .periods = (count)}
    {"anything", "", ASK(48000, 2, 128, 4), 0},
    {"odd period", "", ASK(48000, 2, 441, 3), 0},
    {"odd period only", "period 441", ASK(44100, 2, 441, 4), 0},
    {"even period, not offered", "period 441", ASK(44100, 2, 442, 4), -EINVAL},
    {"period between steps", "period \"32-4096/32\"", ASK(48000, 2, 100, 4),
     -EINVAL},
    {"period on a step", "period \"32-4096/32\"", ASK(48000, 2, 96, 4), 0},
    {"format", "formats \"S32_LE FLOAT_LE\"", ASK(48000, 2, 128, 4), -EINVAL},
    {"rate", "rates \"44100 96000\"", ASK(48000, 2, 128, 4), -EINVAL},
    {"rate in a list", "rates \"44100 96000\"", ASK(96000, 2, 128, 4), 0},
    {"rate in a range", "rates \"8000-48000\"", ASK(96000, 2, 128, 4), -EINVAL},
    {"channels", "channels \"4-8\"", ASK(48000, 2, 128, 4), -EINVAL},
    {"channels listed", "channels \"1 6\"", ASK(48000, 6, 128, 4), 0},
    {"two periods", "periods \"3-8\"", ASK(48000, 2, 128, 2), -EINVAL},
    {"three periods", "periods \"3-8\"", ASK(48000, 2, 128, 3), 0},
    {"buffer", "buffer \"1024-4096\"", ASK(48000, 2, 128, 4), -EINVAL},
    {"two periods, late", "refuse \"periods=2\"", ASK(48000, 2, 128, 2),
     -EINVAL},
    {"not two periods", "refuse \"periods=2\"", ASK(48000, 2, 128, 20), 0},
    {"rate, late", "refuse \"periods=2 rate=48000\"", ASK(48000, 2, 128, 4),
     -EINVAL},
    {"access", "access MMAP_INTERLEAVED", ASK(48000, 2, 128, 4), -EINVAL},
};

START_TEST(offers_what_it_is_told_to)
{
    struct fake_card card;
    struct player player = offers[_i].ask;
    fake_card_make(&card, offers[_i].settings, NULL);
    fake_card_use(&card);
    int error = player_open(&player, "fake", SND_PCM_STREAM_PLAYBACK);
    ck_assert_msg(error == offers[_i].error, "%s: %s", offers[_i].name,
                  snd_strerror(error));
    player_close(&player);
    fake_card_remove(&card);
}
END_TEST

START_TEST(obeys_the_environment)
{
    struct fake_card card;
    struct player player = player_defaults();
    fake_card_make(&card, "formats S16_LE", NULL);
    fake_card_use(&card);
    set_environment("F4E_FAKE_CARD_FORMATS", "S32_LE");
    ck_assert_int_eq(player_open(&player, "fake", SND_PCM_STREAM_PLAYBACK),
                     -EINVAL);
    player.format = SND_PCM_FORMAT_S32_LE;
    ck_assert_int_eq(player_configure(&player), 0);
    player_close(&player);
    fake_card_remove(&card);
}
END_TEST

START_TEST(plays_behind_plug)
{
    struct fake_card card;
    struct player player = player_defaults();
    fake_card_make(&card, "speed 0\nformats S32_LE", NULL);
    fake_card_use(&card);
    player_must_open(&player, "plugfake", SND_PCM_STREAM_PLAYBACK);
    unsigned char *noise = player_noise((size_t)FRAMES * 4);
    player_must_run(&player, noise, FRAMES);
    player_drain(&player);
    player_close(&player);
    unsigned char *wide = calloc(FRAMES, 8);
    for (size_t k = 0; k < (size_t)FRAMES * 2; k++) {
        memcpy(wide + k * 4 + 2, noise + k * 2, 2);
    }
    expect_played(&card, wide, (size_t)FRAMES * 8, "plug");
    free(wide);
    free(noise);
    fake_card_remove(&card);
}
END_TEST

static void forget_conf(void)
{
    (void)snd_config_update_free_global();
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("shim.fake_card");
    TCase *tcase = tcase_create("playing");
    tcase_add_checked_fixture(tcase, NULL, forget_conf);
    tcase_add_loop_test(tcase, plays_every_byte, 0, FORMATS * 4);
    tcase_add_loop_test(tcase, captures_the_reference_signal, 0, FORMATS * 2);
    tcase_add_test(tcase, captures_a_file_then_silence);
    tcase_add_test(tcase, keeps_accelerated_time);
    tcase_add_test(tcase, keeps_both_directions_in_step);
    tcase_add_test(tcase, does_the_same_again_in_virtual_time);
    tcase_add_loop_test(tcase, offers_what_it_is_told_to, 0,
                        sizeof(offers) / sizeof(*offers));
    tcase_add_test(tcase, obeys_the_environment);
    tcase_add_test(tcase, plays_behind_plug);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("faults");
    tcase_add_checked_fixture(tcase, NULL, forget_conf);
    test_faults_add(tcase);
    test_opening_add(tcase);
    test_time_add(tcase);
    suite_add_tcase(suite, tcase);
    return suite;
}
