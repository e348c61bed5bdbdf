/* SPDX-License-Identifier: MIT */
/*
 * MIDI bytes to messages, and messages to the arguments of a call.
 */
#include "midi/midi_parser.h"

#include "midi/midi_call.h"
#include "suite.h"

#include <math.h>
#include <string.h>

enum { BYTES_MAX = 24, MESSAGES_MAX = 8 };

static const struct {
    const char *name;
    size_t count;
    uint8_t bytes[BYTES_MAX];
    size_t messages;
    struct midi_message want[MESSAGES_MAX];
} rows[] = {
    {"note on", 3, {0x90, 60, 100}, 1, {{{0x90, 60, 100}}}},
    {"velocity 0 stays", 3, {0x93, 60, 0}, 1, {{{0x93, 60, 0}}}},
    {"running status",
     7,
     {0x90, 60, 100, 62, 90, 64, 80},
     3,
     {{{0x90, 60, 100}}, {{0x90, 62, 90}}, {{0x90, 64, 80}}}},
    {"program", 3, {0xc1, 5, 6}, 2, {{{0xc1, 5, 0}}, {{0xc1, 6, 0}}}},
    {"channel pressure", 2, {0xd0, 7}, 1, {{{0xd0, 7, 0}}}},
    {"bend", 3, {0xe0, 0, 96}, 1, {{{0xe0, 0, 96}}}},
    {"real time alone", 2, {0xf8, 0xfe}, 2, {{{0xf8, 0, 0}}, {{0xfe, 0, 0}}}},
    {"real time inside",
     5,
     {0x90, 0xf8, 60, 0xfa, 100},
     3,
     {{{0xf8, 0, 0}}, {{0xfa, 0, 0}}, {{0x90, 60, 100}}}},
    {"song position", 3, {0xf2, 1, 2}, 1, {{{0xf2, 1, 2}}}},
    {"song select ends running",
     6,
     {0x90, 1, 2, 0xf3, 4, 5},
     2,
     {{{0x90, 1, 2}}, {{0xf3, 4, 0}}}},
    {"tune request", 1, {0xf6}, 1, {{{0xf6, 0, 0}}}},
    {"exclusive", 6, {0xf0, 0x7e, 0x7f, 6, 1, 0xf7}, 1, {{{0xf0, 0x7e, 0x7f}}}},
    {"short exclusives",
     5,
     {0xf0, 0xf7, 0xf0, 5, 0xf7},
     2,
     {{{0xf0, 0xf7, 0}}, {{0xf0, 5, 0xf7}}}},
    {"real time in exclusive",
     5,
     {0xf0, 1, 0xf8, 2, 0xf7},
     2,
     {{{0xf8, 0, 0}}, {{0xf0, 1, 2}}}},
    {"exclusive cut short", 6, {0xf0, 1, 2, 0x80, 60, 0}, 1, {{{0x80, 60, 0}}}},
    {"after exclusive no status",
     7,
     {0x90, 1, 2, 0xf0, 0xf7, 3, 4},
     2,
     {{{0x90, 1, 2}}, {{0xf0, 0xf7, 0}}}},
    {"message cut short", 5, {0x90, 60, 0x80, 61, 1}, 1, {{{0x80, 61, 1}}}},
    {"starts in the middle", 5, {100, 60, 0x90, 1, 2}, 1, {{{0x90, 1, 2}}}},
    {"end without exclusive", 4, {0xf7, 0x90, 1, 2}, 1, {{{0x90, 1, 2}}}},
    {"undefined",
     8,
     {0xf4, 1, 0xf5, 2, 0xf9, 0xfd, 0xf6, 3},
     1,
     {{{0xf6, 0, 0}}}},
    {"undefined real time inside",
     4,
     {0x90, 60, 0xf9, 100},
     1,
     {{{0x90, 60, 100}}}},
};

START_TEST(finds_the_messages)
{
    struct midi_parser parser = {.status = 0};
    struct midi_message message;
    size_t count = 0;
    for (size_t i = 0; i < rows[_i].count; i++) {
        if (midi_parser_byte(&parser, rows[_i].bytes[i], &message)) {
            ck_assert_msg(count < rows[_i].messages &&
                              memcmp(&message, &rows[_i].want[count],
                                     sizeof(message)) == 0,
                          "%s: message %zu is %02x %02x %02x", rows[_i].name,
                          count, message.bytes[0], message.bytes[1],
                          message.bytes[2]);
            count++;
        }
    }
    ck_assert_msg(count == rows[_i].messages, "%s: %zu messages", rows[_i].name,
                  count);
}
END_TEST

