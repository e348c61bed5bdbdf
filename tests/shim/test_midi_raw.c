/* SPDX-License-Identifier: MIT */
/* Bare MIDI bytes, from pipes and files. */
#include "fake_patch.h"
#include "midi_bench.h"
#include "program.h"
#include "suite.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(plays_from_a_pipe)
{
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid = start("--midi-raw pipe --stats-json j");
    int fd = open("pipe", O_WRONLY | O_CLOEXEC);
    /* A byte at a time, and two writers. */
    for (size_t i = 0; i < sizeof(song); i++) {
        ck_assert_int_eq(write(fd, &song[i], 1), 1);
        if (i == 4) {
            (void)close(fd);
            pause_ms(100);
            fd = open("pipe", O_WRONLY | O_CLOEXEC);
        }
    }
    wait_for_messages(pid, "4");
    (void)end(pid);
    (void)close(fd);
    expect_notes(heard, 4);
    float status;
    memcpy(&status, memory + FAKE_FLOAT_ARG, sizeof(status));
    ck_assert(status == 128.0F); /* the other binding of port 0 */
    expect_counts(4.0, 0.0);
}
END_TEST

START_TEST(plays_a_file_on_another_port)
{
    program_write_file("song", song, sizeof(song));
    pid_t pid = start("--midi-raw 2=song --stats");
    program_wait_for("'song' has ended");
    play_on(pid);
    struct program_result result = end(pid);
    expect_notes(heard, 4);
    ck_assert_int_eq(cell(FAKE_FLOAT_ARG), 0);
    ck_assert_ptr_nonnull(strstr(result.err, "midi    4 messages, 0 lost"));
}
END_TEST

/* Far more than the inbox holds: a file waits. */
START_TEST(loses_nothing_of_a_file)
{
    enum { NOTES = 20000 };
    unsigned char *bytes = malloc(2 * NOTES + 1);
    ck_assert_ptr_nonnull(bytes);
    bytes[0] = 0x90;
    for (int i = 0; i < NOTES; i++) {
        bytes[1 + 2 * i] = (unsigned char)(i & 127);
        bytes[2 + 2 * i] = (unsigned char)(i >> 7 & 127);
    }
    program_write_file("song", bytes, 2 * NOTES + 1);
    free(bytes);
    pid_t pid = start("--midi-raw 2=song");
    program_wait_for("'song' has ended");
    play_on(pid);
    (void)end(pid);
    ck_assert_int_eq(cell(FAKE_NOTE_COUNT), NOTES);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), (NOTES - 1) >> 7 & 127);
}
END_TEST

/* A second later by the patch's own time: 40 blocks are over before. */
START_TEST(delays_to_a_constant)
{
    program_write_file("song", song, sizeof(song));
    struct program_result result =
        program_run(NULL, NULL,
                    "--dummy --blocks 40 --midi-raw 2=song --midi-latency 1000 "
                    "--dump-memory m --stats");
    ck_assert_msg(result.status == 0, "%s", result.err);
    take_memory();
    ck_assert_int_eq(cell(FAKE_NOTE_COUNT), 0);
    ck_assert_ptr_nonnull(strstr(
        result.err, "midi    0 messages too late for --midi-latency 1000"));
    pid_t pid = start("--midi-raw 2=song --midi-latency 200 " PROGRAM_ASKED);
    program_wait_for_word(FAKE_NOTE_COUNT, 4);
    (void)end(pid);
    expect_notes(heard, 4);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("midi_raw");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, plays_from_a_pipe);
    tcase_add_test(tcase, plays_a_file_on_another_port);
    tcase_add_test(tcase, loses_nothing_of_a_file);
    tcase_add_test(tcase, delays_to_a_constant);
    suite_add_tcase(suite, tcase);
    return suite;
}
