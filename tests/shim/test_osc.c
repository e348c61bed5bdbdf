/* SPDX-License-Identifier: MIT */
/* --osc, with the real library, as controllers and attackers see it. */
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef F4E_HAS_LO_H
# include <lo/lo.h>
#endif

#include "browser.h"
#include "json_check.h"
#include "osc/liblo.h"
#include "osc_client.h"
#include "program.h"
#include "rt/stats.h"
#include "suite.h"

/* Long periods: a busy machine is not what is tested here. */
#define PLAY                                                               \
    "--dummy --rt-prio 0 --period 16384 --periods 4 --seconds 60 --stats " \
    "--presets presets.json "

static pid_t play(const char *options)
{
    char arguments[512];
    (void)snprintf(arguments, sizeof(arguments), PLAY "%s", options);
    pid_t pid = program_start(NULL, NULL, arguments);
    (void)osc_port();
    return pid;
}

static struct program_result end(pid_t pid)
{
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_msg(strstr(result.err, "started again") == NULL, "%s",
                  result.err);
    return result;
}

/* Once all that was counted is told. */
static struct program_result end_counted(pid_t pid)
{
    const struct timespec pause = {1, 600000000};
    (void)nanosleep(&pause, NULL);
    return end(pid);
}

/* The numbers of the line of --stats. */
static void check_counts(const struct program_result *result,
                         unsigned long most_received, unsigned long refused,
                         unsigned long dropped, unsigned long late)
{
    unsigned long numbers[4] = {0};
    const char *line = strstr(result->err, ": osc     ");
    while (line != NULL && strstr(line + 1, ": osc     ") != NULL) {
        line = strstr(line + 1, ": osc     ");
    }
    ck_assert_msg(line != NULL && sscanf(line,
                                         ": osc %lu messages, %lu refused, %lu "
                                         "dropped, %lu bundles late",
                                         &numbers[0], &numbers[1], &numbers[2],
                                         &numbers[3]) == 4,
                  "%s", result->err);
    ck_assert_uint_le(numbers[0], most_received);
    ck_assert_uint_eq(numbers[1], refused);
    ck_assert_uint_eq(numbers[2], dropped);
    ck_assert_uint_eq(numbers[3], late);
}

