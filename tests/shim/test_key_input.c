/* SPDX-License-Identifier: MIT */
/*
 * --keyboard as a user meets it: a pseudo terminal, and a pipe in the place of
 * an input device.
 */
#define _GNU_SOURCE /* posix_openpt and its kin, TIOCSWINSZ */
#include "fake_patch.h"
#include "program.h"
#include "suite.h"

#include <fcntl.h>
#include <linux/input.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int master;
static char slave[64];

static void pause_ms(long ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

static void setup(void)
{
    program_setup();
    master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    ck_assert_int_ge(master, 0);
    ck_assert(grantpt(master) == 0 && unlockpt(master) == 0);
    (void)snprintf(slave, sizeof(slave), "%s", ptsname(master));
}

static void teardown(void)
{
    (void)close(master);
    program_teardown();
}

static bool is_raw(void)
{
    struct termios mode;
    ck_assert_int_eq(tcgetattr(master, &mode), 0);
    return (mode.c_lflag & (ICANON | ECHO)) == 0;
}

static void await_raw(bool is_wanted)
{
    for (int i = 0; i < 6000 && is_raw() != is_wanted; i++) {
        pause_ms(10);
    }
    ck_assert(is_raw() == is_wanted);
}

/* Read what the program tells the terminal until 'wanted' is there. */
static void await_output(const char *wanted)
{
    char text[4096] = "";
    size_t count = 0;
    ck_assert_int_eq(fcntl(master, F_SETFL, O_NONBLOCK), 0);
    for (int i = 0; i < 6000 && strstr(text, wanted) == NULL; i++) {
        ssize_t more = read(master, text + count, sizeof(text) - 1 - count);
        count += more > 0 ? (size_t)more : 0;
        text[count] = '\0';
        if (more <= 0) {
            pause_ms(10);
        }
    }
    ck_assert_msg(strstr(text, wanted) != NULL, "%s", text);
}

static void type(const char *text)
{
    ck_assert_int_eq(write(master, text, strlen(text)), (int)strlen(text));
}

/* Until the patch sees this key. */
static void await_key(int32_t code, bool is_down)
{
    program_wait_for_word(FAKE_KEY_CODE, code);
    program_wait_for_word(FAKE_KEY_DOWN, is_down);
}

static pid_t start(const char *arguments)
{
    char line[256];
    (void)snprintf(line, sizeof(line),
                   PROGRAM_ASKED "--dummy --dump-memory m --keyboard=%s %s",
                   slave, arguments);
    pid_t pid = program_start(NULL, NULL, line);
    program_wait_for("policy");
    return pid;
}

static void end(pid_t pid)
{
    (void)kill(pid, SIGINT);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d: %s", result.status, result.err);
}

START_TEST(taps_go_up_by_time)
{
    pid_t pid = start("");
    await_raw(true);
    type("b");
    await_key(0x05, false);
    end(pid);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_CODE), 0x05);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_DOWN), 0);
}
END_TEST

START_TEST(releases_are_told_where_they_can_be)
{
    pid_t pid = start("");
    await_raw(true);
    await_output("\033[?1004h\033[?u");
    type("\033[?0u");
    await_output("\033[>15u");
    type("\033[97u\033[98u");
    await_key(0x05, true);
    type("\033[98;1:3u");
    await_key(0x04, true);
    pause_ms(300); /* longer than a tap */
    end(pid);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_CODE), 0x04);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_DOWN), 1);
    ck_assert(!is_raw());
    await_output("\033[<u\033[?1004l");
}
END_TEST

START_TEST(lets_go_when_the_focus_is_lost)
{
    pid_t pid = start("");
    await_raw(true);
    type("\033[?0u\033[97u\033[O");
    await_key(0x04, false);
    end(pid);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_CODE), 0x04);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_DOWN), 0);
}
END_TEST

START_TEST(takes_a_lone_escape)
{
    pid_t pid = start("");
    await_raw(true);
    type("\033");
    program_wait_for_word(FAKE_KEY_CODE, 0x29);
    end(pid);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_CODE), 0x29);
}
END_TEST

START_TEST(is_interrupted_by_a_key)
{
    pid_t pid = start("");
    await_raw(true);
    type("\033[?0u\033[99;5u");
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d: %s", result.status, result.err);
    ck_assert(!is_raw());
}
END_TEST

/* Every end but SIGKILL gives the terminal back. */
static const int endings[] = {SIGINT,  SIGTERM, SIGHUP, SIGQUIT, SIGABRT,
                              SIGSEGV, SIGBUS,  SIGFPE, SIGILL};

