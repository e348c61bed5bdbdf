/* SPDX-License-Identifier: MIT */
/*
 * What a service manager hears, on a socket of ours: first from the module,
 * then from a whole program.
 */
#include "system/notify.h"

#include "fake_patch.h"
#include "program.h"
#include "suite.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const uint64_t MS = 1000000;
static int listener = -1;
static struct notify notify;
static struct stats stats;

/* Listen at 'path' ('@': abstract) and tell it in the environment. */
static void listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    memcpy(address.sun_path, path, length + 1);
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    listener = socket(AF_UNIX, SOCK_DGRAM, 0);
    ck_assert_int_ge(listener, 0);
    ck_assert_int_eq(
        bind(listener, (struct sockaddr *)&address,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)),
        0);
    ck_assert_int_eq(setenv("NOTIFY_SOCKET", path, 1), 0);
}

static char socket_path[108];

static void set_up(void)
{
    program_setup();
    memset(&stats, 0, sizeof(stats));
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
    char folder[80];
    ck_assert_ptr_nonnull(getcwd(folder, sizeof(folder)));
    (void)snprintf(socket_path, sizeof(socket_path), "%s/socket", folder);
    listen_at(socket_path);
}

static void tear_down(void)
{
    (void)close(listener);
    (void)unlink(socket_path);
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
    program_teardown();
}

/* The next message within 'timeout_ms', or "". */
static const char *hear(int timeout_ms)
{
    static char text[256];
    struct pollfd fd = {.fd = listener, .events = POLLIN};
    text[0] = '\0';
    if (poll(&fd, 1, timeout_ms) > 0) {
        ssize_t length = recv(listener, text, sizeof(text) - 1, 0);
        text[length > 0 ? length : 0] = '\0';
    }
    return text;
}

static void expect_silence(void)
{
    ck_assert_str_eq(hear(0), "");
}

/* A tick at 'ms' with so many blocks done. */
static void tick(uint64_t ms, uint64_t blocks)
{
    atomic_store(&stats.blocks, blocks);
    notify_tick(&notify, &stats, ms * MS);
}

START_TEST(tells_ready_with_the_first_block)
{
    notify_open(&notify);
    ck_assert_int_le(notify_interval_ms(&notify, 1000), 50);
    tick(0, 0);
    expect_silence();
    tick(10, 1);
    ck_assert_str_eq(hear(0), "READY=1\nSTATUS=playing");
    ck_assert_int_eq(notify_interval_ms(&notify, 1000), 1000);
    tick(10000, 2);
    expect_silence(); /* no watchdog was asked for */
    notify_close(&notify);
    ck_assert_str_eq(hear(0), "STOPPING=1");
    notify_close(&notify);
    expect_silence();
}
END_TEST

START_TEST(feeds_the_watchdog_while_blocks_advance)
{
    (void)setenv("WATCHDOG_USEC", "1000000", 1);
    notify_open(&notify);
    tick(0, 1);
    ck_assert_str_ne(hear(0), "");
    int interval = notify_interval_ms(&notify, 1000);
    ck_assert_int_eq(interval, 250);
    uint64_t last = 0;
    unsigned fed = 0;
    for (uint64_t ms = 0; ms < 10000; ms += (uint64_t)interval) {
        tick(ms, 2 + ms);
        if (strcmp(hear(0), "WATCHDOG=1") == 0) {
            ck_assert_uint_le(ms - last, 500); /* half the time allowed */
            last = ms;
            fed++;
        }
        expect_silence();
    }
    ck_assert_uint_ge(fed, 19);
    for (uint64_t ms = 10000; ms < 13000; ms += (uint64_t)interval) {
        tick(ms, 10000); /* the audio thread hangs */
        if (ms > 10000) {
            expect_silence();
        } else {
            (void)hear(0);
        }
    }
    tick(13000, 10001);
    ck_assert_str_eq(hear(0), "WATCHDOG=1");
}
END_TEST

