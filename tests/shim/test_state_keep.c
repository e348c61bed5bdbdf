/* SPDX-License-Identifier: MIT */
/* --state, --load-state and --save-state, from run to run. */
#include "state/state_keep.h"

#include "fake_patch.h"
#include "program.h"
#include "state/crc32.h"
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HASH_AT = 32, HASH_BYTES = 64 }; /* of the module, in a state file */

static uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The blocks that the state 's' has seen. */
static int32_t saved_blocks(void)
{
    struct program_result result = program_run(
        NULL, NULL, "--render none --blocks 0 --load-state s --dump-memory m");
    ck_assert_msg(result.status == 0, "%s", result.err);
    return program_dumped("m", FAKE_BLOCKS);
}

START_TEST(goes_on_where_it_was)
{
    size_t bytes;
    size_t others;
    program_check("--render /dev/null --blocks 30 --dump-memory all", 0, "");
    program_check("--render /dev/null --blocks 10 --save-state s", 0, "");
    program_check(
        "--render /dev/null --blocks 20 --load-state s --dump-memory two", 0,
        "");
    unsigned char *all = program_read_file("all", &bytes);
    unsigned char *two = program_read_file("two", &others);
    ck_assert(bytes == others && memcmp(all, two, bytes) == 0);
    free(all);
    free(two);
    /* The file is as it was. */
    program_check(
        "--render /dev/null --blocks 0 --load-state s --dump-memory m", 0, "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 10);
}
END_TEST

START_TEST(keeps_a_state_from_run_to_run)
{
    for (int run = 1; run <= 3; run++) {
        program_check("--render /dev/null --blocks 5 --state s --dump-memory m",
                      0, "");
        ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 5 * run);
    }
    program_check("--render /dev/null --blocks 1 --state s --reset-state "
                  "--dump-memory m",
                  0, "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 1);
    program_check("--render /dev/null --blocks 1 --state s --dump-memory m", 0,
                  "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 2);
}
END_TEST

START_TEST(does_not_save_what_trapped)
{
    program_write_file("t", "0b set 8 i32 7\n", 15);
    program_check("--render /dev/null --blocks 2 --state s", 0, "");
    program_check("--render /dev/null --blocks 20 --state s --script t", 6,
                  "trap");
    program_check(
        "--render /dev/null --blocks 0 --load-state s --dump-memory m", 0, "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 2);
    /* Nor what never played. */
    struct program_result result =
        program_run(getenv("FAKE_MUTE"), NULL, "--save-state s");
    ck_assert_int_eq(result.status, 2);
    program_check(
        "--render /dev/null --blocks 0 --load-state s --dump-memory m", 0, "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 2);
}
END_TEST

START_TEST(reports_files_before_it_plays)
{
    program_check("--render /dev/null --blocks 1 --save-state no/s", 9,
                  "cannot write 'no/s': No such file or directory");
    program_check("--render /dev/null --blocks 1 --load-state s", 9,
                  "cannot read 's': No such file or directory");
    program_write_file("s", "nonsense", 8);
    program_check("--render x.wav --blocks 1 --load-state s", 9,
                  "'s' is not a state file");
    ck_assert(!program_has_file("x.wav"));
    program_check("--render /dev/null --blocks 1 --state s --reset-state", 0,
                  "");
    program_check("--render /dev/null --blocks 1 --state s", 0, "");
}
END_TEST

/* The state 's' as another build would have left it. */
static void make_foreign(void)
{
    size_t bytes;
    unsigned char *file = program_read_file("s", &bytes);
    memset(file + HASH_AT, 'b', HASH_BYTES);
    uint32_t crc = crc32_add(0, file, bytes - 4);
    for (size_t i = 0; i < 4; i++) {
        file[bytes - 4 + i] = (unsigned char)(crc >> (8 * i));
    }
    program_write_file("s", file, bytes);
    free(file);
}

static void make_misfit(const char *kind)
{
    size_t bytes;
    program_check("--render none --blocks 10 --state s", 0, "");
    if (strcmp(kind, "foreign") == 0) {
        make_foreign();
        return;
    }
    unsigned char *file = program_read_file("s", &bytes);
    file[8] += strcmp(kind, "version") == 0;
    file[bytes / 2] ^= strcmp(kind, "damaged") == 0;
    bytes = strcmp(kind, "empty") == 0 ? 0
            : strcmp(kind, "cut") == 0 ? bytes / 2
                                       : bytes;
    program_write_file("s", file, bytes);
    free(file);
}

static const struct {
    const char *kind;
    const char *program; /* in the environment, NULL: the usual one */
    const char *says;
    const char *refusal; /* of --load-state */
    int blocks;          /* the patch begins with */
} misfits[] = {
    {"empty", NULL, "'s' is not a state file; put aside as 's.old'",
     "'s' is not a state file", 0},
    {"cut", NULL, "put aside as 's.old'", "is damaged", 0},
    {"damaged", NULL, "'s' is damaged: its checksum does not fit; put aside",
     "is damaged", 0},
    {"version", NULL, "'s' is of version 2, this program reads 1; put aside",
     "is of version 2", 0},
    {"foreign", NULL, "another build of this patch; kept as 's.old'",
     "--state-by-name", 10},
    {"foreign", "FAKE_NAMELESS", "put aside as 's.old'",
     "--reset-state starts without it", 0},
};
enum { MISFITS = sizeof(misfits) / sizeof(*misfits) };

START_TEST(a_misfit_does_not_keep_a_patch_from_playing)
{
    size_t bytes;
    size_t others;
    const char *program =
        misfits[_i].program != NULL ? getenv(misfits[_i].program) : NULL;
    make_misfit(misfits[_i].kind);
    unsigned char *before = program_read_file("s", &bytes);
    struct program_result result =
        program_run(program, NULL, "--render none --blocks 1 --load-state s");
    ck_assert_msg(result.status == 9 &&
                      strstr(result.err, misfits[_i].refusal) != NULL,
                  "%s: %d, %s", misfits[_i].kind, result.status, result.err);
    result = program_run(
        program, NULL, "-q --render none --blocks 2 --state s --dump-memory m");
    ck_assert_msg(result.status == 0 &&
                      strstr(result.err, misfits[_i].says) != NULL,
                  "%s: %d, %s", misfits[_i].kind, result.status, result.err);
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), misfits[_i].blocks + 2);
    unsigned char *after = program_read_file("s.old", &others);
    ck_assert(bytes == others && memcmp(before, after, bytes) == 0);
    free(before);
    free(after);
    /* From now on all is well again. */
    result = program_run(program, NULL,
                         "--render none --blocks 1 --state s --dump-memory m");
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_null(strstr(result.err, "s.old"));
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), misfits[_i].blocks + 3);
}
END_TEST

