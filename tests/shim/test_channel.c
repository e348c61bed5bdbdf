/* SPDX-License-Identifier: MIT */
/* Lines of a pipe, a file and standard input, and what they do. */
#include "channel_bench.h"

#include "fake_patch.h"
#include "program.h"
#include "suite.h"
#include "told.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(changes_at_the_next_block)
{
    int fd = start();
    say(fd, "set keys:note 5\n# nothing\n\n  set table:i32 1,2,3 # rest\n");
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 0);
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 5);
    ck_assert_int_eq(cell(FAKE_TABLE + 264), 3);
    say(fd, "midi 0 144 60 100\nset panel:play toggle\ncall level 0.5\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 100);
    ck_assert_int_eq(cell(FAKE_FLOAT_ARG), 0x3f000000);
    ck_assert_int_eq(cell(FAKE_PANEL + 12), 3);
    say(fd, "get keys:note table:i32[1] table:i8 drum:data\n");
    ck_assert_str_eq(answers, "keys:note 100\ntable:i32[1] 2\n"
                              "table:i8 0 0 0 0 0 0 0 0\n"
                              "drum:data 97 115 115 101 116 0 0 0\n");
    ck_assert_str_eq(told(), "");
    stop(fd);
}
END_TEST

START_TEST(waits_for_the_end_of_a_line)
{
    int fd = start();
    say(fd, "set keys");
    say(fd, ":note 6\nset keys:note 7");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 6);
    say(fd, "\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 7);
    stop(fd);
}
END_TEST

/* A question is answered when the patch has what was said before it. */
START_TEST(answers_what_was_just_set)
{
    int fd = start();
    say(fd, "set keys:note 9\nget keys:note\nset keys:note 10\n");
    ck_assert_str_eq(answers, "");
    ck_assert(is_held());
    pump(2);
    play(1);
    say(fd, "");
    ck_assert_str_eq(answers, "keys:note 9\n");
    ck_assert(!is_held());
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 10);
    stop(fd);
}
END_TEST

