/* SPDX-License-Identifier: MIT */
#include "control/watch.h"

#include "fake_patch.h"
#include "json_check.h"
#include "program.h"
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* 48000 Hz, 128 frames: a second begins with block 375 exactly. */
START_TEST(shows_a_render_exactly)
{
    struct program_result result =
        program_run(NULL, NULL,
                    "--render r.wav --seconds 3 --watch blocks,amp:gain --set "
                    "375b:amp:gain=2 --set 749b:amp:gain=3 -q");
    ck_assert_msg(result.status == 0 && result.err[0] == '\0', "%s",
                  result.err);
    ck_assert_str_eq(result.out, "0.000 test:blocks 0\n0.000 amp:gain 1\n"
                                 "1.000 test:blocks 375\n1.000 amp:gain 1\n"
                                 "2.000 test:blocks 750\n2.000 amp:gain 3\n"
                                 "3.000 test:blocks 1125\n3.000 amp:gain 3\n");
}
END_TEST

START_TEST(shows_settings_from_the_start)
{
    struct program_result result = program_run(
        NULL, NULL,
        "--render r.wav --blocks 375 --watch table:i*,big:data,@4:f32 "
        "--watch-rate 2 --set table:i32[1]=7 --set amp:gain=5 -q");
    ck_assert_str_eq(result.out,
                     "0.000 table:i8 0 0 0 0 0 0 0 0\n"
                     "0.000 table:i16 0 0 0 0 0 0 0 0\n"
                     "0.000 table:i32 0 7 0 0 0 0 0 0\n"
                     "0.000 big:data 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ...\n"
                     "0.000 @0x4:f32 5\n"
                     "0.500 table:i8 0 0 0 0 0 0 0 0\n"
                     "0.500 table:i16 0 0 0 0 0 0 0 0\n"
                     "0.500 table:i32 0 7 0 0 0 0 0 0\n"
                     "0.500 big:data 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ...\n"
                     "0.500 @0x4:f32 5\n"
                     "1.000 table:i8 0 0 0 0 0 0 0 0\n"
                     "1.000 table:i16 0 0 0 0 0 0 0 0\n"
                     "1.000 table:i32 0 7 0 0 0 0 0 0\n"
                     "1.000 big:data 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ...\n"
                     "1.000 @0x4:f32 5\n");
}
END_TEST

START_TEST(shows_values_while_it_plays)
{
    enum { WANTED_BYTES = 400, BUFFER_BLOCKS = 4 };
    pid_t pid = program_start(NULL, NULL,
                              "--dummy --rt-prio 0 --watch test:blocks "
                              "--watch-rate 20 --stats-json j --dump-memory m");
    program_wait_for_bytes("child.out", WANTED_BYTES);
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    struct program_result result = program_wait(pid);
    ck_assert_int_eq(result.status, 0);
    size_t bytes;
    char *json = (char *)program_read_file("j", &bytes);
    double lost_s = json_number(json, "lostMs") / 1e3;
    free(json);
    double first_s = 0.0;
    double last_s = -1.0;
    int first = 0; /* the first count that is one */
    int last = -1;
    for (const char *at = result.out; *at != '\0';) {
        double seconds;
        int blocks;
        ck_assert_msg(sscanf(at, "%lf test:blocks %d", &seconds, &blocks) == 2,
                      "%s", at);
        ck_assert(seconds >= last_s && blocks >= last);
        first_s = first == 0 ? seconds : first_s;
        first = first == 0 ? blocks : first;
        /* As many as the time that is told takes, but for what the patch knows
         * that it lost, and for what its buffer bridges. */
        ck_assert_msg(blocks + BUFFER_BLOCKS + 2 >=
                          first + (int)((seconds - first_s - lost_s) * 375.0),
                      "%g s lost of %s", lost_s, result.out);
        last_s = seconds;
        last = blocks;
        at = strchr(at, '\n') + 1;
    }
    ck_assert_msg(first > 0 && last > first, "%s", result.out);
    ck_assert_int_ge(program_dumped("m", FAKE_BLOCKS), last);
}
END_TEST