/* It may have more bytes than the machine has memory for. */
START_TEST(does_not_read_what_begins_as_no_state)
{
    const off_t terabyte = (off_t)1 << 40;
    program_write_file("s", "x", 1);
    if (truncate("s", terabyte) == 0) { /* where it can be */
        (void)program_check("-q --render none --blocks 2 --state s", 0,
                            "'s' is not a state file; put aside as 's.old'");
        (void)program_check("--render none --blocks 2 --load-state s.old", 9,
                            "'s.old' is not a state file");
    }
}
END_TEST

/* Who is killed does not save: what fits by name must be there next time. */
START_TEST(keeps_a_foreign_state_until_it_has_saved)
{
    make_misfit("foreign");
    for (int i = 0; i < 2; i++) {
        pid_t pid = program_start(NULL, NULL, "--dummy --state s");
        program_wait_for("kept as 's.old'");
        program_wait_for("policy");
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
        (void)unlink("child.err");
    }
    program_check("--render none --blocks 0 --state s --dump-memory m", 0,
                  "restored by name");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 10);
}
END_TEST

START_TEST(puts_aside_where_the_link_leads)
{
    struct stat status;
    make_misfit("empty");
    ck_assert_int_eq(mkdir("other", 0700), 0);
    ck_assert_int_eq(rename("s", "other/file"), 0);
    ck_assert_int_eq(symlink("other/file", "s"), 0);
    program_check("--render none --blocks 2 --state s", 0,
                  "put aside as 'other/file.old'");
    ck_assert(lstat("s", &status) == 0 && S_ISLNK(status.st_mode));
    ck_assert(stat("other/file", &status) == 0 && status.st_size > 0);
    ck_assert_int_eq(unlink("other/file"), 0);
    ck_assert_int_eq(unlink("other/file.old"), 0);
    ck_assert_int_eq(rmdir("other"), 0);
}
END_TEST

/* The patch plays; that it could not save is the exit status. */
START_TEST(plays_where_it_cannot_save)
{
    static const char *const places[] = {"no/s", "file/s", "loop"};
    char arguments[128];
    program_write_file("file", "", 0);
    ck_assert_int_eq(symlink("loop", "loop"), 0);
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        (void)snprintf(arguments, sizeof(arguments),
                       "--render none --blocks 2 --state %s --dump-memory m",
                       places[i]);
        program_check(arguments, 9, "the patch plays, and tries again");
        (void)unlink("m");
    }
    /* Neither does a pipe, which nobody writes to, hold it up. */
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    program_check("--render none --blocks 2 --load-state pipe", 9,
                  "'pipe' is not a regular file");
    program_check("--render none --blocks 2 --state pipe", 9,
                  "'pipe': a pipe keeps no state");
}
END_TEST

