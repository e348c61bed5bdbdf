/* SPDX-License-Identifier: MIT */
/* --http, with the real library, as clients and attackers see it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#ifdef F4E_HAS_MICROHTTPD_H
# include <microhttpd.h>
#endif

#include "browser.h"
#include "http/api.h"
#include "http/http.h"
#include "program.h"
#include "suite.h"

/* Long periods: a busy machine is not what is tested here. */
#define PLAY "--dummy --rt-prio 0 --period 16384 --periods 4 --seconds 600 "

static uint16_t port;

static pid_t play(const char *options)
{
    char arguments[256];
    (void)snprintf(arguments, sizeof(arguments), PLAY "%s", options);
    pid_t pid = program_start(NULL, NULL, arguments);
    port = browser_port();
    return pid;
}

static struct program_result end(pid_t pid)
{
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    return result;
}

static void pause_ms(long ms)
{
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&pause, NULL);
}

enum { PAUSE_MS = 20, PAUSES = 3000 }; /* a minute */

/* Ask until the status is this one. */
static void await(const char *request, int status)
{
    for (int i = 0; i < PAUSES; i++) {
        int fd = browser_connect(port);
        if (fd >= 0) {
            (void)close(fd);
            if (browser_ask(port, request, "", NULL)->status == status) {
                return;
            }
        }
        pause_ms(PAUSE_MS);
    }
    ck_abort_msg("%s never gave %d but %s", request, status,
                 browser_ask(port, request, "", NULL)->text);
}

/* A child of 'pid', by its name. */
static pid_t front_of(pid_t pid)
{
    DIR *folder = opendir("/proc");
    pid_t found = 0;
    const struct dirent *entry;
    ck_assert_ptr_nonnull(folder);
    while (found == 0 && (entry = readdir(folder)) != NULL) {
        char path[300];
        char line[512] = "";
        int parent = 0;
        (void)snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
        FILE *file = fopen(path, "r");
        if (file != NULL && fgets(line, sizeof(line), file) != NULL &&
            strstr(line, "(f4e-front)") != NULL &&
            sscanf(strrchr(line, ')'), ") %*c %d", &parent) == 1 &&
            parent == pid) {
            found = (pid_t)strtol(entry->d_name, NULL, 10);
        }
        if (file != NULL) {
            (void)fclose(file);
        }
    }
    (void)closedir(folder);
    return found;
}