static const struct {
    const char *path;
    char type; /* 'T' and the like have no value */
    double value;
    const char *seen; /* where it is read */
    const char *types;
    double shown;
} moves[] = {
    {"/params/panel/cut", 'f', 0.3, "/params/panel/cut", "f", 0.3},
    {"/params/panel/cut", 'd', 0.4, "/params/panel/cut/normalized", "f", 0.4},
    {"/params/panel/cut", 'i', 7, "/params/panel/cut", "f", 7}, /* as set */
    {"/params/panel/cut", 'f', 7, "/params/panel/cut/normalized", "f", 1},
    {"/params/panel/cut/normalized", 'f', 0.6, "/params/panel/cut", "f", 0.5},
    {"/params/panel/cut/normalized", 'i', 1, "/params/panel/cut", "f", 1},
    {"/params/panel/cut/normalized", 'F', 0, "/params/panel/cut", "f", 0},
    {"/params/panel/steps", 'f', 64, "/params/panel/steps", "i", 64},
    {"/params/panel/steps", 'h', 65, "/params/panel/steps", "i", 65},
    {"/params/panel/bits", 'f', 0.25, "/params/panel/bits", "f", 0.25},
    {"/params/panel/bits/normalized", 'f', 0.75, "/params/panel/bits", "f",
     0.5},
    {"/params/panel/play", 'T', 0, "/params/panel/play", "i", 5},
    {"/params/panel/play", 'F', 0, "/params/panel/play", "i", 3},
    {"/params/panel/play", 'I', 0, "/params/panel/play/normalized", "f", 1},
    {"/params/panel/play", 'i', 9, "/params/panel/play", "i", 9},
    {"/params/panel/play/normalized", 'f', 0.4, "/params/panel/play", "i", 3},
    {"/params/panel/hit", 'T', 0, "/params/panel/hit", "f", 100},
    {"/params/panel/left", 'f', -0.5, "/params/panel/left", "f", -0.5},
    {"/params/panel/left", 'f', -0.5, "/vars/panel/left", "f", 0.75},
    {"/params/panel/left", 'f', -0.5, "/vars/panel/right", "f", 0.25},
    {"/params/panel/left/normalized", 'f', 1, "/params/panel/left", "f", 1},
    {"/vars/amp/gain", 'f', 0.1, "/vars/amp/gain", "f", 0.1},
    {"/vars/amp/gain", 'T', 0, "/vars/amp/gain", "f", 1},
    {"/vars/amp/gain", 'd', HUGE_VAL, "/vars/amp/gain", "f", HUGE_VAL},
    {"/vars/table/i8", 'i', -128, "/vars/table/i8", "iiiiiiii", -128},
    {"/vars/table/u16", 'i', 65535, "/vars/table/u16", "iiiiiiii", 65535},
    {"/vars/table/i32", 'i', INT_MIN, "/vars/table/i32", "iiiiiiii", INT_MIN},
    {"/vars/table/f64", 'd', 0.1, "/vars/table/f64", "dddddddd", 0.1},
    {"/vars/a=b/c=d", 'i', 4, "/vars/a=b/c=d", "i", 4},
    {"/vars/esc%1B%5B2J/bell%E2%80%AE", 'i', 4,
     "/vars/esc%1B%5B2J/bell%E2%80%AE", "i", 4},
    {"/call/level", 'f', 0.375, "/vars/keys/level", "f", 0.375},
    {"/vars/{amp,far}/gain", 'f', 0.5, "/vars/far/gain", "f", 0.5},
    {"/vars/a?p/g[a-c]in", 'f', 0.125, "/vars/amp/gain", "f", 0.125},
    {"/*/*/cut", 'f', 0.875, "/params/panel/cut", "f", 0.875},
};

/* One after the other, each seen by an own question. */
START_TEST(moves_what_is_addressed)
{
    char types[2] = "";
    pid_t pid = play("--osc=0");
    int fd = osc_open();
    for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++) {
        types[0] = moves[i].type;
        if (moves[i].type == 'i') {
            osc_send(fd, moves[i].path, types, (int)moves[i].value);
        } else if (moves[i].type == 'h') {
            osc_send(fd, moves[i].path, types, (int64_t)moves[i].value);
        } else {
            osc_send(fd, moves[i].path, types, moves[i].value);
        }
        const struct osc_reply *reply = osc_ask(fd, moves[i].seen);
        ck_assert_msg(strcmp(reply->types, moves[i].types) == 0, "%s: %s",
                      moves[i].path, reply->types);
        double wanted = reply->types[0] == 'f' ? (double)(float)moves[i].shown
                                               : moves[i].shown;
        ck_assert_msg(reply->numbers[0] == wanted, "%s: %.17g", moves[i].path,
                      reply->numbers[0]);
    }
    (void)close(fd);
    struct program_result result = end_counted(pid);
    check_counts(&result, 2 * sizeof(moves) / sizeof(*moves), 0, 0, 0);
}
END_TEST

