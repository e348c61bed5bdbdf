/* SPDX-License-Identifier: MIT */
/* Who is told by OSC what changes, and how many can be. */
#include "osc_bench.h"
#include "osc_client.h"
#include "program.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Nothing but messages to 'path'; the value of the last one. */
static double hear(int fd, const char *path, int wait_ms)
{
    static struct osc_reply reply;
    double number = (double)NAN;
    while (osc_receive(fd, &reply, wait_ms)) {
        if (strcmp(reply.path, path) == 0) {
            number = reply.numbers[0];
            wait_ms = wait_ms < 300 ? wait_ms : 300;
        }
    }
    return number;
}

START_TEST(tells_listeners_but_not_who_moved)
{
    static struct osc_reply reply;
    pid_t pid = play("--osc=0");
    int one = osc_open();
    int two = osc_open();
    osc_send(one, "/listeners/add", "");
    osc_send(two, "/listeners/add", "i", (int)osc_own_port(two));
    /* Both are told all values at once. */
    ck_assert_double_eq(hear(one, "/params/panel/cut", 3000), 0.0);
    ck_assert_double_eq(hear(two, "/params/panel/cut", 3000), 0.0);
    osc_send(one, "/params/panel/cut", "f", 0.3);
    ck_assert_double_eq(hear(two, "/params/panel/cut", 3000), (double)0.3F);
    ck_assert(isnan(hear(one, "/params/panel/cut", 1000)));
    /* A step of the slider makes another value of it: that he is told. */
    osc_send(one, "/params/panel/cut/normalized", "f", 0.7);
    ck_assert_double_eq(hear(two, "/params/panel/cut", 3000), 0.75);
    ck_assert_double_eq(hear(one, "/params/panel/cut", 3000), 0.75);
    /* And what others do. */
    osc_send(two, "/params/panel/cut", "f", 0.125);
    ck_assert_double_eq(hear(one, "/params/panel/cut", 3000), 0.125);

    const struct osc_reply *entries = osc_ask(two, "/listeners/entries");
    ck_assert_str_eq(entries->types, "ss");
    osc_send(one, "/listeners/del", "");
    entries = osc_ask(two, "/listeners/entries");
    ck_assert_str_eq(entries->types, "s");
    osc_send(two, "/params/panel/cut", "f", 0.5);
    ck_assert(!osc_receive(one, &reply, 700));
    (void)close(one);
    (void)close(two);
    (void)end(pid);
}
END_TEST

START_TEST(tells_what_was_asked_for)
{
    static struct osc_reply reply;
    char address[32];
    char levels[600];
    char all[600];
    pid_t pid = play("--osc=0");
    int fd = osc_open();
    (void)snprintf(address, sizeof(address), "127.0.0.1:%u", osc_own_port(fd));
    (void)snprintf(levels, sizeof(levels), "%s/info/levels", osc_root());
    (void)snprintf(all, sizeof(all), "%s/vars/table", osc_root());
    osc_send(fd, "/listeners/add", "sss", address, levels, all);
    bool has_levels = false;
    bool has_table = false;
    for (int i = 0; i < 200 && !(has_levels && has_table); i++) {
        ck_assert(osc_receive(fd, &reply, 10000));
        ck_assert_uint_ne(strncmp(reply.path, "/params", 7), 0);
        has_levels |= strcmp(reply.path, "/info/levels") == 0 &&
                      strcmp(reply.types, "ff") == 0;
        has_table |= strcmp(reply.path, "/vars/table/f64") == 0 &&
                     strcmp(reply.types, "dddddddd") == 0;
    }
    ck_assert(has_levels && has_table);
    (void)close(fd);
    (void)end(pid);
}
END_TEST

/* More than there is room for: who was silent the longest makes room. */
START_TEST(bounds_listeners)
{
    enum { LISTENERS = 20, ROOM = 16 };
    int fds[LISTENERS];
    pid_t pid = play("--osc=0");
    for (int i = 0; i < LISTENERS; i++) {
        fds[i] = osc_open();
        osc_send(fds[i], "/listeners/add", "");
    }
    const struct osc_reply *reply =
        osc_ask(fds[LISTENERS - 1], "/listeners/entries");
    ck_assert_uint_eq(strlen(reply->types), ROOM);
    /* The patch is not told what it would then set again. */
    char own[32];
    (void)snprintf(own, sizeof(own), "127.0.0.1:%u", osc_port());
    static struct osc_reply refused;
    for (int i = 0; i < 2; i++) {
        int fd = osc_open();
        if (i == 0) {
            osc_send(fd, "/listeners/add", "i", osc_port());
        } else {
            osc_send(fd, "/listeners/add", "s", own);
        }
        ck_assert(osc_receive(fd, &refused, 10000));
        ck_assert_str_eq(refused.path, "/error");
        ck_assert_str_eq(refused.texts[1], "that is this patch itself");
        (void)close(fd);
    }
    for (int i = 0; i < LISTENERS; i++) {
        (void)close(fds[i]);
    }
    (void)end(pid);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("osc_listeners");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, tells_listeners_but_not_who_moved);
    tcase_add_test(tcase, tells_what_was_asked_for);
    tcase_add_test(tcase, bounds_listeners);
    suite_add_tcase(suite, tcase);
    return suite;
}
