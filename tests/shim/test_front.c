/* SPDX-License-Identifier: MIT */
/* The process that serves --http: what it may do, how it ends, what it costs.
 */
#include "browser.h"
#include "front_bench.h"
#include "program.h"
#include "suite.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

START_TEST(outlives_its_front)
{
    pid_t pid = play("--http=0 --stats --stats-json s");
    await("GET /healthz", 200);
    int fd = open_events("abc");
    ck_assert_uint_ge(browser_count(fd, "hello", 1), 1);
    for (int i = 1; i <= 3; i++) {
        char line[64];
        pid_t front = 0;
        for (int n = 0; n < PAUSES && front == 0; n++) {
            front = front_of(pid);
            pause_ms(PAUSE_MS);
        }
        ck_assert_int_gt(front, 0);
        ck_assert_int_eq(kill(front, SIGKILL), 0);
        await("GET /healthz", 200);
        (void)snprintf(line, sizeof(line), "\"} %d\n", i);
        const char *text = browser_ask(port, "GET /metrics", "", NULL)->body;
        text = strstr(text, "\nf4e_front_restarts_total{");
        ck_assert_msg(text != NULL && strstr(text, line) != NULL, "%s", text);
    }
    (void)close(fd);
    struct program_result result = end(pid);
    ck_assert_msg(strstr(result.err, "xruns   0,") != NULL, "%s", result.err);
    ck_assert_ptr_nonnull(strstr(result.err, "http    started again 3 times"));
    size_t bytes = 0;
    char *json = (char *)program_read_file("s", &bytes);
    json[bytes - 1] = '\0';
    ck_assert_ptr_nonnull(strstr(json, "\"frontRestarts\": 3"));
    free(json);
}
END_TEST

/* Pages that are sent much, and requests as fast as they are answered. */
START_TEST(plays_on_under_a_flood)
{
    enum { PAGES = 4, ROUNDS = 10, SETS = 2000 };
    static const char line[] = "set keys:note 5\n";
    static char body[SETS * sizeof(line)];
    int fds[PAGES];
    char text[64];
    pid_t pid = play("--http=0 --stats");
    for (int i = 0; i < PAGES; i++) {
        (void)snprintf(text, sizeof(text), "s%d", i);
        fds[i] = open_events(text);
        ck_assert_uint_ge(browser_count(fds[i], "hello", 1), 1);
        (void)snprintf(text, sizeof(text), "POST /api/subscribe?session=s%d",
                       i);
        ck_assert_int_eq(
            browser_ask(port, text, "", "60 * levels stats")->status, 200);
    }
    for (int i = 0; i < SETS; i++) {
        memcpy(body + (size_t)i * (sizeof(line) - 1), line, sizeof(line) - 1);
    }
    for (int i = 0; i < ROUNDS; i++) {
        const struct browser_answer *answer =
            browser_ask(port, "POST /api/request", "", body);
        unsigned count = 0;
        for (const char *at = answer->body; (at = strchr(at, '\n')) != NULL;
             at++) {
            count++;
        }
        ck_assert_uint_eq(count, SETS);
        /* A sound that is held up for long takes fewer. */
        ck_assert_ptr_nonnull(strstr(answer->body, "{\"ok\":true}\n"));
    }
    for (int i = 0; i < PAGES; i++) { /* who did not read is still served */
        ck_assert_uint_ge(browser_count(fds[i], "\"levels\":", 20), 20);
        (void)close(fds[i]);
    }
    struct program_result result = end(pid);
    ck_assert_msg(strstr(result.err, "xruns   0,") != NULL, "%s", result.err);
    ck_assert_ptr_null(strstr(result.err, "started again"));
}
END_TEST

/* A fake card and all that may be on: three pages, the channel and the page
 * flooded, MIDI as fast as it is taken, a recording. */
