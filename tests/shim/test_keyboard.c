/* SPDX-License-Identifier: MIT */
/*
 * The rule that turns keys into two numbers, and what keys are called.
 */
#include "rt/keyboard.h"

#include "common/key_codes.h"
#include "keyboard/key_evdev.h"
#include "suite.h"

#include <linux/input.h>
#include <string.h>

/* Action, key, then what memory says after it. */
static const struct step {
    enum keyboard_action action;
    unsigned key;
    int32_t code;
    int32_t pressed;
} steps[] = {
    {KEYBOARD_UP, 5, -1, 0}, /* never pressed */
    {KEYBOARD_DOWN, 4, 4, 1},     {KEYBOARD_DOWN, 0x2c, 0x2c, 1},
    {KEYBOARD_UP, 0x2c, 4, 1}, /* back to the one before */
    {KEYBOARD_UP, 4, 4, 0},    /* the code stays */
    {KEYBOARD_DOWN, 1, 1, 1},     {KEYBOARD_DOWN, 2, 2, 1},
    {KEYBOARD_DOWN, 3, 3, 1},     {KEYBOARD_DOWN, 1, 1, 1}, /* repeated: last */
    {KEYBOARD_UP, 2, 1, 1},       {KEYBOARD_UP, 1, 3, 1},
    {KEYBOARD_BLUR, 0, 3, 0},     {KEYBOARD_UP, 3, 3, 0},
    {KEYBOARD_DOWN, 0, 0, 1}, /* a key without a number is a key */
    {KEYBOARD_DOWN, 255, 255, 1}, {KEYBOARD_UP, 0, 255, 1},
    {KEYBOARD_UP, 255, 255, 0},
};

START_TEST(follows_the_order_of_pressing)
{
    struct keyboard keyboard = {.count = 0};
    int32_t code = -1;
    for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        struct keyboard_view view =
            keyboard_act(&keyboard, steps[i].action, steps[i].key);
        code = view.has_code ? view.code : code;
        ck_assert_msg(code == steps[i].code && view.pressed == steps[i].pressed,
                      "step %zu: %d %d", i, (int)code, (int)view.pressed);
    }
}
END_TEST

/* Against a list kept in the plainest way. */
START_TEST(agrees_with_a_plain_list)
{
    struct keyboard keyboard = {.count = 0};
    unsigned list[1000];
    size_t count = 0;
    uint32_t seed = 12345;
    for (int i = 0; i < 100000; i++) {
        seed = seed * 1664525U + 1013904223U;
        unsigned key = seed >> 16 & 0xff;
        enum keyboard_action action =
            (seed >> 28) == 0 ? KEYBOARD_BLUR
                              : (enum keyboard_action)(seed >> 27 & 1);
        size_t kept = 0;
        for (size_t k = 0; k < count; k++) {
            if (list[k] != key && action != KEYBOARD_BLUR) {
                list[kept++] = list[k];
            }
        }
        count = kept;
        if (action == KEYBOARD_DOWN) {
            list[count++] = key;
        }
        struct keyboard_view view = keyboard_act(&keyboard, action, key);
        ck_assert_int_eq(view.pressed, count > 0);
        ck_assert(view.has_code == (count > 0));
        ck_assert(count == 0 || view.code == (int32_t)list[count - 1]);
    }
}
END_TEST

