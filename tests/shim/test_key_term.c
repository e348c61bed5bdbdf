/* SPDX-License-Identifier: MIT */
/*
 * What terminals send, and the keys it stands for.
 */
#include "keyboard/key_term.h"

#include "rt/keyboard.h"
#include "suite.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { EVENTS_MAX = 8 };

static const struct {
    const char *name;
    const char *bytes;
    struct key_term_event want[EVENTS_MAX]; /* up to KEY_TERM_NONE */
} rows[] = {
    {"letter", "a", {{KEY_TERM_TAP, 0x04}}},
    {"capital", "A", {{KEY_TERM_TAP, 0x04}}},
    {"signs",
     "!~ ",
     {{KEY_TERM_TAP, 0x1e}, {KEY_TERM_TAP, 0x35}, {KEY_TERM_TAP, 0x2c}}},
    {"enter", "\r", {{KEY_TERM_TAP, 0x28}}},
    {"backspace", "\x7f", {{KEY_TERM_TAP, 0x2a}}},
    {"control", "\x01\x1a", {{KEY_TERM_TAP, 0x04}, {KEY_TERM_TAP, 0x1d}}},
    {"two bytes", "\xc3\xa9z", {{KEY_TERM_TAP, 0}, {KEY_TERM_TAP, 0x1d}}},
    {"four bytes",
     "\xf0\x9f\x8e\xb9z",
     {{KEY_TERM_TAP, 0}, {KEY_TERM_TAP, 0x1d}}},
    {"cut short", "\xe2\x82z", {{KEY_TERM_TAP, 0}, {KEY_TERM_TAP, 0x1d}}},
    {"arrows",
     "\033[A\033[B\033[C\033[D",
     {{KEY_TERM_TAP, 0x52},
      {KEY_TERM_TAP, 0x51},
      {KEY_TERM_TAP, 0x4f},
      {KEY_TERM_TAP, 0x50}}},
    {"application arrows",
     "\033OA\033OD",
     {{KEY_TERM_TAP, 0x52}, {KEY_TERM_TAP, 0x50}}},
    {"function keys",
     "\033OP\033[15~\033[24~",
     {{KEY_TERM_TAP, 0x3a}, {KEY_TERM_TAP, 0x3e}, {KEY_TERM_TAP, 0x45}}},
    {"editing keys",
     "\033[2~\033[3~\033[5~\033[H",
     {{KEY_TERM_TAP, 0x49},
      {KEY_TERM_TAP, 0x4c},
      {KEY_TERM_TAP, 0x4b},
      {KEY_TERM_TAP, 0x4a}}},
    {"modified",
     "\033[1;5A\033[3;2~",
     {{KEY_TERM_TAP, 0x52}, {KEY_TERM_TAP, 0x4c}}},
    {"shift tab", "\033[Z", {{KEY_TERM_TAP, 0x2b}}},
    {"alt", "\033x", {{KEY_TERM_TAP, 0x1b}}},
    {"escape twice",
     "\033\033[A",
     {{KEY_TERM_TAP, 0x29}, {KEY_TERM_TAP, 0x52}}},
    {"focus", "\033[I\033[O", {{KEY_TERM_BLUR, 0}}},
    {"answers", "\033[?0u\033[?62;c\033[?1;2c", {{KEY_TERM_RELEASES, 0}}},
    {"kitty press and release",
     "\033[97u\033[97;1:2u\033[97;1:3u",
     {{KEY_TERM_DOWN, 4}, {KEY_TERM_DOWN, 4}, {KEY_TERM_UP, 4}}},
    {"kitty place", "\033[246:214:59;2:1;214u", {{KEY_TERM_DOWN, 0x33}}},
    {"kitty modifiers",
     "\033[57441;2u\033[57441;1:3u\033[57450u",
     {{KEY_TERM_DOWN, 0xe1}, {KEY_TERM_UP, 0xe1}, {KEY_TERM_DOWN, 0xe7}}},
    {"kitty escape",
     "\033[27u\033[13;1:3u",
     {{KEY_TERM_DOWN, 0x29}, {KEY_TERM_UP, 0x28}}},
    {"kitty arrow",
     "\033[1;1:1A\033[1;1:3A\033[6;1:3~",
     {{KEY_TERM_DOWN, 0x52}, {KEY_TERM_UP, 0x52}, {KEY_TERM_UP, 0x4e}}},
    {"kitty interrupt",
     "\033[99;5u\033[99;5:3u\033[122;5u\033[99;3u",
     {{KEY_TERM_INTERRUPT, 0},
      {KEY_TERM_UP, 6},
      {KEY_TERM_SUSPEND, 0},
      {KEY_TERM_DOWN, 6}}},
    {"unknown",
     "\033[99~\033[;R\033[200~a",
     {{KEY_TERM_TAP, 0x3c}, {KEY_TERM_TAP, 0x04}}},
    {"large numbers",
     "\033[99999999999999999999;9999999999:99999999999u",
     {{KEY_TERM_DOWN, 0}}},
};