START_TEST(a_card_plays_with_everything_on)
{
    enum { PAGES = 3, ROUNDS = 10, SETS = 1000 };
    static const char notes[] = "\x90\x3c\x40\x80\x3c\x40";
    static const char sets[] = "set keys:note 5\n";
    /* Each question waits until the changes before it are made. */
    static const char asks[] = "set keys:note 5\nget keys:note\nstats\n";
    static char body[SETS * sizeof(sets)];
    static char taken[65536];
    char conf[512];
    char text[64];
    int pages[PAGES];
    (void)snprintf(conf, sizeof(conf),
                   "pcm_type.f4e_fake { lib \"%s\" }\n"
                   "pcm.fake { type f4e_fake }\n",
                   getenv("F4E_FAKE_CARD_LIBRARY"));
    ck_assert_int_eq(mkfifo("notes", 0600), 0);
    int fifo = open("notes", O_RDWR | O_NONBLOCK);
    pid_t pid = program_start(
        NULL, conf,
        "--device fake --rt-prio 0 --period 1024 --periods 32 --http=0 --stats "
        "--control unix:s --midi-raw notes --record r.wav");
    port = browser_port();
    for (int i = 0; i < PAGES; i++) {
        (void)snprintf(text, sizeof(text), "s%d", i);
        pages[i] = open_events(text);
        ck_assert_uint_ge(browser_count(pages[i], "hello", 1), 1);
        (void)snprintf(text, sizeof(text), "POST /api/subscribe?session=s%d",
                       i);
        ck_assert_int_eq(
            browser_ask(port, text, "", "25 * levels stats")->status, 200);
    }
    int flood = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "s"};
    ck_assert_int_eq(
        connect(flood, (const struct sockaddr *)&address, sizeof(address)), 0);
    for (int i = 0; i < SETS; i++) {
        memcpy(body + (size_t)i * (sizeof(sets) - 1), sets, sizeof(sets) - 1);
    }
    for (int i = 0; i < ROUNDS; i++) {
        for (int k = 0; k < SETS; k++) {
            (void)write(flood, asks, sizeof(asks) - 1);
        }
        for (int k = 0; k < 500; k++) {
            (void)write(fifo, notes, sizeof(notes) - 1);
        }
        ck_assert_int_eq(
            browser_ask(port, "POST /api/request", "", body)->status, 200);
        while (read(flood, taken, sizeof(taken)) > 0) {
        }
    }
    for (int i = 0; i < PAGES; i++) {
        ck_assert_uint_ge(browser_count(pages[i], "\"levels\":", 10), 10);
        (void)close(pages[i]);
    }
    (void)close(flood);
    struct program_result result = end(pid);
    (void)close(fifo);
    ck_assert_msg(strstr(result.err, "xruns   0,") != NULL, "%s", result.err);
    ck_assert_ptr_null(strstr(result.err, "started again"));
    ck_assert_ptr_null(strstr(result.err, "not recorded"));
    ck_assert(program_has_file("r.wav"));
    (void)unlink("notes");
    (void)unlink("r.wav");
}
END_TEST

static void status_of(pid_t pid, const char *name, char *value, size_t size)
{
    char path[64];
    char line[256];
    (void)snprintf(path, sizeof(path), "/proc/%d/status", pid);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    *value = '\0';
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0 &&
            line[strlen(name)] == ':') {
            (void)snprintf(value, size, "%s",
                           line + strlen(name) +
                               strspn(line + strlen(name), ":\t "));
            value[strcspn(value, "\n")] = '\0';
        }
    }
    (void)fclose(file);
}

