/* SPDX-License-Identifier: MIT */
/*
 * Opening: a card that is busy, missing, or pulled out and put back.
 */
#include "fake_card.h"
#include "player.h"
#include "test_faults.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void begin(struct fake_card *card, const char *script)
{
    char settings[256];
    (void)snprintf(settings, sizeof(settings), "speed 0\nscript \"%s\"",
                   script);
    fake_card_make(card, settings, NULL);
    fake_card_use(card);
}

static int open_player(struct player *player)
{
    *player = player_defaults();
    return player_open(player, "fake", SND_PCM_STREAM_PLAYBACK);
}

static const struct {
    const char *script;
    int error;
    int times;
} openings[] = {
    {"busy@open:2", -EBUSY, 2},   {"gone@open:3", -ENOENT, 3},
    {"nodev@open:1", -ENODEV, 1}, {"denied@open:1", -EACCES, 1},
    {"slow@open:20", 0, 0},       {"busy@open", -EBUSY, 5},
    {"rubbish@1", -EINVAL, 5},    {"xrun@", -EINVAL, 5},
    {"xrun@5+", -EINVAL, 5},      {"busy@7", -EINVAL, 5},
    {"xrun@1000:x", -EINVAL, 5},  {"xrun@open", -EINVAL, 5},
};

/* alsa-lib's words go nowhere: they are expected. */
__attribute__((format(printf, 5, 6))) static void
ignore_words(const char *file, int line, const char *function, int error,
             const char *format, ...)
{
    (void)file;
    (void)line;
    (void)function;
    (void)error;
    (void)format;
}

START_TEST(fails_to_open_as_often_as_told)
{
    struct fake_card card;
    struct player player;
    begin(&card, openings[_i].script);
    (void)snd_lib_error_set_handler(ignore_words);
    for (int k = 0; k < openings[_i].times; k++) {
        int error = open_player(&player);
        ck_assert_msg(error == openings[_i].error, "%s: open %d: %s",
                      openings[_i].script, k, snd_strerror(error));
    }
    if (openings[_i].times < 5) {
        ck_assert_int_eq(open_player(&player), 0);
    }
    player_close(&player);
    fake_card_remove(&card);
}
END_TEST

/* From which frame on the second life goes on is what was not accepted. */
START_TEST(comes_back_after_it_was_pulled_out)
{
    enum { FRAMES = 4000, PULLED = 1000 };
    struct fake_card card;
    struct player player;
    size_t bytes;
    int error;
    begin(&card, "nodev@1000:2");
    ck_assert_int_eq(open_player(&player), 0);
    unsigned char *noise = player_noise(FRAMES * player.frame_bytes);
    size_t done = player_run(&player, noise, FRAMES, &error);
    ck_assert_int_eq(error, -ENODEV);
    player_close(&player);
    ck_assert_int_eq(open_player(&player), -ENOENT);
    ck_assert_int_eq(open_player(&player), -ENOENT);
    ck_assert_int_eq(open_player(&player), 0);
    size_t rest = (FRAMES - done) * player.frame_bytes;
    size_t before = PULLED * player.frame_bytes;
    unsigned char *at = noise + done * player.frame_bytes;
    player_must_run(&player, at, FRAMES - done);
    player_drain(&player);
    player_close(&player);
    unsigned char *played = fake_card_played(&card, &bytes);
    ck_assert_uint_eq(bytes, before + rest);
    ck_assert_mem_eq(played, noise, before);
    ck_assert_mem_eq(played + before, at, rest);
    free(played);
    free(noise);
    fake_card_remove(&card);
}
END_TEST

void test_opening_add(TCase *tcase)
{
    tcase_add_loop_test(tcase, fails_to_open_as_often_as_told, 0,
                        sizeof(openings) / sizeof(*openings));
    tcase_add_test(tcase, comes_back_after_it_was_pulled_out);
}
