/* SPDX-License-Identifier: MIT */
/* What threads have to say: whole lines, and no more than they are. */
#include "midi/midi_lines.h"

#include "suite.h"
#include "told.h"

#include <string.h>

static struct midi_lines lines;

static void setup(void)
{
    midi_lines_init(&lines);
}

static void teardown(void)
{
    midi_lines_deinit(&lines);
}

static void expect(const char *want)
{
    told_start();
    midi_lines_tell(&lines);
    ck_assert_str_eq(told(), want);
    told_stop();
}

/* Names come from anywhere. */
START_TEST(a_name_makes_no_line_of_its_own)
{
    midi_lines_add(&lines, "midi    '%s' plays port %u", "a\np: all is lost",
                   3U);
    midi_lines_add(&lines, "%s", "\x1b[2J");
    expect("fake: midi    'a\\x0ap: all is lost' plays port 3\n"
           "fake: \\x1b[2J\n");
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
    expect("fake: a\nfake: b\n");
    text[MIDI_LINES_BYTES - 2] = '\0';
    midi_lines_add(&lines, "a");
    midi_lines_add(&lines, "%s", text);
    midi_lines_add(&lines, "b");
    expect("fake: a\nfake: b\n");
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
