/* SPDX-License-Identifier: MIT */
#include "rt/ramp.h"

#include "common/element.h"
#include "control/script.h"
#include "fake_patch.h"
#include "load/load.h"
#include "program.h"
#include "rt/engine.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct engine engine;
static struct script script;
static struct inbox inbox;
static struct inbox_slot slots[8];
static struct inbox_payload payloads[8];
static float left[FAKE_BLOCK_FRAMES];
static float right[FAKE_BLOCK_FRAMES];
static float *const out[] = {left, right};
static const struct command_reader reader = {.patch = &f4e_patch};

/* A patch that does what 'text' says, block by block. */
static void start(const char *text)
{
    struct failure failure = {0};
    const struct options options = {.script = "s"};
    program_write_file("s", text, strlen(text));
    ck_assert_msg(script_load(&script, &options, &reader, &failure), "%s",
                  failure.text);
    engine_init(&engine, &f4e_patch, TRAP_RESET, load_stack_bytes(&f4e_patch));
    inbox_init(&inbox, slots, payloads, 8);
    engine_attach(&engine, &inbox);
    engine.events = script.events.events;
    engine.event_count = script.events.count;
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
}

static void play(unsigned blocks)
{
    for (; blocks > 0; blocks--) {
        ck_assert(engine_process(&engine, NULL, out));
    }
}

static double value(enum f4e_element element, unsigned address)
{
    return element_decode(element, f4e_patch.memories[0].data + address);
}

/* What a line makes of a value, and what it holds after each block. */
static const struct {
    const char *text;
    enum f4e_element element;
    unsigned address;
    unsigned count;
    double values[6];
} curves[] = {
    {"1b set amp:gain 2 over 4b",
     F4E_F32,
     FAKE_GAIN,
     6,
     {1, 1.25, 1.5, 1.75, 2, 2}},
    {"0b set keys:note 10 over 4b", F4E_I32, 12, 5, {3, 5, 8, 10, 10}},
    {"0b set keys:note -10 over 4b", F4E_I32, 12, 4, {-3, -5, -8, -10}},
    {"0b set table:u8 200,255 over 2b",
     F4E_U8,
     FAKE_TABLE + 65,
     3,
     {128, 255, 255}},
    {"0b set @8193:i8 -128 over 4b", F4E_I8, 8193, 4, {-32, -64, -96, -128}},
    {"0b set @8193:u16 65535 over 2b", F4E_U16, 8193, 2, {32768, 65535}},
    {"0b set @8194:i16 -32768 over 2b", F4E_I16, 8194, 2, {-16384, -32768}},
    {"0b set @8200:f64 3 over 3b", F4E_F64, 8200, 3, {1, 2, 3}},
    {"0b set amp:gain 2 over 0b", F4E_F32, FAKE_GAIN, 2, {2, 2}},
    {"0b set amp:gain 2 over 1b", F4E_F32, FAKE_GAIN, 2, {2, 2}},
    {"0b set amp:gain 2 over 129f", F4E_F32, FAKE_GAIN, 2, {1.5, 2}},
    {"0b set amp:gain 2 over 5ms", F4E_F32, FAKE_GAIN, 2, {1.5, 2}},
    {"0b set amp:gain 2 over 0.005s # end", F4E_F32, FAKE_GAIN, 2, {1.5, 2}},
    {"0b set 4 f32 2 over 2b", F4E_F32, FAKE_GAIN, 2, {1.5, 2}},
    {"0b set panel:cut 100% over 2b", F4E_F32, FAKE_PANEL, 3, {0.5, 1, 1}},
    {"0b set panel:left 0% over 2b", F4E_F32, FAKE_PANEL + 20, 2, {0.5, 1}},
    {"0b set panel:left 0% over 2b", F4E_F32, FAKE_PANEL + 24, 2, {0, 0}},
    /* There is no way from or to infinity: at once. */
    {"0b set amp:gain inf over 3b",
     F4E_F32,
     FAKE_GAIN,
     2,
     {HUGE_VAL, HUGE_VAL}},
    {"0b set amp:gain inf\n1b set amp:gain 2 over 9b",
     F4E_F32,
     FAKE_GAIN,
     2,
     {HUGE_VAL, 2}},
    /* A set, or another ramp, ends the one under way where it is. */
    {"0b set amp:gain 2 over 4b\n1b set amp:gain 7",
     F4E_F32,
     FAKE_GAIN,
     4,
     {1.25, 7, 7, 7}},
    {"0b set amp:gain 2 over 4b\n2b set amp:gain 0.5 over 2b",
     F4E_F32,
     FAKE_GAIN,
     5,
     {1.25, 1.5, 1, 0.5, 0.5}},
    /* One byte of it is enough: 1.25 is 0x3fa00000. */
    {"0b set amp:gain 2 over 4b\n1b set @6:u8 0",
     F4E_F32,
     FAKE_GAIN,
     3,
     {1.25, 0.5, 0.5}},
    {"0b set amp:gain 2 over 4b\n1b set test:trapAt -1",
     F4E_F32,
     FAKE_GAIN,
     3,
     {1.25, 1.5, 1.75}},
};

