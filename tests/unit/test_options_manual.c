/* SPDX-License-Identifier: MIT */
/* The table of options against the help and the man page. */
#include "child.h"
#include "options/options.h"
#include "options_line.h"
#include "suite.h"

#include <unistd.h>

static const char *help(void)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&bytes, &size);
    options_print_help(stream);
    (void)fclose(stream);
    const char *copy = arena_copy(&arena, bytes, size);
    free(bytes);
    return copy;
}

START_TEST(help_has_every_option_in_lines_of_a_terminal)
{
    const char *text = help();
    size_t count = 0;
    const struct option_row *table = options_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (table[i].name != NULL) {
            ck_assert_msg(strstr(text, arena_format(&arena, "--%s",
                                                    table[i].name)) != NULL,
                          "--%s", table[i].name);
        }
        ck_assert_ptr_nonnull(strstr(text, table[i].help));
    }
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        ck_assert_msg(length < 80, "%zu columns: %.*s", length, (int)length,
                      line);
        line += length + (line[length] == '\n');
    }
}
END_TEST

/* The flags of the lists of a page: ".It Fl o" and ".It Fl -name", with more
 * of them after a comma, as words "-o" and "--name", each between blanks. */
static const char *page_options(const char *page)
{
    struct buf out;
    buf_init(&out, &arena);
    buf_text(&out, " ");
    for (const char *line = page; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (strncmp(line, ".It Fl ", 7) == 0) {
            const char *copy = arena_copy(&arena, line, length);
            for (const char *at = strstr(copy, "Fl "); at != NULL;
                 at = strstr(at, "Fl ")) {
                at += 3;
                buf_format(&out, "-%.*s ", (int)strcspn(at, " ,=["), at);
            }
        }
        line += length + (line[length] == '\n');
    }
    return buf_string(&out);
}

START_TEST(man_page_has_the_same_options)
{
    if (access(F4E_MAN_PAGE, R_OK) != 0) {
        return; /* a tree without documentation */
    }
    size_t size = 0;
    unsigned char *page = slurp(F4E_MAN_PAGE, &size);
    const char *found = page_options((const char *)page);
    free(page);
    size_t count = 0;
    const struct option_row *table = options_table(&count);
    struct buf known;
    buf_init(&known, &arena);
    buf_text(&known, " ");
    for (size_t i = 0; i < count; i++) {
        if (table[i].letter != 0) {
            buf_format(&known, "-%c ", table[i].letter);
        }
        if (table[i].name != NULL) {
            buf_format(&known, "--%s ", table[i].name);
        }
    }
    const char *const lists[2] = {buf_string(&known), found};
    for (size_t i = 0; i < 2; i++) {
        for (const char *at = lists[i] + 1; *at != '\0';) {
            size_t length = strcspn(at, " ");
            const char *word = arena_format(&arena, " %.*s ", (int)length, at);
            ck_assert_msg(strstr(lists[1 - i], word) != NULL,
                          "%s is not in the %s", word,
                          i == 0 ? "man page" : "table");
            at += length + 1;
        }
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("options_manual");
    TCase *tcase = tcase_create("options");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, help_has_every_option_in_lines_of_a_terminal);
    tcase_add_test(tcase, man_page_has_the_same_options);
    suite_add_tcase(suite, tcase);
    return suite;
}
