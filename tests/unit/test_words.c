/* SPDX-License-Identifier: MIT */
/* A command as words: against a table, and against a real shell. */
#include "text/words.h"

#include "base/buf.h"
#include "child.h"
#include "fixture.h"
#include "suite.h"

#include <stdlib.h>

static const struct word_value values[] = {{"{in}", "a b'\"{out}"},
                                           {"{out}", "o"}};

/* The words, each in brackets; or the message. */
static const char *split(const char *command, size_t count)
{
    const char *const *words = NULL;
    struct buf text;
    diag_init(&diag, NULL);
    if (!words_split(&words, command, "--compiler", values, count, &arena,
                     &diag)) {
        ck_assert_int_eq(diag.kind, DIAG_USAGE);
        return diag.text;
    }
    buf_init(&text, &arena);
    for (size_t i = 0; words[i] != NULL; i++) {
        buf_format(&text, "[%s]", words[i]);
    }
    return buf_string(&text);
}

static const struct {
    const char *command;
    const char *words;
} rows[] = {
    {"a b", "[a][b]"},
    {"  a\t\n b  ", "[a][b]"},
    {"'a b' \"c d\"", "[a b][c d]"},
    {"a'b'\"c\"d", "[abcd]"},
    {"'' \"\" x", "[][][x]"},
    {"a\\ b \\'c\\'", "[a b]['c']"},
    {"'a\\b' \"a\\b\"", "[a\\b][a\\b]"},
    {"\"a\\\"b\\\\c\\$d\\`e\"", "[a\"b\\c$d`e]"},
    {"a\\\nb \"c\\\nd\" 'e\\\nf'", "[ab][cd][e\\\nf]"},
    {"\\\n a", "[a]"},
    {"$HOME ~ * a|b; `x` $(y) #c >d & {x}",
     "[$HOME][~][*][a|b;][`x`][$(y)][#c][>d][&][{x}]"},
    {"'unclosed", "--compiler: a quote or a backslash has nothing that belongs "
                  "to it"},
    {"\"unclosed\\\"", "--compiler: a quote or a backslash has nothing that "
                       "belongs to it"},
    {"a\\", "--compiler: a quote or a backslash has nothing that belongs to "
            "it"},
    {"", "--compiler: empty command"},
    {" \n\t", "--compiler: empty command"},
};

START_TEST(splits)
{
    ck_assert_str_eq(split(rows[_i].command, 0), rows[_i].words);
}
END_TEST

static const struct {
    const char *command;
    const char *words;
} filled[] = {
    {"c {in} {out}", "[c][a b'\"{out}][o]"},
    {"c -i{in} --o={out}/x", "[c][-ia b'\"{out}][--o=o/x]"},
    {"c '{in}' \"{out}\"", "[c][a b'\"{out}][o]"},
    {"c {in}{in}{out}", "[c][a b'\"{out}a b'\"{out}o]"},
    {"c {in} \\{out} {out} {in {}", "[c][a b'\"{out}][{out}][o][{in][{}]"},
    {"c {in}", "--compiler: the command has no {out}"},
    {"c {out}", "--compiler: the command has no {in}"},
    {"c \\{in} {out}", "--compiler: the command has no {in}"},
};

START_TEST(puts_values_into_words)
{
    ck_assert_str_eq(split(filled[_i].command, 2), filled[_i].words);
}
END_TEST

START_TEST(takes_a_limited_number_of_words)
{
    for (int count = WORDS_MAX; count <= WORDS_MAX + 1; count++) {
        struct buf command;
        buf_init(&command, &arena);
        for (int i = 0; i < count; i++) {
            buf_text(&command, "a ");
        }
        const char *words = split(buf_string(&command), 0);
        if (count > WORDS_MAX) {
            ck_assert_str_eq(words, "--compiler: more than 256 words");
        } else {
            ck_assert_uint_eq(strlen(words), 3U * WORDS_MAX);
        }
    }
}
END_TEST

/* Random commands of quotes, backslashes, blanks and letters; the shell says
 * what the words are. All in one script, a command a line. */
START_TEST(agrees_with_a_shell)
{
    enum { COMMANDS = 400, MAX_LENGTH = 12 };
    static const char letters[] = "ab '\"\\\\ ''\"";
    struct buf script;
    struct buf expected;
    buf_init(&script, &arena);
    buf_init(&expected, &arena);
    buf_text(&script, "p() { for w; do printf '[%s]' \"$w\"; done; echo; }\n");
    uint32_t seed = 1;
    for (int i = 0; i < COMMANDS; i++) {
        char command[MAX_LENGTH + 1] = "";
        for (int k = 0; k < MAX_LENGTH; k++) {
            seed = seed * 1664525U + 1013904223U;
            command[k] = letters[(seed >> 16) % (sizeof(letters) - 1)];
        }
        const char *words = split(command, 0);
        if (diag.kind == DIAG_NONE) {
            buf_format(&script, "p %s\n", command);
            buf_format(&expected, "%s\n", words);
        }
    }
    ck_assert_uint_gt(expected.length, 1000);
    char *folder = tmpdir_make();
    char *path = text("%s/script", folder);
    spit(path, script.bytes, script.length);
    struct child child;
    const char *const argv[] = {"/bin/sh", path, NULL};
    const struct child_setup nothing = {NULL, NULL, 0, 0};
    child_run(&child, argv, &nothing);
    ck_assert_int_eq(child.status, 0);
    ck_assert_str_eq(child.out, buf_string(&expected));
    child_free(&child);
    free(path);
    tmpdir_remove(folder);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("words");
    TCase *tcase = tcase_create("words");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, splits, 0, sizeof(rows) / sizeof(rows[0]));
    tcase_add_loop_test(tcase, puts_values_into_words, 0,
                        sizeof(filled) / sizeof(filled[0]));
    tcase_add_test(tcase, takes_a_limited_number_of_words);
    tcase_add_test(tcase, agrees_with_a_shell);
    suite_add_tcase(suite, tcase);
    return suite;
}
