/* SPDX-License-Identifier: MIT */
/* Bundles that wait, floods, noise and strangers: what --osc keeps, and what it
 * drops. */
#include "osc_bench.h"
#include "osc_client.h"
#include "program.h"
#include "rt/stats.h"
#include "suite.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void add_set(struct osc_packet *bundle, const char *path, double value)
{
    static struct osc_packet message;
    osc_message(&message, path, "f", value);
    osc_add(bundle, &message);
}

START_TEST(honours_time_tags)
{
    static struct osc_packet bundle;
    static struct osc_packet inner;
    pid_t pid = play("--osc=0");
    int fd = osc_open();
    osc_bundle(&bundle, INT_MIN); /* at once, in order */
    add_set(&bundle, "/vars/amp/gain", 1.0);
    add_set(&bundle, "/vars/amp/gain", 2.0);
    osc_bundle(&inner, INT_MIN);
    add_set(&inner, "/vars/far/gain", 3.0);
    osc_add(&bundle, &inner);
    osc_send_packet(fd, &bundle);
    ck_assert_double_eq(osc_ask(fd, "/vars/far/gain")->numbers[0], 3.0);
    ck_assert_double_eq(osc_ask(fd, "/vars/amp/gain")->numbers[0], 2.0);

    osc_bundle(&bundle, -1000); /* late: at once, and counted */
    add_set(&bundle, "/vars/amp/gain", 4.0);
    osc_send_packet(fd, &bundle);
    ck_assert_double_eq(osc_ask(fd, "/vars/amp/gain")->numbers[0], 4.0);

    osc_bundle(&bundle, 100000); /* clocks that differ */
    add_set(&bundle, "/vars/amp/gain", 5.0);
    osc_send_packet(fd, &bundle);

    /* The later one first, and one within another. */
    uint64_t start_ns = stats_now_ns();
    osc_bundle(&bundle, 1500);
    add_set(&bundle, "/vars/amp/gain", 7.0);
    osc_send_packet(fd, &bundle);
    osc_bundle(&bundle, 700);
    add_set(&bundle, "/vars/amp/gain", 6.0);
    osc_bundle(&inner, 2000);
    add_set(&inner, "/vars/amp/gain", 8.0);
    osc_add(&bundle, &inner);
    osc_send_packet(fd, &bundle);
    for (double value = 6.0; value <= 8.0; value++) {
        double due_s = value == 6.0 ? 0.7 : value == 7.0 ? 1.5 : 2.0;
        (void)osc_await(fd, "/vars/amp/gain", value);
        ck_assert_double_ge((double)(stats_now_ns() - start_ns) * 1e-9, due_s);
    }
    (void)close(fd);
    struct program_result result = end_counted(pid);
    check_counts(&result, 100000, 0, 1, 1);
}
END_TEST

/* Bundles ahead of their time fill no memory. */
START_TEST(bounds_what_waits)
{
    static struct osc_packet bundle;
    static struct osc_packet message;
    enum { BUNDLES = 300, ROOM = 256 };
    pid_t pid = play("--osc=0");
    int fd = osc_open();
    osc_bundle(&bundle, 30000);
    osc_message(&message, "/vars/amp/gain", "f", 0.5);
    osc_add(&bundle, &message);
    for (int i = 0; i < BUNDLES; i++) {
        osc_send_packet(fd, &bundle);
        if (i % 50 == 0) { /* not faster than it reads */
            (void)osc_ask(fd, "/info/name");
        }
    }
    (void)osc_ask(fd, "/info/name");
    (void)close(fd);
    struct program_result result = end_counted(pid);
    check_counts(&result, 7 + BUNDLES, 0, BUNDLES - ROOM, 0);
}
END_TEST

/* Good packets with damage, and noise. */
START_TEST(survives_garbage)
{
    static struct osc_packet seeds[5];
    static struct osc_packet packet;
    pid_t pid = play("--osc=0");
    int fd = osc_open();
    struct osc_packet *deep = malloc(2 * sizeof(*deep));
    ck_assert_ptr_nonnull(deep);
    osc_message(&seeds[0], "/vars/amp/gain", "f", 0.5);
    osc_message(&seeds[1], "/vars/{amp,far}/*", "[iif]sT", 1, 2, 0.5, "x");
    osc_message(&seeds[2], "/presets/save", "s", "name");
    osc_bundle(&seeds[3], INT_MIN);
    osc_add(&seeds[3], &seeds[0]);
    osc_add(&seeds[3], &seeds[1]);
    deep[0] = seeds[3];
    for (int i = 0; i < 20; i++) { /* deeper than is read */
        osc_bundle(&deep[(i + 1) % 2], INT_MIN);
        osc_add(&deep[(i + 1) % 2], &deep[i % 2]);
    }
    seeds[4] = deep[0];
    free(deep);
    srand(11);
    for (unsigned i = 0; i < suite_rounds(200000); i++) {
        packet = seeds[(unsigned)rand() % 5];
        for (int n = rand() % 4; n > 0; n--) {
            packet.bytes[(size_t)rand() % packet.size] = (uint8_t)rand();
        }
        if (rand() % 4 == 0) {
            packet.size = (size_t)rand() % packet.size;
        }
        osc_send_packet(fd, &packet);
    }
    (void)close(fd);
    fd = osc_open();
    for (int i = 0; i < 50; i++) { /* until it has read all of that */
        const struct timespec pause = {0, 100000000};
        static struct osc_reply reply;
        osc_send(fd, "/info/name", "");
        if (osc_receive(fd, &reply, 200)) {
            break;
        }
        (void)nanosleep(&pause, NULL);
    }
    ck_assert_str_eq(osc_ask(fd, "/info/name")->texts[0], "fake \"ramp\"");
    (void)close(fd);
    (void)end(pid);
}
END_TEST