static const struct {
    const char *request;
    const char *lines;
    const char *body;
    int status;
    const char *text; /* part of the answer */
} asked[] = {
    {"GET /", "Accept: text/html\r\n", NULL, 200, "Content-Encoding: gzip"},
    {"GET /", "", NULL, 200, "default-src 'self'"},
    {"HEAD /", "", NULL, 200, "ETag: \""},
    {"GET /index.html", "", NULL, 200, "text/html"},
    {"GET /", "Accept-Encoding: deflate, gzip;q=0.5\r\n", NULL, 200, "gzip"},
    {"GET /", "Accept-Encoding: br,*\r\n", NULL, 200, "gzip"},
    {"GET /", "Accept-Encoding: X-GZIP\r\n", NULL, 200,
     "Vary: Accept, Accept-Encoding\r\n"},
    {"GET /", "Accept-Encoding: identity\r\n", NULL, 406, "is kept compressed"},
    {"GET /", "Accept-Encoding: *, gzip ; q=0.0\r\n", NULL, 406, "compressed"},
    {"GET /", "Accept-Encoding: gzipped, *;q=0\r\n", NULL, 406, "compressed"},
    {"GET /metrics", "Accept-Encoding: identity\r\n", NULL, 200, "f4e_blocks"},
    {"POST /", "", "x", 405, "not with this method"},
    {"PUT /", "", "x", 405, "Allow: GET, HEAD\r\n"},
    {"PUT /nothing", "", "x", 405, "Allow: GET, HEAD, POST\r\n"},
    {"OPTIONS /api/request", "", NULL, 405, "Allow: POST\r\n"},
    {"GET /nothing", "", NULL, 404, "there is nothing"},
    {"GET /../../../../etc/passwd", "", NULL, 404, "there is nothing"},
    {"GET /%2e%2e/%2e%2e/etc/passwd", "", NULL, 404, "there is nothing"},
    {"GET //etc/passwd", "", NULL, 404, "there is nothing"},
    {"GET /page/index.html", "", NULL, 404, "there is nothing"},
    {"GET /<script>", "", NULL, 404, "there is nothing"},
    {"GET /api/request", "", NULL, 405, "not with this method"},
    {"POST /api/request", "", "get keys:note", 200,
     "{\"ok\":true,\"values\":{\"keys:note\":0}}"},
    {"POST /api/request", "", "get keys:note", 200,
     "Content-Type: application/x-ndjson"},
    {"POST /api/request", "", "#7 set keys:note 9\n#x get keys:note\n", 200,
     "{\"id\":\"7\",\"ok\":true}\n{\"id\":\"x\",\"ok\":true,\"values\":{\"keys:"
     "note\":9}}\n"},
    {"POST /api/request", "", "bogus", 200, "{\"ok\":false"},
    {"POST /api/request", "", "quit", 200, "not for the network"},
    {"POST /api/request", "", "save x", 200, "not for the network"},
    {"POST /api/request", "", "load drum:data x", 200, "not for the network"},
    {"POST /api/request", "", "subscribe 60 levels\nget keys:note", 200,
     "{\"ok\":true,\"values\":{\"keys:note\":9}}"},
    {"POST /api/request", "", "", 200, ""},
    {"POST /api/request", "Origin: http://evil.org\r\n", "get keys:note", 403,
     "a page from elsewhere"},
    {"POST /api/request", "Origin: null\r\n", "get keys:note", 403,
     "a page from elsewhere"},
    {"POST /api/request", "Sec-Fetch-Site: cross-site\r\n", "get keys:note",
     403, "a page from elsewhere"},
    {"POST /api/subscribe", "", "25 levels", 404, "no such session"},
    {"POST /api/subscribe?session=nobody", "", "25 levels", 404,
     "no such session"},
    {"GET /api/events?session=", "", NULL, 400, "a session has"},
    {"GET /api/events?session=%0a", "", NULL, 400, "a session has"},
    {"GET /metrics", "", NULL, 200, "f4e_front_restarts_total{patch=\"fake \\"},
    {"GET /metrics", "", NULL, 200, "# TYPE f4e_playing gauge\n"},
    {"GET /metrics", "", NULL, 200, "# TYPE f4e_up_seconds gauge\n"},
    {"GET /metrics", "", NULL, 200, "# TYPE f4e_midi_sent_total counter\n"},
    {"GET /metrics", "", NULL, 200, "\nf4e_changes_total{"},
    {"GET /metrics", "", NULL, 200, "\nf4e_changes_merged_total{"},
    {"GET /metrics", "", NULL, 200, "\nf4e_crowded_blocks_total{"},
};

START_TEST(answers)
{
    pid_t pid = play("--http=0");
    for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
        const struct browser_answer *answer =
            browser_ask(port, asked[i].request, asked[i].lines, asked[i].body);
        ck_assert_msg(answer->status == asked[i].status, "%s: %d",
                      asked[i].request, answer->status);
        ck_assert_msg(strstr(answer->text, asked[i].text) != NULL, "%s: %s",
                      asked[i].request, answer->text);
        ck_assert_ptr_nonnull(strstr(answer->text, "nosniff"));
    }
    (void)end(pid);
}
END_TEST

START_TEST(knows_a_page_that_was_read)
{
    char lines[128];
    pid_t pid = play("--http=0");
    const struct browser_answer *answer = browser_ask(port, "GET /", "", NULL);
    const char *tag = strstr(answer->text, "ETag: ");
    ck_assert_ptr_nonnull(tag);
    (void)snprintf(lines, sizeof(lines), "If-None-Match: %.18s\r\n", tag + 6);
    answer = browser_ask(port, "GET /", lines, NULL);
    ck_assert_int_eq(answer->status, 304);
    ck_assert_str_eq(answer->body, "");
    (void)end(pid);
}
END_TEST