START_TEST(moves_in_a_straight_line)
{
    start(curves[_i].text);
    for (unsigned i = 0; i < curves[_i].count; i++) {
        play(1);
        double now = value(curves[_i].element, curves[_i].address);
        ck_assert_msg(now == curves[_i].values[i],
                      "%s: block %u: %.17g, not %.17g", curves[_i].text, i, now,
                      curves[_i].values[i]);
    }
    script_free(&script);
}
END_TEST

/* Any two values, any length: between them, in order, and exact at the end. */
START_TEST(stays_between_its_ends)
{
    static struct ramps ramps;
    srand(7);
    for (unsigned i = 0; i < 20000; i++) {
        enum f4e_element element = (enum f4e_element)(i % ELEMENT_COUNT);
        uint8_t now[8];
        uint8_t target[8];
        uint8_t bytes[8] = {0};
        for (unsigned k = 0; k < 8; k++) {
            now[k] = (uint8_t)rand();
            target[k] = (uint8_t)rand();
        }
        const struct ramp place = {.element = element,
                                   .blocks = 2 + (unsigned)rand() % 50};
        double from = element_decode(element, now);
        double to = element_decode(element, target);
        ramps.count = 0;
        if (!ramps_add(&ramps, &place, now, target)) {
            ck_assert(!isfinite(to - from));
            continue;
        }
        double before = from;
        for (unsigned k = 1; k <= place.blocks; k++) {
            ck_assert(ramp_step(&ramps.all[0], bytes) == (k == place.blocks));
            double value_now = element_decode(element, bytes);
            ck_assert(to > from ? value_now >= before : value_now <= before);
            before = value_now;
        }
        ck_assert_mem_eq(bytes, target, element_bytes(element));
    }
}
END_TEST

START_TEST(takes_the_end_when_too_many_move)
{
    char text[200 * 20] = "";
    start("0b set @16384:f32 1 over 2b");
    for (unsigned i = 0; i < 256; i++) {
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%u ",
                       i);
    }
    script_free(&script);
    char line[sizeof(text) + 64];
    (void)snprintf(line, sizeof(line),
                   "0b set table:u8[0] 9 over 9b\n0b set big:data %sover 3b",
                   text);
    start(line);
    play(1);
    ck_assert_uint_eq(engine.ramps.count, RAMPS_MAX);
    ck_assert_uint_eq(atomic_load(&engine.ramps.refused), 1);
    ck_assert(value(F4E_F32, FAKE_BIG + 4 * 255) == 255.0);
    ck_assert(value(F4E_F32, FAKE_BIG + 4 * 3) == 1.0);
    play(2);
    ck_assert(value(F4E_F32, FAKE_BIG + 4 * 3) == 3.0);
    ck_assert_uint_eq(engine.ramps.count, 1);
    script_free(&script);
}
END_TEST

START_TEST(a_reset_ends_what_moves)
{
    start("0b set amp:gain 2 over 9b\n3b call fail");
    play(6);
    ck_assert_uint_eq(engine.ramps.count, 0);
    ck_assert(value(F4E_F32, FAKE_GAIN) == 1.0);
    script_free(&script);
}
END_TEST