static const struct {
    const char *path;
    const char *types;
    int value;
    const char *error;
} wrong[] = {
    {"/nothing", "i", 1, "there is no such address"},
    {"", "", 0, "there is no such address"},
    {"/params/panel", "", 0, "there is no such address"},
    {"/params/panel/cut/", "i", 1, "there is no such address"},
    {"/params/panel/cut", "s", 0, "this takes numbers, T and F"},
    {"/params/panel/cut", "ii", 1, "this takes one value"},
    {"/params/panel/cut", "N", 0, "this takes numbers, T and F"},
    {"/params/panel/cut/normalized", "i", 2, "this goes from 0 to 1"},
    {"/params/panel/cut/normalized", "i", -1, "this goes from 0 to 1"},
    {"/params/panel/left", "i", 2, "this goes from 0 to 1"},
    {"/params/panel/cut/normalized", "s", 0, "this takes one number"},
    {"/vars/table/i8", "i", 128, "out of the range of int8"},
    {"/vars/table/i8", "iiiiiiiii", 1, "one too many"},
    {"/vars/amp/gain", "ii", 1, "one too many"},
    {"/vars/test/blocks", "s", 0, "this takes numbers"},
    {"/info/name", "i", 1, "this can only be read"},
    {"/info/levels", "", 0, "only listeners are told this"},
    {"/presets/entries", "i", 1, "this can only be read"},
    {"/presets/load", "", 0, "this takes a name"},
    {"/presets/load", "i", 1, "this takes a name"},
    {"/presets/load", "s", 0, "no preset 'nobody'"},
    {"/presets/save", "si", 1, "this takes a name"},
    {"/midi/in", "", 0, "midi needs a port and a status"},
    {"/midi/in", "i", 60, "a status of 128 or more"},
    {"/midi/in", "iiii", 144, "at most 3 bytes"},
    {"/midi/in", "s", 0, "this takes numbers"},
    {"/listeners/add", "i", 0, "a port is 1 to 65535"},
    {"/listeners/add", "s", 0, "an address has the form HOST:PORT"},
    {"/listeners/del", "i", 9, "nobody listens there"},
    {"/vars/*/*b*b*b", "i", 1, "too many stars"},
    {"/vars/{a/b}", "i", 1, "this pattern is broken"},
    {"/vars/[a-", "i", 1, "this pattern is broken"},
    {"/vars/]", "i", 1, "this pattern is broken"},
    {"/vars/x*", "i", 1, "no address matches"},
};

START_TEST(tells_what_is_wrong)
{
    static struct osc_packet packet;
    static struct osc_reply reply;
    pid_t pid = play("--osc=0");
    int fd = osc_open();
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        int value = wrong[i].value;
        if (wrong[i].types[0] == 's') {
            osc_message(&packet, wrong[i].path, wrong[i].types, "nobody",
                        value);
        } else {
            osc_message(&packet, wrong[i].path, wrong[i].types, value, value,
                        value, value, value, value, value, value, value);
        }
        osc_send_packet(fd, &packet);
        ck_assert_msg(osc_receive(fd, &reply, 10000), "%s", wrong[i].path);
        ck_assert_str_eq(reply.path, "/error");
        ck_assert_str_eq(reply.types, "ss");
        ck_assert_msg(strstr(reply.texts[1], wrong[i].error) != NULL,
                      "%s %s: %s", wrong[i].path, wrong[i].types,
                      reply.texts[1]);
        /* At most 20 of them are told in a second. */
        const struct timespec pause = {0, 55000000};
        (void)nanosleep(&pause, NULL);
    }
    (void)close(fd);
    struct program_result result = end_counted(pid);
    check_counts(&result, sizeof(wrong) / sizeof(*wrong),
                 sizeof(wrong) / sizeof(*wrong), 0, 0);
}
END_TEST

START_TEST(answers_errors_of_others_with_silence)
{
    static struct osc_reply reply;
    pid_t pid = play("--osc=0");
    int fd = osc_open();
    osc_send(fd, "/error", "ss", "/x", "y");
    osc_send(fd, "/x/error", "i", 1);
    ck_assert_str_eq(osc_ask(fd, "/info/name")->texts[0], "fake \"ramp\"");
    for (int i = 0; i < 100; i++) { /* nor are more than some told */
        osc_send(fd, "/x", "i", 1);
    }
    unsigned count = 0;
    while (osc_receive(fd, &reply, 300)) {
        count++;
    }
    ck_assert_uint_ge(count, 1);
    ck_assert_uint_le(count, 60);
    (void)close(fd);
    struct program_result result = end_counted(pid);
    check_counts(&result, 103, 102, 0, 0);
}
END_TEST