START_TEST(refuses_names_of_others)
{
    static const char rebound[] =
        "GET / HTTP/1.1\r\nHost: evil.org\r\nConnection: close\r\n\r\n";
    static const char nameless[] = "GET / HTTP/1.0\r\n\r\n";
    pid_t pid = play("--http=0");
    const struct browser_answer *answer =
        browser_send(port, rebound, sizeof(rebound) - 1);
    ck_assert_int_eq(answer->status, 403);
    ck_assert_ptr_nonnull(strstr(answer->body, "not called so"));
    answer = browser_send(port, nameless, sizeof(nameless) - 1);
    ck_assert_int_eq(answer->status, 403);
    (void)end(pid);
}
END_TEST

static int open_events(const char *session)
{
    char request[160];
    int fd = browser_connect(port);
    ck_assert_int_ge(fd, 0);
    int length = snprintf(request, sizeof(request),
                          "GET /api/events?session=%s HTTP/1.1\r\n"
                          "Host: 127.0.0.1:%u\r\n\r\n",
                          session, port);
    ck_assert_int_eq(send(fd, request, (size_t)length, 0), length);
    return fd;
}

START_TEST(sends_events)
{
    pid_t pid = play("--http=0");
    int fd = open_events("abc");
    ck_assert_uint_ge(
        browser_count(fd,
                      "event: hello\ndata: {\"session\":\"abc\",\"run\":", 1),
        1);
    const struct browser_answer *answer = browser_ask(
        port, "POST /api/subscribe?session=abc", "", "25 keys:note levels");
    ck_assert_int_eq(answer->status, 200);
    ck_assert_ptr_nonnull(strstr(answer->body, "\"ok\":true,\"names\":1"));
    ck_assert_uint_ge(browser_count(fd, "data: {\"event\":\"values\",", 10),
                      10);
    answer =
        browser_ask(port, "POST /api/subscribe?session=abc", "", "25 keys:nte");
    ck_assert_int_eq(answer->status, 400);
    ck_assert_ptr_nonnull(strstr(answer->body, "did you mean keys:note"));
    answer = browser_ask(port, "POST /api/subscribe?session=abc", "",
                         "25 levels\nquit");
    ck_assert_int_eq(answer->status, 400);
    (void)close(fd);
    (void)end(pid);
}
END_TEST

/* A page that comes back takes its name over; the old connection ends. */
START_TEST(takes_a_session_over)
{
    pid_t pid = play("--http=0");
    int old = open_events("abc");
    ck_assert_uint_ge(browser_count(old, "hello", 1), 1);
    int fd = open_events("abc");
    ck_assert_uint_ge(browser_count(fd, "hello", 1), 1);
    ck_assert_uint_eq(browser_count(old, "0\r\n\r\n", 1), 1); /* its end */
    ck_assert_int_eq(
        browser_ask(port, "POST /api/subscribe?session=abc", "", "10 levels")
            ->status,
        200);
    ck_assert_uint_ge(browser_count(fd, "levels", 2), 2);
    (void)close(old);
    (void)close(fd);
    (void)end(pid);
}
END_TEST

START_TEST(bounds_pages)
{
    int fds[API_SESSIONS_MAX];
    char id[16];
    pid_t pid = play("--http=0");
    for (int i = 0; i < API_SESSIONS_MAX; i++) {
        (void)snprintf(id, sizeof(id), "s%d", i);
        fds[i] = open_events(id);
        ck_assert_uint_ge(browser_count(fds[i], "hello", 1), 1);
    }
    const struct browser_answer *answer =
        browser_ask(port, "GET /api/events", "", NULL);
    ck_assert_int_eq(answer->status, 503);
    answer = browser_ask(port, "POST /api/request", "", "get keys:note");
    ck_assert_int_eq(answer->status, 200);
    for (int i = 0; i < API_SESSIONS_MAX; i++) {
        (void)close(fds[i]);
    }
    (void)end(pid);
}
END_TEST

