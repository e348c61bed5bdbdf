/* SPDX-License-Identifier: MIT */
/* The parts of the project reader, and what it says of wrong texts. */
#include "project/parse/argument.h"
#include "project/parse/number.h"
#include "project/project.h"
#include "suite.h"

#include <math.h>

static struct arena arena;
static struct diag diag;
static struct project project;
static struct project_config config;

static void setup(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
}

static void teardown(void)
{
    arena_deinit(&arena);
}

static bool lay_out(const char *text, const struct project_asset_size *sizes,
                    uint32_t size_count)
{
    static const char *const regions[] = {"samples"};
    const struct project_text *parsed = project_parse(
        (const uint8_t *)text, strlen(text), "p.8f4e", &arena, &diag);
    if (parsed == NULL) {
        return false;
    }
    project_config(&config, parsed, &arena);
    return project_layout(&project, parsed, &config, (struct project_rules){0},
                          regions, 1, sizes, size_count, &arena, &diag);
}

/* A text with these lines in module 'm'; the first is line 4. */
static const char *in_module(const char *lines)
{
    return arena_format(&arena,
                        "8f4e/v1\nentry main\nmodule m\n%s\nmoduleEnd\n"
                        "entryEnd\n",
                        lines);
}

/* ---- numbers ---- */

static const struct {
    const char *text;
    enum number_result result;
    double value;
    bool is_integer;
} literals[] = {
    {"0", NUMBER_OK, 0, true},
    {"-7", NUMBER_OK, -7, true},
    {"007", NUMBER_OK, 7, true},
    {"5.", NUMBER_OK, 5, false},
    {".5", NUMBER_OK, 0.5, false},
    {"-.5", NUMBER_OK, -0.5, false},
    {"1e3", NUMBER_OK, 1000, false},
    {"1E+2", NUMBER_OK, 100, false},
    {"2f64", NUMBER_OK, 2, false},
    {"0xff", NUMBER_OK, 255, true},
    {"-0x10", NUMBER_OK, -16, true},
    {"0b101", NUMBER_OK, 5, true},
    {"0x20000000000001", NUMBER_OK, 9007199254740993.0, true},
    {"0x3fffffffffffff", NUMBER_OK, 18014398509481984.0, true},
    {"0x80000000000000400", NUMBER_OK, 147573952589676412928.0, true},
    {"0x80000000000004001", NUMBER_OK, 147573952589676445696.0, true},
    {"1e999", NUMBER_TOO_LARGE, 0, false},
    {"", NUMBER_NONE, 0, false},
    {"-", NUMBER_NONE, 0, false},
    {".", NUMBER_NONE, 0, false},
    {"+5", NUMBER_NONE, 0, false},
    {"0x", NUMBER_NONE, 0, false},
    {"0X1", NUMBER_NONE, 0, false},
    {"0o7", NUMBER_NONE, 0, false},
    {"0b2", NUMBER_NONE, 0, false},
    {"0xg", NUMBER_NONE, 0, false},
    {"1e", NUMBER_NONE, 0, false},
    {"1e+", NUMBER_NONE, 0, false},
    {"1f32", NUMBER_NONE, 0, false},
    {"nan", NUMBER_NONE, 0, false},
    {"inf", NUMBER_NONE, 0, false},
    {"0x1p3", NUMBER_NONE, 0, false},
};

START_TEST(reads_literals)
{
    struct number number = {0, false};
    enum number_result result =
        number_literal(span_of(literals[_i].text), &number);
    ck_assert_msg(result == literals[_i].result, "'%s': %d", literals[_i].text,
                  (int)result);
    if (result == NUMBER_OK) {
        ck_assert_msg(number.value == literals[_i].value &&
                          number.is_integer == literals[_i].is_integer,
                      "'%s': %.17g", literals[_i].text, number.value);
    }
}
END_TEST

/* Number(text) in JavaScript; NaN stands for 'no number'. */
static const struct {
    const char *text;
    double value;
} js_numbers[] = {
    {"+5", 5},
    {"-0", 0},
    {"5.", 5},
    {"0x10", 16},
    {"0X10", 16},
    {"0o17", 15},
    {"0b11", 3},
    {"-0x10", (double)NAN},
    {"1e999", (double)INFINITY},
    {"-Infinity", -(double)INFINITY},
    {"infinity", (double)NAN},
    {"1_000", (double)NAN},
    {"5f64", (double)NAN},
    {"--1", (double)NAN},
    {"0o8", (double)NAN},
    {"", (double)NAN},
    {"12.5%", (double)NAN},
    {".", (double)NAN},
};

