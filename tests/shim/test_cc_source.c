/* SPDX-License-Identifier: MIT */
/* What of a controller is meant, as text and as messages. */
#include "cc/cc_source.h"

#include "suite.h"

#include <string.h>

static const char *const sources[] = {
    "0",      "119",      "74@16",      "1+33",  "1+33@2",   "bend",
    "bend@1", "pressure", "pressure@9", "note0", "note127@3"};

START_TEST(a_source_reads_as_it_is_written)
{
    struct cc_source source;
    struct failure failure = {0};
    char text[CC_SOURCE_TEXT_MAX];
    ck_assert_msg(cc_source_parse(sources[_i], &source, &failure), "%s",
                  failure.text);
    cc_source_format(&source, text);
    ck_assert_str_eq(text, sources[_i]);
}
END_TEST

static const char *const no_sources[] = {
    "",        "120",   "-1",
    "1+",      "+1",    "1+1",
    "1+120",   "74@0",  "74@17",
    "74@",     "@1",    "note",
    "note128", "bend7", "pres",
    "7 4",     "0x10",  "1+2+3",
    "74@1@2",  "256",   "18446744073709551617"};

START_TEST(refuses_what_is_no_source)
{
    struct cc_source source;
    struct failure failure = {0};
    ck_assert_msg(!cc_source_parse(no_sources[_i], &source, &failure), "%s",
                  no_sources[_i]);
    ck_assert_int_eq(failure.status, STATUS_USAGE);
}
END_TEST

/* Messages, and where a source is then; -1: it is not meant. */
static const struct {
    const char *source;
    uint8_t bytes[3];
    double position;
} heard[] = {
    {"74", {0xb0, 74, 0}, 0.0},
    {"74", {0xbf, 74, 127}, 1.0},
    {"74", {0xb0, 75, 64}, -1.0},
    {"74", {0x90, 74, 64}, -1.0},
    {"74@2", {0xb1, 74, 127}, 1.0},
    {"74@2", {0xb0, 74, 127}, -1.0},
    {"1+33", {0xb0, 1, 127}, 127.0 * 128.0 / 16383.0},
    {"1+33", {0xb0, 33, 127}, 127.0 / 16383.0},
    {"bend", {0xe0, 0, 0}, 0.0},
    {"bend", {0xe0, 0, 64}, 0.5},
    {"bend", {0xe0, 127, 127}, 1.0},
    {"bend", {0xd0, 127, 0}, -1.0},
    {"pressure", {0xd3, 127, 0}, 1.0},
    {"pressure@4", {0xd3, 0, 0}, 0.0},
    {"note60", {0x90, 60, 127}, 1.0},
    {"note60", {0x90, 60, 0}, 0.0},
    {"note60", {0x80, 60, 99}, 0.0},
    {"note60", {0x90, 61, 127}, -1.0},
    {"note60", {0xa0, 60, 127}, -1.0},
    {"bend", {0xf8, 0, 0}, -1.0},
};

START_TEST(hears_its_own_messages)
{
    struct cc_source source;
    struct failure failure = {0};
    struct midi_message message;
    uint8_t coarse = 0;
    double position = -1.0;
    ck_assert(cc_source_parse(heard[_i].source, &source, &failure));
    memcpy(message.bytes, heard[_i].bytes, 3);
    bool is_heard = cc_source_hear(&source, &message, &coarse, &position);
    ck_assert_int_eq(is_heard, heard[_i].position >= 0.0);
    ck_assert(!is_heard || position == heard[_i].position);
}
END_TEST

/* All 16384 places of a pair come in order, from end to end. */
START_TEST(a_pair_has_14_bits)
{
    const struct cc_source source = {CC_PAIR, 1, 33, 0};
    uint8_t coarse = 0;
    double before = -1.0;
    for (unsigned i = 0; i < 16384; i++) {
        double position = 0.0;
        const struct midi_message high = {{0xb0, 1, (uint8_t)(i >> 7)}};
        const struct midi_message low = {{0xb0, 33, (uint8_t)(i & 127)}};
        ck_assert(i % 128 != 0 ||
                  cc_source_hear(&source, &high, &coarse, &position));
        ck_assert(cc_source_hear(&source, &low, &coarse, &position));
        ck_assert(position > before);
        before = position;
    }
    ck_assert(before == 1.0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cc_source");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, a_source_reads_as_it_is_written, 0,
                        sizeof(sources) / sizeof(*sources));
    tcase_add_loop_test(tcase, refuses_what_is_no_source, 0,
                        sizeof(no_sources) / sizeof(*no_sources));
    tcase_add_loop_test(tcase, hears_its_own_messages, 0,
                        sizeof(heard) / sizeof(*heard));
    tcase_add_test(tcase, a_pair_has_14_bits);
    suite_add_tcase(suite, tcase);
    return suite;
}
