/* SPDX-License-Identifier: MIT */
/*
 * Files that a user names and that are replaced: links, mode and owner stay.
 */
#include "files/outfile.h"

#include "program.h"
#include "suite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_new(const char *path)
{
    struct outfile out;
    struct failure failure = {.status = STATUS_OK};
    ck_assert_msg(outfile_open(&out, path, &failure), "%s", failure.text);
    ck_assert(outfile_write(&out, "new", 3, &failure));
    ck_assert_msg(outfile_close(&out, &failure), "%s", failure.text);
}

static void expect_new(const char *path)
{
    size_t bytes;
    unsigned char *text = program_read_file(path, &bytes);
    ck_assert_msg(bytes == 3 && memcmp(text, "new", 3) == 0, "%s: %zu bytes",
                  path, bytes);
    free(text);
}

static bool is_link(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

/* A link to 'held' named 'link'; what is written to it lies in 'target'. */
static const struct {
    const char *link;
    const char *held;
    const char *target;
    bool is_there; /* before */
} links[] = {
    {"link", "file", "file", true},
    {"link", "file", "file", false},
    {"link", "other/file", "other/file", true},
    {"link", "other/file", "other/file", false},
    {"other/link", "file", "other/file", true},
    {"other/link", "../file", "file", true},
    {"other/link", "../file", "file", false},
};
enum { LINKS = sizeof(links) / sizeof(*links) };

START_TEST(a_link_stays_a_link)
{
    ck_assert_int_eq(mkdir("other", 0700), 0);
    if (links[_i].is_there) {
        program_write_file(links[_i].target, "what was there", 14);
    }
    ck_assert_int_eq(symlink(links[_i].held, links[_i].link), 0);
    ck_assert_int_eq(symlink(links[_i].link, "second"), 0);
    write_new("second");
    ck_assert(is_link("second"));
    ck_assert(is_link(links[_i].link));
    ck_assert(!is_link(links[_i].target));
    expect_new(links[_i].target);
    ck_assert_int_eq(unlink(links[_i].target), 0);
    ck_assert_int_eq(unlink(links[_i].link), 0);
    ck_assert_int_eq(rmdir("other"), 0);
}
END_TEST

START_TEST(refuses_links_that_go_round)
{
    struct outfile out;
    struct failure failure = {.status = STATUS_OK};
    ck_assert_int_eq(symlink("b", "a"), 0);
    ck_assert_int_eq(symlink("a", "b"), 0);
    ck_assert(!outfile_open(&out, "a", &failure));
    ck_assert_str_eq(failure.text,
                     "cannot write 'a': Too many levels of symbolic links");
    ck_assert(is_link("a"));
}
END_TEST

static const mode_t modes[] = {0600, 0640, 0644, 0660, 0666, 0444, 0755};
enum { MODES = sizeof(modes) / sizeof(*modes) };

START_TEST(keeps_the_mode)
{
    struct stat status;
    program_write_file("f", "old", 3);
    ck_assert_int_eq(chmod("f", modes[_i]), 0);
    write_new("f");
    expect_new("f");
    ck_assert(stat("f", &status) == 0);
    ck_assert_uint_eq(status.st_mode & 07777, modes[_i]);
}
END_TEST

START_TEST(a_new_file_has_the_usual_mode)
{
    struct stat status;
    mode_t mask = umask(027);
    write_new("f");
    (void)umask(mask);
    ck_assert(stat("f", &status) == 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0640);
}
END_TEST

START_TEST(keeps_the_owner_where_it_may)
{
    struct stat status;
    program_write_file("f", "old", 3);
    ck_assert_int_eq(chmod("f", 0640), 0);
    if (chown("f", 12345, 23456) != 0) {
        ck_assert_int_eq(errno, EPERM); /* who is not root has his own files */
        return;
    }
    write_new("f");
    expect_new("f");
    ck_assert(stat("f", &status) == 0);
    ck_assert_uint_eq(status.st_uid, 12345);
    ck_assert_uint_eq(status.st_gid, 23456);
    ck_assert_uint_eq(status.st_mode & 07777, 0640);
}
END_TEST

/* Every option that writes what its user named. */
static const char *const writers[] = {
    "--render link --blocks 3",
    "--render none --blocks 3 --state link",
    "--render none --blocks 3 --save-state link",
    "--render none --blocks 3 --stats-json link",
    "--render none --blocks 3 --dump-memory link",
    "--dummy --blocks 3 --record link",
};
enum { WRITERS = sizeof(writers) / sizeof(*writers) };

START_TEST(every_option_follows_links)
{
    struct stat status;
    ck_assert_int_eq(mkdir("other", 0700), 0);
    ck_assert_int_eq(symlink("other/file", "link"), 0);
    for (int round = 0; round < 2; round++) {
        struct program_result result = program_run(NULL, NULL, writers[_i]);
        ck_assert_msg(result.status == 0, "%s: %s", writers[_i], result.err);
        ck_assert_msg(is_link("link"), "%s", writers[_i]);
        ck_assert(stat("other/file", &status) == 0 && status.st_size > 0);
        ck_assert(round == 0 || (status.st_mode & 0777) == 0604);
        ck_assert_int_eq(chmod("other/file", 0604), 0);
    }
    ck_assert_int_eq(unlink("other/file"), 0);
    ck_assert_int_eq(rmdir("other"), 0);
}
END_TEST

/* After a loss of power the next process may have the same number. */
START_TEST(takes_over_what_a_namesake_left)
{
    char temporary[64];
    struct outfile first;
    struct outfile second;
    struct failure failure = {0};
    (void)snprintf(temporary, sizeof(temporary), "s.%ld.tmp", (long)getpid());
    FILE *left = fopen(temporary, "w");
    ck_assert(left != NULL && fputs("half a state", left) >= 0);
    ck_assert_int_eq(fclose(left), 0);
    ck_assert_msg(outfile_open(&first, "s", &failure), "%s", failure.text);
    /* But not what is being written, spared or not. */
    ck_assert(!outfile_open(&second, "s", &failure));
    outfile_spare(&first);
    ck_assert(!outfile_open(&second, "s", &failure));
    ck_assert(outfile_write(&first, "new", 3, &failure));
    ck_assert(outfile_close(&first, &failure));
    ck_assert_int_ne(access(temporary, F_OK), 0);
    struct stat status;
    ck_assert(stat("s", &status) == 0 && status.st_size == 3);
    ck_assert_int_eq(unlink("s"), 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("outfile");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, a_link_stays_a_link, 0, LINKS);
    tcase_add_test(tcase, refuses_links_that_go_round);
    tcase_add_loop_test(tcase, keeps_the_mode, 0, MODES);
    tcase_add_test(tcase, a_new_file_has_the_usual_mode);
    tcase_add_test(tcase, keeps_the_owner_where_it_may);
    tcase_add_loop_test(tcase, every_option_follows_links, 0, WRITERS);
    tcase_add_test(tcase, takes_over_what_a_namesake_left);
    suite_add_tcase(suite, tcase);
    return suite;
}
