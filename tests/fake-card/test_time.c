/* SPDX-License-Identifier: MIT */
/*
 * Time: a card that stalls, a program that is late or waits in an odd way.
 */
#include "fake_card.h"
#include "player.h"
#include "test_faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FRAMES = 4000, NOISE_BYTES = 16000 };

static void begin(struct fake_card *card, const char *settings)
{
    fake_card_make(card, settings, NULL);
    fake_card_use(card);
}

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* 'before' bytes of noise, then so many of silence. */
static void expect_heard(const struct fake_card *card,
                         const unsigned char *noise, size_t before,
                         size_t silence)
{
    size_t bytes;
    unsigned char *played = fake_card_played(card, &bytes);
    ck_assert_uint_ge(bytes, before + silence);
    ck_assert_mem_eq(played, noise, before);
    for (size_t k = before; k < before + silence; k++) {
        ck_assert_uint_eq(played[k], 0);
    }
    free(played);
}

static const struct {
    const char *settings;
    double least_s; /* that FRAMES take, the stall included */
} stalls[] = {
    {"speed 0\nscript \"stall@1000:60\"", 0.060},
    {"speed 1\nscript \"stall@1000:60\"", 0.060 + 4000.0 / 48000},
    {"speed 2\nscript \"stall@1000:60\"", 0.060 + 2000.0 / 48000},
};

START_TEST(stalls_and_goes_on)
{
    struct fake_card card;
    struct player player = player_defaults();
    unsigned char *noise = player_noise(NOISE_BYTES);
    begin(&card, stalls[_i].settings);
    player.period_frames = 1000;
    player_must_open(&player, "fake", SND_PCM_STREAM_PLAYBACK);
    player_must_run(&player, noise, FRAMES);
    double start = seconds();
    ck_assert_int_eq(snd_pcm_start(player.pcm), 0);
    while (snd_pcm_avail_update(player.pcm) >= 0) {
        /* All the time: whoever looks seldom does not see a leap. */
    }
    double took = seconds() - start;
    ck_assert_msg(took > stalls[_i].least_s - 0.0005, "row %d: %f s", _i, took);
    player_close(&player);
    expect_heard(&card, noise, NOISE_BYTES, 0);
    free(noise);
    fake_card_remove(&card);
}
END_TEST

START_TEST(wakes_a_program_that_asks_once_for_descriptors)
{
    struct fake_card card;
    struct player player = player_defaults();
    unsigned char *noise = player_noise(NOISE_BYTES);
    begin(&card, "speed 4\nunderruns no\nquantum period");
    player.is_asking_once = true;
    player_must_open(&player, "fake", SND_PCM_STREAM_PLAYBACK);
    player_must_run(&player, noise, FRAMES);
    ck_assert_msg(player.empty_wakes * 4 <= player.wakes,
                  "%u of %u wake-ups for nothing", player.empty_wakes,
                  player.wakes);
    player_drain(&player);
    player_close(&player);
    expect_heard(&card, noise, NOISE_BYTES, 0);
    free(noise);
    fake_card_remove(&card);
}
END_TEST

START_TEST(runs_on_in_silence)
{
    struct fake_card card;
    struct player player = player_defaults();
    unsigned char *noise = player_noise(NOISE_BYTES);
    begin(&card, "speed 0");
    player.is_endless = true;
    player_must_open(&player, "fake", SND_PCM_STREAM_PLAYBACK);
    ck_assert_int_eq(player_transfer(&player, noise, 300), 300);
    ck_assert_int_eq(snd_pcm_start(player.pcm), 0);
    while (snd_pcm_avail(player.pcm) < 512 + 200) {
        ck_assert_int_eq(player_wait(&player, 1000), 1);
    }
    /* At least 200 frames late: written, and never heard. */
    ck_assert_int_eq(player_transfer(&player, noise, 200), 200);
    player_close(&player);
    char *log = fake_card_log(&card);
    ck_assert_int_eq(fake_card_frame(log, "playback", "silence", 0), 300);
    ck_assert_int_eq(fake_card_number(log, "playback", "close", 0, "late"),
                     200);
    expect_heard(&card, noise, 1200, 800);
    free(log);
    free(noise);
    fake_card_remove(&card);
}
END_TEST

void test_time_add(TCase *tcase)
{
    tcase_add_loop_test(tcase, stalls_and_goes_on, 0,
                        sizeof(stalls) / sizeof(*stalls));
    tcase_add_test(tcase, wakes_a_program_that_asks_once_for_descriptors);
    tcase_add_test(tcase, runs_on_in_silence);
}
