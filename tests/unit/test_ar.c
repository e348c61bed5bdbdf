/* SPDX-License-Identifier: MIT */
/* Archives byte by byte. */
#include "emit/ar.h"
#include "fixture.h"
#include "suite.h"

START_TEST(writes_members)
{
    struct buf archive;
    buf_init(&archive, &arena);
    ar_start(&archive);
    ar_add(&archive, "odd", false, "abc", 3);
    ar_add(&archive, "fifteen-letters", true, "", 0);
    ck_assert_str_eq(
        buf_string(&archive),
        "!<arch>\n"
        "odd             0           0     0     100644  3         `\n"
        "abc\n"
        "fifteen-letters/0           0     0     100644  0         `\n");
}
END_TEST

START_TEST(points_to_the_member_after_the_index)
{
    static const char *const symbols[] = {"one", "three", NULL};
    struct buf archive;
    buf_init(&archive, &arena);
    ar_start(&archive);
    ar_add_index(&archive, symbols);
    size_t member = archive.length;
    ar_add(&archive, "x.o", true, "x", 1);
    const unsigned char *index = archive.bytes + 8 + 60;
    ck_assert_int_eq(memcmp(archive.bytes + 8, "/ ", 2), 0);
    ck_assert_int_eq(memcmp(index, "\0\0\0\2", 4), 0);
    for (size_t i = 4; i <= 8; i += 4) {
        ck_assert_uint_eq(((size_t)index[i + 2] << 8) + index[i + 3], member);
    }
    ck_assert_int_eq(memcmp(index + 12, "one\0three\0", 10), 0);
    ck_assert_int_eq(memcmp(archive.bytes + member, "x.o/ ", 5), 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("ar");
    TCase *tcase = tcase_create("ar");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, writes_members);
    tcase_add_test(tcase, points_to_the_member_after_the_index);
    suite_add_tcase(suite, tcase);
    return suite;
}