/* Any bytes: a status first, data after it; the parser finds back. */
START_TEST(survives_any_bytes)
{
    struct midi_parser parser = {.status = 0};
    struct midi_message message;
    uint32_t seed = 3;
    for (int i = 0; i < 300000; i++) {
        seed = seed * 1664525U + 1013904223U;
        uint8_t byte = (uint8_t)(seed >> 24);
        if (midi_parser_byte(&parser, byte, &message)) {
            ck_assert_uint_ge(message.bytes[0], 0x80);
            /* Of a short exclusive the end is part of the three. */
            ck_assert(message.bytes[0] == 0xf0 ||
                      (message.bytes[1] < 0x80 && message.bytes[2] < 0x80));
        }
        if ((seed >> 8 & 0xff) == 0) {
            (void)midi_parser_byte(&parser, 0x91, &message);
            ck_assert(!midi_parser_byte(&parser, 1, &message));
            ck_assert(midi_parser_byte(&parser, 2, &message));
            ck_assert(message.bytes[0] == 0x91 && message.bytes[2] == 2);
        }
    }
}
END_TEST

/* Real-time bytes may be anywhere and change nothing else. */
START_TEST(ignores_where_the_clock_ticks)
{
    for (size_t row = 0; row < sizeof(rows) / sizeof(*rows); row++) {
        for (size_t place = 0; place <= rows[row].count; place++) {
            struct midi_parser parser = {.status = 0};
            struct midi_message message;
            size_t count = 0;
            for (size_t i = 0; i < rows[row].count; i++) {
                if (i == place) {
                    ck_assert(midi_parser_byte(&parser, 0xfb, &message));
                }
                if (midi_parser_byte(&parser, rows[row].bytes[i], &message)) {
                    ck_assert_msg(memcmp(&message, &rows[row].want[count],
                                         sizeof(message)) == 0,
                                  "%s at %zu", rows[row].name, place);
                    count++;
                }
            }
            ck_assert_uint_eq(count, rows[row].messages);
        }
    }
}
END_TEST

static const struct {
    const char *signature;
    unsigned params;
    double want[5];
} calls[] = {
    {":", 0, {0}},
    {"i:i", 1, {0x90}},
    {"iii:", 3, {0x90, 60, 100}},
    {"fdi:", 3, {0x90, 60, 100}},
    {"iiilf:", 5, {0x90, 60, 100, 0, (double)NAN}},
};

START_TEST(passes_arguments_as_javascript_does)
{
    const struct midi_message message = {{0x90, 60, 100}};
    for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
        const struct f4e_export function = {"f", calls[i].signature,
                                            calls[i].params, NULL};
        double args[5] = {-1, -1, -1, -1, -1};
        change_midi_args(&function, message.bytes, args);
        for (unsigned k = 0; k < calls[i].params; k++) {
            ck_assert_msg(isnan(calls[i].want[k]) ? isnan(args[k])
                                                  : args[k] == calls[i].want[k],
                          "%s: %u", calls[i].signature, k);
        }
    }
}
END_TEST

START_TEST(sends_to_the_bindings_of_a_port)
{
    static const struct f4e_export exports[] = {
        {"a", "iii:", 3, NULL},
        {"b", "i:", 1, NULL},
        {"wide", "iiiiiiiiiiiiiiiii:", 17, NULL}};
    static const struct f4e_midi bindings[] = {
        {0, 0}, {1, 1}, {0, 2}, {0, 1}, {0, 0}};
    const struct f4e_patch patch = {
        .exports = exports, .midi = bindings, .midi_count = 5};
    const struct midi_message message = {{0xb0, 1, 127}};
    struct inbox_slot slots[2];
    struct inbox_payload payloads[2];
    struct inbox inbox;
    inbox_init(&inbox, slots, payloads, 2);
    /* Room for two of three: the rest is sent later. */
    unsigned sent = midi_call_send(&patch, &inbox, 0, &message, 0);
    ck_assert_uint_eq(sent, 4);
    ck_assert(slots[0].change.call.function == &exports[0]);
    ck_assert(slots[1].change.call.function == &exports[1]);
    ck_assert(slots[0].change.call.midi[2] == 127 &&
              slots[1].change.call.midi[0] == 176);
    ck_assert(inbox_enter(&inbox));
    inbox_next(&inbox);
    inbox_leave(&inbox);
    sent = midi_call_send(&patch, &inbox, 0, &message, sent);
    ck_assert_uint_eq(sent, 5);
    ck_assert(slots[0].change.call.function == &exports[0]);
    ck_assert_uint_eq(midi_call_send(&patch, &inbox, 7, &message, 0), 5);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("midi_parser");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 20);
    tcase_add_loop_test(tcase, finds_the_messages, 0,
                        sizeof(rows) / sizeof(*rows));
    tcase_add_test(tcase, survives_any_bytes);
    tcase_add_test(tcase, ignores_where_the_clock_ticks);
    tcase_add_test(tcase, passes_arguments_as_javascript_does);
    tcase_add_test(tcase, sends_to_the_bindings_of_a_port);
    suite_add_tcase(suite, tcase);
    return suite;
}