START_TEST(bounds_sizes)
{
    static char large[HTTP_BODY_MAX + 2];
    static char head[1 << 16];
    pid_t pid = play("--http=0");
    memset(large, 'x', sizeof(large) - 1);
    const struct browser_answer *answer =
        browser_ask(port, "POST /api/request", "", large);
    ck_assert_int_eq(answer->status, 413);
    large[HTTP_BODY_MAX] = '\0';
    answer = browser_ask(port, "POST /api/request", "", large);
    ck_assert_int_eq(answer->status, 200);
    ck_assert_ptr_nonnull(strstr(answer->body, "\"ok\":false"));
    /* Without a length, in chunks. */
    int used = snprintf(head, sizeof(head),
                        "POST /api/request HTTP/1.1\r\nHost: localhost\r\n"
                        "Connection: close\r\nTransfer-Encoding: chunked\r\n"
                        "\r\n");
    static char chunks[(1 << 17) + 1024];
    size_t bytes = 0;
    memcpy(chunks, head, (size_t)used);
    bytes += (size_t)used;
    for (int i = 0; i < 20; i++) {
        memcpy(chunks + bytes, "1000\r\n", 6);
        memset(chunks + bytes + 6, 'x', 4096);
        memcpy(chunks + bytes + 6 + 4096, "\r\n", 2);
        bytes += 6 + 4096 + 2;
    }
    memcpy(chunks + bytes, "0\r\n\r\n", 5);
    answer = browser_send(port, chunks, bytes + 5);
    ck_assert_int_eq(answer->status, 413);
    /* A line of the head. */
    memset(head, 'y', sizeof(head) - 1);
    memcpy(head, "GET /", 5);
    answer = browser_send(port, head, sizeof(head) - 1);
    ck_assert(answer->status == 0 || answer->status >= 400);
    (void)end(pid);
}
END_TEST

START_TEST(asks_for_the_token)
{
    char address[160];
    char lines[320];
    size_t bytes = 0;
    pid_t pid = play("--http=0 --http-bind 0.0.0.0");
    char *err = (char *)program_read_file("child.err", &bytes);
    const char *found = strstr(err, "?token=");
    ck_assert_ptr_nonnull(found);
    char token[64] = "";
    (void)sscanf(found, "?token=%63s", token);
    free(err);
    ck_assert_uint_eq(strlen(token), 22);

    const struct browser_answer *answer = browser_ask(port, "GET /", "", NULL);
    ck_assert_int_eq(answer->status, 401);
    ck_assert_ptr_null(strstr(answer->text, "Set-Cookie"));
    ck_assert_int_eq(browser_ask(port, "GET /metrics", "", NULL)->status, 401);
    ck_assert_int_eq(
        browser_ask(port, "POST /api/request", "", "get keys:note")->status,
        401);
    ck_assert_int_eq(browser_ask(port, "GET /?token=x", "", NULL)->status, 401);

    (void)snprintf(address, sizeof(address), "GET /?token=%s", token);
    answer = browser_ask(port, address, "", NULL);
    ck_assert_int_eq(answer->status, 200);
    const char *cookie = strstr(answer->text, "Set-Cookie: ");
    ck_assert_ptr_nonnull(cookie);
    ck_assert_ptr_nonnull(strstr(cookie, "HttpOnly; SameSite=Strict\r\n"));
    cookie += strlen("Set-Cookie: ");
    (void)snprintf(lines, sizeof(lines), "Cookie: %.*s\r\n",
                   (int)strcspn(cookie, ";"), cookie);
    answer = browser_ask(port, "POST /api/request", lines, "get keys:note");
    ck_assert_int_eq(answer->status, 200);
    ck_assert_ptr_null(strstr(answer->text, "Set-Cookie"));
    (void)snprintf(lines, sizeof(lines), "Authorization: Bearer %s\r\n", token);
    ck_assert_int_eq(browser_ask(port, "GET /metrics", lines, NULL)->status,
                     200);
    (void)end(pid);
}
END_TEST

