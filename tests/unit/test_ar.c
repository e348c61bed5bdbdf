/* SPDX-License-Identifier: MIT */
/* Archives byte by byte, and names made of names. */
#include "emit/ar.h"
#include "emit/identifier.h"
#include "suite.h"

static struct arena arena;

static void setup(void)
{
    arena_init(&arena, 0);
}

static void teardown(void)
{
    arena_deinit(&arena);
}

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

static const struct {
    const char *name;
    const char *id;
    const char *package;
} names[] = {
    {"sine", "sine", "sine"},
    {"My Patch_2", "My_Patch_2", "my-patch-2"},
    {"8bit", "patch_8bit", "8bit"},
    {"int", "int", "int"},
    {"", "patch_e3b0c442", "patch-e3b0c442"},
    {"--", "patch_d8156bae", "patch-d8156bae"},
    {"\xd0\xbc\xd0\xb8", "patch_89a46a47", "patch-89a46a47"},
    {"\xce\xa9\xce\xbc", "patch_bf7ce516", "patch-bf7ce516"},
    {"*/ #error \"", "error", "error"},
    {"a; rm -rf /", "a_rm_rf", "a-rm-rf"},
    {"../../etc/passwd", "etc_passwd", "etc-passwd"},
    {"\303\204ther", "ther", "ther"},
    {"_x_", "x", "x"},
    {"@ID@%n\n", "ID_n", "id-n"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaa",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
};

START_TEST(makes_safe_names)
{
    ck_assert_str_eq(identifier_make(names[_i].name, &arena), names[_i].id);
    ck_assert_str_eq(identifier_package(names[_i].name, &arena),
                     names[_i].package);
}
END_TEST

START_TEST(makes_a_guard)
{
    ck_assert_str_eq(identifier_upper("My_2", &arena), "MY_2");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("ar");
    TCase *tcase = tcase_create("ar");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, writes_members);
    tcase_add_test(tcase, points_to_the_member_after_the_index);
    tcase_add_loop_test(tcase, makes_safe_names, 0,
                        sizeof(names) / sizeof(names[0]));
    tcase_add_test(tcase, makes_a_guard);
    suite_add_tcase(suite, tcase);
    return suite;
}