START_TEST(lives_while_it_waits_for_a_device)
{
    (void)setenv("WATCHDOG_USEC", "1000000", 1);
    notify_open(&notify);
    tick(0, 5);
    (void)hear(0);
    atomic_store(&stats.losses, 1);
    tick(500, 5);
    ck_assert_str_eq(hear(0), "STATUS=the device was lost: waiting for it");
    ck_assert_str_eq(hear(0), "WATCHDOG=1");
    tick(1000, 5);
    ck_assert_str_eq(hear(0), "WATCHDOG=1");
    atomic_store(&stats.reopened, 1);
    tick(1500, 6);
    ck_assert_str_eq(hear(0), "STATUS=playing");
    ck_assert_str_eq(hear(0), "WATCHDOG=1");
    tick(2000, 6);
    expect_silence();
}
END_TEST

START_TEST(is_ready_while_it_waits_for_its_start)
{
    (void)setenv("WATCHDOG_USEC", "1000000", 1);
    notify_open(&notify);
    notify.is_early = true;
    tick(0, 0);
    ck_assert_str_eq(hear(0), "READY=1\nSTATUS=playing");
    tick(500, 0);
    ck_assert_str_eq(hear(0), "WATCHDOG=1");
    notify.is_early = false;
    tick(1000, 0);
    expect_silence(); /* now it hangs */
}
END_TEST

START_TEST(finds_an_abstract_socket)
{
    char name[64];
    (void)close(listener);
    (void)snprintf(name, sizeof(name), "@f4e-test-%ld", (long)getpid());
    listen_at(name);
    notify_open(&notify);
    tick(0, 1);
    ck_assert_str_eq(hear(0), "READY=1\nSTATUS=playing");
    ck_assert_ptr_null(getenv("NOTIFY_SOCKET"));
}
END_TEST

static const struct {
    const char *usec;
    const char *pid; /* NULL: not set; "self": ours */
    uint64_t interval_ns;
} watchdogs[] = {
    {"3000000", NULL, 3000 * MS},
    {"3000000", "self", 3000 * MS},
    {"3000000", "1", 0},
    {"1", NULL, 1000},
    {"0", NULL, 0},
    {"", NULL, 0},
    {"-5", NULL, 0},
    {"5s", NULL, 0},
    {"99999999999999999999999", NULL, 0},
    {"18446744073709551615", NULL, 0},
    {"3000000", "", 0},
};

START_TEST(reads_the_watchdog_of_this_process)
{
    char self[24];
    (void)snprintf(self, sizeof(self), "%ld", (long)getpid());
    (void)setenv("WATCHDOG_USEC", watchdogs[_i].usec, 1);
    if (watchdogs[_i].pid != NULL) {
        (void)setenv("WATCHDOG_PID",
                     strcmp(watchdogs[_i].pid, "self") == 0 ? self
                                                            : watchdogs[_i].pid,
                     1);
    }
    notify_open(&notify);
    ck_assert_msg(notify.watchdog_ns == watchdogs[_i].interval_ns,
                  "row %d: %llu", _i, (unsigned long long)notify.watchdog_ns);
    ck_assert_int_ge(notify_interval_ms(&notify, 1000), 1);
    ck_assert_ptr_null(getenv("WATCHDOG_USEC"));
    ck_assert_ptr_null(getenv("WATCHDOG_PID"));
}
END_TEST

static const char too_long[] =
    "/a-path-that-is-longer-than-what-fits-into-the-address-of-a-local-socket"
    "/and-therefore-is-as-good-as-none-at-all";
static const char *const bad_sockets[] = {
    "", "/", "@", "relative", "vsock:2:1234", too_long,
};

START_TEST(does_without_a_usable_socket)
{
    (void)setenv("NOTIFY_SOCKET", bad_sockets[_i], 1);
    notify_open(&notify);
    ck_assert_int_eq(notify.fd, -1);
    tick(0, 1);
    ck_assert_int_eq(notify_interval_ms(&notify, 777), 777);
    notify_close(&notify);
    expect_silence();
}
END_TEST

