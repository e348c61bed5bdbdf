/* SPDX-License-Identifier: MIT */
/* Everything that a patch writes, where it cannot: right message, right status,
 * and before it plays wherever that can be known. */
#include "common/failure.h"
#include "unwritable.h"

#include "child.h"
#include "program.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FULL_DISK = 6 }; /* of the places */

static const struct {
    const char *option;
    const char *rest;
    bool is_kept_playing; /* said at the start, and tried again at the end */
} writers[] = {
    {"--save-state", "--dummy --blocks 2", false},
    {"--state", "--dummy --blocks 2", true},
    {"--record", "--dummy --blocks 2", false},
    {"--stats-json", "--dummy --blocks 2", false},
    {"--dump-memory", "--dummy --blocks 2", false},
    {"--render", "--blocks 2", false},
    {"--save-state", "--render none --blocks 2", false},
    {"--stats-json", "--render none --blocks 2", false},
};

enum {
    WRITERS = sizeof(writers) / sizeof(writers[0]),
    CASES = WRITERS * UNWRITABLE_PLACES,
};

static void setup(void)
{
    program_setup();
    unwritable_make(".");
}

static void teardown(void)
{
    unwritable_remove(".");
    program_teardown();
}

/* How often 'text' says 'part'. */
static unsigned count(const char *text, const char *part)
{
    unsigned times = 0;
    while ((text = strstr(text, part)) != NULL) {
        text += strlen(part);
        times++;
    }
    return times;
}

START_TEST(says_so_and_ends_with_9)
{
    int writer = _i / UNWRITABLE_PLACES;
    int row = _i % UNWRITABLE_PLACES;
    const struct unwritable *place = &unwritable_places[row];
    char *arguments = text("--midi-in none %s %s %s", writers[writer].rest,
                           writers[writer].option, place->path);
    char *name = text("%s, %s", writers[writer].option, place->name);
    char *said = text("cannot write '%s': ", place->path);
    struct program_result result = program_run(NULL, NULL, arguments);
    bool has_played = strstr(result.err, ": policy ") != NULL ||
                      strstr(result.err, ": render ") != NULL;
    ck_assert_msg(result.status == 9, "%s: %d, %s", name, result.status,
                  result.err);
    ck_assert_msg(strstr(result.err, place->cause) != NULL, "%s: %s", name,
                  result.err);
    /* What is written to a disk that is full is known when it is. */
    bool is_early = row != FULL_DISK;
    bool is_kept = writers[writer].is_kept_playing && is_early;
    ck_assert_msg(count(result.err, said) == (is_kept ? 2U : 1U), "%s: %s",
                  name, result.err);
    ck_assert_msg(!is_early || has_played == is_kept, "%s: %s", name,
                  result.err);
    ck_assert_msg((strstr(result.err, "the patch plays, and tries again") !=
                   NULL) == is_kept,
                  "%s: %s", name, result.err);
    free(said);
    free(name);
    free(arguments);
}
END_TEST

START_TEST(an_empty_name_is_no_file)
{
    static const char *const options[] = {
        "--save-state=", "--stats-json=", "--dump-memory=", "--record="};
    char *arguments = text("--midi-in none --dummy --blocks 2 %s", options[_i]);
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_msg(result.status == 9, "%s %d %s", options[_i], result.status,
                  result.err);
    ck_assert_ptr_nonnull(
        strstr(result.err, "cannot write '': No such file or directory"));
    ck_assert_ptr_null(strstr(result.err, ": policy "));
    free(arguments);
}
END_TEST

/* A state that does not fit, in a folder where it cannot be put aside. */
START_TEST(a_state_that_cannot_be_put_aside_stops_nothing)
{
    spit(UNWRITABLE_FOLDER "/state", "no state", 8);
    struct program_result result =
        program_run(NULL, NULL,
                    "--midi-in none --dummy --blocks 2 "
                    "--state " UNWRITABLE_FOLDER "/state");
    size_t size = 0;
    unsigned char *kept = slurp(UNWRITABLE_FOLDER "/state", &size);
    ck_assert_int_eq(remove(UNWRITABLE_FOLDER "/state"), 0);
    ck_assert_msg(result.status == 9, "%d %s", result.status, result.err);
    ck_assert_ptr_nonnull(
        strstr(result.err, "cannot be put aside: Permission denied"));
    ck_assert_ptr_nonnull(strstr(result.err, ": policy "));
    ck_assert(size == 8 && memcmp(kept, "no state", 8) == 0);
    free(kept);
}
END_TEST

