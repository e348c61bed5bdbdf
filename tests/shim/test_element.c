/* SPDX-License-Identifier: MIT */
#include "common/element.h"

#include "child.h"
#include "control/element_text.h"
#include "suite.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    enum f4e_element element;
    bool is_bits;
    const char *word;
    const char *text; /* as element_text_format() shows it; NULL: refused */
} words[] = {
    {F4E_I8, false, "-128", "-128"},
    {F4E_I8, false, "127", "127"},
    {F4E_I8, false, "128", NULL},
    {F4E_I8, false, "-129", NULL},
    {F4E_I8, false, "0xff", "-1"},
    {F4E_I8, false, "0x100", NULL},
    {F4E_I8, false, "-0x80", "-128"},
    {F4E_I8, false, "-0x81", NULL},
    {F4E_I8, true, "255", "-1"},
    {F4E_U8, false, "255", "255"},
    {F4E_U8, false, "-1", NULL},
    {F4E_U8, false, "0b1010", "10"},
    {F4E_U8, false, "0b2", NULL},
    {F4E_U8, false, "0b", NULL},
    {F4E_I16, false, "32768", NULL},
    {F4E_I16, false, "-32768", "-32768"},
    {F4E_U16, false, "65535", "65535"},
    {F4E_U16, false, "65536", NULL},
    {F4E_I32, false, "2147483647", "2147483647"},
    {F4E_I32, false, "2147483648", NULL},
    {F4E_I32, true, "4294967295", "-1"},
    {F4E_I32, false, "0xffffffff", "-1"},
    {F4E_I32, false, "99999999999999999999", NULL},
    {F4E_I32, false, "-99999999999999999999", NULL},
    {F4E_I32, false, "007", "7"},
    {F4E_I32, false, "+7", "7"},
    {F4E_I32, false, "1e3", "1000"},
    {F4E_I32, false, "5.0", "5"},
    {F4E_I32, false, "-5.", "-5"},
    {F4E_I32, false, "25e-1", NULL},
    {F4E_I32, false, "20e-1", "2"},
    {F4E_I32, false, "5.5", NULL},
    {F4E_I32, false, "2147483647.0", "2147483647"},
    {F4E_I32, false, "2147483648.0", NULL},
    {F4E_I32, false, "1e300", NULL},
    {F4E_I32, false, "1e999", NULL},
    {F4E_I32, false, "inf", NULL},
    {F4E_I32, false, "0x1p3", NULL},
    {F4E_I32, false, ".", NULL},
    {F4E_I32, false, "e", NULL},
    {F4E_I8, false, "-128.0", "-128"},
    {F4E_I8, false, "1e2", "100"},
    {F4E_U8, false, "256.0", NULL},
    {F4E_I32, false, "", NULL},
    {F4E_I32, false, "-", NULL},
    {F4E_I32, false, "0x", NULL},
    {F4E_I32, false, " 1", NULL},
    {F4E_I32, false, "1 ", NULL},
    {F4E_F32, false, "0.1", "0.1"},
    {F4E_F32, false, "-0", "-0"},
    {F4E_F32, false, "0x10", "16"},
    {F4E_F32, false, "0b101", "5"},
    {F4E_F32, false, "0x1.8p1", "3"},
    {F4E_F32, false, "nan", "nan"},
    {F4E_F32, false, "-inf", "-inf"},
    {F4E_F32, false, "3.4028235e38", "3.4028235e+38"},
    {F4E_F32, false, "3.5e38", NULL},
    {F4E_F32, false, "1e-46", "0"},
    {F4E_F32, false, "1,5", NULL},
    {F4E_F32, false, "x", NULL},
    {F4E_F32, false, " 1", NULL},
    {F4E_F64, false, "0.1", "0.1"},
    {F4E_F64, false, "1e308", "1e+308"},
    {F4E_F64, false, "1e309", NULL},
    {F4E_I64, false, "9223372036854775807", "9223372036854775807"},
    {F4E_I64, false, "9223372036854775808", NULL},
    {F4E_I64, false, "-9223372036854775808", "-9223372036854775808"},
    {F4E_I64, false, "-9223372036854775809", NULL},
    {F4E_I64, false, "9007199254740993", "9007199254740993"},
    {F4E_I64, false, "0xffffffffffffffff", "-1"},
    {F4E_I64, false, "0x10000000000000000", NULL},
    {F4E_I64, true, "18446744073709551615", "-1"},
    {F4E_I64, false, "99999999999999999999", NULL},
    {F4E_I64, false, "1e3", "1000"},
    {F4E_I64, false, "1e18", "1000000000000000000"},
    {F4E_I64, false, "1e19", NULL},
    {F4E_I64, false, "9007199254740993.0", "9007199254740993"},
    {F4E_I64, false, "90071992547409.930e2", "9007199254740993"},
    {F4E_I64, false, "90071992547409.935e2", NULL},
    {F4E_I64, false, "-9223372036854775808.00", "-9223372036854775808"},
    {F4E_I64, true, "18446744073709551615.0", "-1"},
    {F4E_I64, true, "18446744073709551616.0", NULL},
    {F4E_I32, false, "100000000000000000000e-20", "1"},
    {F4E_I32, false, "1000000000e-9", "1"},
    {F4E_I32, false, "0e99999999999999999999", "0"},
    {F4E_I32, false, "1e-99999999999999999999", NULL},
    {F4E_I32, false, "0.001e3", "1"},
    {F4E_I32, false, "1e+", NULL},
    {F4E_I32, false, "1e1e1", NULL},
    {F4E_I32, false, "1.2.3", NULL},
    {F4E_I32, false, ".e1", NULL},
    {F4E_I64, false, "-5.0", "-5"},
    {F4E_I64, false, "-0", "0"},
};