START_TEST(gives_the_terminal_back)
{
    pid_t pid = start("");
    int status;
    await_raw(true);
    ck_assert_int_eq(kill(pid, endings[_i]), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(endings[_i] == SIGINT || endings[_i] == SIGTERM ||
                          endings[_i] == SIGHUP
                      ? WIFEXITED(status)
                      : WIFSIGNALED(status) && WTERMSIG(status) == endings[_i],
                  "%d: %x", endings[_i], (unsigned)status);
    ck_assert_msg(!is_raw(), "after signal %d", endings[_i]);
    await_output("\033[?1004l");
}
END_TEST

START_TEST(gives_it_back_at_a_forced_end)
{
    program_write_file("s", "20b set 24 i32 60000000\n", 24);
    pid_t pid = start("--script s");
    await_raw(true);
    program_wait_for("asleep"); /* a block hangs */
    ck_assert_int_eq(program_insist(pid, SIGINT).status, 130);
    ck_assert(!is_raw());
}
END_TEST

static const struct {
    const char *arguments;
    int status;
} ends[] = {{"--blocks 20", 0}, {"--script t", 6}, {"--record no/x", 9}};

START_TEST(gives_it_back_at_its_own_end)
{
    char line[256];
    program_write_file("t", "20b set 8 i32 20\n", 17);
    (void)snprintf(line, sizeof(line), "--dummy --keyboard=%s %s", slave,
                   ends[_i].arguments);
    struct program_result result = program_run(NULL, NULL, line);
    ck_assert_msg(result.status == ends[_i].status, "%s: %d %s",
                  ends[_i].arguments, result.status, result.err);
    ck_assert(!is_raw());
    await_output("\033[?1004l");
}
END_TEST

START_TEST(gives_it_back_while_it_is_stopped)
{
    int status;
    pid_t pid = start("");
    await_raw(true);
    type("\033[?0u\033[122;5u"); /* ^Z */
    ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
    ck_assert(WIFSTOPPED(status));
    ck_assert(!is_raw());
    ck_assert_int_eq(kill(pid, SIGCONT), 0);
    await_raw(true);
    end(pid);
    ck_assert(!is_raw());
}
END_TEST

static void push(int fd, unsigned code, int value)
{
    struct input_event input;
    memset(&input, 0, sizeof(input));
    input.type = EV_KEY;
    input.code = (unsigned short)code;
    input.value = value;
    ck_assert_int_eq(write(fd, &input, sizeof(input)), sizeof(input));
}

START_TEST(plays_from_an_input_device)
{
    ck_assert_int_eq(mkfifo("keys", 0600), 0);
    pid_t pid = program_start(
        NULL, NULL, PROGRAM_ASKED "--dummy --dump-memory m --keyboard=keys");
    program_wait_for("policy");
    int fd = open("keys", O_WRONLY | O_CLOEXEC);
    int unread = 1;
    ck_assert_int_ge(fd, 0);
    push(fd, KEY_A, 1);
    push(fd, KEY_B, 1);
    push(fd, KEY_LEFTSHIFT, 1);
    push(fd, KEY_LEFTSHIFT, 0);
    /* A piece of an event, then the rest. */
    struct input_event input;
    memset(&input, 0, sizeof(input));
    input.type = EV_KEY;
    input.code = KEY_B;
    ck_assert_int_eq(write(fd, &input, 7), 7);
    for (int i = 0; i < 6000 && unread > 0; i++) {
        pause_ms(10);
        ck_assert_int_eq(ioctl(fd, FIONREAD, &unread), 0);
    }
    ck_assert_int_eq(unread, 0);
    await_key(0x05, true);
    ck_assert_int_eq(write(fd, (char *)&input + 7, sizeof(input) - 7),
                     sizeof(input) - 7);
    await_key(0x04, true);
    end(pid);
    (void)close(fd);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_CODE), 0x04);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_DOWN), 1);
}
END_TEST

START_TEST(waits_for_a_device_that_goes_away)
{
    ck_assert_int_eq(mkfifo("keys", 0600), 0);
    pid_t pid = program_start(
        NULL, NULL, PROGRAM_ASKED "--dummy --dump-memory m --keyboard=keys");
    program_wait_for("policy");
    int fd = open("keys", O_WRONLY | O_CLOEXEC);
    push(fd, KEY_A, 1);
    await_key(0x04, true);
    (void)close(fd);
    program_wait_for("keyboard 'keys' is gone: waiting for it");
    program_wait_for("keyboard 'keys' is back");
    fd = open("keys", O_WRONLY | O_CLOEXEC);
    push(fd, KEY_C, 1);
    push(fd, KEY_C, 0);
    await_key(0x06, false);
    end(pid);
    (void)close(fd);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_CODE), 0x06);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_DOWN), 0); /* A was let go */
}
END_TEST

