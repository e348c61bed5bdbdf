/* SPDX-License-Identifier: MIT */
/* Blocks that do not end, of a program that is asked to. */
#include "system/block_watch.h"

#include "fake_patch.h"
#include "program.h"
#include "suite.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BY_SIGNAL = 128 };

/* Block 2 takes so long. */
static void write_script(int us)
{
    char script[64];
    (void)snprintf(script, sizeof(script),
                   "2b set %d i32 %d\n"
                   "3b set %d i32 0\n",
                   FAKE_SLEEP_US, us, FAKE_SLEEP_US);
    program_write_file("script", script, strlen(script));
}

static const struct {
    const char *arguments;
    int signal;
} players[] = {
    {"--render x.wav --blocks 9 --script script", SIGTERM},
    {"--render x.wav --blocks 9 --script script", SIGINT},
    {"--render x.wav --blocks 9 --script script --state s", SIGHUP},
    {"--render - --blocks 9 --script script", SIGTERM},
    {"--midi-in none --dummy --script script --stats-json j", SIGTERM},
    {"--midi-in none --dummy --quiet --script script", SIGINT},
};
enum { PLAYERS = sizeof(players) / sizeof(players[0]) };

START_TEST(one_signal_ends_it)
{
    write_script(2000000000);
    pid_t pid = program_start(NULL, NULL, players[_i].arguments);
    program_wait_for("asleep");
    ck_assert_int_eq(kill(pid, players[_i].signal), 0);
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, BY_SIGNAL + players[_i].signal,
                   "stereo: block 2 does not end: given up");
    ck_assert(!program_has_file("x.wav") && !program_has_file("s") &&
              !program_has_file("j"));
}
END_TEST

START_TEST(a_block_that_ends_is_waited_for)
{
    write_script(1000000);
    pid_t pid = program_start(NULL, NULL, players[0].arguments);
    program_wait_for("asleep");
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d %s", result.status, result.err);
    ck_assert(program_has_file("x.wav"));
    ck_assert_int_eq(unlink("x.wav"), 0);
}
END_TEST

/* Steps of time in ms, the number that the audio thread shows then, and whether
 * that is a block without end. */
static const struct {
    unsigned ms;
    unsigned sequence;
    bool is_endless;
} looks[] = {
    {250, 1, false},    {250, 1, false}, {250, 3, false},    {1750, 3, false},
    {100000, 3, false}, {250, 4, false}, {100000, 4, false}, {250, 5, false},
    {300, 5, false},    {300, 5, false}, {300, 5, false},    {300, 5, false},
    {300, 5, false},    {300, 5, false}, {300, 5, true},     {300, 5, true},
    {1, 6, false},      {300, 7, false},
};

START_TEST(time_that_stood_still_does_not_count)
{
    static struct engine engine;
    struct block_watch watch = {.sequence = 0};
    uint64_t now_ns = 1000000;
    for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++) {
        now_ns += (uint64_t)looks[i].ms * 1000000;
        atomic_store(&engine.snapshot.sequence, looks[i].sequence);
        ck_assert_msg(block_watch_is_endless(&watch, &engine, now_ns) ==
                          looks[i].is_endless,
                      "look %zu: %d ms", i, (int)(watch.inside_ns / 1000000));
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("endless");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, one_signal_ends_it, 0, PLAYERS);
    tcase_add_test(tcase, a_block_that_ends_is_waited_for);
    tcase_add_test(tcase, time_that_stood_still_does_not_count);
    suite_add_tcase(suite, tcase);
    return suite;
}
