/* SPDX-License-Identifier: MIT */
/*
 * Named pipes without anybody on the other side: who waits for him says so, and
 * ends when he is told to.
 */
#include "files/patience.h"

#include "program.h"
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BY_SIGNAL = 128 };

#define WRITER "waiting for somebody to write to 'pipe'"
#define READER "waiting for somebody to read 'pipe'"

static const struct {
    const char *arguments;
    const char *words;
} starts[] = {
    {"--dummy --blocks 2 --script pipe", WRITER},
    {"--dummy --blocks 2 --midi pipe", WRITER},
    {"--render none --blocks 2 --input pipe", WRITER},
    {"--render none --blocks 2 --input-raw pipe", WRITER},
    {"--render pipe --blocks 2", READER},
    {"--midi-in none --dummy --blocks 2 --record pipe", READER},
    {"--midi-in none --dummy --blocks 2 --quiet --script pipe", WRITER},
};
enum { STARTS = sizeof(starts) / sizeof(starts[0]) };

START_TEST(a_start_waits_aloud_and_ends_at_once)
{
    const int number = _i % 2 == 0 ? SIGTERM : SIGINT;
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid = program_start(NULL, NULL, starts[_i].arguments);
    program_wait_for(starts[_i].words);
    ck_assert_int_eq(kill(pid, number), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == BY_SIGNAL + number, "%s: %d %s",
                  starts[_i].arguments, result.status, result.err);
    ck_assert_ptr_null(strstr(result.err, "cannot"));
}
END_TEST

static const char *const ends[] = {"--stats-json pipe", "--dump-memory pipe"};
enum { ENDS = sizeof(ends) / sizeof(ends[0]) };

/* There was something before, so the end is an orderly one. */
START_TEST(an_end_waits_aloud_and_ends_at_once)
{
    char arguments[128];
    (void)snprintf(arguments, sizeof(arguments),
                   "--render none --blocks 2 --state s %s", ends[_i]);
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid = program_start(NULL, NULL, arguments);
    program_wait_for(READER);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    PROGRAM_EXPECT(result, 9, "cannot write 'pipe': Operation canceled");
    ck_assert(program_has_file("s"));
    ck_assert_int_eq(unlink("s"), 0);
}
END_TEST

static void pause_ms(long ms)
{
    const struct timespec time = {0, ms * 1000000};
    (void)nanosleep(&time, NULL);
}

static void pass_to_pipe(const char *words)
{
    FILE *pipe = fopen("pipe", "w");
    ck_assert_ptr_nonnull(pipe);
    ck_assert_int_ge(fputs(words, pipe), 0);
    ck_assert_int_eq(fclose(pipe), 0);
}

START_TEST(takes_what_comes_later)
{
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid = program_start(NULL, NULL,
                              "--render none --blocks 2 --script pipe "
                              "--dump-memory memory");
    program_wait_for(WRITER);
    pass_to_pipe("0b set keys:note 77\n");
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_int_eq(program_dumped("memory", 12), 77);
    ck_assert_int_eq(unlink("memory"), 0);
}
END_TEST

START_TEST(gives_to_who_comes_later)
{
    char bytes[4096];
    size_t count = 0;
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid = program_start(NULL, NULL, "--render pipe --blocks 200");
    program_wait_for(READER);
    FILE *pipe = fopen("pipe", "r");
    ck_assert_ptr_nonnull(pipe);
    for (size_t got; (got = fread(bytes, 1, sizeof(bytes), pipe)) > 0;) {
        count += got;
    }
    ck_assert_int_eq(fclose(pipe), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_uint_eq(count, 58 + (size_t)200 * 128 * 2 * 4);
}
END_TEST

static const char *const dispensable[] = {"--script", "--record", "--midi",
                                          "--stats-json"};
enum { DISPENSABLE = sizeof(dispensable) / sizeof(dispensable[0]) };

/* Nobody is there to see what a service waits for. */
START_TEST(a_service_does_without)
{
    char arguments[128];
    (void)snprintf(arguments, sizeof(arguments), "--dummy --blocks 2 %s pipe",
                   dispensable[_i]);
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    ck_assert_int_eq(setenv("NOTIFY_SOCKET", "@f4e-test-nobody", 1), 0);
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_int_eq(unsetenv("NOTIFY_SOCKET"), 0);
    PROGRAM_EXPECT(result, strcmp(dispensable[_i], "--stats-json") == 0 ? 9 : 0,
                   ": policy ", "waiting for somebody to", "Timer expired");
}
END_TEST

/* More than it reads before it plays. */
static void feed(int fd)
{
    static const char samples[1 << 17];
    int left = 1;
    ck_assert_int_eq(write(fd, samples, sizeof(samples)), sizeof(samples));
    while (left > 0) {
        ck_assert_int_eq(ioctl(fd, FIONREAD, &left), 0);
        pause_ms(1);
    }
}

static void wait_until_full(int fd)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};
    while (poll(&room, 1, 0) > 0) {
        pause_ms(1);
    }
}

/* The first byte came, or was taken, and then nothing: a render that stands
 * still ends all the same. */
START_TEST(a_render_that_stands_still_ends)
{
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid = program_start(NULL, NULL,
                              _i == 0 ? "--render none --seconds 3600 "
                                        "--input-raw pipe"
                                      : "--render pipe --seconds 3600");
    program_wait_for(_i == 0 ? WRITER : READER);
    int fd = open("pipe", O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    if (_i == 0) {
        feed(fd);
    } else {
        wait_until_full(fd);
    }
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == (_i == 0 ? 0 : 9), "%d %s", result.status,
                  result.err);
    ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Nobody has said who waits. */
START_TEST(waits_silently_until_it_is_over)
{
    int fds[2];
    struct patience patience = {.path = "x", .deed = "read"};
    ck_assert_int_eq(pipe(fds), 0);
    ck_assert(patience_wait(&patience, -1, 0));
    ck_assert(patience_wait(&patience, fds[1], POLLOUT));
    patience_end();
    ck_assert(patience_wait(&patience, fds[1], POLLOUT));
    ck_assert(!patience_wait(&patience, fds[0], POLLIN));
    ck_assert_int_eq(errno, ECANCELED);
    ck_assert(!patience.is_told);
    (void)close(fds[0]);
    (void)close(fds[1]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("patience");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_start_waits_aloud_and_ends_at_once, 0, STARTS);
    tcase_add_loop_test(tcase, an_end_waits_aloud_and_ends_at_once, 0, ENDS);
    tcase_add_test(tcase, takes_what_comes_later);
    tcase_add_test(tcase, gives_to_who_comes_later);
    tcase_add_loop_test(tcase, a_service_does_without, 0, DISPENSABLE);
    tcase_add_loop_test(tcase, a_render_that_stands_still_ends, 0, 2);
    tcase_add_test(tcase, waits_silently_until_it_is_over);
    suite_add_tcase(suite, tcase);
    return suite;
}