START_TEST(knows_what_terminals_send)
{
    struct key_term term = {.count = 0};
    size_t count = 0;
    for (const char *at = rows[_i].bytes; *at != '\0'; at++) {
        struct key_term_event event = key_term_byte(&term, (unsigned char)*at);
        if (event.kind != KEY_TERM_NONE) {
            ck_assert_uint_lt(count, EVENTS_MAX);
            const struct key_term_event *want = &rows[_i].want[count++];
            ck_assert_msg(event.kind == want->kind && event.key == want->key,
                          "%s: event %zu is %d of %#x", rows[_i].name, count,
                          (int)event.kind, event.key);
        }
    }
    ck_assert_msg(rows[_i].want[count].kind == KEY_TERM_NONE,
                  "%s: only %zu events", rows[_i].name, count);
    ck_assert(!key_term_is_waiting(&term));
}
END_TEST

START_TEST(takes_a_lone_escape_for_the_key)
{
    struct key_term term = {.count = 0};
    ck_assert_int_eq(key_term_byte(&term, 0x1b).kind, KEY_TERM_NONE);
    ck_assert(key_term_is_waiting(&term));
    struct key_term_event event = key_term_timeout(&term);
    ck_assert(event.kind == KEY_TERM_TAP && event.key == 0x29);
    ck_assert(!key_term_is_waiting(&term));
    (void)key_term_byte(&term, 0x1b);
    (void)key_term_byte(&term, '[');
    ck_assert_int_eq(key_term_timeout(&term).kind, KEY_TERM_NONE);
    ck_assert_int_eq(key_term_byte(&term, 'A').kind, KEY_TERM_TAP);
    ck_assert_uint_eq(key_term_byte(&term, 'A').key, 4);
}
END_TEST

START_TEST(skips_what_is_too_long)
{
    struct key_term term = {.count = 0};
    (void)key_term_byte(&term, 0x1b);
    (void)key_term_byte(&term, '[');
    for (int i = 0; i < 100000; i++) {
        ck_assert_int_eq(key_term_byte(&term, '1').kind, KEY_TERM_NONE);
    }
    ck_assert_int_eq(key_term_byte(&term, '~').kind, KEY_TERM_NONE);
    ck_assert_uint_eq(key_term_byte(&term, 'b').key, 5);
}
END_TEST

/* Whatever comes: keys are in range, and a letter after a pause is a letter. */
START_TEST(survives_any_bytes)
{
    struct key_term term = {.count = 0};
    uint32_t seed = 7;
    for (int i = 0; i < 300000; i++) {
        seed = seed * 1664525U + 1013904223U;
        unsigned char byte = (unsigned char)(seed >> 24);
        /* Sequences more often than chance has them. */
        byte = (seed >> 20 & 7) == 0   ? 0x1b
               : (seed >> 20 & 7) == 1 ? '['
               : (seed >> 20 & 7) == 2 ? (unsigned char)('0' + byte % 12)
                                       : byte;
        ck_assert_uint_lt(key_term_byte(&term, byte).key, KEYBOARD_KEYS);
        if ((seed & 0xfff) == 0) {
            (void)key_term_timeout(&term);
            (void)key_term_byte(&term, 'q');
            ck_assert_uint_eq(key_term_byte(&term, 'q').key, 0x14);
        }
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("key_term");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 20);
    tcase_add_loop_test(tcase, knows_what_terminals_send, 0,
                        sizeof(rows) / sizeof(*rows));
    tcase_add_test(tcase, takes_a_lone_escape_for_the_key);
    tcase_add_test(tcase, skips_what_is_too_long);
    tcase_add_test(tcase, survives_any_bytes);
    suite_add_tcase(suite, tcase);
    return suite;
}