START_TEST(a_message_ends_what_moves)
{
    static const uint8_t bytes[4] = {0, 0, 0x40, 0x40};
    const struct change change = {
        .write = {.address = FAKE_GAIN, .size = 4, .bytes = bytes}};
    start("0b set amp:gain 2 over 9b");
    play(2);
    ck_assert(inbox_send(&inbox, &change));
    play(3);
    ck_assert(value(F4E_F32, FAKE_GAIN) == 3.0);
    ck_assert_uint_eq(engine.ramps.count, 0);
    script_free(&script);
}
END_TEST

/* The same script, offline and live: the same memory, bit for bit. */
START_TEST(moves_live_as_offline)
{
    static const char text[] = "1b set amp:gain 0.3 over 37b\n"
                               "2b set keys:note 1000 over 20ms\n"
                               "3b set big:data 0.1,0.2,0.3 over 0.02s\n"
                               "5b set panel:left 30% over 40b\n"
                               "20b set amp:gain -7 over 11b\n"
                               "25b set table:f64 1e300,-1e300 over 30b\n";
    size_t sizes[2];
    unsigned char *memories[2];
    program_write_file("s", text, sizeof(text) - 1);
    for (int i = 0; i < 2; i++) {
        char line[160];
        (void)snprintf(line, sizeof(line),
                       "%s --script s --blocks 30 --dump-memory m%d -q",
                       i == 0 ? "--render none" : "--dummy", i);
        ck_assert_int_eq(program_run(NULL, NULL, line).status, 0);
        memories[i] = program_read_file(i == 0 ? "m0" : "m1", &sizes[i]);
    }
    ck_assert_uint_eq(sizes[0], sizes[1]);
    ck_assert_mem_eq(memories[0], memories[1], sizes[0]);
    free(memories[0]);
    free(memories[1]);
}
END_TEST

static const struct {
    const char *arguments;
    const char *message;
} wrong[] = {
    {"0b set amp:gain 2 over", "over needs a time, such as: over 50ms"},
    {"0b set amp:gain 2 over 5", "time '5' after over is not like 50ms"},
    {"0b set amp:gain 2 over -1s", "time '-1s' after over is not like"},
    {"0b set amp:gain 2 over 1s 3", "'3' follows the time after over"},
    {"0b set amp:gain over 1s", "amp:gain needs a value"},
    {"0b set amp:gain 2 over 4294967296b", "over takes at most 4294967295"},
    {"0b set panel:play on over 1s",
     "'on' happens at once: only numbers take time"},
};

START_TEST(refuses_what_cannot_move)
{
    struct failure failure = {0};
    const struct options options = {.script = "s"};
    program_write_file("s", wrong[_i].arguments, strlen(wrong[_i].arguments));
    ck_assert(!script_load(&script, &options, &reader, &failure));
    ck_assert_msg(strstr(failure.text, wrong[_i].message) != NULL, "%s",
                  failure.text);
}
END_TEST

START_TEST(a_setting_cannot_move)
{
    struct failure failure = {0};
    const struct option_setting settings[] = {{false, "amp:gain=1 over 2s"},
                                              {false, "0b:amp:gain=1 over 2s"}};
    struct script local = {0};
    ck_assert(!script_read_setting(&local, &settings[0], &reader, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "needs a time to begin"));
    failure = (struct failure){0};
    ck_assert(script_read_setting(&local, &settings[1], &reader, &failure));
    ck_assert_int_eq(local.events.events[0].kind, CHANGE_RAMP);
    script_free(&local);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("ramp");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_loop_test(tcase, moves_in_a_straight_line, 0,
                        sizeof(curves) / sizeof(*curves));
    tcase_add_test(tcase, stays_between_its_ends);
    tcase_add_test(tcase, takes_the_end_when_too_many_move);
    tcase_add_test(tcase, a_reset_ends_what_moves);
    tcase_add_test(tcase, a_message_ends_what_moves);
    tcase_add_test(tcase, moves_live_as_offline);
    tcase_add_loop_test(tcase, refuses_what_cannot_move, 0,
                        sizeof(wrong) / sizeof(*wrong));
    tcase_add_test(tcase, a_setting_cannot_move);
    suite_add_tcase(suite, tcase);
    return suite;
}