static const struct {
    const char *name;
    unsigned id;
    unsigned linux_code;
    unsigned character;
} keys[] = {
    {"KeyA", 0x04, KEY_A, 'a'},
    {"KeyZ", 0x1d, KEY_Z, 'Z'},
    {"Digit1", 0x1e, KEY_1, '1'},
    {"Digit0", 0x27, KEY_0, ')'},
    {"Enter", 0x28, KEY_ENTER, '\r'},
    {"Escape", 0x29, KEY_ESC, 0x1b},
    {"Backspace", 0x2a, KEY_BACKSPACE, 0x7f},
    {"Tab", 0x2b, KEY_TAB, '\t'},
    {"Space", 0x2c, KEY_SPACE, ' '},
    {"Minus", 0x2d, KEY_MINUS, '_'},
    {"BracketRight", 0x30, KEY_RIGHTBRACE, ']'},
    {"Backslash", 0x31, KEY_BACKSLASH, '|'},
    {"Quote", 0x34, KEY_APOSTROPHE, '"'},
    {"Slash", 0x38, KEY_SLASH, '?'},
    {"CapsLock", 0x39, KEY_CAPSLOCK, 57358},
    {"F1", 0x3a, KEY_F1, 0},
    {"F10", 0x43, KEY_F10, 0},
    {"F11", 0x44, KEY_F11, 0},
    {"F12", 0x45, KEY_F12, 0},
    {"PrintScreen", 0x46, KEY_SYSRQ, 57361},
    {"Delete", 0x4c, KEY_DELETE, 0},
    {"ArrowUp", 0x52, KEY_UP, 0},
    {"NumpadDivide", 0x54, KEY_KPSLASH, 57410},
    {"Numpad1", 0x59, KEY_KP1, 57400},
    {"Numpad9", 0x61, KEY_KP9, 57408},
    {"Numpad0", 0x62, KEY_KP0, 57399},
    {"IntlBackslash", 0x64, KEY_102ND, 0},
    {"F13", 0x68, KEY_F13, 57376},
    {"F24", 0x73, KEY_F24, 57387},
    {"ControlLeft", 0xe0, KEY_LEFTCTRL, 57442},
    {"ShiftLeft", 0xe1, KEY_LEFTSHIFT, 57441},
    {"MetaRight", 0xe7, KEY_RIGHTMETA, 57450},
};

START_TEST(knows_every_name_of_a_key)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        unsigned id;
        ck_assert_msg(key_from_name(keys[i].name, &id) && id == keys[i].id,
                      "%s", keys[i].name);
        ck_assert_msg(key_from_linux(keys[i].linux_code) == keys[i].id, "%s",
                      keys[i].name);
        ck_assert_msg(keys[i].character == 0 ||
                          key_from_character(keys[i].character) == keys[i].id,
                      "%s", keys[i].name);
    }
    unsigned id = 9;
    ck_assert(!key_from_name("NoSuchKey", &id) && id == 0);
    ck_assert(!key_from_name("keya", &id) && id == 0);
    ck_assert_uint_eq(key_from_linux(KEY_VOLUMEUP), 0);
    ck_assert_uint_eq(key_from_linux(0), 0);
    ck_assert_uint_eq(key_from_character(0), 0);
    ck_assert_uint_eq(key_from_character(0x20ac), 0);
}
END_TEST

static void push(struct key_evdev *evdev, unsigned type, unsigned code,
                 int value)
{
    struct input_event input;
    memset(&input, 0, sizeof(input));
    input.type = (unsigned short)type;
    input.code = (unsigned short)code;
    input.value = value;
    size_t room;
    unsigned char *to = key_evdev_room(evdev, &room);
    ck_assert_uint_ge(room, sizeof(input));
    memcpy(to, &input, sizeof(input));
    evdev->count += sizeof(input);
}

START_TEST(takes_keys_from_input_events)
{
    struct key_evdev evdev = {.count = 0};
    struct key_evdev_event event;
    push(&evdev, EV_MSC, MSC_SCAN, 30);
    push(&evdev, EV_KEY, KEY_A, 1);
    push(&evdev, EV_SYN, SYN_REPORT, 0);
    push(&evdev, EV_KEY, KEY_A, 2);
    push(&evdev, EV_KEY, BTN_LEFT, 1);
    push(&evdev, EV_KEY, KEY_A, 0);
    push(&evdev, EV_KEY, KEY_VOLUMEUP, 1);
    push(&evdev, EV_SYN, SYN_DROPPED, 0);
    evdev.count -= 5; /* the last one is not all there */
    static const struct key_evdev_event want[] = {{KEYBOARD_DOWN, 4},
                                                  {KEYBOARD_DOWN, 4},
                                                  {KEYBOARD_UP, 4},
                                                  {KEYBOARD_DOWN, 0}};
    for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
        ck_assert(key_evdev_next(&evdev, &event));
        ck_assert_msg(event.action == want[i].action &&
                          event.key == want[i].key,
                      "%zu", i);
    }
    ck_assert(!key_evdev_next(&evdev, &event));
    evdev.count += 5;
    ck_assert(key_evdev_next(&evdev, &event));
    ck_assert_int_eq(event.action, KEYBOARD_BLUR);
    ck_assert_uint_eq(evdev.count, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("keyboard");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, follows_the_order_of_pressing);
    tcase_add_test(tcase, agrees_with_a_plain_list);
    tcase_add_test(tcase, knows_every_name_of_a_key);
    tcase_add_test(tcase, takes_keys_from_input_events);
    suite_add_tcase(suite, tcase);
    return suite;
}