static void pause_us(long us)
{
    const struct timespec time = {0, us * 1000};
    (void)nanosleep(&time, NULL);
}

START_TEST(saves_while_it_plays)
{
    pid_t pid = program_start(NULL, NULL, "--dummy --save-state s");
    program_wait_for("policy");
    ck_assert_int_eq(kill(pid, SIGUSR2), 0);
    program_wait_for("saved");
    /* On and on, until it has played a little. */
    int32_t blocks = 0;
    for (int i = 0; i < 3000 && blocks <= 10; i++) {
        ck_assert_int_eq(kill(pid, SIGUSR2), 0);
        pause_us(20000);
        blocks = program_has_file("s") ? saved_blocks() : 0;
    }
    ck_assert_int_gt(blocks, 10);
    (void)unlink("s");
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ck_assert_int_gt(saved_blocks(), blocks);
}
END_TEST

START_TEST(saves_when_the_channel_says_so)
{
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid =
        program_start(NULL, NULL, "--dummy --seconds 600 --control pipe");
    FILE *pipe = fopen("pipe", "w");
    ck_assert_ptr_nonnull(pipe);
    (void)fprintf(pipe, "save\nsave no/s\nset keys:note 42\n"
                        "save my state \nquit\n");
    (void)fclose(pipe);
    struct program_result result = program_wait(pid);
    ck_assert_int_eq(result.status, 0);
    ck_assert_msg(strstr(result.err, "pipe:1: save needs a file") != NULL &&
                      strstr(result.err, "pipe:2: cannot write 'no/s'") != NULL,
                  "%s", result.err);
    ck_assert_int_eq(rename("my state", "s"), 0);
    program_check("--render none --blocks 0 --load-state s --dump-memory m", 0,
                  "");
    ck_assert_int_eq(program_dumped("m", FAKE_LAST_NOTE), 42);
    /* What is set on the command line wins over the state. */
    program_check("--render none --blocks 0 --load-state s --dump-memory m "
                  "--set keys:note=7",
                  0, "");
    ck_assert_int_eq(program_dumped("m", FAKE_LAST_NOTE), 7);
}
END_TEST

START_TEST(says_where_to_save_is_not_known)
{
    pid_t pid = program_start(NULL, NULL, "--dummy");
    program_wait_for("policy");
    ck_assert_int_eq(kill(pid, SIGUSR2), 0);
    program_wait_for("no --save-state FILE was given");
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
}
END_TEST

START_TEST(a_killed_program_leaves_a_whole_file)
{
    uint64_t seed = 4;
    char temporary[64];
    program_check("--render /dev/null --blocks 3 --state s", 0, "");
    for (int i = 0; i < 12; i++) {
        pid_t pid = program_start(NULL, NULL, "--dummy --state s");
        program_wait_for("policy");
        (void)kill(pid, SIGUSR2);
        pause_us((long)(random_next(&seed) % 6000));
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
        (void)snprintf(temporary, sizeof(temporary), "s.%ld.tmp", (long)pid);
        (void)unlink(temporary);
        program_check("--render /dev/null --blocks 0 --load-state s "
                      "--dump-memory m",
                      0, "");
        ck_assert_int_ge(program_dumped("m", FAKE_BLOCKS), 3);
        (void)unlink("child.err");
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("state_keep");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, goes_on_where_it_was);
    tcase_add_test(tcase, keeps_a_state_from_run_to_run);
    tcase_add_test(tcase, does_not_save_what_trapped);
    tcase_add_test(tcase, reports_files_before_it_plays);
    tcase_add_loop_test(tcase, a_misfit_does_not_keep_a_patch_from_playing, 0,
                        MISFITS);
    tcase_add_test(tcase, keeps_a_foreign_state_until_it_has_saved);
    tcase_add_test(tcase, does_not_read_what_begins_as_no_state);
    tcase_add_test(tcase, puts_aside_where_the_link_leads);
    tcase_add_test(tcase, plays_where_it_cannot_save);
    tcase_add_test(tcase, saves_while_it_plays);
    tcase_add_test(tcase, saves_when_the_channel_says_so);
    tcase_add_test(tcase, says_where_to_save_is_not_known);
    tcase_add_test(tcase, a_killed_program_leaves_a_whole_file);
    suite_add_tcase(suite, tcase);
    return suite;
}
