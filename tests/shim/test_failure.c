/* SPDX-License-Identifier: MIT */
/* The error of a program. */
#include "common/failure.h"

#include "suite.h"

#include <errno.h>
#include <string.h>

START_TEST(tells_what_errno_says)
{
    struct failure failure = {0};
    errno = ENOENT;
    ck_assert(
        !failure_set_errno(&failure, STATUS_FILE, "cannot read '%s'", "a.wav"));
    ck_assert_int_eq(failure.status, STATUS_FILE);
    ck_assert_str_eq(failure.text,
                     "cannot read 'a.wav': No such file or directory");
}
END_TEST

START_TEST(keeps_the_first)
{
    struct failure failure = {0};
    ck_assert(!failure_set(&failure, STATUS_USAGE, "first"));
    errno = ENOENT;
    ck_assert(!failure_set_errno(&failure, STATUS_FILE, "second"));
    ck_assert(!failure_set(&failure, STATUS_OPEN, "third"));
    ck_assert(!failure_hint(&failure, "--do %d", 1));
    ck_assert(!failure_hint(&failure, "--do %d", 2));
    ck_assert_int_eq(failure.status, STATUS_USAGE);
    ck_assert_str_eq(failure.text, "first");
    ck_assert_str_eq(failure.hint, "--do 1");
}
END_TEST

/* Every length around the size of the text: cut short, and no further. */
START_TEST(cuts_what_does_not_fit)
{
    char name[sizeof((struct failure){0}.text) + 8];
    for (size_t length = sizeof(name) - 40; length < sizeof(name); length++) {
        struct failure failure = {0};
        memset(name, 'x', length);
        name[length] = '\0';
        errno = EIO;
        ck_assert(!failure_set_errno(&failure, STATUS_FILE, "%s", name));
        size_t whole = length + strlen(": Input/output error");
        size_t most = sizeof(failure.text) - 1;
        ck_assert_uint_eq(strlen(failure.text), whole < most ? whole : most);
        ck_assert_str_eq(failure.detail, "");
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("failure");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, tells_what_errno_says);
    tcase_add_test(tcase, keeps_the_first);
    tcase_add_test(tcase, cuts_what_does_not_fit);
    suite_add_tcase(suite, tcase);
    return suite;
}
