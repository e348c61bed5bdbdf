/* SPDX-License-Identifier: MIT */
/* UTF-8 against the definition of its code points, and what messages show. */
#include "base/utf8.h"

#include "fixture.h"
#include "suite.h"

/* The value of 'length' bytes read as one character, without any check. */
static uint32_t decode(const uint8_t *bytes, size_t length)
{
    static const uint8_t masks[5] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t value = bytes[0] & masks[length];
    for (size_t i = 1; i < length; i++) {
        value = value << 6 | (bytes[i] & 0x3fU);
    }
    return value;
}

/* RFC 3629: the lead byte says the length, the rest continues, the form is the
 * shortest, and the value is a Unicode scalar value. */
static size_t expected(const uint8_t *bytes, size_t left)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = bytes[0] < 0x80           ? 1
                    : (bytes[0] >> 5) == 0x06 ? 2
                    : (bytes[0] >> 4) == 0x0e ? 3
                    : (bytes[0] >> 3) == 0x1e ? 4
                                              : 0;
    bool is_good = length > 0 && length <= left;
    for (size_t i = 1; is_good && i < length; i++) {
        is_good = bytes[i] >> 6 == 2;
    }
    if (!is_good) {
        return 0;
    }
    uint32_t value = decode(bytes, length);
    bool is_scalar = value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
    return value >= least[length] && is_scalar ? length : 0;
}

/* Every lead byte and second byte, with third and fourth bytes at the borders
 * of their ranges, in every length. */
START_TEST(agrees_with_the_definition)
{
    static const uint8_t tails[] = {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff};
    enum { TAILS = sizeof(tails) };
    unsigned valid = 0;
    for (unsigned i = 0; i < 256 * 256 * TAILS * TAILS; i++) {
        const uint8_t bytes[4] = {(uint8_t)(i & 0xff), (uint8_t)(i >> 8 & 0xff),
                                  tails[i / 65536 % TAILS],
                                  tails[i / 65536 / TAILS]};
        for (size_t left = 1; left <= 4; left++) {
            size_t length = utf8_sequence(bytes, left);
            if (length != expected(bytes, left)) {
                ck_abort_msg("%02x %02x %02x %02x of %zu: %zu", bytes[0],
                             bytes[1], bytes[2], bytes[3], left, length);
            }
            valid += length > 0 ? 1 : 0;
        }
    }
    ck_assert_uint_gt(valid, 0);
}
END_TEST

START_TEST(a_text_is_valid_when_all_of_it_is)
{
    static const uint8_t text[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\xb5";
    static const bool ends[] = {true, true,  false, true,  false, false,
                                true, false, false, false, true};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        ck_assert_msg(utf8_is_valid(text, i) == ends[i], "%zu bytes", i);
    }
}
END_TEST

static const struct {
    const char *text;
    const char *printed;
} printed[] = {
    {NULL, ""},
    {"", ""},
    {"amp:gain", "amp:gain"},
    {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\xb5",
     "\xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\xb5"},
    {"a\nb\x1b[31m\x7f", "a\\x0Ab\\x1B[31m\\x7F"},
    {"'\"\\", "\\x27\\x22\\x5C"},
    {"\xc2\x85\xc2\x9b\xc2\xa0", "\\xC2\\x85\\xC2\\x9B\xc2\xa0"},
    {"\xe2\x80\xa8", "\\xE2\\x80\\xA8"}, /* line separator */
    {"\xe2\x80\xae", "\\xE2\\x80\\xAE"}, /* right-to-left override */
    {"\xe2\x81\xa6", "\\xE2\\x81\\xA6"}, /* left-to-right isolate */
    {"\xe2\x80\xa7\xe2\x80\xaf", "\xe2\x80\xa7\xe2\x80\xaf"},
    {"\x9b"
     "31m\xff\xc3",
     "\\x9B31m\\xFF\\xC3"}, /* not well-formed */
};

START_TEST(prints_what_a_terminal_only_shows)
{
    ck_assert_str_eq(utf8_print_text(printed[_i].text, &arena),
                     printed[_i].printed);
}
END_TEST

START_TEST(prints_80_bytes_and_no_part_of_a_character)
{
    char text[84];
    memset(text, 'x', sizeof(text));
    text[80] = '\0';
    ck_assert_str_eq(utf8_print_text(text, &arena), text);
    memcpy(text + 79, "\xc3\xa4", 3);
    ck_assert_str_eq(utf8_print_text(text, &arena),
                     arena_format(&arena, "%.79s…", text));
    memcpy(text + 78, "\xc3\xa4", 3);
    ck_assert_str_eq(utf8_print_text(text, &arena), text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("utf8");
    TCase *tcase = tcase_create("utf8");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, agrees_with_the_definition);
    tcase_add_test(tcase, a_text_is_valid_when_all_of_it_is);
    tcase_add_loop_test(tcase, prints_what_a_terminal_only_shows, 0,
                        sizeof(printed) / sizeof(printed[0]));
    tcase_add_test(tcase, prints_80_bytes_and_no_part_of_a_character);
    suite_add_tcase(suite, tcase);
    return suite;
}