START_TEST(reads_what_the_type_takes)
{
    uint8_t bytes[ELEMENT_BYTES_MAX] = {0};
    char text[ELEMENT_TEXT_MAX];
    struct failure failure = {0};
    bool is_good = element_text_parse(words[_i].element, words[_i].is_bits,
                                      words[_i].word, bytes, &failure);
    ck_assert_msg(is_good == (words[_i].text != NULL), "'%s': %s",
                  words[_i].word, failure.text);
    if (is_good) {
        element_text_format(words[_i].element, bytes, text);
        ck_assert_str_eq(text, words[_i].text);
    } else {
        ck_assert_int_eq(failure.status, STATUS_USAGE);
        ck_assert_ptr_nonnull(strstr(failure.text, words[_i].word));
    }
}
END_TEST

/* Not through a double: that would round twice. */
START_TEST(rounds_once)
{
    uint8_t bytes[ELEMENT_BYTES_MAX];
    static const uint8_t want[4] = {1, 0, 0x80, 0x3f};
    struct failure failure = {0};
    ck_assert(element_text_parse(F4E_F32, false, "1.00000005960464478", bytes,
                                 &failure));
    ck_assert_mem_eq(bytes, want, 4);
}
END_TEST

/* A library's host may have set a locale, such as a German one. */
START_TEST(numbers_have_a_point_everywhere)
{
    static const char source[] =
        "LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \"\"\n"
        "grouping -1\nEND LC_NUMERIC\n";
    static const struct {
        enum f4e_element element;
        const char *word;
        const char *text; /* NULL: refused */
    } rows[] = {
        {F4E_F32, "0.25", "0.25"},      {F4E_F64, "-1.5e-3", "-0.0015"},
        {F4E_F32, "0x1.8p1", "3"},      {F4E_F64, "1e300", "1e+300"},
        {F4E_F32, "1.5e38", "1.5e+38"}, {F4E_F32, "7", "7"},
        {F4E_F64, "0.1", "0.1"},        {F4E_F32, "0,25", NULL},
        {F4E_F64, "1,5.5", NULL},       {F4E_F32, "1.5.5", NULL},
        {F4E_I32, "5.0", "5"},          {F4E_F32, " 0.5", NULL},
        {F4E_F64, "nan", "nan"},
    };
    char *folder = tmpdir_make();
    char *path = text("%s/source", folder);
    char *compiled = text("%s/comma", folder);
    const char *const argv[] = {"localedef", "-c", "-i", path, compiled, NULL};
    struct child child;
    spit(path, source, sizeof(source) - 1);
    child_run(&child, argv, NULL); /* warns of what the locale lacks */
    child_free(&child);
    ck_assert_int_eq(setenv("LOCPATH", folder, 1), 0);
    ck_assert_ptr_nonnull(setlocale(LC_NUMERIC, "comma"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t bytes[ELEMENT_BYTES_MAX];
        char back[ELEMENT_TEXT_MAX];
        struct failure failure = {0};
        bool is_good = element_text_parse(rows[i].element, false, rows[i].word,
                                          bytes, &failure);
        ck_assert_msg(is_good == (rows[i].text != NULL), "'%s': %s",
                      rows[i].word, failure.text);
        if (is_good) {
            element_text_format(rows[i].element, bytes, back);
            ck_assert_str_eq(back, rows[i].text);
        }
    }
    (void)setlocale(LC_NUMERIC, "C");
    tmpdir_remove(folder);
    free(compiled);
    free(path);
}
END_TEST

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state ^ *state >> 29;
}

