/* SPDX-License-Identifier: MIT */
/* What compilers print, and the line that it is about. */
#include "text/text_messages.h"

#include "fixture.h"
#include "suite.h"

static struct text_messages read_output(const char *output, size_t length)
{
    struct text_messages messages;
    struct buf text;
    buf_init(&text, &arena);
    buf_add(&text, output, length);
    text_messages_read(&messages, &text, "dir/patch.8f4e", 100, &arena);
    return messages;
}

static const struct {
    const char *output;
    uint32_t line;
    const char *what; /* NULL: none */
} rows[] = {
    {"", 0, NULL},
    {"it is broken\n", 0, NULL},
    {"patch.8f4e:12: no such word\n", 12, "no such word"},
    {"/home/x/dir/patch.8f4e:12:3: no such word", 12, "no such word"},
    {"Error: 'patch.8f4e:7'", 7, "Error: 'patch.8f4e:7'"},
    {"patch.8f4e:7", 7, "patch.8f4e:7"},
    {"first\n  at dir/patch.8f4e:100:\tx\nlast", 100, "x"},
    {"a.8f4e:3: x\npatch.8f4e:4: y\npatch.8f4e:5: z\n", 4, "y"},
    {"my-patch.8f4e:3: x", 3, "x"},
    {"mypatch.8f4e:3: x", 0, NULL},
    {"patch.8f4e: 3", 0, NULL},
    {"patch.8f4e:0: x", 0, NULL},
    {"patch.8f4e:101: x", 0, NULL},
    {"patch.8f4e:99999999999999999999999: x", 0, NULL},
    {"patch.8f4e:3x", 0, NULL},
    {"Parse error at line 12: expected opener", 12,
     "Parse error at line 12: expected opener"},
    {"(line 3)", 3, "(line 3)"},
    {"line 3 of module tone", 0, NULL},
    {"at line 3 in tone, line 9", 9, "at line 3 in tone, line 9"},
    {"underline 3", 0, NULL},
    {"online 3 and line 101", 0, NULL},
    {"line 3rd", 0, NULL},
    {"    at run (cli.js:12:3)", 0, NULL},
};

START_TEST(finds_the_line)
{
    struct text_messages messages =
        read_output(rows[_i].output, strlen(rows[_i].output));
    ck_assert_msg(messages.line == rows[_i].line, "%s: line %u",
                  rows[_i].output, messages.line);
    if (rows[_i].what != NULL) {
        ck_assert_str_eq(messages.what, rows[_i].what);
    }
}
END_TEST

START_TEST(is_safe_to_print)
{
    static const char output[] =
        "\x1b[31mred\x1b[0m 'quoted' \"too\" a\tb\r\n\r\n  \n"
        "\xe2\x80\xae"
        "reversed \xc2\x9b \xff\0nul\n";
    struct text_messages messages = read_output(output, sizeof(output) - 1);
    ck_assert_uint_eq(messages.count, 2);
    ck_assert_str_eq(messages.all,
                     "\\x1B[31mred\\x1B[0m 'quoted' \"too\" a\tb\n"
                     "\\xE2\\x80\\xAEreversed \\xC2\\x9B \\xFF\\x00nul\n");
}
END_TEST

/* Many lines and long ones are shown in part, and the place is found behind. */
START_TEST(is_short)
{
    struct buf text;
    buf_init(&text, &arena);
    for (int i = 0; i < 1000; i++) {
        buf_format(&text, "%01000d\n", i);
    }
    buf_text(&text, "patch.8f4e:5: here\n");
    struct text_messages messages =
        read_output((const char *)text.bytes, text.length);
    ck_assert_uint_eq(messages.count, 1001);
    ck_assert_uint_eq(messages.line, 5);
    ck_assert_str_eq(messages.what, "here");
    ck_assert_uint_lt(strlen(messages.all), 40 * 510);
    ck_assert_ptr_nonnull(strstr(messages.all, "\n(961 more lines)\n"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("text_messages");
    TCase *tcase = tcase_create("text_messages");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, finds_the_line, 0,
                        sizeof(rows) / sizeof(rows[0]));
    tcase_add_test(tcase, is_safe_to_print);
    tcase_add_test(tcase, is_short);
    suite_add_tcase(suite, tcase);
    return suite;
}
