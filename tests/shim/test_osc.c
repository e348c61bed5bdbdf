/* SPDX-License-Identifier: MIT */
/* --osc, with the real library: what controllers send, and what they are
 * answered. */
#include "osc/liblo.h"
#include "osc_bench.h"
#include "osc_client.h"
#include "program.h"
#include "suite.h"

#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef F4E_HAS_LO_H
# include <lo/lo.h>
#endif

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