/* Whatever bytes there are: the text reads back as the same value. */
START_TEST(text_reads_back)
{
    enum f4e_element element = (enum f4e_element)_i;
    uint64_t state = 1 + (uint64_t)_i;
    for (int i = 0; i < 20000; i++) {
        uint64_t random = next_random(&state);
        uint8_t bytes[ELEMENT_BYTES_MAX];
        uint8_t back[ELEMENT_BYTES_MAX];
        char text[ELEMENT_TEXT_MAX];
        struct failure failure = {0};
        memcpy(bytes, &random, sizeof(random));
        element_text_format(element, bytes, text);
        ck_assert_msg(element_text_parse(element, false, text, back, &failure),
                      "'%s': %s", text, failure.text);
        if (element_is_float(element) &&
            isnan(element_decode(element, bytes))) {
            ck_assert_str_eq(text, "nan");
        } else {
            ck_assert_msg(memcmp(bytes, back, element_bytes(element)) == 0,
                          "%s", text);
        }
    }
}
END_TEST

/* As it was asked for: one digit more each time, until it reads back. */
static void format_slowly(float number, char text[ELEMENT_TEXT_MAX])
{
    double size = fabs((double)number);
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, ELEMENT_TEXT_MAX, "%.*g", digits, (double)number);
        if (strtof(text, NULL) == number &&
            (size >= 1e15 || size < 1.0 || strchr(text, 'e') == NULL)) {
            return;
        }
    }
}

static void compare_text(float number)
{
    uint8_t bytes[ELEMENT_BYTES_MAX];
    char text[ELEMENT_TEXT_MAX];
    char slow[ELEMENT_TEXT_MAX];
    memcpy(bytes, &number, sizeof(number));
    element_text_format(F4E_F32, bytes, text);
    format_slowly(number, slow);
    ck_assert_msg(strcmp(text, slow) == 0, "%a: '%s', not '%s'", (double)number,
                  text, slow);
}

/* Of all kinds: any bits, samples, steps of a slider, halves, powers. */
START_TEST(takes_the_fewest_digits)
{
    uint64_t state = 7;
    for (int i = 0; i < 20000; i++) {
        uint64_t random = next_random(&state);
        uint32_t bits = (uint32_t)random;
        float number;
        memcpy(&number, &bits, sizeof(number));
        if (isfinite(number)) {
            compare_text(number);
        }
        double whole = (double)(random >> 40);
        compare_text((float)(whole / 16777216.0 - 0.5));
        compare_text((float)(whole / 1000.0));
        compare_text((float)ldexp(whole, (int)(random % 120) - 80));
        compare_text((float)(random % 2000000000));
    }
    for (int power = -45; power <= 38; power++) {
        float number = (float)pow(10.0, power);
        compare_text(number);
        compare_text(-number);
        compare_text(nextafterf(number, 0.0F));
        compare_text(nextafterf(number, 1e38F));
    }
    compare_text(0.0F);
    compare_text(-0.0F);
    compare_text(8388608.5F);
    compare_text(0.5F);
}
END_TEST

