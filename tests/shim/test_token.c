/* SPDX-License-Identifier: MIT */
/* Who may ask: the token of --http. */
#include "browser.h"
#include "front_bench.h"
#include "program.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

Suite *test_suite(void)
{
    Suite *suite = suite_create("token");
    TCase *tcase = tcase_create("token");
    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, asks_for_the_token);
    tcase_add_test(tcase, keeps_a_token_in_a_file);
    suite_add_tcase(suite, tcase);
    return suite;
}
