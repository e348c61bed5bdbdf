/* SPDX-License-Identifier: MIT */
/* Project texts that are wrong, that are taken all the same, that are large. */
#include "project_bench.h"
#include "suite.h"

#include <math.h>

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
    ck_assert_msg(!lay_out(wrong[_i].text), "row %d", _i);
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
    ck_assert_msg(!lay_out(in_module(wrong_lines[_i].lines)), "'%s'",
                  wrong_lines[_i].lines);
    ck_assert_msg(strstr(diag.text, wrong_lines[_i].says) != NULL,
                  "'%s': expected '%s', got '%s'", wrong_lines[_i].lines,
                  wrong_lines[_i].says, diag.text);
    ck_assert_uint_ge(diag.line, 4);
    ck_assert_uint_le(diag.line, 5);
}
END_TEST

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
    bool is_taken = lay_out(in_module(lines));
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
                                "int[] c 0.5\nint[] d 0\nfloat64[] e 2.5")));
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

START_TEST(a_huge_array_costs_nothing)
{
    ck_assert(lay_out(in_module("int[] x 1073741820 7")));
    ck_assert_uint_eq(project.required_bytes[0], 4 + 4 * 1073741820U);
    ck_assert_uint_eq(project.segment_count, 1);
    ck_assert_uint_lt(arena.used, 1 << 20);
    ck_assert(!lay_out(in_module("int[] x 1073741823\nint y")));
    ck_assert_ptr_nonnull(strstr(diag.text, "beyond 4 GiB"));
}
END_TEST

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
            repeat(rows[i].head, rows[i].each, rows[i].count, rows[i].tail)));
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
    ck_assert(!lay_out(text));
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
    ck_assert_msg(lay_out(buf_string(&buf)), "%s", diag.text);
    ck_assert(project.declarations[0].initial == LINKS + 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("project text");
    TCase *tcase = tcase_create("text");
    tcase_set_timeout(tcase, 30); /* limits are large, machines are busy */
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, says_what_is_wrong_and_where, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    tcase_add_loop_test(tcase, says_what_is_wrong_in_a_module, 0,
                        sizeof(wrong_lines) / sizeof(wrong_lines[0]));
    tcase_add_loop_test(tcase, takes_what_the_compiler_takes, 0,
                        (int)(sizeof(taken) / sizeof(taken[0])));
    tcase_add_loop_test(tcase, takes_zeros_in_comments_alone, 0,
                        sizeof(zeros) / sizeof(zeros[0]));
    tcase_add_test(tcase, names_a_text_of_wide_characters);
    tcase_add_test(tcase, a_started_element_counts);
    tcase_add_test(tcase, a_huge_array_costs_nothing);
    tcase_add_test(tcase, multiplying_texts_end);
    tcase_add_test(tcase, a_long_chain_of_constants_resolves);
    suite_add_tcase(suite, tcase);
    return suite;
}