/* Arrays, also with the types in brackets, which are passed over. */
START_TEST(sets_arrays)
{
    pid_t pid = play("--osc=0");
    int fd = osc_open();
    osc_send(fd, "/vars/table/i16", "[iii]", 1, -2, 3);
    osc_send(fd, "/vars/table/f32", "f[f[d]]Ti", 0.5, 0.25, 0.125, 7);
    const struct osc_reply *reply = osc_ask(fd, "/vars/table/i16");
    static const double whole[] = {1, -2, 3, 0, 0, 0, 0, 0};
    ck_assert_int_eq(memcmp(reply->numbers, whole, sizeof(whole)), 0);
    reply = osc_ask(fd, "/vars/table/f32");
    static const double real[] = {0.5, 0.25, 0.125, 1, 7, 0, 0, 0};
    ck_assert_int_eq(memcmp(reply->numbers, real, sizeof(real)), 0);
    (void)close(fd);
    (void)end(pid);
}
END_TEST

START_TEST(plays_midi_and_presets)
{
    pid_t pid = play("--osc=0");
    int fd = osc_open();
    osc_send(fd, "/midi/in", "iii", 144, 60, 77);
    (void)osc_await(fd, "/vars/keys/note", 77);
    osc_send(fd, "/midi/in", "m", 0x02903c4e); /* port 2 */
    (void)osc_await(fd, "/vars/keys/note", 78);
    osc_send(fd, "/midi/in", "m", 0x63903c4f); /* there is no port 99 */
    (void)osc_await(fd, "/vars/keys/note", 79);

    osc_send(fd, "/params/panel/cut", "f", 0.25);
    osc_send(fd, "/presets/save", "s", "so \"ft\\");
    osc_send(fd, "/presets/save", "s", "hard\xc3\xa9");
    const struct osc_reply *reply = osc_ask(fd, "/presets/entries");
    ck_assert_str_eq(reply->types, "ss");
    ck_assert_str_eq(reply->texts[0], "hard\xc3\xa9"); /* by name */
    ck_assert_str_eq(reply->texts[1], "so \"ft\\");
    osc_send(fd, "/params/panel/cut", "f", 0.5);
    osc_send(fd, "/presets/load", "s", "so \"ft\\");
    (void)osc_await(fd, "/params/panel/cut", 0.25);
    osc_send(fd, "/params/panel/cut", "f", 0.5);
    osc_send(fd, "/presets/load", "sf", "so \"ft\\", 0.7);
    (void)osc_await(fd, "/params/panel/cut", 0.25);
    /* A name is one word of one request. */
    osc_send(fd, "/presets/save", "s", "a\nquit");
    osc_send(fd, "/presets/save", "s", "a\" all # \"");
    reply = osc_ask(fd, "/presets/entries");
    while (strcmp(reply->path, "/error") == 0) {
        reply = osc_ask(fd, "/presets/entries");
    }
    ck_assert_str_eq(reply->types, "sss");
    ck_assert_str_eq(reply->texts[0], "a\" all # \"");
    (void)close(fd);
    (void)end(pid);
}
END_TEST

START_TEST(answers_all_that_a_pattern_matches)
{
    static struct osc_reply reply;
    unsigned count = 0;
    pid_t pid = play("--osc=0");
    int fd = osc_open();
    osc_send(fd, "/params/panel/*", "");
    while (count < 6 && osc_receive(fd, &reply, 10000)) {
        ck_assert_uint_eq(strncmp(reply.path, "/params/panel/", 14), 0);
        count++;
    }
    ck_assert_uint_eq(count, 6);
    ck_assert(!osc_receive(fd, &reply, 200));
    (void)close(fd);
    (void)end(pid);
}
END_TEST

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

START_TEST(names_the_package_that_is_missing)
{
    char here[512];
    program_write_file("liblo.so.7", "nothing", 7);
    ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
    ck_assert_int_eq(setenv("LD_LIBRARY_PATH", here, 1), 0);
    struct program_result result = program_run(NULL, NULL, PLAY "--osc");
    ck_assert_int_eq(unsetenv("LD_LIBRARY_PATH"), 0);
    ck_assert_int_eq(result.status, 8);
    ck_assert_msg(strstr(result.err, "--osc needs liblo.so.7: ") != NULL, "%s",
                  result.err);
    ck_assert_ptr_nonnull(
        strstr(result.err, "hint: sudo apt install liblo7\n"));
}
END_TEST

