/* SPDX-License-Identifier: MIT */
/* The JACK backend, on a server of its own without hardware: what it plays is
 * the render, bit for bit, whatever the server's period. */
#include "fake_patch.h"
#include "jack_room.h"
#include "json_check.h"
#include "program.h"
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RATE = FAKE_RATE, BLOCK = FAKE_BLOCK_FRAMES, FRAMES = 30000 };

static const struct {
    unsigned period;
    unsigned delay; /* of the input, frames */
} periods[] = {{1024, 0}, {128, 0}, {1000, BLOCK}, {96, BLOCK}, {4096, 0}};

START_TEST(plays_the_render_bit_for_bit_in_periods_of)
{
    size_t first;
    uint32_t min;
    uint32_t max;
    if (!jack_room_open(RATE, periods[_i].period)) {
        return;
    }
    jack_room_enter();
    pid_t pid =
        program_start(NULL, NULL, JACK_ROOM_LATER "--device jack:patch");
    jack_room_join("patch");
    const struct jack_room_heard *heard = jack_room_hear(FRAMES, &first);
    for (size_t i = 0; i < FRAMES; i++) {
        float right =
            jack_room_word(heard->said[first + i] - periods[_i].delay);
        ck_assert_msg(heard->right[first + i] == right,
                      "right %zu: %.9g, not %.9g", i, heard->right[first + i],
                      right);
        ck_assert_msg(heard->left[first + i] == fake_ramp(i),
                      "left %zu: %.9g, not %.9g", i, heard->left[first + i],
                      fake_ramp(i));
    }
    jack_room_latency("patch:out_1", false, &min, &max);
    ck_assert_uint_eq(max, periods[_i].delay);
    ck_assert_uint_eq(min, periods[_i].delay);
    jack_room_latency("patch:in_1", true, &min, &max);
    ck_assert_uint_eq(max, periods[_i].delay);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d: %s", result.status, result.err);
    ck_assert(periods[_i].delay == 0 ||
              strstr(result.err, "delay   128 frames") != NULL);
    jack_room_leave();
}
END_TEST

/* The left channel does not hear the input. */
static void check_left(const struct jack_room_heard *heard, size_t first,
                       size_t frames)
{
    for (size_t i = 0; i < frames; i++) {
        ck_assert_msg(heard->left[first + i] == fake_ramp(i),
                      "left %zu: %.9g, not %.9g", i, heard->left[first + i],
                      fake_ramp(i));
    }
}

START_TEST(goes_on_when_the_period_changes)
{
    static const unsigned sizes[] = {256, 1000, 96, 2048};
    size_t first;
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    pid_t pid = program_start(
        NULL, NULL, JACK_ROOM_LATER "--device jack:patch --input off");
    jack_room_join_output("patch");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        (void)jack_room_hear((i + 1) * 10000, &first);
        jack_room_set_period(sizes[i]);
    }
    const struct jack_room_heard *heard = jack_room_hear(50000, &first);
    check_left(heard, first, 50000);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, 0, "periods of 1024 frames",
                   ": period  2048 frames");
    jack_room_leave();
}
END_TEST

/* By the clock this would take longer than the test may. */
START_TEST(freewheels)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    /* A server that freewheels already lets nobody in. */
    pid_t pid =
        program_start(NULL, NULL, "--device jack --seconds 200 --stats-json -");
    program_wait_for(": policy");
    jack_room_freewheel(true);
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, 0, "device  JACK");
    ck_assert_double_eq(json_number(result.out, "frames"),
                        200.0 * (double)RATE);
    jack_room_leave();
}
END_TEST

START_TEST(a_file_gets_all_of_a_freewheel)
{
    size_t bytes;
    size_t other_bytes;
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    jack_room_enter();
    pid_t pid = program_start(
        NULL, NULL, "--device jack --input off --seconds 60 --record p");
    program_wait_for(": policy");
    jack_room_freewheel(true);
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, 0, "device  JACK");
    result = program_run(NULL, NULL, "--render r --seconds 60");
    ck_assert_int_eq(result.status, 0);
    unsigned char *played = program_read_file("p", &bytes);
    unsigned char *rendered = program_read_file("r", &other_bytes);
    ck_assert_uint_eq(bytes, other_bytes);
    ck_assert_int_eq(memcmp(played, rendered, bytes), 0);
    free(played);
    free(rendered);
    jack_room_leave();
}
END_TEST

START_TEST(starts_no_earlier_than_a_period_before_its_instant)
{
    enum { PERIOD = 1024 };
    char line[128];
    struct timespec now;
    size_t first;
    if (!jack_room_open(RATE, PERIOD)) {
        return;
    }
    jack_room_enter();
    (void)clock_gettime(CLOCK_REALTIME, &now);
    const int64_t due_ns = ((int64_t)now.tv_sec + 4) * 1000000000 + 250000000;
    (void)snprintf(line, sizeof(line),
                   "--device jack:patch --no-connect --start-at %lld.25",
                   (long long)now.tv_sec + 4);
    pid_t pid = program_start(NULL, NULL, line);
    jack_room_join("patch");
    const struct jack_room_heard *heard = jack_room_hear(1000, &first);
    /* Not before; how exactly is held by shim.jack_process, without a machine
     * that puts two programs aside. */
    ck_assert_msg(heard->at_ns[first] - due_ns > -1000000000LL * PERIOD / RATE,
                  "%lld ns", (long long)(heard->at_ns[first] - due_ns));
    check_left(heard, first, 1000);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
    jack_room_leave();
}
END_TEST

START_TEST(follows_a_trap)
{
    if (!jack_room_open(RATE, 1024)) {
        return;
    }
    program_write_file("trap", "10b set 8 i32 10\n", 17);
    struct program_result result =
        program_run(NULL, NULL, "--device jack --script trap");
    PROGRAM_EXPECT(result, 6, "trap");
    result = program_run(NULL, NULL,
                         "--device jack --script trap --on-trap silence "
                         "--seconds 0.5 --meter --stats");
    PROGRAM_EXPECT(result, 0, "0.500 s of sound");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("jack");
    TCase *tcase = tcase_create("jack");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, program_setup, jack_room_teardown);
    tcase_add_loop_test(tcase, plays_the_render_bit_for_bit_in_periods_of, 0,
                        sizeof(periods) / sizeof(*periods));
    tcase_add_test(tcase, goes_on_when_the_period_changes);
    tcase_add_test(tcase, freewheels);
    tcase_add_test(tcase, a_file_gets_all_of_a_freewheel);
    tcase_add_test(tcase, starts_no_earlier_than_a_period_before_its_instant);
    tcase_add_test(tcase, follows_a_trap);
    suite_add_tcase(suite, tcase);
    return suite;
}
