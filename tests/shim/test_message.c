/* SPDX-License-Identifier: MIT */
#include "message/message.h"

#include "suite.h"
#include "told.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(names_make_no_line_of_their_own)
{
    told_start();
    message(PRIORITY_INFO, "'%s' plays port %u", "a\nfake: all is lost", 3U);
    message(PRIORITY_ERROR, "%s", "\x1b[2J");
    ck_assert_str_eq(told(), "fake: 'a\\x0afake: all is lost' plays port 3\n"
                             "fake: \\x1b[2J\n");
    told_stop();
}
END_TEST

START_TEST(cuts_what_is_longer)
{
    char text[MESSAGE_MAX + 8];
    for (size_t length = MESSAGE_MAX - 2; length < sizeof(text); length++) {
        memset(text, 'x', length);
        text[length] = '\0';
        told_start();
        message(PRIORITY_INFO, "%s", text);
        size_t kept = length < MESSAGE_MAX ? length : MESSAGE_MAX - 1;
        ck_assert_uint_eq(strlen(told()), strlen("fake: \n") + kept);
        told_stop();
    }
}
END_TEST

START_TEST(tells_a_failure)
{
    struct failure failure = {0};
    told_start();
    (void)failure_set(&failure, STATUS_USAGE, "no '%s'", "\t");
    message_failure(&failure);
    (void)failure_hint(&failure, "--list");
    (void)snprintf(failure.detail, sizeof(failure.detail), "libjack: gone");
    message_failure(&failure);
    ck_assert_str_eq(told(), "fake: no '\\x09'\n"
                             "fake: no '\\x09'\n"
                             "fake: libjack: gone\n"
                             "fake: hint: --list\n");
    told_stop();
}
END_TEST

/* The line of a meter, say. */
START_TEST(takes_the_status_off)
{
    told_start();
    message_status(NULL);
    message_status("1 %");
    message_status("2 %");
    message(PRIORITY_INFO, "a");
    message(PRIORITY_INFO, "b");
    ck_assert_str_eq(told(), "\r1 %\x1b[K\r2 %\x1b[K\r\x1b[Kfake: a\n"
                             "fake: b\n");
    told_stop();
}
END_TEST

START_TEST(tells_another_file)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    told_start();
    message_to(file, "%d", 1);
    message_to(NULL, "%d", 2);
    (void)fclose(file);
    ck_assert_str_eq(text, "fake: 1\n");
    ck_assert_str_eq(told(), "fake: 2\n");
    told_stop();
    free(text);
}
END_TEST

/* Standard error as packets, each of which is one call of write(), and named as
 * the journal; where they come out. */
static int open_journal(void)
{
    int pair[2];
    struct stat status;
    char text[64];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0 ||
        dup2(pair[1], STDERR_FILENO) < 0 ||
        fstat(STDERR_FILENO, &status) != 0) {
        return -1;
    }
    (void)snprintf(text, sizeof(text), "%ju:%ju", (uintmax_t)status.st_dev,
                   (uintmax_t)status.st_ino);
    return setenv("JOURNAL_STREAM", text, 1) == 0 ? pair[0] : -1;
}

START_TEST(writes_a_line_at_once_and_its_priority_to_the_journal)
{
    static const char *const lines[] = {"<3>p: a\\x09\n", "<4>p: b\n",
                                        "<5>p: c\n", "p: d\n"};
    const int journal = open_journal();
    ck_assert_int_ge(journal, 0);
    message_start("p", stderr);
    message(PRIORITY_ERROR, "a\t");
    message(PRIORITY_WARNING, "b");
    message(PRIORITY_NOTICE, "c");
    message(PRIORITY_INFO, "d");
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        char text[64] = "";
        (void)recv(journal, text, sizeof(text) - 1, MSG_DONTWAIT);
        ck_assert_str_eq(text, lines[i]);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("message");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, names_make_no_line_of_their_own);
    tcase_add_test(tcase, cuts_what_is_longer);
    tcase_add_test(tcase, tells_a_failure);
    tcase_add_test(tcase, takes_the_status_off);
    tcase_add_test(tcase, tells_another_file);
    tcase_add_test(tcase,
                   writes_a_line_at_once_and_its_priority_to_the_journal);
    suite_add_tcase(suite, tcase);
    return suite;
}
