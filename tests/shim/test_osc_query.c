/* SPDX-License-Identifier: MIT */
/* OSCQuery: the addresses of OSC, asked for by HTTP. */
#include "browser.h"
#include "json_check.h"
#include "osc_bench.h"
#include "osc_client.h"
#include "program.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A server that is asked by HTTP and answers by OSC. */
START_TEST(is_found_by_oscquery)
{
    pid_t pid = play("--osc --http=0");
    uint16_t port = browser_port();
    ck_assert_uint_eq(osc_port(), port);
    const struct browser_answer *answer =
        browser_ask(port, "GET /?HOST_INFO", "", NULL);
    char text[64];
    (void)snprintf(text, sizeof(text), "\"OSC_PORT\":%u,", port);
    ck_assert_int_eq(answer->status, 200);
    ck_assert_ptr_nonnull(strstr(answer->body, text));
    ck_assert_ptr_null(json_check(answer->body));
    /* What would come by a WebSocket is not claimed. */
    ck_assert_ptr_nonnull(strstr(answer->body, "\"LISTEN\":false"));
    ck_assert_ptr_nonnull(strstr(answer->body, "\"PATH_CHANGED\":false"));
    ck_assert_ptr_null(strstr(answer->body, "\"WS_"));
    answer = browser_ask(port, "GET /", "", NULL);
    ck_assert_int_eq(answer->status, 200);
    ck_assert_ptr_nonnull(strstr(answer->text, "application/json"));
    ck_assert_ptr_nonnull(
        strstr(answer->body, "/params/panel/cut\",\"ACCESS\":3,\"TYPE\":\"f\","
                             "\"RANGE\":[{\"MIN\":0,\"MAX\":1}],"
                             "\"DESCRIPTION\":\"slider\",\"VALUE\":[0]"));
    ck_assert_ptr_nonnull(strstr(answer->body, "\"RANGE\":[{\"VALS\":[3,5]}]"));
    ck_assert_ptr_nonnull(strstr(answer->body, "\"VALUE\":[0,0,0,0,0,0,0,0]"));
    answer = browser_ask(port, "GET /", "Accept: text/html,*/*\r\n", NULL);
    ck_assert_ptr_nonnull(strstr(answer->text, "text/html"));
    ck_assert_int_eq(browser_ask(port, "GET /nothing", "", NULL)->status, 404);
    (void)end(pid);
}
END_TEST

static const struct {
    const char *path; /* behind /NAME */
    int status;
    const char *body;
} queried[] = {
    {"/params/panel/cut?VALUE", 200, "{\"VALUE\":[0]}\n"},
    {"/params/panel/cut?TYPE", 200, "{\"TYPE\":\"f\"}\n"},
    {"/params/panel/cut?ACCESS", 200, "{\"ACCESS\":3}\n"},
    {"/params/panel/bits/normalized?VALUE", 200, "{\"VALUE\":[0.5]}\n"},
    {"/params/panel/play/normalized?RANGE", 200,
     "{\"RANGE\":[{\"MIN\":0,\"MAX\":1}]}\n"},
    {"/vars/amp/gain?VALUE", 200, "{\"VALUE\":[1]}\n"},
    {"/vars/amp/gain?RANGE", 204, ""},
    {"/vars/amp?VALUE", 204, ""},
    {"/vars/amp?NOTHING", 400, "{\"error\":"},
    {"/vars/nothing", 404, "{\"error\":"},
    {"/call/level?TYPE", 200, "{\"TYPE\":\"f\"}\n"},
    {"/call/level?VALUE", 204, ""},
    {"/info/name?VALUE", 200, "{\"VALUE\":[\"fake \\\"ramp\\\"\"]}\n"},
    {"/info/sampleRate", 200, "\"VALUE\":[48000]}"},
    {"/vars/esc%1B%5B2J/bell%E2%80%AE?VALUE", 200, "{\"VALUE\":[0]}\n"},
    {"/vars/esc%251B%255B2J/bell%25E2%2580%25AE?VALUE", 200,
     "{\"VALUE\":[0]}\n"},
    {"/vars/table/", 200, "\"FULL_PATH\":\"/fake%20%22ramp%22/vars/table\""},
};

START_TEST(answers_queries)
{
    char request[256];
    pid_t pid = play("--osc --http=0");
    uint16_t port = browser_port();
    for (size_t i = 0; i < sizeof(queried) / sizeof(*queried); i++) {
        (void)snprintf(request, sizeof(request), "GET /fake%%20%%22ramp%%22%s",
                       queried[i].path);
        const struct browser_answer *answer =
            browser_ask(port, request, "", NULL);
        ck_assert_msg(answer->status == queried[i].status, "%s: %d", request,
                      answer->status);
        ck_assert_msg(strstr(answer->body, queried[i].body) != NULL, "%s: %s",
                      request, answer->body);
        ck_assert(answer->status == 204 || json_check(answer->body) == NULL);
    }
    /* A client that leaves at once is forgotten. */
    for (int i = 0; i < 30; i++) {
        int fd = browser_connect(port);
        static const char text[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
        (void)send(fd, text, sizeof(text) - 1, MSG_NOSIGNAL);
        (void)close(fd);
    }
    const struct browser_answer *answer = browser_ask(port, "GET /", "", NULL);
    for (int i = 0; i < 100 && answer->status == 503; i++) {
        const struct timespec pause = {0, 100000000};
        (void)nanosleep(&pause, NULL);
        answer = browser_ask(port, "GET /", "", NULL);
    }
    ck_assert_int_eq(answer->status, 200);
    answer = browser_ask(port, "GET /metrics", "", NULL);
    ck_assert_ptr_nonnull(strstr(answer->body, "f4e_osc_received_total{"));
    (void)end(pid);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("osc_query");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, is_found_by_oscquery);
    tcase_add_test(tcase, answers_queries);
    suite_add_tcase(suite, tcase);
    return suite;
}
