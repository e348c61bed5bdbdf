/* SPDX-License-Identifier: MIT */
/*
 * How large an executable is. Everything that a patch can do is in each of
 * them, so that what is added for one is paid by all: a bound that has to be
 * raised makes that a decision.
 */
#include "builder.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

/*
 * Bytes. A little is left for what differs between CPUs (-march=native) and the
 * patches of a compiler; GNU ld, which gcc has, rounds to pages. Of the first
 * row some 130 KB are what is live and 19 are JACK, by linking without: it was
 * 225 before them. docs/performance.md has all that was measured, and the ways
 * to make something smaller.
 */
enum { KB = 1000 };

static const struct {
    const char *name;
    const char *compiler;
    const char *wasm;
    const char *project; /* or NULL */
    size_t most;
} rows[] = {
    {"sine, clang", F4E_CLANG, F4E_EXAMPLES "/sine/sine.wasm", NULL, 357 * KB},
    {"sine, gcc", F4E_GCC, F4E_EXAMPLES "/sine/sine.wasm", NULL, 357 * KB},
    {"a timer, clang", F4E_CLANG,
     F4E_TEST_DATA "/vectors/worker_counter/plain.wasm",
     F4E_TEST_DATA "/vectors/worker_counter/project.8f4e", 323 * KB},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

START_TEST(executable_stays_small)
{
    size_t size = 0;
    struct child child =
        RUN(rows[_i].wasm, "-q", "--cc", rows[_i].compiler, "-o", "patch",
            rows[_i].project != NULL ? "--project" : NULL, rows[_i].project);
    ck_assert_msg(child.status == 0, "%s: %s", rows[_i].name, child.err);
    child_free(&child);
    free(slurp(builder_path("patch"), &size));
    ck_assert_msg(size <= rows[_i].most, "%s: %zu bytes, and %zu is the most",
                  rows[_i].name, size, rows[_i].most);
    /* A bound that nothing comes near to holds nothing. */
    ck_assert_msg(size >= rows[_i].most - rows[_i].most / 10,
                  "%s: %zu bytes: lower the bound of %zu", rows[_i].name, size,
                  rows[_i].most);
}
END_TEST

/* What a plain patch goes without, and what it says instead. */
static const struct {
    const char *arguments[5];
    const char *says;
} refused[] = {
    {{"--keyboard"}, "the patch has no memory for keys"},
    {{"--midi", "x.mid"}, "the patch does not listen to MIDI"},
    {{"--midi-out", "x"}, "the patch sends no MIDI"},
    {{"--render", "x.wav", "--blocks=1", "--input", "in.wav"},
     "the patch has no input channels"},
};

enum { REFUSED = sizeof(refused) / sizeof(refused[0]) };

START_TEST(parts_that_are_not_there_are_not_called)
{
    struct child child =
        RUN(rows[0].wasm, "-q", "--cc", rows[0].compiler, "-o", "patch");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    for (unsigned i = 0; i < REFUSED; i++) {
        const char *const *words = refused[i].arguments;
        child = RUN_PROGRAM(builder_path("patch"), words[0], words[1], words[2],
                            words[3], words[4]);
        ck_assert_msg(child.status == 2 &&
                          strstr(child.err, refused[i].says) != NULL,
                      "%s: %d: %s", words[0], child.status, child.err);
        child_free(&child);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("size");
    TCase *tcase = tcase_create("size");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_add_loop_test(tcase, executable_stays_small, 0, ROWS);
    tcase_add_test(tcase, parts_that_are_not_there_are_not_called);
    suite_add_tcase(suite, tcase);
    return suite;
}
