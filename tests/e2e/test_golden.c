/* SPDX-License-Identifier: MIT */
/*
 * What f4e-build says, word for word. A case is a folder of tests/golden:
 *
 *   *.wat            modules; wat2wasm makes *.wasm of each
 *   args             one argument a line, run in a copy of the folder
 *   expect.status    the exit status; 0 when missing
 *   expect.out       stdout, and
 *   expect.err       stderr; empty when missing
 *
 * F4E_UPDATE_GOLDEN=1 writes the expectations anew; look at the difference.
 */
#include "suite.h"

#include "child.h"
#include "wat.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_CASES = 256, MAX_ARGUMENTS = 64 };

static char *cases[MAX_CASES];
static int case_count;

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void find_cases(void)
{
    DIR *directory = opendir(F4E_GOLDEN);
    const struct dirent *entry = NULL;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.' && case_count < MAX_CASES) {
            cases[case_count++] = strdup(entry->d_name);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    qsort(cases, (size_t)case_count, sizeof(cases[0]), compare_names);
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t length = strlen(name);
    size_t tail = strlen(suffix);
    return length > tail && strcmp(name + length - tail, suffix) == 0;
}

/* Copy the inputs of a case and compile its modules. */
static size_t prepare(const char *folder, const char *work)
{
    DIR *directory = opendir(folder);
    ck_assert_ptr_nonnull(directory);
    const struct dirent *entry = NULL;
    while ((entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] == '.' ||
            strncmp(entry->d_name, "expect.", 7) == 0) {
            continue;
        }
        char *from = text("%s/%s", folder, entry->d_name);
        char *to = text("%s/%s", work, entry->d_name);
        size_t size = 0;
        unsigned char *bytes = slurp(from, &size);
        spit(to, bytes, size);
        if (has_suffix(to, ".wat")) {
            char *wasm = text("%.*s.wasm", (int)(strlen(to) - 4), to);
            wat_compile(to, wasm);
            free(wasm);
        }
        free(bytes);
        free(to);
        free(from);
    }
    (void)closedir(directory);
    return directory_count(work);
}

static bool is_updating(void)
{
    const char *value = getenv("F4E_UPDATE_GOLDEN");
    return value != NULL && *value != '\0';
}

/* An expectation that equals the default has no file. */
static void compare(const char *folder, const char *name, const char *found,
                    const char *usual)
{
    char *path = text("%s/expect.%s", folder, name);
    if (is_updating()) {
        (void)unlink(path);
        if (strcmp(found, usual) != 0) {
            spit(path, found, strlen(found));
        }
    }
    bool is_there = access(path, R_OK) == 0;
    size_t size = 0;
    char *expected = is_there ? (char *)slurp(path, &size) : strdup(usual);
    ck_assert_msg(strcmp(found, expected) == 0,
                  "%s: %s was expected to be:\n%s\nand is:\n%s", folder, name,
                  expected, found);
    free(expected);
    free(path);
}

static void run(struct child *child, const char *work, const char *temporary)
{
    const char *argv[MAX_ARGUMENTS] = {F4E_BUILD};
    size_t count = 1;
    char *path = text("%s/args", work);
    size_t size = 0;
    char *arguments = (char *)slurp(path, &size);
    for (char *line = arguments; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        bool is_last = line[length] == '\0';
        line[length] = '\0';
        ck_assert_uint_lt(count, MAX_ARGUMENTS - 1);
        argv[count++] = line;
        line += length + (is_last ? 0 : 1);
    }
    char *variable = text("TMPDIR=%s", temporary);
    const char *const environment[] = {variable, NULL};
    const struct child_setup setup = {.directory = work,
                                      .environment = environment};
    child_run(child, argv, &setup);
    free(variable);
    free(arguments);
    free(path);
}

START_TEST(has_cases)
{
    ck_assert_int_gt(case_count, 0);
    ck_assert_int_lt(case_count, MAX_CASES);
}
END_TEST

START_TEST(says_what_was_written_down)
{
    char *folder = text("%s/%s", F4E_GOLDEN, cases[_i]);
    char *work = tmpdir_make();
    char *temporary = tmpdir_make();
    size_t files = prepare(folder, work);
    struct child child;
    run(&child, work, temporary);
    char *status = text("%d\n", child.status);
    compare(folder, "out", child.out, "");
    compare(folder, "err", child.err, "");
    compare(folder, "status", status, "0\n");
    ck_assert_msg(directory_count(work) == files, "%s: left files behind",
                  folder);
    ck_assert_msg(directory_count(temporary) == 0,
                  "%s: left temporary files behind", folder);
    free(status);
    child_free(&child);
    tmpdir_remove(temporary);
    tmpdir_remove(work);
    free(folder);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("golden");
    TCase *tcase = tcase_create("golden");
    tcase_set_timeout(tcase, 600);
    find_cases();
    tcase_add_test(tcase, has_cases);
    tcase_add_loop_test(tcase, says_what_was_written_down, 0, case_count);
    suite_add_tcase(suite, tcase);
    return suite;
}
