/* SPDX-License-Identifier: MIT */
/* Sources of MIDI: which there are, what is said of them, what becomes of their
 * notes. */
#include "fake_patch.h"
#include "json_check.h"
#include "midi_bench.h"
#include "program.h"
#include "serial.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *arguments;
    int status;
    const char *message;
} refusals[] = {
    {"--midi-raw no/file", 8, "cannot open 'no/file' for MIDI: No such file"},
    {"--midi-raw .", 8, "cannot open '.' for MIDI: Is a directory"},
    {"--midi-raw hw:9,0", 8, "cannot open 'hw:9,0' for MIDI"},
    {"--midi-raw 1=x", 2, "the patch does not listen to port 1"},
    {"--midi-in 7=x", 2, "hint: --midi-in 0=x"},
    {"--midi-in none --midi-in x", 2, "--midi-in is none and 'x'"},
    {"--midi-in 0=", 2, "--midi-in is empty"},
    {"--require-midi", 8, "cannot open the MIDI sequencer: No such file"},
    {"--require-midi", 8, "hint: sudo modprobe snd-seq"},
    {"--render x --midi-raw y", 2, "--render and --midi-raw exclude"},
};

START_TEST(says_why_there_is_no_midi)
{
    char line[128];
    (void)snprintf(line, sizeof(line), "--dummy --blocks 1 %s",
                   refusals[_i].arguments);
    struct program_result result = program_run(
        NULL, NULL, strstr(line, "--render") != NULL ? line + 8 : line);
    ck_assert_msg(result.status == refusals[_i].status &&
                      strstr(result.err, refusals[_i].message) != NULL,
                  "%s: %d: %s", line, result.status, result.err);
}
END_TEST

START_TEST(plays_on_without_a_sequencer)
{
    struct program_result result =
        program_run(NULL, NULL, "--dummy --blocks 1");
    ck_assert_int_eq(result.status, 0);
    ck_assert_msg(strstr(result.err, "stereo: midi    cannot open the MIDI "
                                     "sequencer: No such file") != NULL,
                  "%s", result.err);
    ck_assert_msg(strstr(result.err, "ALSA lib") == NULL, "%s", result.err);
    static const char *const silent[] = {"--dummy --blocks 1 --midi-in none",
                                         "--render none --blocks 1",
                                         "--run-entry level"};
    for (size_t i = 0; i < sizeof(silent) / sizeof(*silent); i++) {
        result = program_run(NULL, NULL, silent[i]);
        ck_assert_int_eq(result.status, 0);
        ck_assert_msg(strstr(result.err, "midi") == NULL, "%s: %s", silent[i],
                      result.err);
    }
    result = program_run(getenv("FAKE_MUTE"), NULL, "--dummy --blocks 1");
    ck_assert_msg(result.status == 0 && strstr(result.err, "midi") == NULL,
                  "%s", result.err);
    result = program_run(getenv("FAKE_MUTE"), NULL,
                         "--dummy --blocks 1 --midi-in x");
    ck_assert_int_eq(result.status, 2);
    ck_assert_ptr_nonnull(strstr(result.err, "does not listen to MIDI"));
}
END_TEST

START_TEST(drops_calls_that_trap)
{
    /* Port 5 calls a function that traps, port 0 one that does not. */
    program_write_file("song", song, sizeof(song));
    pid_t pid = start("--midi-raw 5=song --stats --stats-json -");
    program_wait_for("in a MIDI callback; that call is dropped");
    struct program_result result = end(pid);
    ck_assert_msg(strstr(result.err, "trap: ") != NULL &&
                      strstr(result.err, "in function 9 at block") != NULL &&
                      strstr(result.err, "midi    4 calls dropped") != NULL,
                  "%s", result.err);
    ck_assert_double_eq(json_number(result.out, "midiTraps"), 4.0);
    ck_assert_double_eq(json_number(result.out, "traps"), 0.0);
    ck_assert_int_gt(cell(FAKE_BLOCKS), 0);
    /* From a script and the console the same. */
    program_write_file("s", "1b midi 5 0x90 1 2\n2b midi 0 0x90 3 4\n", 38);
    result = program_run(NULL, NULL,
                         "--render none --blocks 9 --script s --dump-memory m");
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_nonnull(strstr(result.err, "in a MIDI callback"));
    take_memory();
    ck_assert_int_eq(cell(FAKE_BLOCKS), 9);
    ck_assert_int_eq(cell(FAKE_NOTE_COUNT), 1);
}
END_TEST

/* Two notes are held when the source ends: on channels 1 and 3. */
static const unsigned char held[] = {0x90, 60, 100, 62, 90, 62, 0, 0x92, 5, 1};

START_TEST(ends_the_notes_of_a_source_that_ends)
{
    static const unsigned char want[] = {
        0x90, 60, 100, 0x90, 62,  90, 0x90, 62, 0, 0x92, 5,   1,
        0x80, 60, 0,   0xb0, 123, 0,  0x82, 5,  0, 0xb2, 123, 0};
    program_write_file("song", held, sizeof(held));
    pid_t pid = start("--midi-raw song --notes-off");
    program_wait_for("'song' has ended; 2 notes ended");
    play_on(pid);
    (void)end(pid);
    expect_notes(want, 8);
    pid = start("--midi-raw song");
    program_wait_for("it holds 2 notes, which --notes-off would end");
    play_on(pid);
    (void)end(pid);
    expect_notes(want, 4);
}
END_TEST

/* A note is held, and half a message has come, when it is unplugged. */
START_TEST(hears_a_device_that_comes_back)
{
    static const unsigned char before[] = {0x92, 5, 1, 0x90, 60};
    static const unsigned char after[] = {60, 60, 0x91, 7, 1};
    static const unsigned char want[] = {0x92, 5,   1, 0x82, 5, 0,
                                         0xb2, 123, 0, 0x91, 7, 1};
    int serial = serial_plug("./port");
    pid_t pid = start("--midi-raw ./port --notes-off --stats");
    ck_assert_int_eq(write(serial, before, sizeof(before)), sizeof(before));
    wait_for_messages(pid, "1");
    (void)close(serial);
    program_wait_for("midi    './port' is gone; 1 note ended");
    serial = serial_plug("./port");
    program_wait_for("midi    './port' is back");
    ck_assert_int_eq(write(serial, after, sizeof(after)), sizeof(after));
    wait_for_messages(pid, "4");
    (void)end(pid);
    (void)close(serial);
    expect_notes(want, 4);
}
END_TEST

/* What ends without having been unplugged has ended. */
START_TEST(does_not_wait_for_what_has_no_end)
{
    pid_t pid = start("--midi-raw /dev/null");
    program_wait_for("midi    '/dev/null' has ended");
    (void)end(pid);
    expect_notes(NULL, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("midi_in");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, says_why_there_is_no_midi, 0,
                        sizeof(refusals) / sizeof(*refusals));
    tcase_add_test(tcase, plays_on_without_a_sequencer);
    tcase_add_test(tcase, drops_calls_that_trap);
    tcase_add_test(tcase, ends_the_notes_of_a_source_that_ends);
    tcase_add_test(tcase, hears_a_device_that_comes_back);
    tcase_add_test(tcase, does_not_wait_for_what_has_no_end);
    suite_add_tcase(suite, tcase);
    return suite;
}
