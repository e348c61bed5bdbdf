/* SPDX-License-Identifier: MIT */
/*
 * Each fault of the script: what alsa-lib tells the program, and that what is
 * heard afterwards is right.
 */
#include "test_faults.h"

#include "fake_card.h"
#include "player.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 4000, STRIKE = 1000, ROUNDS_MAX = 50 };
static const size_t frame_bytes = 4;

static struct fake_card card;
static struct player player;
static unsigned char *noise;
static char *log_text;

/* One virtual card with that script, ready to play. */
static void begin(const char *script)
{
    char settings[256];
    (void)snprintf(settings, sizeof(settings), "speed 0\nscript \"%s\"\n",
                   script);
    fake_card_make(&card, settings, NULL);
    fake_card_use(&card);
    player = player_defaults();
    noise = player_noise(FRAMES * frame_bytes);
}

static void end(void)
{
    player_close(&player);
    free(noise);
    free(log_text);
    noise = NULL;
    log_text = NULL;
    fake_card_remove(&card);
}

static void must_open(void)
{
    player_must_open(&player, "fake", SND_PCM_STREAM_PLAYBACK);
}

static void must_write(snd_pcm_uframes_t frames)
{
    ck_assert_int_eq(player_transfer(&player, noise, frames), (long)frames);
}

static void read_log(void)
{
    free(log_text);
    log_text = fake_card_log(&card);
}

/* Heard: the noise but for the frames [gap, resumed). */
static void expect_heard(const char *name, size_t gap, size_t resumed)
{
    size_t bytes;
    unsigned char *played = fake_card_played(&card, &bytes);
    size_t frames = gap + (FRAMES - resumed);
    ck_assert_msg(bytes == frames * frame_bytes, "%s: %zu frames, not %zu",
                  name, bytes / frame_bytes, frames);
    ck_assert_msg(memcmp(played, noise, gap * frame_bytes) == 0 &&
                      memcmp(played + gap * frame_bytes,
                             noise + resumed * frame_bytes,
                             (FRAMES - resumed) * frame_bytes) == 0,
                  "%s: other samples", name);
    free(played);
}

/* How a program gets over it. */
enum cure { CURE_NONE, CURE_PREPARE, CURE_RESUME, CURE_AGAIN };

static const struct {
    const char *script;
    int error;
    snd_pcm_state_t state;
    unsigned short events; /* of a poll() after it */
    enum cure cure;
} strikes[] = {
    {"xrun@1000", -EPIPE, SND_PCM_STATE_XRUN, POLLOUT | POLLERR, CURE_PREPARE},
    {"suspend@1000", -ESTRPIPE, SND_PCM_STATE_SUSPENDED, POLLOUT | POLLERR,
     CURE_PREPARE},
    {"suspend@1000:3", -ESTRPIPE, SND_PCM_STATE_SUSPENDED, POLLOUT | POLLERR,
     CURE_RESUME},
    {"nodev@1000", -ENODEV, SND_PCM_STATE_DISCONNECTED, POLLERR | POLLNVAL,
     CURE_NONE},
    {"hup@1000", -ENODEV, SND_PCM_STATE_RUNNING, POLLERR | POLLHUP, CURE_NONE},
    {"eio@1500", -EIO, SND_PCM_STATE_RUNNING, 0, CURE_AGAIN},
    {"eintr@1500", -EINTR, SND_PCM_STATE_RUNNING, 0, CURE_AGAIN},
};
enum { STRIKES = sizeof(strikes) / sizeof(*strikes) };

/* Returns the frame that goes on after what was heard. */
static size_t recover(enum cure cure, const char *name, size_t accepted)
{
    int state = SND_PCM_STATE_SUSPENDED;
    int resumes = 0;
    switch (cure) {
    case CURE_PREPARE:
        ck_assert_int_eq(snd_pcm_prepare(player.pcm), 0);
        return accepted;
    case CURE_RESUME:
        while (state == SND_PCM_STATE_SUSPENDED && resumes < ROUNDS_MAX) {
            ck_assert_int_eq(snd_pcm_resume(player.pcm), 0);
            state = (int)snd_pcm_state(player.pcm);
            resumes++;
        }
        ck_assert_msg(resumes == 3, "%s: %d resumes", name, resumes);
        return STRIKE;
    case CURE_AGAIN:
        return STRIKE;
    case CURE_NONE:
        break;
    }
    ck_assert_msg(snd_pcm_prepare(player.pcm) < 0, "%s: prepared", name);
    return FRAMES;
}

