/* SPDX-License-Identifier: MIT */
/* Everything that f4e-build writes, where it cannot: the cause is named, with
 * status 4, before anything is built; what it need not write it does without.
 */
#include "unwritable.h"

#include "builder.h"
#include "suite.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FOLDER = 3,                    /* of the places: one that is empty */
    PLACES = UNWRITABLE_PLACES - 1 /* a full disk is unit.file's */
};

static const struct {
    const char *words[5]; /* before the name of the place */
    bool fills_folder;
} writers[] = {
    {{"-o"}, false},
    {{"--emit", "object", "-o"}, false},
    {{"--emit", "library", "-o"}, false},
    {{"--emit", "systemd", "-o"}, false},
    {{"--emit", "deb", "-o"}, false},
    {{"--emit", "bundle", "-o"}, true},
    {{"-o", "out", "--emit-c"}, true},
    {{"-o", "out", "--depfile"}, false},
};

enum {
    WRITERS = sizeof(writers) / sizeof(writers[0]),
    CASES = WRITERS * PLACES,
};

static void setup(void)
{
    builder_setup();
    builder_wat("p.wasm", builder_ramp);
    unwritable_make(builder_work);
}

static void teardown(void)
{
    unwritable_remove(builder_work);
    builder_teardown();
}

START_TEST(says_so_and_builds_nothing)
{
    const char *const *words = writers[_i / PLACES].words;
    const struct unwritable *place = &unwritable_places[_i % PLACES];
    const char *arguments[] = {"p.wasm", "-q",     "-O0", words[0], words[1],
                               words[2], words[3], NULL,  NULL};
    if (_i % PLACES == FOLDER && writers[_i / PLACES].fills_folder) {
        return; /* that is what it is for */
    }
    size_t count = 3;
    while (arguments[count] != NULL) {
        count++;
    }
    arguments[count] = place->path;
    struct child child = builder_run(F4E_BUILD, arguments);
    ck_assert_msg(child.status == 4, "%s %s: %d %s", words[0], place->name,
                  child.status, child.err);
    ck_assert_msg(strstr(child.err, place->cause) != NULL, "%s %s: %s",
                  words[0], place->name, child.err);
    ck_assert_msg(strncmp(child.err, "f4e-build: ", 11) == 0 &&
                      strchr(child.err, '\n')[1] == '\0',
                  "%s %s: %s", words[0], place->name, child.err);
    /* p.wasm, the four that unwritable_make() made */
    ck_assert_msg(directory_count(builder_work) == 5, "%s %s: %zu files",
                  words[0], place->name, directory_count(builder_work));
    child_free(&child);
}
END_TEST

START_TEST(embed_says_so)
{
    const struct unwritable *place = &unwritable_places[_i];
    spit(builder_path("p.8f4e"), "8f4e/v1\n", 8);
    struct child child = RUN("embed", "p.wasm", "-o", place->path);
    ck_assert_msg(child.status == 4, "%s: %d %s", place->name, child.status,
                  child.err);
    ck_assert_msg(strstr(child.err, place->cause) != NULL, "%s: %s",
                  place->name, child.err);
    child_free(&child);
}
END_TEST

START_TEST(builds_without_a_cache)
{
    char *variable = text("XDG_CACHE_HOME=%s", builder_path(UNWRITABLE_FOLDER));
    builder_environment[0] = variable;
    struct child child = BUILD("p.wasm", "-q", "--out", "0=16", "-o", "out");
    ck_assert_str_eq(child.err, "");
    child_free(&child);
    builder_expect_ramp("out", 1);
    free(variable);
}
END_TEST

START_TEST(needs_a_work_folder)
{
    char *variable = text("TMPDIR=%s", builder_path(UNWRITABLE_FOLDER));
    char *said = text("f4e-build: cannot make a directory in '%s': Permission "
                      "denied\n",
                      builder_path(UNWRITABLE_FOLDER));
    builder_environment[0] = variable;
    struct child child = RUN("p.wasm", "-q", "-o", "out");
    ck_assert_int_eq(child.status, 4);
    ck_assert_str_eq(child.err, said);
    child_free(&child);
    free(said);
    free(variable);
}
END_TEST

/* The signal that comes with it would leave the half of the file behind. */
START_TEST(a_limit_on_the_size_of_files_is_an_error)
{
    static const char bytes[60000];
    spit(builder_path("bytes"), bytes, sizeof(bytes));
    size_t before = directory_count(builder_work);
    struct child child =
        RUN_PROGRAM("sh", "-c",
                    "ulimit -f 100; exec \"$0\" p.wasm -q -O0 --out 0=16 "
                    "--asset 0x100=bytes -o out",
                    F4E_BUILD);
    ck_assert_msg(child.status == 4, "%d %s", child.status, child.err);
    ck_assert_msg(strstr(child.err, "File too large\n") != NULL, "%s",
                  child.err);
    ck_assert_uint_eq(directory_count(builder_work), before);
    child_free(&child);
}
END_TEST

/* A pipe is written to, as it was meant, and is still one. */
START_TEST(a_rule_goes_through_a_pipe)
{
    char rule[4096] = "";
    struct stat status;
    const char *pipe_path = builder_path("pipe");
    ck_assert_int_eq(mkfifo(pipe_path, 0600), 0);
    int fd = open(pipe_path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    struct child child =
        BUILD("p.wasm", "-q", "-o", "out", "--depfile", "pipe");
    child_free(&child);
    ck_assert_int_gt(read(fd, rule, sizeof(rule) - 1), 0);
    ck_assert_msg(strncmp(rule, "out: ", 5) == 0, "%s", rule);
    ck_assert_int_eq(close(fd), 0);
    ck_assert_int_eq(stat(pipe_path, &status), 0);
    ck_assert(S_ISFIFO(status.st_mode));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("unwritable");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 600);
    tcase_add_loop_test(tcase, says_so_and_builds_nothing, 0, CASES);
    tcase_add_loop_test(tcase, embed_says_so, 0, PLACES);
    tcase_add_test(tcase, builds_without_a_cache);
    tcase_add_test(tcase, needs_a_work_folder);
    tcase_add_test(tcase, a_limit_on_the_size_of_files_is_an_error);
    tcase_add_test(tcase, a_rule_goes_through_a_pipe);
    suite_add_tcase(suite, tcase);
    return suite;
}