START_TEST(survives_a_listener_that_leaves)
{
    notify_open(&notify);
    (void)close(listener);
    listener = -1;
    tick(0, 1);
    notify_close(&notify);
}
END_TEST

START_TEST(a_program_tells_its_whole_life)
{
    (void)setenv("WATCHDOG_USEC", "300000", 1);
    pid_t pid = program_start(NULL, NULL, "--dummy --quiet");
    ck_assert_str_eq(hear(10000), "READY=1\nSTATUS=playing");
    ck_assert_str_eq(hear(10000), "WATCHDOG=1");
    ck_assert_str_eq(hear(10000), "WATCHDOG=1");
    (void)kill(pid, SIGTERM);
    const char *last = hear(10000);
    while (strcmp(last, "WATCHDOG=1") == 0) {
        last = hear(10000);
    }
    ck_assert_str_eq(last, "STOPPING=1");
    ck_assert_int_eq(program_wait(pid).status, 0);
    expect_silence();
}
END_TEST

START_TEST(a_program_that_hangs_falls_silent)
{
    /* From block 200 on a block takes a second. */
    char script[64];
    (void)snprintf(script, sizeof(script), "200b set %d i32 1000000\n",
                   FAKE_SLEEP_US);
    program_write_file("hang", script, strlen(script));
    (void)setenv("WATCHDOG_USEC", "200000", 1);
    pid_t pid = program_start(NULL, NULL, "--dummy --quiet --script hang");
    ck_assert_str_eq(hear(10000), "READY=1\nSTATUS=playing");
    ck_assert_str_eq(hear(10000), "WATCHDOG=1");
    unsigned heard = 0;
    while (strcmp(hear(400), "WATCHDOG=1") == 0) {
        ck_assert_uint_lt(++heard, 1000);
    }
    (void)kill(pid, SIGKILL);
    (void)program_wait(pid);
}
END_TEST

START_TEST(a_render_is_ready_and_ends)
{
    struct program_result result =
        program_run(NULL, NULL, "--render - --blocks 3 --quiet");
    ck_assert_int_eq(result.status, 0);
    ck_assert_str_eq(hear(0), "READY=1\nSTATUS=playing");
    ck_assert_str_eq(hear(0), "STOPPING=1");
}
END_TEST

/* With a manager a patch plays without these, and says so; without, not. */
static const struct {
    const char *arguments;
    int status; /* without a manager */
    const char *says;
} missing[] = {
    {"--control no/pipe", 9, "--control: cannot read 'no/pipe'"},
    {"--record no/x.wav", 9, "--record: cannot write 'no/x.wav'"},
    {"--keyboard=no/keys", 3, "--keyboard: cannot open keyboard 'no/keys'"},
    {"--midi-raw no/midi", 8, "--midi-raw: "},
};
enum { MISSING = sizeof(missing) / sizeof(*missing) };

START_TEST(a_service_plays_without_what_is_missing)
{
    char arguments[128];
    (void)snprintf(arguments, sizeof(arguments), "--dummy --blocks 20 %s",
                   missing[_i].arguments);
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_msg(result.status == 0 &&
                      strstr(result.err, missing[_i].says) != NULL &&
                      strstr(result.err, "; playing without it") != NULL,
                  "%s: %d, %s", arguments, result.status, result.err);
    ck_assert_str_eq(hear(0), "READY=1\nSTATUS=playing");
    (void)unsetenv("NOTIFY_SOCKET");
    result = program_run(NULL, NULL, arguments);
    ck_assert_msg(result.status == missing[_i].status, "%s: %d, %s", arguments,
                  result.status, result.err);
}
END_TEST