/* As fast as a machine sends, on one: more than 100 000 messages a second where
 * it has nothing else to do. */
START_TEST(plays_on_under_a_flood)
{
    enum { IN_BUNDLE = 50, MESSAGES = 300000 };
    static struct osc_packet bundle;
    static struct osc_packet message;
    unsigned long sent = 0;
    pid_t pid = play("--osc=0 --stats-json stats");
    int fd = osc_open();
    int other = osc_open();
    osc_message(&message, "/vars/amp/gain", "f", 0.5);
    osc_bundle(&bundle, INT_MIN);
    for (int i = 0; i < IN_BUNDLE; i++) {
        osc_add(&bundle, &message);
    }
    uint64_t start_ns = stats_now_ns();
    while (stats_now_ns() - start_ns < UINT64_C(3000000000) ||
           sent < MESSAGES) {
        osc_send_packet(fd, sent % 2 == 0 ? &message : &bundle);
        sent += sent % 2 == 0 ? 1 : IN_BUNDLE;
    }
    /* Somebody else is heard again as soon as it is over. */
    osc_send(other, "/vars/far/gain", "f", 0.25);
    bool is_heard = false;
    for (int i = 0; i < 100 && !is_heard; i++) {
        static struct osc_reply reply;
        osc_send(other, "/vars/far/gain", "f", 0.25);
        osc_send(other, "/vars/far/gain", "");
        while (!is_heard && osc_receive(other, &reply, 500)) {
            is_heard = strcmp(reply.path, "/vars/far/gain") == 0 &&
                       reply.numbers[0] == 0.25;
        }
    }
    ck_assert(is_heard);
    (void)close(fd);
    (void)close(other);
    struct program_result result = end_counted(pid);
    ck_assert_msg(strstr(result.err, "xruns   0,") != NULL, "%s", result.err);
    size_t bytes = 0;
    char *stats = (char *)program_read_file("stats", &bytes);
    const char *dropped = strstr(stats, "\"oscDropped\": ");
    ck_assert_ptr_nonnull(dropped);
    ck_assert_uint_gt(strtoul(dropped + strlen("\"oscDropped\": "), NULL, 10),
                      0);
    free(stats);
}
END_TEST

START_TEST(asks_others_for_the_token)
{
    static struct osc_reply reply;
    static struct osc_packet bundle;
    static struct osc_packet message;
    char token[64] = "";
    size_t bytes = 0;
    pid_t pid = play("--osc=0 --osc-bind 0.0.0.0");
    char *err = (char *)program_read_file("child.err", &bytes);
    const char *found = strstr(err, "/token ");
    ck_assert_ptr_nonnull(found);
    ck_assert_int_eq(sscanf(found, "/token %63s", token), 1);
    ck_assert_uint_eq(strlen(token), 22);
    free(err);
    int fd = osc_open();
    osc_send(fd, "/info/name", "");
    osc_send(fd, "/params/panel/cut", "f", 0.5);
    osc_send(fd, "/nothing", "");
    osc_send(fd, "/token", "s", "GGEPMOT3UwrHSGS28LHeNk");
    osc_send(fd, "/token", "");
    osc_send(fd, "/token", "i", 1);
    osc_bundle(&bundle, 100);
    osc_message(&message, "/params/panel/cut", "f", 0.5);
    osc_add(&bundle, &message);
    osc_send_packet(fd, &bundle);
    osc_send(fd, "/info/name", "");
    ck_assert(!osc_receive(fd, &reply, 500)); /* nobody is there */
    osc_send(fd, "/token", "s", token);
    ck_assert_double_eq(osc_ask(fd, "/params/panel/cut")->numbers[0], 0.0);
    (void)close(fd);
    fd = osc_open(); /* it is the host that may */
    osc_send(fd, "/params/panel/cut", "f", 0.5);
    (void)osc_await(fd, "/params/panel/cut", 0.5);
    (void)close(fd);
    struct program_result result = end_counted(pid);
    check_counts(&result, 1000, 0, 8, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("osc_bounds");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, honours_time_tags);
    tcase_add_test(tcase, bounds_what_waits);
    tcase_add_test(tcase, survives_garbage);
    tcase_add_test(tcase, plays_on_under_a_flood);
    tcase_add_test(tcase, asks_others_for_the_token);
    suite_add_tcase(suite, tcase);
    return suite;
}