START_TEST(keeps_a_token_in_a_file)
{
    struct stat status;
    size_t bytes = 0;
    char lines[320];
    pid_t pid = play("--http=0 --token-file token");
    ck_assert_int_eq(stat("token", &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    char *token = (char *)program_read_file("token", &bytes);
    ck_assert_uint_eq(bytes, 23);
    token[22] = '\0';
    ck_assert_int_eq(browser_ask(port, "GET /", "", NULL)->status, 401);
    struct program_result result = end(pid);
    ck_assert_ptr_nonnull(strstr(result.err, token)); /* it is new */

    pid = play("--http=0 --token-file token");
    (void)snprintf(lines, sizeof(lines), "Authorization: Bearer %s\r\n", token);
    ck_assert_int_eq(browser_ask(port, "GET /", lines, NULL)->status, 200);
    result = end(pid);
    ck_assert_ptr_null(strstr(result.err, token));
    free(token);

    ck_assert_int_eq(chmod("token", 0644), 0);
    result = program_run(NULL, NULL, PLAY "--http=0 --token-file token");
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "hint: chmod 600 token"));
    ck_assert_int_eq(chmod("token", 0600), 0);
    program_write_file("token", "short\n", 6);
    ck_assert_int_eq(chmod("token", 0600), 0);
    result = program_run(NULL, NULL, PLAY "--http=0 --token-file token");
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "a token has 16 to 127 letters"));

    /* A link stays one: the file is made where it leads. */
    ck_assert_int_eq(symlink("target", "link"), 0);
    (void)end(play("--http=0 --token-file link"));
    ck_assert_int_eq(lstat("link", &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    ck_assert_int_eq(stat("target", &status), 0);
    ck_assert_int_eq(status.st_size, 23);
}
END_TEST

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
                   getenv("F4E_FAKECARD_LIBRARY"));
    ck_assert_int_eq(mkfifo("notes", 0600), 0);
    int fifo = open("notes", O_RDWR | O_NONBLOCK);
    pid_t pid = program_start(
        NULL, conf,
        "--device fake --rt-prio 0 --period 8192 --periods 4 --http=0 --stats "
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

/* Requests with damage at random places: the front is not even started
 * again. */
START_TEST(survives_garbage)
{
    static const char *const seeds[] = {
        "POST /api/request HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
        "14\r\n\r\nget keys:note\n",
        "GET /api/events?session=x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /api/subscribe?session=x HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Length: 9\r\n\r\n25 levels",
        "GET /?token=%00%ff HTTP/1.1\r\nHost: [::1]:1\r\nCookie: f4e-1=x; "
        "y\r\nAuthorization: Bearer x\r\nOrigin: http://x\r\n\r\n",
        "POST /api/request HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5\r\nstats\r\n0\r\n\r\n",
    };
    static struct browser_answer answer;
    char text[512];
    pid_t pid = play("--http=0 --stats");
    srand(7);
    for (unsigned i = 0; i < suite_rounds(3000); i++) {
        const char *seed = seeds[i % 5];
        size_t count = strlen(seed);
        memcpy(text, seed, count);
        for (int n = rand() % 4; n > 0; n--) {
            text[(size_t)rand() % count] = (char)rand();
        }
        if (rand() % 4 == 0) {
            count = (size_t)rand() % count;
        }
        int fd = browser_connect(port);
        ck_assert_int_ge(fd, 0);
        (void)send(fd, text, count, MSG_NOSIGNAL);
        if (rand() % 3 == 0) {
            browser_read(fd, &answer, 5);
        }
        (void)close(fd);
    }
    await("GET /healthz", 200);
    struct program_result result = end(pid);
    ck_assert_ptr_null(strstr(result.err, "started again"));
}
END_TEST

#ifdef F4E_HAS_MICROHTTPD_H
/* What is declared in http/microhttpd.h is what the library has. */
START_TEST(declares_the_library_as_it_is)
{
    ck_assert_int_eq(MICROHTTPD_NO, MHD_NO);
    ck_assert_int_eq(MICROHTTPD_YES, MHD_YES);
    ck_assert_int_eq(MICROHTTPD_ALLOW_SUSPEND_RESUME, MHD_ALLOW_SUSPEND_RESUME);
    ck_assert_int_eq(MICROHTTPD_OPTION_END, MHD_OPTION_END);
    ck_assert_int_eq(MICROHTTPD_OPTION_CONNECTION_MEMORY_LIMIT,
                     MHD_OPTION_CONNECTION_MEMORY_LIMIT);
    ck_assert_int_eq(MICROHTTPD_OPTION_CONNECTION_LIMIT,
                     MHD_OPTION_CONNECTION_LIMIT);
    ck_assert_int_eq(MICROHTTPD_OPTION_CONNECTION_TIMEOUT,
                     MHD_OPTION_CONNECTION_TIMEOUT);
    ck_assert_int_eq(MICROHTTPD_OPTION_NOTIFY_COMPLETED,
                     MHD_OPTION_NOTIFY_COMPLETED);
    ck_assert_int_eq(MICROHTTPD_OPTION_PER_IP_CONNECTION_LIMIT,
                     MHD_OPTION_PER_IP_CONNECTION_LIMIT);
    ck_assert_int_eq(MICROHTTPD_OPTION_LISTEN_SOCKET, MHD_OPTION_LISTEN_SOCKET);
    ck_assert_int_eq(MICROHTTPD_OPTION_STRICT_FOR_CLIENT,
                     MHD_OPTION_STRICT_FOR_CLIENT);
    ck_assert_int_eq(MICROHTTPD_HEADER_KIND, MHD_HEADER_KIND);
    ck_assert_int_eq(MICROHTTPD_GET_ARGUMENT_KIND, MHD_GET_ARGUMENT_KIND);
    ck_assert_int_eq(MICROHTTPD_INFO_CLIENT_ADDRESS,
                     MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    ck_assert_int_eq(MICROHTTPD_INFO_CONNECTION_FD,
                     MHD_CONNECTION_INFO_CONNECTION_FD);
    ck_assert_int_eq(MICROHTTPD_MEMORY_PERSISTENT, MHD_RESPMEM_PERSISTENT);
    ck_assert_int_eq(MICROHTTPD_MEMORY_MUST_COPY, MHD_RESPMEM_MUST_COPY);
    ck_assert_int_eq(MICROHTTPD_END_OF_STREAM,
                     (int)MHD_CONTENT_READER_END_OF_STREAM);
    ck_assert_uint_eq(MICROHTTPD_SIZE_UNKNOWN, MHD_SIZE_UNKNOWN);
    ck_assert_uint_eq(sizeof(enum MHD_Result), sizeof(int));
}
END_TEST
#endif

static void add_tests(TCase *tcase)
{
    tcase_add_test(tcase, answers);
    tcase_add_test(tcase, knows_a_page_that_was_read);
    tcase_add_test(tcase, refuses_names_of_others);
    tcase_add_test(tcase, sends_events);
    tcase_add_test(tcase, takes_a_session_over);
    tcase_add_test(tcase, bounds_pages);
    tcase_add_test(tcase, bounds_sizes);
    tcase_add_test(tcase, asks_for_the_token);
    tcase_add_test(tcase, keeps_a_token_in_a_file);
    tcase_add_test(tcase, outlives_its_front);
    tcase_add_test(tcase, plays_on_under_a_flood);
    tcase_add_test(tcase, is_locked_in);
    tcase_add_test(tcase, names_the_package_that_is_missing);
    tcase_add_test(tcase, takes_the_next_port_unless_one_is_asked_for);
    tcase_add_loop_test(tcase, tells_what_is_wrong, 0,
                        sizeof(wrong) / sizeof(*wrong));
    tcase_add_test(tcase, survives_garbage);
#ifdef F4E_HAS_MICROHTTPD_H
    tcase_add_test(tcase, declares_the_library_as_it_is);
#endif
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("front");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    add_tests(tcase);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("everything");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, a_card_plays_with_everything_on);
    suite_add_tcase(suite, tcase);
    return suite;
}
