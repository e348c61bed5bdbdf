/* SPDX-License-Identifier: MIT */
/* The table of options against the manual and the help, in both directions. */
#include "options/options.h"
#include "options/options_internal.h"
#include "program.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

/* The manual, with "\-" read as it prints. */
static char *read_manual(void)
{
    size_t bytes;
    const char *path = getenv("F4E_MANUAL");
    ck_assert_ptr_nonnull(path);
    return (char *)program_read_file(path, &bytes);
}

START_TEST(manual_has_every_option)
{
    char *manual = read_manual();
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_table[i];
        const char *fallback = option_fallback(row);
        char item[96];
        if (row->is_optional) {
            (void)snprintf(item, sizeof(item),
                           "\n.It Fl -%s Ns Op = Ns Ar %s\n", option_name(row),
                           option_argument(row));
        } else if (row->letter != 0) {
            (void)snprintf(item, sizeof(item), "\n.It Fl %c , Fl -%s\n",
                           row->letter, option_name(row));
        } else {
            (void)snprintf(
                item, sizeof(item), "\n.It Fl -%s%s%s\n", option_name(row),
                option_has_value(row) ? " Ar " : "", option_argument(row));
        }
        ck_assert_msg(strstr(manual, item) != NULL, "no%s", item);
        if (*fallback != '\0' && strchr(fallback, ' ') == NULL) {
            const char *at = strstr(manual, item);
            const char *end = strstr(at + 1, "\n.It Fl");
            const char *word = strstr(at, fallback);
            ck_assert_msg(word != NULL && (end == NULL || word < end),
                          "--%s: default not in the manual", option_name(row));
        }
    }
    free(manual);
}
END_TEST

START_TEST(table_has_every_option_of_the_manual)
{
    char *manual = read_manual();
    size_t found = 0;
    for (char *at = manual; (at = strstr(at, "\n.It Fl ")) != NULL;) {
        char name[32] = "";
        at = strstr(at, "Fl -");
        ck_assert_int_eq(sscanf(at, "Fl -%31[a-z-]", name), 1);
        size_t i = 0;
        while (i < option_count &&
               strcmp(option_name(&option_table[i]), name) != 0) {
            i++;
        }
        ck_assert_msg(i < option_count, "--%s is in the manual only", name);
        found++;
    }
    ck_assert_uint_eq(found, option_count);
    free(manual);
}
END_TEST

START_TEST(manual_has_every_status)
{
    static const enum exit_status statuses[] = {
        STATUS_OK,       STATUS_INTERNAL, STATUS_USAGE, STATUS_OPEN,
        STATUS_HARDWARE, STATUS_LOST,     STATUS_TRAP,  STATUS_XRUNS,
        STATUS_MIDI,     STATUS_FILE,     STATUS_FORCED};
    char *manual = read_manual();
    const char *at = strstr(manual, "\n.Sh EXIT STATUS\n");
    ck_assert_ptr_nonnull(at);
    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
        char item[16];
        (void)snprintf(item, sizeof(item), "\n.It %d\n", (int)statuses[i]);
        at = strstr(at, item);
        ck_assert_msg(at != NULL, "no%s", item);
    }
    free(manual);
}
END_TEST

START_TEST(help_has_every_option)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    options_print_help("patch", &f4e_patch, file);
    (void)fclose(file);
    for (size_t i = 0; i < option_count; i++) {
        char name[40];
        (void)snprintf(name, sizeof(name), " --%s%s",
                       option_name(&option_table[i]),
                       option_table[i].is_optional ? "[=" : " ");
        ck_assert_msg(strstr(text, name) != NULL, "no%s", name);
    }
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        ck_assert_msg(length <= 80, "%.*s", (int)length, line);
        line += length + (line[length] != '\0');
    }
    free(text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("options_manual");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, manual_has_every_option);
    tcase_add_test(tcase, table_has_every_option_of_the_manual);
    tcase_add_test(tcase, manual_has_every_status);
    tcase_add_test(tcase, help_has_every_option);
    suite_add_tcase(suite, tcase);
    return suite;
}