START_TEST(is_locked_in)
{
    char value[64];
    pid_t pid = play("--http=0 -v");
    pid_t front = front_of(pid);
    ck_assert_int_gt(front, 0);
    status_of(front, "NoNewPrivs", value, sizeof(value));
    ck_assert_str_eq(value, "1");
    status_of(front, "CapEff", value, sizeof(value));
    ck_assert_str_eq(value, "0000000000000000");
    status_of(front, "VmLck", value, sizeof(value));
    ck_assert_str_eq(value, "0 kB");
    status_of(front, "Threads", value, sizeof(value));
    ck_assert_str_eq(value, "1");
    status_of(front, "Seccomp", value, sizeof(value));
    struct program_result result = end(pid);
    ck_assert_msg(strstr(result.err, *value == '2' ? "confined by seccomp"
                                                   : "no seccomp") != NULL,
                  "%s", result.err);
    /* It ends with the patch. */
    for (int i = 0; i < PAUSES && kill(front, 0) == 0; i++) {
        pause_ms(PAUSE_MS);
    }
    ck_assert_int_ne(kill(front, 0), 0);
}
END_TEST

/* A library that is no library stands before the real one. */
START_TEST(names_the_package_that_is_missing)
{
    char here[512];
    program_write_file("libmicrohttpd.so.12", "nothing", 7);
    ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
    ck_assert_int_eq(setenv("LD_LIBRARY_PATH", here, 1), 0);
    struct program_result result = program_run(NULL, NULL, PLAY "--http");
    ck_assert_int_eq(result.status, 8);
    ck_assert_msg(strstr(result.err, "--http needs libmicrohttpd.so.12: ") !=
                      NULL,
                  "%s", result.err);
    ck_assert_ptr_nonnull(
        strstr(result.err, "hint: sudo apt install libmicrohttpd12\n"));
    ck_assert_int_eq(unsetenv("LD_LIBRARY_PATH"), 0);
}
END_TEST

START_TEST(takes_the_next_port_unless_one_is_asked_for)
{
    char arguments[256];
    pid_t first = play("--http");
    uint16_t taken = port;
    (void)snprintf(arguments, sizeof(arguments), PLAY "--http=%u", taken);
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_int_eq(result.status, 9);
    ck_assert_msg(strstr(result.err, "Address already in use") != NULL, "%s",
                  result.err);
    ck_assert_ptr_nonnull(strstr(result.err, "hint: --http=0"));
    pid_t second = play("--http");
    ck_assert_uint_gt(port, taken);
    ck_assert_int_eq(kill(first, SIGTERM), 0);
    (void)end(second);
}
END_TEST

static const struct {
    const char *arguments;
    int status;
    const char *message;
} wrong[] = {
    {"--is-front", 2, "--is-front is what the patch calls itself with"},
    {"--http-bind 0.0.0.0", 2, "--http-bind needs --http"},
    {"--token-file x", 2, "--token-file needs --http"},
    {"--http=65536", 2, "--http"},
    {"--http=x", 2, "--http"},
    {"--http --http-bind example.org", 2, "needs an address in numbers"},
    {"--http --render x --seconds 1", 2, "--http shows a patch that plays"},
    {"--dummy --http --token-file /nothing/x", 9, "token file '/nothing/x'"},
    {"--dummy --http --http-bind 203.0.113.7", 9, "cannot listen at 203.0.113"},
};

START_TEST(tells_what_is_wrong)
{
    struct program_result result = program_run(NULL, NULL, wrong[_i].arguments);
    ck_assert_msg(result.status == wrong[_i].status, "%d: %s", result.status,
                  result.err);
    ck_assert_msg(strstr(result.err, wrong[_i].message) != NULL, "%s",
                  result.err);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("front");
    TCase *tcase = tcase_create("front");
    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, outlives_its_front);
    tcase_add_test(tcase, plays_on_under_a_flood);
    tcase_add_test(tcase, is_locked_in);
    tcase_add_test(tcase, names_the_package_that_is_missing);
    tcase_add_test(tcase, takes_the_next_port_unless_one_is_asked_for);
    tcase_add_loop_test(tcase, tells_what_is_wrong, 0,
                        sizeof(wrong) / sizeof(*wrong));
    tcase_add_test(tcase, a_card_plays_with_everything_on);
    suite_add_tcase(suite, tcase);
    return suite;
}
