/* SPDX-License-Identifier: MIT */
/*
 * How large an executable is. Everything that a patch can do is in each of
 * them, so that what is added for one is paid by all: a bound that has to be
 * raised makes that a decision.
 */
#include "builder.h"
#include "suite.h"

#include <stdlib.h>

/*
 * Bytes. A few KB are left for what differs between CPUs (-march=native), the
 * patches of a compiler and versions of libraries. docs/performance.md has what
 * was measured, and the ways to make something smaller.
 */
enum { KB = 1000 };

static const struct {
    const char *name;
    const char *compiler;
    const char *wasm;
    const char *project; /* or NULL */
    size_t most;
} rows[] = {
    {"sine, clang", F4E_CLANG, F4E_EXAMPLES "/sine/sine.wasm", NULL, 368 * KB},
    {"sine, gcc", F4E_GCC, F4E_EXAMPLES "/sine/sine.wasm", NULL, 368 * KB},
    {"a timer, clang", F4E_CLANG,
     F4E_TEST_DATA "/vectors/worker_counter/plain.wasm",
     F4E_TEST_DATA "/vectors/worker_counter/project.8f4e", 332 * KB},
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

Suite *test_suite(void)
{
    Suite *suite = suite_create("size");
    TCase *tcase = tcase_create("size");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_add_loop_test(tcase, executable_stays_small, 0, ROWS);
    suite_add_tcase(suite, tcase);
    return suite;
}