START_TEST(leaves_out_missed_ticks)
{
    struct watch watch;
    struct failure failure = {0};
    char *text;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    ck_assert(watch_open(&watch, &f4e_patch, "keys:note", 10, file, &failure));
    ck_assert_int_eq(watch_wait_ms(&watch, 0, 1000), 1);
    watch_tick(&watch, 0, 0);
    ck_assert_int_eq(watch_wait_ms(&watch, 0, 1000), 101);
    ck_assert_int_eq(watch_wait_ms(&watch, 0, 50), 50);
    watch_tick(&watch, 99000000, 4800);
    watch_tick(&watch, 100000000, 4800);
    watch_tick(&watch, 350000000, 16800);
    watch_tick(&watch, 399000000, 19200);
    watch_tick(&watch, 400000000, 19200);
    ck_assert_int_eq(watch_wait_ms(&watch, 900000000, 50), 0);
    watch_close(&watch);
    ck_assert_int_eq(watch_wait_ms(&watch, 0, 50), 50);
    (void)fclose(file);
    ck_assert_str_eq(text, "0.000 keys:note 0\n0.100 keys:note 0\n"
                           "0.350 keys:note 0\n0.400 keys:note 0\n");
    free(text);
}
END_TEST

/* A disk that is full is no reason to end the sound. */
START_TEST(goes_on_when_nobody_reads)
{
    struct watch watch;
    struct failure failure = {0};
    FILE *file = fopen("/dev/full", "w");
    ck_assert_ptr_nonnull(file);
    ck_assert(watch_open(&watch, &f4e_patch, "keys:note", 1, file, &failure));
    watch_block(&watch, 0);
    ck_assert_uint_eq(watch.count, 0);
    ck_assert(watch.is_over);
    ck_assert_int_eq(watch.error, ENOSPC);
    watch_block(&watch, 1000000);
    watch_tick(&watch, UINT64_C(1) << 40, 0);
    watch_close(&watch);
    (void)fclose(file);
}
END_TEST

/* As in "--watch NAME | head -1": it ends when head does, without a word. */
START_TEST(ends_when_the_reader_has_seen_enough)
{
    static const char *const lives[][9] = {
        {"stereo", "--render", "none", "--seconds", "3600", "--watch",
         "keys:note", NULL},
        {"stereo", "--dummy", "-q", "--midi-in", "none", "--watch", "keys:note",
         "--watch-rate=50", NULL},
    };
    int ends[2];
    char byte;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        int errors = open("err", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        (void)dup2(errors, STDERR_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        (void)execv(getenv("FAKE_STEREO"), (char *const *)(uintptr_t)lives[_i]);
        _exit(127);
    }
    (void)close(ends[1]);
    ck_assert_int_eq(read(ends[0], &byte, 1), 1);
    (void)close(ends[0]);
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    size_t bytes;
    char *text = (char *)program_read_file("err", &bytes);
    ck_assert_msg(strstr(text, "annot write") == NULL, "%s", text);
    free(text);
}
END_TEST

static const struct {
    const char *names;
    const char *message;
} bad[] = {
    {"", "--watch needs a name"},
    {",", "--watch needs a name"},
    {"keys:note,nothing", "--watch: the patch has no variable 'nothing'"},
    {"x*", "--watch: the patch has no variable 'x*'"},
    {"gain", "--watch: 2 variables are called 'gain'"},
};

START_TEST(says_which_name_is_wrong)
{
    struct watch watch;
    struct failure failure = {0};
    ck_assert(
        !watch_open(&watch, &f4e_patch, bad[_i].names, 1, stdout, &failure));
    ck_assert_msg(
        strncmp(failure.text, bad[_i].message, strlen(bad[_i].message)) == 0,
        "%s", failure.text);
    ck_assert_uint_eq(watch.count, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("watch");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, shows_a_render_exactly);
    tcase_add_test(tcase, shows_settings_from_the_start);
    tcase_add_test(tcase, shows_values_while_it_plays);
    tcase_add_test(tcase, leaves_out_missed_ticks);
    tcase_add_loop_test(tcase, ends_when_the_reader_has_seen_enough, 0, 2);
    tcase_add_test(tcase, goes_on_when_nobody_reads);
    tcase_add_loop_test(tcase, says_which_name_is_wrong, 0,
                        sizeof(bad) / sizeof(*bad));
    suite_add_tcase(suite, tcase);
    return suite;
}
