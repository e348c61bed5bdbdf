/* SPDX-License-Identifier: MIT */
#include "rt/piano.h"

#include "fake_patch.h"
#include "program.h"
#include "rt/engine.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Views of the fake patch: an int array with an int that is not aligned, and
 * a float array. */
enum {
    INTS = 9,
    FLOATS = 10,
    INT_KEYS = FAKE_TABLE + 256,
    INT_COUNT = FAKE_TABLE + 453,
    FLOAT_KEYS = FAKE_TABLE + 320,
    FLOAT_COUNT = FAKE_PANEL + 4,
    ROOM = 8,
};

static struct engine engine;

static uint8_t *at(uint32_t address)
{
    return f4e_patch.memories[0].data + address;
}

static void set_up(void)
{
    memset(at(0), 0, FAKE_MEMORY_BYTES);
    engine_init(&engine, &f4e_patch, TRAP_STOP, 0);
}

static void act(enum piano_action action, int32_t key)
{
    struct change change = {
        .kind = CHANGE_PIANO,
        .piano = {.view = &f4e_patch.views[INTS], .action = action}};
    memcpy(change.piano.key, &key, sizeof(key));
    ck_assert(engine_change(&engine, &change));
}

static int32_t count(void)
{
    int32_t number;
    memcpy(&number, at(INT_COUNT), sizeof(number));
    return number;
}

static int32_t key(unsigned index)
{
    int32_t number;
    memcpy(&number, at(INT_KEYS) + 4 * index, sizeof(number));
    return number;
}

START_TEST(holds_keys_in_the_order_of_pressing)
{
    act(PIANO_DOWN, 60);
    act(PIANO_DOWN, 64);
    act(PIANO_DOWN, 67);
    act(PIANO_DOWN, 64); /* again */
    ck_assert_int_eq(count(), 3);
    act(PIANO_UP, 60);
    ck_assert_int_eq(count(), 2);
    ck_assert(key(0) == 64 && key(1) == 67);
    act(PIANO_UP, 60); /* it is up */
    ck_assert_int_eq(count(), 2);
    act(PIANO_TOGGLE, 67);
    act(PIANO_TOGGLE, -1);
    ck_assert(count() == 2 && key(0) == 64 && key(1) == -1);
}
END_TEST

START_TEST(drops_what_does_not_fit)
{
    for (int32_t i = 0; i < 2 * ROOM; i++) {
        act(PIANO_DOWN, i);
    }
    ck_assert_int_eq(count(), ROOM);
    ck_assert_int_eq(key(ROOM - 1), ROOM - 1);
    ck_assert_int_eq(*at(FLOAT_KEYS), 0);
    act(PIANO_TOGGLE, 99);
    ck_assert_int_eq(count(), ROOM);
    act(PIANO_UP, 0);
    act(PIANO_DOWN, 99);
    ck_assert(count() == ROOM && key(0) == 1 && key(ROOM - 1) == 99);
}
END_TEST

/* What the patch itself made of the count is no reason to leave the array. */
START_TEST(bounds_the_count)
{
    static const int32_t counts[][2] = {{-1, 1}, {INT32_MIN, 1},
                                        {7, 8},  {8, 8},
                                        {9, 9},  {INT32_MAX, INT32_MAX}};
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        memset(at(INT_KEYS), 0, 4 * ROOM);
        memcpy(at(INT_COUNT), &counts[i][0], 4);
        act(PIANO_DOWN, 5);
        ck_assert_msg(count() == counts[i][1], "%d: %d", counts[i][0], count());
        ck_assert_int_eq(*at(FLOAT_KEYS), 0);
    }
    /* A release mends it. */
    act(PIANO_UP, 0);
    ck_assert_int_eq(count(), ROOM - 1);
}
END_TEST

/* A model with a plain array, for many presses. */
START_TEST(agrees_with_a_model)
{
    int32_t held[ROOM];
    int32_t number = 0;
    srand((unsigned)_i);
    for (int round = 0; round < 1000; round++) {
        enum piano_action action = (enum piano_action)(rand() % 3);
        int32_t pressed = rand() % 12;
        int32_t place = 0;
        while (place < number && held[place] != pressed) {
            place++;
        }
        bool is_held = place < number;
        bool is_down =
            action == PIANO_DOWN || (action == PIANO_TOGGLE && !is_held);
        if (is_down && !is_held && number < ROOM) {
            held[number++] = pressed;
        } else if (!is_down && is_held) {
            --number;
            for (int32_t i = place; i < number; i++) {
                held[i] = held[i + 1];
            }
        }
        act(action, pressed);
        ck_assert_int_eq(count(), number);
        for (int32_t i = 0; i < number; i++) {
            ck_assert_int_eq(key((unsigned)i), held[i]);
        }
    }
}
END_TEST

START_TEST(writes_floats)
{
    const float sixty = 60.0F;
    struct change change = {
        .kind = CHANGE_PIANO,
        .piano = {.view = &f4e_patch.views[FLOATS], .action = PIANO_DOWN}};
    memcpy(change.piano.key, &sixty, sizeof(sixty));
    ck_assert(engine_change(&engine, &change));
    ck_assert_mem_eq(at(FLOAT_KEYS), &sixty, sizeof(sixty));
    ck_assert_int_eq(*at(FLOAT_COUNT), 1);
}
END_TEST

/* Offline: the same file whatever the machine does. */
START_TEST(is_played_by_scripts)
{
    static const char text[] = "0b piano table:i32 60 down\n"
                               "0b piano odd 64 toggle # by the count\n"
                               "1b piano i32 60 up\n"
                               "2b piano i32 0x43 down\n";
    FILE *file = fopen("s", "w");
    ck_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    struct program_result result = program_run(
        NULL, NULL, "--render none --blocks 4 --script s --dump-memory m -q");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_int_eq(program_dumped("m", INT_KEYS), 64);
    ck_assert_int_eq(program_dumped("m", INT_KEYS + 4), 67);
    ck_assert_int_eq(program_dumped("m", INT_COUNT), 2);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("piano");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, set_up, NULL);
    tcase_add_test(tcase, holds_keys_in_the_order_of_pressing);
    tcase_add_test(tcase, drops_what_does_not_fit);
    tcase_add_test(tcase, bounds_the_count);
    tcase_add_loop_test(tcase, agrees_with_a_model, 0, 10);
    tcase_add_test(tcase, writes_floats);
    tcase_add_test(tcase, is_played_by_scripts);
    suite_add_tcase(suite, tcase);
    return suite;
}