/* Asked for while it plays: whoever asked is told, and it plays on. */
static const struct {
    const char *option;
    const char *line;
} asked[] = {
    {"--presets " UNWRITABLE_FOLDER "/file", "preset save a"},
    {"--cc-map " UNWRITABLE_FOLDER "/file", "cc set 74 keys:note"},
    {"--seconds 600", "save " UNWRITABLE_FOLDER "/file"},
};
enum { ASKED = sizeof(asked) / sizeof(asked[0]) };

START_TEST(tells_who_asks_while_it_plays)
{
    char *arguments =
        text("--midi-in none --dummy --control pipe %s", asked[_i].option);
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid = program_start(NULL, NULL, arguments);
    FILE *pipe = fopen("pipe", "w");
    ck_assert_ptr_nonnull(pipe);
    ck_assert_int_gt(
        fprintf(pipe, "%s\nset keys:note 3\nquit\n", asked[_i].line), 0);
    ck_assert_int_eq(fclose(pipe), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s: %d %s", asked[_i].line,
                  result.status, result.err);
    ck_assert_msg(strstr(result.err, "pipe:1: cannot write '" UNWRITABLE_FOLDER
                                     "/file': Permission denied") != NULL,
                  "%s: %s", asked[_i].line, result.err);
    ck_assert_ptr_null(strstr(result.err, "pipe:2"));
    free(arguments);
}
END_TEST

/* A service plays on: nobody is there who could give it another name. */
START_TEST(a_service_plays_without)
{
    static const char *const options[] = {"--record", "--stats-json",
                                          "--dump-memory"};
    char *arguments =
        text("--midi-in none --dummy --blocks 2 %s none/file", options[_i]);
    ck_assert_int_eq(setenv("NOTIFY_SOCKET", "@f4e-test-nobody", 1), 0);
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_int_eq(unsetenv("NOTIFY_SOCKET"), 0);
    ck_assert_msg(strstr(result.err, ": policy ") != NULL, "%s", result.err);
    char *said = text("%s: cannot write 'none/file': No such file or "
                      "directory; playing without it",
                      options[_i]);
    ck_assert_msg(strstr(result.err, said) != NULL, "%s", result.err);
    free(said);
    free(arguments);
}
END_TEST

START_TEST(a_service_plays_without_saving)
{
    static const char arguments[] =
        "--midi-in none --dummy --blocks 2 --save-state none/file";
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_int_eq(result.status, STATUS_FILE);
    ck_assert_ptr_null(strstr(result.err, ": policy "));
    ck_assert_int_eq(setenv("NOTIFY_SOCKET", "@f4e-test-nobody", 1), 0);
    result = program_run(NULL, NULL, arguments);
    ck_assert_int_eq(unsetenv("NOTIFY_SOCKET"), 0);
    PROGRAM_EXPECT(result, STATUS_FILE, ": policy ",
                   "cannot write 'none/file': No such file or directory; the "
                   "patch plays, and tries again when it saves");
}
END_TEST

/* Units of Type=simple, of which NOTIFY_SOCKET does not tell: this process
 * itself, not one that a service has started. */
static const struct {
    const char *pid; /* NULL: its own */
    bool is_service;
} started[] = {{NULL, true}, {"1", false}, {"x", false}};

START_TEST(knows_a_service_of_any_type)
{
    char *script = text("SYSTEMD_EXEC_PID=%s exec '%s' --midi-in none --dummy "
                        "--blocks 2 --script none",
                        started[_i].pid != NULL ? started[_i].pid : "$$",
                        getenv("FAKE_STEREO"));
    const char *const argv[] = {"sh", "-c", script, NULL};
    struct child result;
    child_run(&result, argv, &(struct child_setup){0});
    ck_assert_msg(result.status == (started[_i].is_service ? 0 : STATUS_FILE),
                  "%s: %d %s", script, result.status, result.err);
    child_free(&result);
    free(script);
}
END_TEST

/* Where FILE.old is a folder the next name is taken, and with no name left the
 * file stays as it is. */