/* Lines in any order; then memory after each block, offline. */
static const char key_script[] = "8b key down ShiftLeft\n"
                                 "9b key blur\n"
                                 "1b key down KeyA\n"
                                 "3b key down 0x2c\n"
                                 "4b key up Space\n"
                                 "6b key up KeyA\n"
                                 "11b key down 0\n";
static const int32_t views[][2] = {{0, 0},    {4, 1},    {4, 1},    {0x2c, 1},
                                   {4, 1},    {4, 1},    {4, 0},    {4, 0},
                                   {0xe1, 1}, {0xe1, 0}, {0xe1, 0}, {0, 1}};

START_TEST(plays_keys_from_a_script)
{
    char line[128];
    program_write_file("s", key_script, sizeof(key_script) - 1);
    for (int block = 0; block < 12; block++) {
        (void)snprintf(line, sizeof(line),
                       "--render none --blocks %d --script s --dump-memory m",
                       block + 1);
        ck_assert_int_eq(program_run(NULL, NULL, line).status, 0);
        ck_assert_msg(program_dumped("m", FAKE_KEY_CODE) == views[block][0] &&
                          program_dumped("m", FAKE_KEY_DOWN) == views[block][1],
                      "block %d: %d %d", block,
                      (int)program_dumped("m", FAKE_KEY_CODE),
                      (int)program_dumped("m", FAKE_KEY_DOWN));
    }
    struct program_result result = program_run(
        getenv("FAKE_MUTE"), NULL, "--render none --blocks 1 --script s");
    ck_assert_int_eq(result.status, 2);
    ck_assert_ptr_nonnull(
        strstr(result.err, "s:1: the patch has no memory for keys"));
}
END_TEST

START_TEST(plays_keys_from_the_console)
{
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid = program_start(NULL, NULL,
                              PROGRAM_ASKED "--dummy --seconds 600 --control "
                                            "pipe --dump-memory m");
    FILE *pipe = fopen("pipe", "w");
    ck_assert_ptr_nonnull(pipe);
    (void)fprintf(pipe, "key down KeyB\nkey down KeyC\nkey up KeyC\n");
    (void)fflush(pipe);
    await_key(0x05, true);
    (void)fprintf(pipe, "quit\n");
    (void)fclose(pipe);
    ck_assert_int_eq(program_wait(pid).status, 0);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_CODE), 5);
    ck_assert_int_eq(program_dumped("m", FAKE_KEY_DOWN), 1);
}
END_TEST

START_TEST(says_why_there_is_no_keyboard)
{
    struct program_result result =
        program_run(NULL, NULL, "--dummy --blocks 1 --keyboard=none");
    ck_assert_int_eq(result.status, 3);
    ck_assert_msg(strstr(result.err, "cannot open keyboard 'none': No such "
                                     "file or directory") != NULL,
                  "%s", result.err);
    result = program_run(getenv("FAKE_MUTE"), NULL, "--dummy --keyboard");
    ck_assert_int_eq(result.status, 2);
    ck_assert_msg(strstr(result.err, "the patch has no memory for keys") !=
                      NULL,
                  "%s", result.err);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("key_input");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, taps_go_up_by_time);
    tcase_add_test(tcase, releases_are_told_where_they_can_be);
    tcase_add_test(tcase, lets_go_when_the_focus_is_lost);
    tcase_add_test(tcase, takes_a_lone_escape);
    tcase_add_test(tcase, is_interrupted_by_a_key);
    tcase_add_loop_test(tcase, gives_the_terminal_back, 0,
                        sizeof(endings) / sizeof(*endings));
    tcase_add_test(tcase, gives_it_back_at_a_forced_end);
    tcase_add_loop_test(tcase, gives_it_back_at_its_own_end, 0,
                        sizeof(ends) / sizeof(*ends));
    tcase_add_test(tcase, gives_it_back_while_it_is_stopped);
    tcase_add_test(tcase, plays_from_an_input_device);
    tcase_add_test(tcase, waits_for_a_device_that_goes_away);
    tcase_add_test(tcase, plays_keys_from_a_script);
    tcase_add_test(tcase, plays_keys_from_the_console);
    tcase_add_test(tcase, says_why_there_is_no_keyboard);
    suite_add_tcase(suite, tcase);
    return suite;
}
