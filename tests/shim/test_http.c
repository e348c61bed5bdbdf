/* SPDX-License-Identifier: MIT */
/* The answers of --http, with the real library, to clients and attackers. */
#include "browser.h"
#include "front_bench.h"
#include "http/api.h"
#include "http/http.h"
#include "program.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef F4E_HAS_MICROHTTPD_H
# include <microhttpd.h>
#endif

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

/* A library without connections, which never asks to be called. */
static int no_descriptors(struct MHD_Daemon *daemon, fd_set *in, fd_set *out,
                          fd_set *except, int *last)
{
    (void)daemon;
    (void)in;
    (void)out;
    (void)except;
    (void)last;
    return MICROHTTPD_YES;
}

static int no_timeout(struct MHD_Daemon *daemon, unsigned long long *ms)
{
    (void)daemon;
    (void)ms;
    return MICROHTTPD_NO;
}

static int run_nothing(struct MHD_Daemon *daemon, const fd_set *in,
                       const fd_set *out, const fd_set *except)
{
    (void)daemon;
    (void)in;
    (void)out;
    (void)except;
    return MICROHTTPD_YES;
}

static unsigned resumed;

static void count_resumed(struct MHD_Connection *connection)
{
    (void)connection;
    resumed++;
}

static void take_answer(void *context, uint32_t events)
{
    struct exchange *exchange = context;
    const int *fd = exchange->context;
    char byte;
    (void)events;
    ck_assert_int_eq(read(*fd, &byte, 1), 1);
    http_answer(exchange, 200, "text/plain", "", 0);
}

/* Nothing else happens after the patch has answered: it is passed on before the
 * wait, which is longer than the test may take. */
START_TEST(an_answer_does_not_wait_for_the_next_event)
{
    enum { FOR_EVER_MS = 3600000 };
    int ends[2];
    struct failure failure = {0};
    struct loop loop;
    struct http http = {.loop = &loop,
                        .mhd = {.get_fdset = no_descriptors,
                                .get_timeout = no_timeout,
                                .run_from_select = run_nothing,
                                .resume_connection = count_resumed}};
    struct exchange exchange = {
        .http = &http, .is_waiting = true, .context = &ends[0]};
    ck_assert_int_eq(pipe(ends), 0);
    struct watcher watcher = {ends[0], take_answer, &exchange, 0};
    ck_assert(loop_open(&loop, &failure));
    ck_assert(loop_watch(&loop, &watcher, EPOLLIN));
    ck_assert_int_eq(write(ends[1], "", 1), 1);
    http_serve(&http, FOR_EVER_MS);
    ck_assert_uint_eq(resumed, 1);
    http_serve(&http, FOR_EVER_MS);
    bytes_free(&exchange.text);
    (void)close(loop.epoll_fd);
    (void)close(ends[0]);
    (void)close(ends[1]);
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

Suite *test_suite(void)
{
    Suite *suite = suite_create("http");
    TCase *tcase = tcase_create("http");
    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, answers);
    tcase_add_test(tcase, knows_a_page_that_was_read);
    tcase_add_test(tcase, refuses_names_of_others);
    tcase_add_test(tcase, sends_events);
    tcase_add_test(tcase, takes_a_session_over);
    tcase_add_test(tcase, bounds_pages);
    tcase_add_test(tcase, bounds_sizes);
    tcase_add_test(tcase, survives_garbage);
    tcase_add_test(tcase, an_answer_does_not_wait_for_the_next_event);
#ifdef F4E_HAS_MICROHTTPD_H
    tcase_add_test(tcase, declares_the_library_as_it_is);
#endif
    suite_add_tcase(suite, tcase);
    return suite;
}