START_TEST(encodes_as_javascript_does)
{
    static const struct {
        enum f4e_element element;
        double number;
        double want;
    } rows[] = {
        {F4E_I32, 63.9, 63.0},
        {F4E_I32, -63.9, -63.0},
        {F4E_I32, 4294967297.0, 1.0},
        {F4E_I32, 2147483648.0, -2147483648.0},
        {F4E_I8, 255.0, -1.0},
        {F4E_U16, -1.0, 65535.0},
        {F4E_I32, (double)INFINITY, 0.0},
        {F4E_I32, (double)NAN, 0.0},
        {F4E_F32, 0.5, 0.5},
        {F4E_F64, 0.1, 0.1},
        {F4E_I64, -0x1p63, -0x1p63},
        {F4E_I64, 0x1p63, -0x1p63},
        {F4E_I64, 0x1p64 + 0x1p20, 0x1p20},
        {F4E_I64, -1.5, -1.0},
        {F4E_U16, 0x1p64 + 0x1p20, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        uint8_t bytes[ELEMENT_BYTES_MAX] = {0};
        element_encode(rows[i].element, rows[i].number, bytes);
        ck_assert_msg(element_decode(rows[i].element, bytes) == rows[i].want,
                      "row %zu", i);
    }
}
END_TEST

START_TEST(quotes_for_json)
{
    static const struct {
        const char *word;
        const char *json;
    } rows[] = {{"1.5", "1.5"},
                {"1e-30", "1e-30"},
                {"nan", "\"nan\""},
                {"-inf", "\"-inf\""}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        uint8_t bytes[ELEMENT_BYTES_MAX];
        char text[ELEMENT_TEXT_MAX];
        struct failure failure = {0};
        ck_assert(
            element_text_parse(F4E_F32, false, rows[i].word, bytes, &failure));
        element_text_format_json(F4E_F32, bytes, text);
        ck_assert_str_eq(text, rows[i].json);
    }
}
END_TEST

/* A reader of JSON would take a number for the nearest double. */
START_TEST(quotes_what_is_no_double)
{
    static const char *const rows[][2] = {
        {"9007199254740992", "9007199254740992"},
        {"9007199254740994", "\"9007199254740994\""},
        {"-9223372036854775808", "\"-9223372036854775808\""}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        uint8_t bytes[ELEMENT_BYTES_MAX];
        char text[ELEMENT_TEXT_MAX];
        struct failure failure = {0};
        ck_assert(
            element_text_parse(F4E_I64, false, rows[i][0], bytes, &failure));
        element_text_format_json(F4E_I64, bytes, text);
        ck_assert_str_eq(text, rows[i][1]);
    }
}
END_TEST

START_TEST(peeks_at_any_address)
{
    _Alignas(8) uint8_t memory[32];
    uint8_t bytes[ELEMENT_BYTES_MAX];
    enum f4e_element element = (enum f4e_element)_i;
    for (unsigned i = 0; i < sizeof(memory); i++) {
        memory[i] = (uint8_t)(i * 7 + 1);
    }
    for (unsigned at = 0; at < 16; at++) {
        element_peek(element, memory + at, bytes);
        ck_assert_mem_eq(bytes, memory + at, element_bytes(element));
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("element");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, reads_what_the_type_takes, 0,
                        sizeof(words) / sizeof(*words));
    tcase_add_test(tcase, rounds_once);
    tcase_add_test(tcase, numbers_have_a_point_everywhere);
    tcase_add_loop_test(tcase, text_reads_back, F4E_I8, ELEMENT_COUNT);
    tcase_add_test(tcase, takes_the_fewest_digits);
    tcase_add_test(tcase, encodes_as_javascript_does);
    tcase_add_test(tcase, quotes_for_json);
    tcase_add_test(tcase, quotes_what_is_no_double);
    tcase_add_loop_test(tcase, peeks_at_any_address, F4E_I8, ELEMENT_COUNT);
    suite_add_tcase(suite, tcase);
    return suite;
}