/* Which lines have a priority, for the journal. */
static const struct {
    const char *arguments;
    const char *lines[2]; /* parts of lines with what stands before them */
} journals[] = {
    {"--bogus", {"<3>stereo: unknown option '--bogus'", "<5>stereo: hint: "}},
    {"--dummy --blocks 20 --load-state no/state",
     {"<3>stereo: cannot read 'no/state'", NULL}},
    {"--dummy --blocks 20 --record no/r.wav",
     {"<4>stereo: --record: ", "stereo: policy  "}},
    {"--render none --blocks 9 --on-trap silence --set test:trapAt=2",
     {"<3>stereo: trap: ", NULL}},
};
enum { JOURNALS = sizeof(journals) / sizeof(*journals) };

/* The text without what the journal takes off its lines. */
static char *without_priorities(const char *text)
{
    char *plain = calloc(1, strlen(text) + 1);
    size_t used = 0;
    for (const char *at = text; *at != '\0';) {
        bool is_start = at == text || at[-1] == '\n';
        if (is_start && at[0] == '<' && at[1] >= '3' && at[1] <= '5' &&
            at[2] == '>') {
            at += 3;
        } else {
            plain[used++] = *at++;
        }
    }
    return plain;
}

/* Standard error is a file that 'stream' names as the journal or does not. */
static char *run_into(const char *stream, const char *arguments)
{
    char script[512];
    size_t size = 0;
    (void)snprintf(script, sizeof(script),
                   "exec 2>err\nJOURNAL_STREAM=%s\nexport JOURNAL_STREAM\n"
                   "exec %s %s\n",
                   stream, getenv("FAKE_STEREO"), arguments);
    program_write_file("script", script, strlen(script));
    (void)program_run("/bin/sh", NULL, "script");
    char *bytes = (char *)program_read_file("err", &size);
    char *err = calloc(1, size + 2);
    err[0] = '\n';
    memcpy(err + 1, bytes, size);
    free(bytes);
    (void)unlink("err");
    (void)unlink("script");
    return err;
}

START_TEST(lines_for_the_journal_have_priorities)
{
    char *own = run_into("$(stat -c %d:%i err)", journals[_i].arguments);
    for (size_t i = 0; i < 2 && journals[_i].lines[i] != NULL; i++) {
        char line[128];
        (void)snprintf(line, sizeof(line), "\n%s", journals[_i].lines[i]);
        ck_assert_msg(strstr(own, line) != NULL, "no%s in%s", line, own);
    }
    char *plain = without_priorities(own);
    static const char *const others[] = {"", "1:2", "x", "$(stat -c %d:%i /)"};
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        char *other = run_into(others[i], journals[_i].arguments);
        ck_assert_ptr_null(strstr(other, "<3>"));
        ck_assert_ptr_null(strstr(other, "<4>"));
        ck_assert_uint_eq(strcspn(other + 1, "\n"), strcspn(plain + 1, "\n"));
        free(other);
    }
    free(plain);
    free(own);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("notify");
    TCase *tcase = tcase_create("notify");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, tells_ready_with_the_first_block);
    tcase_add_test(tcase, feeds_the_watchdog_while_blocks_advance);
    tcase_add_test(tcase, lives_while_it_waits_for_a_device);
    tcase_add_test(tcase, is_ready_while_it_waits_for_its_start);
    tcase_add_test(tcase, finds_an_abstract_socket);
    tcase_add_loop_test(tcase, reads_the_watchdog_of_this_process, 0,
                        sizeof(watchdogs) / sizeof(*watchdogs));
    tcase_add_loop_test(tcase, does_without_a_usable_socket, 0,
                        sizeof(bad_sockets) / sizeof(*bad_sockets));
    tcase_add_test(tcase, survives_a_listener_that_leaves);
    tcase_add_test(tcase, a_program_tells_its_whole_life);
    tcase_add_test(tcase, a_program_that_hangs_falls_silent);
    tcase_add_test(tcase, a_render_is_ready_and_ends);
    tcase_add_loop_test(tcase, a_service_plays_without_what_is_missing, 0,
                        MISSING);
    tcase_add_loop_test(tcase, lines_for_the_journal_have_priorities, 0,
                        JOURNALS);
    suite_add_tcase(suite, tcase);
    return suite;
}