START_TEST(reads_numbers_as_javascript)
{
    double value = 0;
    bool is_number = number_js(span_of(js_numbers[_i].text), &value);
    ck_assert_msg(is_number == !isnan(js_numbers[_i].value), "'%s'",
                  js_numbers[_i].text);
    ck_assert(!is_number || value == js_numbers[_i].value);
}
END_TEST

static const struct {
    double value;
    const char *text;
} js_texts[] = {
    {0, "0"},
    {-0.0, "0"},
    {3, "3"},
    {-2.5, "-2.5"},
    {44100.5, "44100.5"},
    {0.1, "0.1"},
    {1.0 / 3, "0.3333333333333333"},
    {1e21, "1e+21"},
    {123456789012345680000.0, "123456789012345680000"},
    {1e-6, "0.000001"},
    {1.5e-7, "1.5e-7"},
    {5e-324, "5e-324"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {9007199254740993.0, "9007199254740992"},
};

START_TEST(writes_numbers_as_javascript)
{
    ck_assert_str_eq(number_text(js_texts[_i].value, &arena),
                     js_texts[_i].text);
}
END_TEST

START_TEST(wraps_as_a_32_bit_store)
{
    static const struct {
        double value;
        uint32_t bits;
    } rows[] = {
        {3.99, 3},
        {-3.99, 0xfffffffdU},
        {4294967295.0, 0xffffffffU},
        {4294967296.0, 0},
        {-2147483649.0, 0x7fffffff},
        {1e20, 1661992960},
        {1e300, 0},
        {(double)INFINITY, 0},
        {(double)NAN, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ck_assert_msg(number_wrap(rows[i].value) == rows[i].bits, "%g",
                      rows[i].value);
    }
}
END_TEST

/* ---- characters ---- */

START_TEST(orders_names_by_utf16_units)
{
    static const char *const sorted[] = {
        "",
        "A",
        "Z",
        "_",
        "a",
        "a.",
        "aa",
        "b10",
        "b2",
        "\xc3\xa9",
        "\xe2\x82\xac",
        "\xed\x9f\xbf",
        "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf",
        "\xee\x80\x80",
        "\xef\xbf\xbd",
    };
    size_t count = sizeof(sorted) / sizeof(sorted[0]);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            int order =
                span_compare_utf16(span_of(sorted[i]), span_of(sorted[k]));
            ck_assert_msg((order < 0) == (i < k) && (order > 0) == (i > k),
                          "%zu %zu: %d", i, k, order);
        }
    }
}
END_TEST

/* As a browser decodes: U+FFFD for the longest start of a character. */
START_TEST(decodes_what_is_not_utf8)
{
#define U "\xef\xbf\xbd"
    static const struct {
        const char *bytes;
        const char *text;
    } rows[] = {
        {"abc", "abc"},
        {"\xc3\xa9", "\xc3\xa9"},
        {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
        {"a\xff"
         "b",
         "a" U "b"},
        {"ab\xc3", "ab" U},
        {"caf\xe9 x", "caf" U " x"},
        {"\xe9\xe9", U U},
        {"\xe2\x80"
         "x",
         U "x"},
        {"\xf0\x9f\x98"
         "x",
         U "x"},
        {"\xf0\x9f\x98", U},
        {"\xc0\x80", U U},
        {"\xe0\x9f\xbf", U U U},
        {"\xed\xa0\x80", U U U},
        {"\xf0\x8f\xbf\xbf", U U U U},
        {"\xf4\x90\x80\x80", U U U U},
        {"\x80", U},
        {"\xf5\x80\x80\x80", U U U U},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span text = span_decode(span_of(rows[i].bytes), &arena);
        ck_assert_msg(span_equals(text, rows[i].text), "row %zu", i);
    }
}
END_TEST

START_TEST(trims_every_blank_of_javascript)
{
    static const char *const blanks[] = {
        " ",
        "\t",
        "\v",
        "\f",
        "\r",
        "\xc2\xa0",
        "\xe1\x9a\x80",
        "\xe2\x80\x80",
        "\xe2\x80\x8a",
        "\xe2\x80\xa8",
        "\xe2\x80\xa9",
        "\xe2\x80\xaf",
        "\xe2\x81\x9f",
        "\xe3\x80\x80",
        "\xef\xbb\xbf",
    };
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        struct span text = span_of(
            arena_format(&arena, "%s%sx%s", blanks[i], blanks[i], blanks[i]));
        ck_assert_msg(span_equals(span_trim(text), "x"), "blank %zu", i);
    }
    ck_assert_uint_eq(span_blank(span_of("\xe2\x80\x8b")), 0);
    ck_assert_uint_eq(span_blank(span_of("\xc2\x85")), 0);
}
END_TEST

