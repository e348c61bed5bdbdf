/* SPDX-License-Identifier: MIT */
/* What threads have to say: whole lines, and no more than they are. */
#include "midi/midi_lines.h"

#include "program.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct midi_lines lines;

static void setup(void)
{
    program_setup();
    midi_lines_init(&lines);
}

static void teardown(void)
{
    midi_lines_deinit(&lines);
    program_teardown();
}

static void expect(const char *want)
{
    size_t size;
    ck_assert_ptr_nonnull(freopen("err", "w+", stderr));
    midi_lines_print(&lines, "p");
    (void)fflush(stderr);
    unsigned char *text = program_read_file("err", &size);
    ck_assert_uint_eq(size, strlen(want));
    ck_assert_mem_eq(text, want, size);
    free(text);
}

/* Names come from anywhere. */
START_TEST(a_name_makes_no_line_of_its_own)
{
    midi_lines_add(&lines, "midi    '%s' plays port %u", "a\np: all is lost",
                   3U);
    midi_lines_add(&lines, "%s", "\x1b[2J");
    expect("p: midi    'a\\x0ap: all is lost' plays port 3\n"
           "p: \\x1b[2J\n");
    expect("");
}
END_TEST

START_TEST(drops_whole_lines)
{
    static char text[MIDI_LINES_BYTES];
    memset(text, 'x', sizeof(text) - 1);
    midi_lines_add(&lines, "a");
    midi_lines_add(&lines, "%s", text);
    midi_lines_add(&lines, "b");
    expect("p: a\np: b\n");
    text[MIDI_LINES_BYTES - 2] = '\0';
    midi_lines_add(&lines, "a");
    midi_lines_add(&lines, "%s", text);
    midi_lines_add(&lines, "b");
    expect("p: a\np: b\n");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("midi_lines");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_name_makes_no_line_of_its_own);
    tcase_add_test(tcase, drops_whole_lines);
    suite_add_tcase(suite, tcase);
    return suite;
}