/* Bit 0: mapped memory. */
START_TEST(strikes_where_the_script_says)
{
    const char *name = strikes[_i / 2].script;
    enum cure cure = strikes[_i / 2].cure;
    int error;
    begin(name);
    player.is_mmap = (_i & 1) != 0;
    must_open();
    size_t done = player_run(&player, noise, FRAMES, &error);
    ck_assert_msg(error == strikes[_i / 2].error, "%s: %s after %zu", name,
                  snd_strerror(error), done);
    snd_pcm_state_t state = snd_pcm_state(player.pcm);
    ck_assert_msg(state == strikes[_i / 2].state, "%s: state %s", name,
                  snd_pcm_state_name(state));
    if (strikes[_i / 2].events != 0) {
        ck_assert_int_eq(player_wait(&player, 1000), 1);
        ck_assert_msg(player.events == strikes[_i / 2].events,
                      "%s: events 0x%x", name, player.events);
    }
    size_t resumed = recover(cure, name, done);
    if (cure != CURE_NONE) {
        size_t rest = player_run(&player, noise + done * frame_bytes,
                                 FRAMES - done, &error);
        ck_assert_msg(rest == FRAMES - done, "%s: then %s", name,
                      snd_strerror(error));
        player_drain(&player);
    }
    player_close(&player);
    read_log();
    expect_heard(name, STRIKE, resumed);
    if (cure == CURE_PREPARE) {
        char event[16];
        (void)snprintf(event, sizeof(event), "%.*s", (int)strcspn(name, "@"),
                       name);
        ck_assert_int_eq(fake_card_frame(log_text, "playback", event, 0),
                         STRIKE);
        ck_assert_int_eq(
            fake_card_number(log_text, "playback", event, 0, "queued"),
            (int64_t)resumed - STRIKE);
    }
    end();
}
END_TEST

START_TEST(counts_transfers_over_an_xrun)
{
    int error;
    begin("xrun@1000 eio@3000");
    must_open();
    size_t done = player_run(&player, noise, FRAMES, &error);
    ck_assert_int_eq(error, -EPIPE);
    ck_assert_int_eq(snd_pcm_prepare(player.pcm), 0);
    done +=
        player_run(&player, noise + done * frame_bytes, FRAMES - done, &error);
    ck_assert_int_eq(error, -EIO);
    read_log();
    int64_t first =
        fake_card_number(log_text, "playback", "eio", 0, "transfer");
    int64_t size = fake_card_number(log_text, "playback", "eio", 0, "size");
    ck_assert_int_eq(first, (int64_t)done);
    ck_assert(first <= 3000 && first + size > 3000);
    end();
}
END_TEST

START_TEST(cuts_a_write_short)
{
    begin("short@300");
    must_open();
    ck_assert_int_eq(player_transfer(&player, noise, 512), 301);
    ck_assert_int_eq(player_transfer(&player, noise + 301 * frame_bytes, 211),
                     211);
    end();
}
END_TEST

START_TEST(refuses_for_a_while)
{
    begin("eagain@100:3");
    must_open();
    for (int k = 0; k < 3; k++) {
        ck_assert_int_eq(player_transfer(&player, noise, 512), -EAGAIN);
    }
    must_write(512);
    end();
}
END_TEST

static const struct {
    const char *script;
    unsigned empty_wakes;
} harmless[] = {
    {"short@300+77~50", 0},
    {"eagain@100+300:2", 0},
    {"spurious@1000:10 spurious@2000", 11},
    {"early@1000:10", 0},
};

START_TEST(loses_nothing_by_nuisances)
{
    begin(harmless[_i].script);
    must_open();
    player_must_run(&player, noise, FRAMES);
    ck_assert_msg(player.empty_wakes == harmless[_i].empty_wakes,
                  "%s: %u wake-ups for nothing", harmless[_i].script,
                  player.empty_wakes);
    player_drain(&player);
    player_close(&player);
    expect_heard(harmless[_i].script, 0, 0);
    end();
}
END_TEST

START_TEST(wakes_too_early)
{
    begin("early@128:1");
    must_open();
    must_write(512);
    ck_assert_int_eq(snd_pcm_start(player.pcm), 0);
    ck_assert_int_eq(player_wait(&player, 1000), 1);
    must_write(128);
    ck_assert_int_eq(player_wait(&player, 1000), 1);
    ck_assert_uint_eq(player.events, POLLOUT);
    ck_assert_int_eq(snd_pcm_avail_update(player.pcm), 0);
    end();
}
END_TEST