static const struct {
    const char *arguments;
    int status;
    const char *message;
} refused[] = {
    {"--osc-bind 0.0.0.0", 2, "--osc-bind needs --osc"},
    {"--token-file x", 2, "--token-file needs --http or --osc"},
    {"--osc=65536", 2, "--osc"},
    {"--osc --osc-bind example.org", 2, "--osc-bind needs an address"},
    {"--osc --render x --seconds 1", 2, "--osc plays a patch, not a render"},
    {"--dummy --osc --osc-bind 203.0.113.7", 9, "cannot listen at 203.0.113"},
};

START_TEST(refuses_options)
{
    struct program_result result =
        program_run(NULL, NULL, refused[_i].arguments);
    ck_assert_msg(result.status == refused[_i].status, "%d: %s", result.status,
                  result.err);
    ck_assert_msg(strstr(result.err, refused[_i].message) != NULL, "%s",
                  result.err);
}
END_TEST

START_TEST(takes_the_next_port_unless_one_is_asked_for)
{
    char arguments[256];
    pid_t first = play("--osc");
    uint16_t taken = osc_port();
    (void)snprintf(arguments, sizeof(arguments), PLAY "--osc=%u", taken);
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "hint: --osc=0"));
    pid_t second = play("--osc");
    ck_assert_uint_gt(osc_port(), taken);
    ck_assert_int_eq(kill(first, SIGTERM), 0);
    (void)end(second);
}
END_TEST

#ifdef F4E_HAS_LO_H
/* What is declared in osc/liblo.h is what the library has: the compiler holds
 * the types of the functions against each other. */
START_TEST(declares_the_library_as_it_is)
{
    const struct liblo own = {
        .message_deserialise = lo_message_deserialise,
        .message_get_argc = lo_message_get_argc,
        .message_get_types = lo_message_get_types,
        .message_new = lo_message_new,
        .message_add_int32 = lo_message_add_int32,
        .message_add_float = lo_message_add_float,
        .message_add_double = lo_message_add_double,
        .message_add_string = lo_message_add_string,
        .message_length = lo_message_length,
        .message_serialise = lo_message_serialise,
        .message_free = lo_message_free,
        .pattern_match = lo_pattern_match,
    };
    lo_arg **(*arguments)(lo_message message) = lo_message_get_argv;
    ck_assert_uint_eq(sizeof(**arguments(own.message_new())), 8);
}
END_TEST
#endif

Suite *test_suite(void)
{
    Suite *suite = suite_create("osc");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, moves_what_is_addressed);
    tcase_add_test(tcase, tells_what_is_wrong);
    tcase_add_test(tcase, answers_errors_of_others_with_silence);
    tcase_add_test(tcase, sets_arrays);
    tcase_add_test(tcase, plays_midi_and_presets);
    tcase_add_test(tcase, answers_all_that_a_pattern_matches);
    tcase_add_test(tcase, tells_listeners_but_not_who_moved);
    tcase_add_test(tcase, tells_what_was_asked_for);
    tcase_add_test(tcase, bounds_listeners);
    tcase_add_test(tcase, honours_time_tags);
    tcase_add_test(tcase, bounds_what_waits);
    tcase_add_test(tcase, survives_garbage);
    tcase_add_test(tcase, plays_on_under_a_flood);
    tcase_add_test(tcase, asks_others_for_the_token);
    tcase_add_test(tcase, is_found_by_oscquery);
    tcase_add_test(tcase, answers_queries);
    tcase_add_test(tcase, names_the_package_that_is_missing);
    tcase_add_loop_test(tcase, refuses_options, 0,
                        sizeof(refused) / sizeof(*refused));
    tcase_add_test(tcase, takes_the_next_port_unless_one_is_asked_for);
#ifdef F4E_HAS_LO_H
    tcase_add_test(tcase, declares_the_library_as_it_is);
#endif
    suite_add_tcase(suite, tcase);
    return suite;
}