START_TEST(strings_are_low_bytes_of_utf16)
{
    static const struct {
        const char *token;
        size_t length; /* SIZE_MAX: refused */
        uint8_t bytes[4];
    } rows[] = {
        {"\"\"", 0, {0}},
        {"\"A\"", 1, {'A'}},
        {"\"\\x41\\n\\\\\\\"\"", 4, {'A', '\n', '\\', '"'}},
        {"\"\\t\\r\"", 2, {'\t', '\r'}},
        {"\"\xc3\xa9\"", 1, {0xe9}},
        {"\"\xe2\x82\xac\"", 1, {0xac}},
        {"\"\xf0\x9f\x98\x80\"", 2, {0x3d, 0x00}},
        {"\"abcdef\"", 6, {'a', 'b', 'c', 'd'}},
        {"\"\\q\"", SIZE_MAX, {0}},
        {"\"\\x4\"", SIZE_MAX, {0}},
        {"\"\\x4g\"", SIZE_MAX, {0}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t bytes[4] = {0};
        size_t length = SIZE_MAX;
        bool is_ok = argument_string(span_of(rows[i].token), bytes, 4, &length);
        ck_assert_msg(is_ok == (rows[i].length != SIZE_MAX), "row %zu", i);
        ck_assert_msg(!is_ok || (length == rows[i].length &&
                                 memcmp(bytes, rows[i].bytes, 4) == 0),
                      "row %zu", i);
    }
}
END_TEST

/* ---- wrong texts ---- */

#define V1 "8f4e/v1\n"

static const struct {
    const char *text;
    uint32_t line;
    const char *says;
} wrong[] = {
    {"", 1, "'' instead of '8f4e/v1'"},
    {"8f4e/v2\n", 1, "'8f4e/v2' instead of"},
    {"{\"modules\":[]}", 1, "a project in JSON"},
    {V1 "\nmodule a\nmoduleEnd\n", 3, "dialect of before 18 June 2026"},
    {V1 "; ~sampleRate 44100\nmodule a\nmoduleEnd\n", 3,
     "settings like '; ~sampleRate'"},
    {V1 "int x\n", 2, "'int x' outside of any block"},
    {V1 "entry main\nint x\nentryEnd\n", 3, "outside of any block"},
    {V1 "group g\ngroupEnd\n", 2, "group outside of an entry"},
    {V1 "entry a\nentryEnd\nentry a\nentryEnd\n", 4, "second entry 'a'"},
    {V1 "entry\nentryEnd\n", 2, "entry without a name"},
    {V1 "entry a b\nentryEnd\n", 2, "more than one name"},
    {V1 "entry a\n", 2, "entry without 'entryEnd'"},
    {V1 "note\nmodule x\nnoteEnd\n", 3,
     "'module' inside of the note of line 2"},
    {V1 "note\nmoduleEnd\n", 3, "'moduleEnd' without 'module'"},
    {V1 "moduleEnd\n", 2, "'moduleEnd' without 'module'"},
    {V1 "includes\ninclude std/x\nelse\nincludesEnd\n", 4, "among includes"},
    {V1 "entry a\nfunction f\nfunctionEnd\nentryEnd\n", 3,
     "'function' inside of the entry"},
    {V1 "entry a\nmodule m\nmoduleEnd\nentryEnd\n\xff x\n", 6, "outside"},
    {V1 "\x1b[31m\n", 2, "'\\x1B[31m' outside"},
    {V1 "entry a\nmodule m\nmoduleEnd\nmodule m\nmoduleEnd\nentryEnd\n", 5,
     "second block called 'm', the first is in line 3"},
    {V1 "constants m\nconstantsEnd\nentry a\nmodule m\nmoduleEnd\nentryEnd\n",
     5, "second block called 'm'"},
    {V1 "prototype p\nprototypeEnd\nprototype p\nprototypeEnd\n", 4,
     "second prototype called 'p'"},
    {V1 "constants a\nuse b\nconstantsEnd\nconstants b\nuse a\nconstantsEnd\n",
     6, "'use a' goes round in a circle"},
    {V1 "constants a\nuse a\nconstantsEnd\n", 3, "goes round"},
    {V1 "constants a\nconst x 1\nconstantsEnd\n", 3,
     "'x' cannot be a constant's name"},
    {V1 "constants a\nconst X\nconstantsEnd\n", 3, "needs a name and a value"},
    {V1 "constants a\nconst X \"a\"\nconstantsEnd\n", 3, "a string where"},
    {V1 "constants a\nconst X &m:\nconstantsEnd\n", 3, "has no value here"},
};

START_TEST(says_what_is_wrong_and_where)
{
    ck_assert_msg(!lay_out(wrong[_i].text, NULL, 0), "row %d", _i);
    ck_assert_msg(strstr(diag.text, wrong[_i].says) != NULL,
                  "row %d: expected '%s', got '%s'", _i, wrong[_i].says,
                  diag.text);
    ck_assert_msg(diag.line == wrong[_i].line, "row %d: line %u", _i,
                  diag.line);
    ck_assert_str_eq(diag.file, "p.8f4e");
    ck_assert_int_eq(diag.kind, DIAG_INPUT);
}
END_TEST

/* Lines of a module; the report is about line 4. */
static const struct {
    const char *lines;
    const char *says;
} wrong_lines[] = {
    {"use nothing", "no constants and no module called 'nothing'"},
    {"use", "'use' without a name"},
    {"shape nothing", "no prototype called 'nothing'"},
    {"shape", "'shape' without a name"},
    {"#region other", "'#region other': the module has no such memory"},
    {"#region 2", "no such memory"},
    {"int x \"abc", "string without closing quote"},
    {"int x 1e999", "number '1e999' is too large"},
    {"int x 0o7", "'0o7' is not a number"},
    {"int x 1+2+3", "is not a number"},
    {"int x 1/0", "division by zero"},
    {"int x NOPE", "unknown constant 'NOPE'"},
    {"int x nope", "nothing is called 'nope'"},
    {"int x &other:y", "nothing is called '&other:y'"},
    {"int x &m:5", "nothing is called '&m:5'"},
    {"int x *x", "a pointer is not followed"},
    {"int x 1 2 3 4 5", "more than 4 bytes"},
    {"int x 1 256", "'256' is not a byte"},
    {"int x 1 0.5", "'0.5' is not a byte"},
    {"int x 1 \"\"", "an empty string among bytes"},
    {"int x \"\\q\"", "unknown escape"},
    {"int x \"abcde\"", "more than 4 bytes"},
    {"int[] x", "needs a name and a length"},
    {"int[] x -1", "a length of -1 elements"},
    {"int[] x 2 1 2 3", "3 values for 2 elements"},
    {"int[] x 2 \"ab\"", "a string where a number belongs"},
    {"int[] \"x\" 2", "a string where a name belongs"},
    {"int[] x count(x)", "has no value here"},
    {"float64[] x 1e12", "at most 4 GiB"},
    {"int[] x 1e300*1e300", "a length of Infinity elements"},
    {"int* p\nint y count(*p)", "the length of 'count(*p)' is not known"},
    {"- 5 6", "with 2 arguments"},
    {"-", "with 0 arguments"},
};

START_TEST(says_what_is_wrong_in_a_module)
{
    ck_assert_msg(!lay_out(in_module(wrong_lines[_i].lines), NULL, 0), "'%s'",
                  wrong_lines[_i].lines);
    ck_assert_msg(strstr(diag.text, wrong_lines[_i].says) != NULL,
                  "'%s': expected '%s', got '%s'", wrong_lines[_i].lines,
                  wrong_lines[_i].says, diag.text);
    ck_assert_uint_ge(diag.line, 4);
    ck_assert_uint_le(diag.line, 5);
}
END_TEST

/* ---- what the compiler takes all the same ---- */

/* Lines of module m, and the words of memory from byte 4 on. */
static const struct {
    const char *lines;
    uint32_t words[4];
    size_t count;         /* of words that are there */
    size_t segment_bytes; /* in all: a zero that is not explicit has none */
} taken[] = {
    /* A reference in place of a name: its value, or nothing's name. */
    {"float min(b)", {0}, 1, 0},
    {"float max(b)", {0}, 1, 0},
    {"int sizeof(b)", {0}, 1, 0},
    {"int sizeof(*b)", {0}, 1, 0},
    {"int count(*b)", {0}, 1, 0},
    {"int &M2:1", {0}, 1, 0},
    {"int &m:7", {0}, 1, 0},
    {"int &this:7", {0}, 1, 0},
    {"int *b", {0}, 1, 0},
    {"int &m:1\nint b", {8, 0}, 2, 4},
    {"int sizeof(b)\nint8[] b 4", {1, 0}, 2, 4},
    {"int min(b)\nint8u[] b 4", {0, 0}, 2, 0},
    {"int min(b) 5", {5}, 1, 4},
    {"float sizeof(b) 0", {0}, 1, 4},
    {"int max(b) 1 2", {0x01020000}, 1, 4},
    /* What a pointer points to is known from its line on. */
    {"int* ptr\nint count(*ptr)", {0, 0}, 2, 0},
    {"int count(*ptr)\nint[] a 4\nint* ptr &a", {0, 0}, 6, 4},
    {"int[] a 2\nint* ptr &a\nint n count(*ptr)", {0, 0, 4, 2}, 4, 8},
    {"int8* p &a\nint n count(*p)\nint[] a 2", {12, 2, 0, 0}, 4, 8},
    {"int[] a 2\nint* p &a+8\nint n count(*p)", {0, 0, 12, 0}, 4, 8},
    {"int[] a 2\nint* p &a-4\nint n count(*p)", {0, 0, 0, 2}, 4, 8},
    {"int* p &a\nint n count(*p)\nint[] a 1", {4}, 0, 0}, /* refused */
    /* Of two with one id, both have what the second one stores. */
    {"float p 1.5\nint* p 2.5", {0x40000000, 2}, 2, 8},
    {"int* p 1.5\nint* p 2.5", {2, 2}, 2, 8},
    {"int p 1.5\nfloat p 2.5", {2, 0x40200000}, 2, 8},
    {"float p 1\nint p -0.5", {0x80000000, 0}, 2, 8},
    {"float[] a 2 1\nint[] a 2 0.5 1.5", {0, 0x3f800000, 0, 1}, 4, 12},
    /* Bytes that are no UTF-8. */
    {"int x 3 ; caf\xe9", {3}, 1, 4},
    {"int x \"\xe9\"", {0xfd}, 1, 4},
};

START_TEST(takes_what_the_compiler_takes)
{
    const char *lines = taken[_i].lines;
    bool is_taken = lay_out(in_module(lines), NULL, 0);
    ck_assert_msg(is_taken == (taken[_i].count > 0), "'%s': %s", lines,
                  diag.text);
    if (!is_taken) {
        return;
    }
    uint32_t memory[16] = {0};
    size_t bytes = 0;
    ck_assert_msg(project.required_bytes[0] == 4 + 4 * taken[_i].count,
                  "'%s': %llu bytes", lines,
                  (unsigned long long)project.required_bytes[0]);
    for (uint32_t i = 0; i < project.segment_count; i++) {
        const struct project_segment *segment = &project.segments[i];
        ck_assert_uint_le(segment->address + segment->size, sizeof(memory));
        memcpy((uint8_t *)memory + segment->address, segment->bytes,
               segment->size);
        bytes += segment->size;
    }
    ck_assert_msg(bytes == taken[_i].segment_bytes, "'%s': %zu in segments",
                  lines, bytes);
    for (size_t i = 0; i < taken[_i].count && i < 4; i++) {
        ck_assert_msg(memory[i + 1] == taken[_i].words[i],
                      "'%s': word %zu is 0x%x", lines, i, memory[i + 1]);
    }
}
END_TEST

/* One in a comment is a character like others, there and to the compiler. */
static const struct {
    const char *line;
    size_t length;
    bool is_taken;
} zeros[] = {
    {"int x 3 ; a\0b", 13, true},  {"; \0\0 ; \0", 8, true},
    {"\0int x", 6, false},         {"int x\0y 3 ; z", 13, false},
    {"int x \"a;\0\"", 11, false}, {"int x \"\0\" ; y", 13, false},
};

START_TEST(takes_zeros_in_comments_alone)
{
    static const char before[] = "8f4e/v1\nentry main\nmodule m\n";
    static const char after[] = "\nint y 5\nmoduleEnd\nentryEnd\n";
    struct buf text;
    buf_init(&text, &arena);
    buf_text(&text, before);
    buf_add(&text, zeros[_i].line, zeros[_i].length);
    buf_text(&text, after);
    const struct project_text *parsed =
        project_parse(text.bytes, text.length, "p.8f4e", &arena, &diag);
    ck_assert_msg((parsed != NULL) == zeros[_i].is_taken, "row %d: %s", _i,
                  diag.text);
    if (parsed == NULL) {
        ck_assert_str_eq(diag.text, "a NUL byte");
        ck_assert_uint_eq(diag.line, 4);
        return;
    }
    project_config(&config, parsed, &arena);
    ck_assert(project_layout(&project, parsed, &config,
                             (struct project_rules){0}, NULL, 0, NULL, 0,
                             &arena, &diag));
    ck_assert_uint_ne(project_find_item(&project, "m:y"), UINT32_MAX);
}
END_TEST

/* As some editors of Windows save. */
START_TEST(names_a_text_of_wide_characters)
{
    static const uint8_t bytes[] = {0xff, 0xfe, '8', 0, 'f', 0, '4', 0};
    ck_assert_ptr_null(
        project_parse(bytes, sizeof(bytes), "a b.8f4e", &arena, &diag));
    ck_assert_str_eq(diag.text, "UTF-16, not UTF-8");
    ck_assert_str_eq(diag.hint,
                     "iconv -f UTF-16 -t UTF-8 'a b.8f4e' > utf8.8f4e");
}
END_TEST

/* An array of two and a half has three elements. */
START_TEST(a_started_element_counts)
{
    ck_assert(lay_out(in_module("float[] a 2.5 1.0 2.0\nint8[] b 3.5\n"
                                "int[] c 0.5\nint[] d 0\nfloat64[] e 2.5"),
                      NULL, 0));
    ck_assert_uint_eq(project.items[0].count, 3);
    ck_assert_uint_eq(project.items[1].count, 4);
    ck_assert_uint_eq(project.items[2].count, 1);
    ck_assert_uint_eq(project.items[3].count, 0);
    ck_assert_uint_eq(project.items[4].count, 2); /* 20 bytes */
    for (uint32_t i = 0; i < 5; i++) {
        ck_assert_uint_le(project.items[i].count *
                              project.declarations[i].element_bytes,
                          project.items[i].capacity);
    }
}
END_TEST

/* ---- limits ---- */

START_TEST(a_huge_array_costs_nothing)
{
    ck_assert(lay_out(in_module("int[] x 1073741820 7"), NULL, 0));
    ck_assert_uint_eq(project.required_bytes[0], 4 + 4 * 1073741820U);
    ck_assert_uint_eq(project.segment_count, 1);
    ck_assert_uint_lt(arena.used, 1 << 20);
    ck_assert(!lay_out(in_module("int[] x 1073741823\nint y"), NULL, 0));
    ck_assert_ptr_nonnull(strstr(diag.text, "beyond 4 GiB"));
}
END_TEST

static const char *repeat(const char *head, const char *each, size_t count,
                          const char *tail)
{
    struct buf buf;
    buf_init(&buf, &arena);
    buf_text(&buf, head);
    for (size_t i = 0; i < count; i++) {
        buf_text(&buf, each);
    }
    buf_text(&buf, tail);
    return buf_string(&buf);
}

START_TEST(multiplying_texts_end)
{
    static const struct {
        const char *head, *each, *tail;
        size_t count;
        const char *says;
    } rows[] = {
        {V1 "entry main\n", "group g\n", "", 65, "more than 64 groups"},
        {V1, "note\nnoteEnd\n", "", 100001, "more than 100000 blocks"},
        {V1 "prototype p\nint[] a 3000", " 1",
         "\nprototypeEnd\nentry main\nmodule m\n"
         "shape p\nshape p\nmoduleEnd\nentryEnd\n",
         3001, "3001 values for 3000 elements"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        diag_init(&diag, NULL);
        ck_assert(!lay_out(
            repeat(rows[i].head, rows[i].each, rows[i].count, rows[i].tail),
            NULL, 0));
        ck_assert_msg(strstr(diag.text, rows[i].says) != NULL, "%s: %s",
                      rows[i].says, diag.text);
    }
    /* 2000 values, 3000 times. */
    const char *prototype =
        repeat(V1 "prototype p\nint[] a 2000", " 1", 2000, "\nprototypeEnd\n");
    const char *text =
        repeat(arena_format(&arena, "%sentry main\nmodule m\n", prototype),
               "shape p\n", 3000, "moduleEnd\nentryEnd\n");
    diag_init(&diag, NULL);
    ck_assert(!lay_out(text, NULL, 0));
    ck_assert_msg(strstr(diag.text, "default values in all") != NULL, "%s",
                  diag.text);
}
END_TEST

START_TEST(a_long_chain_of_constants_resolves)
{
    enum { LINKS = 20000 };
    struct buf buf;
    buf_init(&buf, &arena);
    buf_text(&buf, V1);
    for (int i = 0; i < LINKS; i++) { /* each uses the one behind it */
        buf_format(&buf, "constants c%d\nuse c%d\nconst A A+1\nconstantsEnd\n",
                   i, i + 1);
    }
    buf_format(&buf,
               "constants c%d\nconst A 1\nconstantsEnd\nentry main\nmodule m\n"
               "use c0\nint x A\nmoduleEnd\nentryEnd\n",
               LINKS);
    ck_assert_msg(lay_out(buf_string(&buf), NULL, 0), "%s", diag.text);
    ck_assert(project.declarations[0].initial == LINKS + 1);
}
END_TEST

/* ---- what the editor would have written ---- */

static const char env_text[] =
    V1 "note\n; @config runtime AudioWorkletRuntime\n"
       "; @config audioRuntime.sampleRate 44100\n"
       "; @config bin.Kick.url a.wav\n; @config bin.Kick.memory m:data\n"
       "noteEnd\nentry main\nmodule m\nuse env\nint rate SAMPLE_RATE\n"
       "float[] out AUDIO_BUFFER_SIZE\nint8[] data 4\n%s\nmoduleEnd\n"
       "entryEnd\n";

START_TEST(env_is_made_up_when_it_is_missing)
{
    const struct project_asset_size sizes[] = {{"kick", 1234}};
    const char *text = arena_format(&arena, env_text, "int n ASSET_KICK_SIZE");
    ck_assert_msg(lay_out(text, sizes, 1), "%s", diag.text);
    uint32_t rate = project_find_item(&project, "m:rate");
    uint32_t out = project_find_item(&project, "m:out");
    uint32_t size = project_find_item(&project, "m:n");
    ck_assert(project.declarations[rate].initial == 44100);
    ck_assert_uint_eq(project.items[out].count, 128);
    ck_assert(project.declarations[size].initial == 1234);
    ck_assert(project.env_rate_hz == 0);
}
END_TEST

START_TEST(a_missing_asset_size_says_what_to_type)
{
    const char *text = arena_format(&arena, env_text, "int n ASSET_KICK_SIZE");
    ck_assert(!lay_out(text, NULL, 0));
    ck_assert_ptr_nonnull(strstr(diag.text, "unknown constant"));
    ck_assert_ptr_nonnull(strstr(diag.hint, "--asset Kick=FILE"));
    ck_assert_uint_eq(diag.line, 14);
}
END_TEST

/* ---- names to addresses ---- */

START_TEST(finds_addresses_with_their_decorations)
{
    static const struct {
        const char *text; /* NULL: a number */
        double number;
        uint32_t address; /* PROJECT_NONE: not connected */
        bool is_elsewhere;
    } rows[] = {
        {"m:b", 0, 8, false},
        {"&m:b", 0, 8, false},
        {"m:b&", 0, 8, false},
        {"m:b[3]", 0, 8, false},
        {"&m:b[3]", 0, 8, false},
        {"m:&b", 0, 8, false},
        {"m:none", 0, PROJECT_NONE, false},
        {"x:b", 0, PROJECT_NONE, false},
        {"*m:b", 0, PROJECT_NONE, false},
        {NULL, 25, 100, false},
        {NULL, 0, 0, false},
        {NULL, 4e9, PROJECT_NONE, false},
        {"s:far", 0, PROJECT_NONE, true},
    };
    ck_assert(lay_out(V1 "entry main\nmodule m\nint a\nint[] b 4\nmoduleEnd\n"
                         "module s\n#region samples\nint far\nmoduleEnd\n"
                         "entryEnd\n",
                      NULL, 0));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct project_value value = {.text = rows[i].text,
                                      .number = rows[i].number};
        uint32_t address = PROJECT_NONE;
        uint32_t item = 0;
        bool is_found = project_find_address(&project, &value, &address, &item);
        ck_assert_msg(is_found == (rows[i].address != PROJECT_NONE), "row %zu",
                      i);
        ck_assert_msg(!is_found || address == rows[i].address, "row %zu: %u", i,
                      address);
        ck_assert_msg(
            (item != PROJECT_NONE) ==
                ((is_found && rows[i].text != NULL) || rows[i].is_elsewhere),
            "row %zu", i);
    }
}
END_TEST

/* ---- settings that the vectors do not reach ---- */

START_TEST(orders_assets_and_bindings_as_objects)
{
    ck_assert(lay_out(
        V1
        "note\n; @config bin.b.url u\n; @config bin.b.memories.z m:a\n"
        "; @config bin.b.memories.10 m:b\n; @config bin.b.memories.9 m:c\n"
        "; @config bin.b.memory m:d\n; @config bin.7.memory m:e\n"
        "; @config bin.7.url v\n; @config bin.none.memory m:f\n"
        "; @config midi.inputs.x.port 1\n; @config midi.inputs.x.callback f\n"
        "; @config midi.inputs.2.callback g\n; @config midi.inputs.2.port 0\n"
        "; @config midi.inputs.y.port 1\n; @config midi.inputs.y.callback f\n"
        "; @config midi.inputs.half.port 1\nnoteEnd\n",
        NULL, 0));
    static const char *const targets[] = {"m:e", "m:d", "m:c", "m:b", "m:a"};
    ck_assert_uint_eq(config.asset_count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        ck_assert_str_eq(config.assets[i].target, targets[i]);
    }
    ck_assert_uint_eq(config.assets[0].line, 8);
    ck_assert_uint_eq(config.midi_count, 2);
    ck_assert_str_eq(config.midi[0].callback, "g");
    ck_assert_str_eq(config.midi[1].callback, "f");
    ck_assert_uint_eq(config.notice_count, 0);
    ck_assert_int_eq(config.runtime, PROJECT_RUNTIME_NONE);
}
END_TEST

START_TEST(a_path_has_an_end)
{
    ck_assert(lay_out(
        repeat(V1 "note\n; @config bin", ".a", 31, " x\nnoteEnd\n"), NULL, 0));
    ck_assert_uint_eq(config.value_count, 1);
    ck_assert(lay_out(
        repeat(V1 "note\n; @config bin", ".a", 32, " x\nnoteEnd\n"), NULL, 0));
    ck_assert_uint_eq(config.value_count, 0);
    ck_assert_uint_eq(config.notice_count, 1);
}
END_TEST

START_TEST(counts_notices_beyond_its_limit)
{
    ck_assert(lay_out(repeat(V1 "note\n", "; @config no.such 1\n",
                             PROJECT_MAX_NOTICES + 5, "noteEnd\n"),
                      NULL, 0));
    ck_assert_uint_eq(config.notice_count, PROJECT_MAX_NOTICES);
    ck_assert_uint_eq(config.dropped_notices, 5);
    ck_assert_str_eq(
        project_notice_text("p.8f4e", &config.notices[1], &arena),
        "p.8f4e:4: @config no.such 1 is ignored: there is no such setting");
}
END_TEST

START_TEST(widgets_find_their_items_or_say_so)
{
    ck_assert(lay_out(in_module("; @slider 0x&*v[3] 2 1\n; @slider v x 5 -1\n"
                                "; @slider n Infinity\n; @slider nope\n"
                                "; @slider\n; @button m:v 3 0\n"
                                "; @crossfade &n &v\nint n\nfloat v\n"
                                "int k ; @slider v"),
                      NULL, 0));
    ck_assert_uint_eq(project.param_count, 2);
    ck_assert(project.params[0].min == 0 && project.params[0].max == 5);
    ck_assert(project.params[0].step == 0);
    ck_assert_int_eq(project.params[1].kind, F4E_BUTTON);
    ck_assert(project.params[1].off == 3 && project.params[1].on == 1);
    ck_assert_uint_eq(project.param_lines[1], 9);
    ck_assert_uint_eq(project.notice_count, 5);
    ck_assert_ptr_nonnull(strstr(project.notices[2].text, "'m:nope'"));
    ck_assert_ptr_nonnull(strstr(project.notices[4].text, "'m:n' is no float"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("project text");
    TCase *tests = tcase_create("parts");
    tcase_set_timeout(tests, 30); /* limits are large, machines are busy */
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, reads_literals, 0,
                        sizeof(literals) / sizeof(literals[0]));
    tcase_add_loop_test(tests, reads_numbers_as_javascript, 0,
                        sizeof(js_numbers) / sizeof(js_numbers[0]));
    tcase_add_loop_test(tests, writes_numbers_as_javascript, 0,
                        sizeof(js_texts) / sizeof(js_texts[0]));
    tcase_add_test(tests, wraps_as_a_32_bit_store);
    tcase_add_test(tests, orders_names_by_utf16_units);
    tcase_add_test(tests, decodes_what_is_not_utf8);
    tcase_add_test(tests, trims_every_blank_of_javascript);
    tcase_add_test(tests, strings_are_low_bytes_of_utf16);
    tcase_add_loop_test(tests, says_what_is_wrong_and_where, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    tcase_add_loop_test(tests, says_what_is_wrong_in_a_module, 0,
                        sizeof(wrong_lines) / sizeof(wrong_lines[0]));
    tcase_add_loop_test(tests, takes_what_the_compiler_takes, 0,
                        (int)(sizeof(taken) / sizeof(taken[0])));
    tcase_add_loop_test(tests, takes_zeros_in_comments_alone, 0,
                        sizeof(zeros) / sizeof(zeros[0]));
    tcase_add_test(tests, names_a_text_of_wide_characters);
    tcase_add_test(tests, a_started_element_counts);
    tcase_add_test(tests, a_huge_array_costs_nothing);
    tcase_add_test(tests, multiplying_texts_end);
    tcase_add_test(tests, a_long_chain_of_constants_resolves);
    tcase_add_test(tests, env_is_made_up_when_it_is_missing);
    tcase_add_test(tests, a_missing_asset_size_says_what_to_type);
    tcase_add_test(tests, finds_addresses_with_their_decorations);
    tcase_add_test(tests, orders_assets_and_bindings_as_objects);
    tcase_add_test(tests, a_path_has_an_end);
    tcase_add_test(tests, counts_notices_beyond_its_limit);
    tcase_add_test(tests, widgets_find_their_items_or_say_so);
    suite_add_tcase(suite, tests);
    return suite;
}