START_TEST(a_state_in_a_folder_too_many_is_kept)
{
    static const char arguments[] =
        "--midi-in none --dummy --blocks 2 --state s";
    char name[16] = "s.old";
    ck_assert_int_eq(mkdir("s.old", 0700), 0);
    spit("s", "no state", 8);
    struct program_result result = program_run(NULL, NULL, arguments);
    PROGRAM_EXPECT(result, 0, "put aside as 's.old.1'");
    size_t size = 0;
    unsigned char *kept = slurp("s.old.1", &size);
    ck_assert(size == 8 && memcmp(kept, "no state", 8) == 0);
    free(kept);
    ck_assert_int_eq(remove("s.old.1"), 0);
    for (int i = 1; i < 10; i++) {
        (void)snprintf(name, sizeof(name), "s.old.%d", i);
        ck_assert_int_eq(mkdir(name, 0700), 0);
    }
    spit("s", "no state", 8);
    result = program_run(NULL, NULL, arguments);
    PROGRAM_EXPECT(result, STATUS_FILE, ": policy ",
                   "cannot be put aside: Is a directory",
                   "the state is not saved: 's' holds what was refused",
                   "hint: move it, or give another --state");
    kept = slurp("s", &size);
    ck_assert(size == 8 && memcmp(kept, "no state", 8) == 0);
    free(kept);
    /* An empty file has nothing to lose. */
    spit("s", "", 0);
    result = program_run(NULL, NULL, arguments);
    PROGRAM_EXPECT(result, 0, "cannot be put aside: Is a directory");
    for (int i = 1; i < 10; i++) {
        (void)snprintf(name, sizeof(name), "s.old.%d", i);
        ck_assert_int_eq(rmdir(name), 0);
    }
    ck_assert_int_eq(rmdir("s.old"), 0);
}
END_TEST

/* Nor for files that the program itself keeps, or that are gone. */
static const struct {
    const char *arguments;
    const char *says;
} unread[] = {
    {"--presets bad", "--presets, --cc-map: bad:1:2: expected a name in"},
    {"--cc-map bad", "--presets, --cc-map: bad:1:2: expected"},
    {"--cc-map .", "--presets, --cc-map: cannot read '.': Is a directory"},
    {"--presets bad --preset soft", "--preset: bad:1:2: expected a name in"},
    {"--presets none --preset soft",
     "--preset: there is no preset 'soft' in 'none'"},
    {"--script none", "--script: cannot read 'none': No such file"},
    {"--script .", "--script: cannot read '.': Is a directory"},
    {"--load drum:data=none", "--load drum:data=none: cannot read 'none'"},
    {"--load 2b:drum:data=none", "--load 2b:drum:data=none: cannot read"},
    {"--script lines", "lines:2: cannot read 'none': No such file"},
    {"--midi none", "--midi: cannot read 'none': No such file or directory"},
    {"--midi bad", "--midi: 'bad': not a standard MIDI file"},
    {"--script bad", "bad:1: time '{' is not like 12b"},
    {"--script nul", "--script: nul:1: the line has a byte 0"},
    {"--script gone", "gone:2: "},
    {"--load drum:data=long", "--load drum:data=long: 'long' has 300 bytes"},
};

START_TEST(a_service_plays_without_what_it_cannot_read)
{
    static const char lines[] = "0b set keys:note 7\n1b load drum:data none\n"
                                "1b set amp:gain 0.5\n";
    static const char gone[] = "0b set keys:note 7\n1b set no:such 1\n";
    static const char lots[300] = {1};
    program_write_file("bad", "{", 1);
    program_write_file("lines", lines, sizeof(lines) - 1);
    program_write_file("nul", "0b set keys:note 7\0\n", 20);
    program_write_file("gone", gone, sizeof(gone) - 1);
    program_write_file("long", lots, sizeof(lots));
    char *arguments =
        text("--midi-in none --dummy --blocks 2 %s", unread[_i].arguments);
    char *said = text("%s", unread[_i].says);
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_msg(result.status == STATUS_FILE || result.status == STATUS_USAGE,
                  "%s: %d", arguments, result.status);
    ck_assert_int_eq(setenv("NOTIFY_SOCKET", "@f4e-test-nobody", 1), 0);
    result = program_run(NULL, NULL, arguments);
    ck_assert_int_eq(unsetenv("NOTIFY_SOCKET"), 0);
    ck_assert_msg(result.status == 0, "%s: %d %s", arguments, result.status,
                  result.err);
    ck_assert_msg(strstr(result.err, said) != NULL, "%s", result.err);
    ck_assert_msg(strstr(result.err, "; playing without it") != NULL, "%s",
                  result.err);
    free(said);
    free(arguments);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("unwritable");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, says_so_and_ends_with_9, 0, CASES);
    tcase_add_loop_test(tcase, an_empty_name_is_no_file, 0, 4);
    tcase_add_test(tcase, a_state_that_cannot_be_put_aside_stops_nothing);
    tcase_add_loop_test(tcase, tells_who_asks_while_it_plays, 0, ASKED);
    tcase_add_loop_test(tcase, a_service_plays_without, 0, 3);
    tcase_add_test(tcase, a_service_plays_without_saving);
    tcase_add_test(tcase, a_state_in_a_folder_too_many_is_kept);
    tcase_add_loop_test(tcase, knows_a_service_of_any_type, 0, 3);
    tcase_add_loop_test(tcase, a_service_plays_without_what_it_cannot_read, 0,
                        sizeof(unread) / sizeof(*unread));
    suite_add_tcase(suite, tcase);
    return suite;
}
