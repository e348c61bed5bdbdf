/* SPDX-License-Identifier: MIT */
/* Archives as the system's tar reads them, and their bytes. */
#include "child.h"
#include "emit/tar.h"
#include "fixture.h"
#include "suite.h"

#include <stdlib.h>

START_TEST(is_what_tar_reads)
{
    static const size_t sizes[] = {0, 1, 511, 512, 513, 100000};
    char *folder = tmpdir_make();
    const char *path = arena_format(&arena, "%s/x.tar", folder);
    struct buf archive;
    struct child child;
    buf_init(&archive, &arena);
    tar_add_folder(&archive, "./usr/");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *bytes = arena_alloc(&arena, sizes[i] + 1, 1);
        memset(bytes, 'a' + (int)i, sizes[i]);
        tar_add(&archive, arena_format(&arena, "./usr/%zu", sizes[i]),
                i % 2 == 0 ? 0644 : 0755, bytes, sizes[i]);
    }
    tar_end(&archive);
    ck_assert_uint_eq(archive.length % 512, 0);
    spit(path, archive.bytes, archive.length);
    const char *const environment[] = {"TZ=UTC", "LC_ALL=C", NULL};
    const struct child_setup setup = {.environment = environment};
    child_run(&child, (const char *const[]){"tar", "-tvf", path, NULL}, &setup);
    ck_assert_str_eq(child.err, "");
    ck_assert_str_eq(
        child.out, "drwxr-xr-x root/root         0 1980-01-01 00:00 ./usr/\n"
                   "-rw-r--r-- root/root         0 1980-01-01 00:00 ./usr/0\n"
                   "-rwxr-xr-x root/root         1 1980-01-01 00:00 ./usr/1\n"
                   "-rw-r--r-- root/root       511 1980-01-01 00:00 ./usr/511\n"
                   "-rwxr-xr-x root/root       512 1980-01-01 00:00 ./usr/512\n"
                   "-rw-r--r-- root/root       513 1980-01-01 00:00 ./usr/513\n"
                   "-rwxr-xr-x root/root    100000 1980-01-01 00:00 "
                   "./usr/100000\n");
    child_free(&child);
    child_run(&child,
              (const char *const[]){"tar", "-xOf", path, "./usr/513", NULL},
              &setup);
    ck_assert_uint_eq(child.out_length, 513);
    ck_assert_int_eq(child.out[512], 'e');
    child_free(&child);
    tmpdir_remove(folder);
}
END_TEST

START_TEST(holds_the_longest_name)
{
    char name[100];
    struct buf archive;
    buf_init(&archive, &arena);
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    tar_add(&archive, name, 0644, "", 0);
    ck_assert_int_eq(memcmp(archive.bytes, name, sizeof(name)), 0);
    ck_assert_uint_eq(archive.length, 512);
}
END_TEST

START_TEST(is_the_same_each_time)
{
    struct buf one;
    struct buf two;
    buf_init(&one, &arena);
    buf_init(&two, &arena);
    tar_add(&one, "./x", 0644, "abc", 3);
    tar_add(&two, "./x", 0644, "abc", 3);
    ck_assert_uint_eq(one.length, 1024);
    ck_assert_uint_eq(two.length, one.length);
    ck_assert_int_eq(memcmp(one.bytes, two.bytes, one.length), 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("tar");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, is_what_tar_reads);
    tcase_add_test(tcase, holds_the_longest_name);
    tcase_add_test(tcase, is_the_same_each_time);
    suite_add_tcase(suite, tcase);
    return suite;
}