START_TEST(hangs_for_good)
{
    static const char *const speeds[] = {"0", "20"};
    begin("stall@200");
    ck_assert_int_eq(setenv("F4E_FAKE_CARD_SPEED", speeds[_i], 1), 0);
    must_open();
    must_write(512);
    ck_assert_int_eq(snd_pcm_start(player.pcm), 0);
    int result = 1;
    for (int k = 0; k < ROUNDS_MAX && result == 1; k++) {
        result = player_wait(&player, 30);
        (void)snd_pcm_avail_update(player.pcm);
        (void)player_transfer(&player, noise, 128);
    }
    ck_assert_int_eq(result, 0);
    ck_assert_int_eq(snd_pcm_state(player.pcm), SND_PCM_STATE_RUNNING);
    end();
}
END_TEST

START_TEST(runs_dry_by_itself)
{
    begin("");
    must_open();
    ck_assert_int_eq(snd_pcm_start(player.pcm), -EPIPE);
    must_write(300);
    ck_assert_int_eq(snd_pcm_start(player.pcm), 0);
    for (int k = 0; k < ROUNDS_MAX && (player.events & POLLERR) == 0; k++) {
        ck_assert_int_eq(player_wait(&player, 1000), 1);
    }
    ck_assert_int_eq(snd_pcm_state(player.pcm), SND_PCM_STATE_XRUN);
    ck_assert_int_eq(snd_pcm_avail_update(player.pcm), -EPIPE);
    ck_assert_int_eq(player_transfer(&player, noise, 1), -EPIPE);
    read_log();
    ck_assert_int_eq(fake_card_frame(log_text, "playback", "xrun", 0), 300);
    end();
}
END_TEST

START_TEST(waits_when_told_not_to_run_dry)
{
    begin("");
    ck_assert_int_eq(setenv("F4E_FAKE_CARD_UNDERRUNS", "no", 1), 0);
    must_open();
    must_write(300);
    ck_assert_int_eq(snd_pcm_start(player.pcm), 0);
    for (int k = 0; k < ROUNDS_MAX; k++) {
        ck_assert_int_eq(player_wait(&player, 1000), 1);
    }
    ck_assert_int_eq(snd_pcm_state(player.pcm), SND_PCM_STATE_RUNNING);
    ck_assert_int_eq(snd_pcm_avail_update(player.pcm), 512);
    end();
}
END_TEST

static const struct {
    const char *script;
    const char *linked;
    snd_pcm_state_t state; /* of the other direction */
} shared[] = {
    {"xrun@500", "no", SND_PCM_STATE_RUNNING},
    {"xrun@500", "yes", SND_PCM_STATE_XRUN},
    {"suspend@500", "no", SND_PCM_STATE_SUSPENDED},
    {"nodev@500", "no", SND_PCM_STATE_DISCONNECTED},
};

START_TEST(strikes_the_other_direction_too)
{
    struct player in = player_defaults();
    int error;
    begin(shared[_i].script);
    ck_assert_int_eq(setenv("F4E_FAKE_CARD_SPEED", "0", 1), 0);
    ck_assert_int_eq(setenv("F4E_FAKE_CARD_LINKED", shared[_i].linked, 1), 0);
    must_open();
    ck_assert_int_eq(player_open(&in, "fake_in", SND_PCM_STREAM_CAPTURE), 0);
    ck_assert_int_eq(snd_pcm_start(in.pcm), 0);
    (void)player_run(&player, noise, FRAMES, &error);
    ck_assert_int_lt(error, 0);
    ck_assert_msg(snd_pcm_state(in.pcm) == shared[_i].state, "%s: %s",
                  shared[_i].script, snd_pcm_state_name(snd_pcm_state(in.pcm)));
    player_close(&in);
    end();
}
END_TEST

void test_faults_add(TCase *tcase)
{
    tcase_add_loop_test(tcase, strikes_where_the_script_says, 0, STRIKES * 2);
    tcase_add_test(tcase, counts_transfers_over_an_xrun);
    tcase_add_test(tcase, cuts_a_write_short);
    tcase_add_test(tcase, refuses_for_a_while);
    tcase_add_loop_test(tcase, loses_nothing_by_nuisances, 0,
                        sizeof(harmless) / sizeof(*harmless));
    tcase_add_test(tcase, wakes_too_early);
    tcase_add_loop_test(tcase, hangs_for_good, 0, 2);
    tcase_add_test(tcase, runs_dry_by_itself);
    tcase_add_test(tcase, waits_when_told_not_to_run_dry);
    tcase_add_loop_test(tcase, strikes_the_other_direction_too, 0,
                        sizeof(shared) / sizeof(*shared));
}