START_TEST(goes_on_after_a_writer_has_left)
{
    int fd = start();
    say(fd, "set keys:note 6\n");
    (void)close(fd);
    pump(1);
    fd = open("pipe", O_WRONLY);
    say(fd, "set keys:note 7\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 7);
    ck_assert(!is_held());
    stop(fd);
}
END_TEST

static const struct {
    const char *line;
    const char *message;
} wrong[] = {
    {"poke 1\n",
     "fake: pipe:1: expected one of set, load, call, midi, key, piano, "
     "get, list, params, views, describe, stats, subscribe, unsubscribe, save, "
     "quit, not 'poke'\n"},
    {"\n#\nsetting 1\n", "fake: pipe:3: expected one of set"},
    {"set amp:gian 1\n", "fake: pipe:1: the patch has no variable 'amp:gian'\n"
                         "fake: hint: did you mean amp:gain?\n"},
    {"get\n", "fake: pipe:1: get needs a name\n"},
    {"get y\n", "fake: pipe:1: the patch has no variable 'y'\n"},
    {"list x*\n", "fake: pipe:1: no name matches 'x*'\n"},
    {"params x*\n", "fake: pipe:1: no slider"},
    {"views x*\n", "fake: pipe:1: no view matches 'x*'\n"},
    {"load drum:data missing\n", "fake: pipe:1: cannot read 'missing'"},
    {"midi 1 0x90\n", "fake: pipe:1: the patch listens to MIDI on port"},
    {"averyveryverylongverb\n", "fake: pipe:1: expected one of set"},
};

START_TEST(tells_errors_and_goes_on)
{
    int fd = start();
    say(fd, wrong[_i].line);
    ck_assert_msg(
        strncmp(told(), wrong[_i].message, strlen(wrong[_i].message)) == 0,
        "%s", told());
    say(fd, "set keys:note 7\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 7);
    stop(fd);
}
END_TEST

START_TEST(refuses_a_byte_0)
{
    int fd = start();
    ck_assert_int_eq(write(fd, "set keys:note 5\0 6\n", 19), 19);
    say(fd, "set keys:note 7\n");
    ck_assert_msg(strstr(told(), "pipe:1: the line has a byte 0") != NULL, "%s",
                  told());
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 7);
    stop(fd);
}
END_TEST

START_TEST(skips_a_mark_at_the_start)
{
    int fd = start();
    say(fd, "\xef\xbb\xbf"
            "set keys:note 8\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 8);
    stop(fd);
}
END_TEST

START_TEST(answers_and_quits)
{
    int fd = start();
    say(fd, "list keys:note\n");
    ck_assert_ptr_nonnull(strstr(answers, "keys:note  0xc"));
    say(fd, "params panel:cut\nlist\n");
    ck_assert_ptr_nonnull(strstr(answers, "panel:cut  slider"));
    ck_assert_ptr_nonnull(strstr(answers, "far:gain"));
    ck_assert(!channel.is_quitting);
    say(fd, "quit\nget keys:note\n");
    ck_assert(channel.is_quitting);
    ck_assert_ptr_null(strstr(answers, "keys:note 0\n"));
    stop(fd);
}
END_TEST

/* What is sent by pointer lives until the audio thread has had it. */
START_TEST(frees_what_was_taken)
{
    char text[12000];
    int fd = start();
    for (int round = 0; round < 50; round++) {
        size_t used = (size_t)snprintf(text, sizeof(text), "set big:data");
        for (int i = 0; i < 1000; i++) {
            used += (size_t)snprintf(text + used, sizeof(text) - used, " %d",
                                     round + i);
        }
        (void)snprintf(text + used, sizeof(text) - used, "\n");
        say(fd, text);
        play(1);
    }
    say(fd, "get big:data[999]\n");
    ck_assert_str_eq(answers, "big:data[999] 1048\n");
    ck_assert_ptr_null(channel.sender.payloads);
    stop(fd);
}
END_TEST

/* A patch that does not run: nothing is lost, and nothing more is read. */
START_TEST(waits_while_the_inbox_is_full)
{
    enum { LINES = SENDER_MESSAGES + 100 };
    int fd = start();
    for (int i = 0; i < LINES; i++) {
        char line[64];
        (void)snprintf(line, sizeof(line), "set @0x5000:i32 %d\n", i);
        say(fd, line);
    }
    ck_assert(is_held());
    ck_assert_int_eq(channel_wait_ms(&channel, 1000), 2);
    ck_assert_str_eq(told(), "");
    pump(UINT64_C(600000000));
    pump(UINT64_C(700000000));
    ck_assert_msg(strstr(told(), "fake: pipe:257: the patch does not run and "
                                 "256 changes wait") == told(),
                  "%s", told());
    ck_assert_ptr_null(strstr(strchr(told(), '\n'), "wait"));
    play(1);
    ck_assert_int_eq(cell(0x5000), SENDER_MESSAGES - 1);
    pump(UINT64_C(800000000));
    ck_assert(!is_held());
    play(1);
    ck_assert_int_eq(cell(0x5000), LINES - 1);
    stop(fd);
}
END_TEST

START_TEST(skips_a_line_that_is_too_long)
{
    enum { LENGTH = 3 << 20, PART = 1 << 15 };
    static char part[PART + 1];
    int fd = start();
    memset(part, 'x', PART);
    say(fd, "set keys:note 1\n");
    for (int i = 0; i < LENGTH / PART; i++) {
        say(fd, part);
    }
    say(fd, "\nset keys:note 8\nget nothing\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 8);
    say(fd, "");
    ck_assert_str_eq(told(),
                     "fake: pipe:2: the line is longer than 1048576 bytes\n"
                     "fake: pipe:4: the patch has no variable 'nothing'\n"
                     "fake: hint: --list shows all names\n");
    stop(fd);
}
END_TEST

START_TEST(refuses_what_cannot_be_read)
{
    struct program_result result =
        program_run(NULL, NULL, "--dummy --control nothing");
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "cannot read 'nothing'"));
    ck_assert_ptr_nonnull(strstr(result.err, "hint: mkfifo nothing"));
}
END_TEST

/* As a user would: a pipe, a patch that plays, and words. */
START_TEST(controls_a_program)
{
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid =
        program_start(NULL, NULL,
                      "--dummy --rt-prio 0 --seconds 600 --control pipe "
                      "--dump-memory m");
    FILE *pipe = fopen("pipe", "w");
    ck_assert_ptr_nonnull(pipe);
    (void)fprintf(pipe, "set keys:note 77\nwrong\n");
    (void)fflush(pipe);
    program_wait_for("pipe:2: expected one of preset, cc, set");
    (void)fprintf(pipe, "get keys:note\nquit\n");
    (void)fclose(pipe);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_str_eq(result.out, "keys:note 77\n");
    size_t bytes;
    unsigned char *memory = program_read_file("m", &bytes);
    ck_assert_int_eq(memory[FAKE_LAST_NOTE], 77);
    free(memory);
}
END_TEST

/* Its end is not the patch's. */
START_TEST(reads_a_plain_file_to_its_end)
{
    static const char text[] = "set keys:note 78\nload drum:data f\n"
                               "set osc:offset 0.5"; /* no line feed */
    size_t bytes;
    program_write_file("c", text, strlen(text));
    program_write_file("f", "loaded", 6);
    struct program_result result = program_run(
        NULL, NULL,
        "--dummy --rt-prio 0 --seconds 0.3 --control c --dump-memory m");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_ptr_nonnull(
        strstr(result.err, "'f': 6 bytes as they are into drum:data"));
    unsigned char *memory = program_read_file("m", &bytes);
    ck_assert_int_eq(memory[FAKE_LAST_NOTE], 78);
    ck_assert_mem_eq(memory + FAKE_ASSET, "loaded", 6);
    ck_assert_int_eq(memory[FAKE_OFFSET + 3], 0x3f);
    free(memory);
}
END_TEST

/* Replies of a pipe go to standard output, as those of a socket. */
START_TEST(answers_on_standard_output)
{
    static const char text[] = "#1 set keys:note 78\n#2 get keys:note\nbad\n"
                               "#3 quit\n";
    program_write_file("c", text, strlen(text));
    struct program_result result =
        program_run(NULL, NULL,
                    "--dummy --rt-prio 0 --seconds 600 --control c "
                    "--control-replies");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_msg(
        strncmp(
            result.out,
            "{\"id\":\"1\",\"ok\":true}\n{\"id\":\"2\",\"ok\":true,\"values\":"
            "{\"keys:note\":78}}\n{\"ok\":false,",
            70) == 0,
        "%s", result.out);
    ck_assert_ptr_nonnull(strstr(result.out, "{\"id\":\"3\",\"ok\":true}\n"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("channel");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, changes_at_the_next_block);
    tcase_add_test(tcase, waits_for_the_end_of_a_line);
    tcase_add_test(tcase, answers_what_was_just_set);
    tcase_add_test(tcase, goes_on_after_a_writer_has_left);
    tcase_add_loop_test(tcase, tells_errors_and_goes_on, 0,
                        sizeof(wrong) / sizeof(*wrong));
    tcase_add_test(tcase, refuses_a_byte_0);
    tcase_add_test(tcase, skips_a_mark_at_the_start);
    tcase_add_test(tcase, answers_and_quits);
    tcase_add_test(tcase, frees_what_was_taken);
    tcase_add_test(tcase, waits_while_the_inbox_is_full);
    tcase_add_test(tcase, skips_a_line_that_is_too_long);
    tcase_add_test(tcase, refuses_what_cannot_be_read);
    tcase_add_test(tcase, controls_a_program);
    tcase_add_test(tcase, reads_a_plain_file_to_its_end);
    tcase_add_test(tcase, answers_on_standard_output);
    suite_add_tcase(suite, tcase);
    return suite;
}
