/* SPDX-License-Identifier: MIT */
#include "config/file_name.h"
#include "suite.h"

#include <string.h>

#define FORTY "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
    const char *name;
    const char *file;
} names[] = {
    {"drum", "drum"},
    {"My Patch-2.1", "My_Patch-2.1"},
    {"fake (ramp)", "fake__ramp_"},
    {".", "_"},
    {"..", "_."},
    {"../etc", "_._etc"},
    {"", ""},
    {FORTY "12345678", FORTY "12345678"},
};

START_TEST(keeps_what_is_plain)
{
    char file[FILE_NAME_BYTES];
    file_name_make(file, names[_i].name);
    ck_assert_str_eq(file, names[_i].file);
}
END_TEST

/* Two patches that had one file while bytes were replaced, or cut off, only. */
static const struct {
    const char *one;
    const char *other;
} pairs[] = {
    {"\xe6\x97\xa5\xe6\x9c\xac", "\xe9\x9f\xb3\xe6\xa5\xbd"},
    {"\xc3\xa4", "\xc3\xb6"},
    {"\xc3\xa4", "__"},
    {"\xc3\xa4", "\xe4\xe4"},
    {FORTY "123456789", FORTY "123456788"},
    {FORTY "123456789", FORTY "12345678"},
    {FORTY FORTY FORTY FORTY FORTY FORTY "1",
     FORTY FORTY FORTY FORTY FORTY FORTY "2"},
};

START_TEST(keeps_names_apart)
{
    char one[FILE_NAME_BYTES];
    char other[FILE_NAME_BYTES];
    file_name_make(one, pairs[_i].one);
    file_name_make(other, pairs[_i].other);
    ck_assert_str_ne(one, other);
}
END_TEST

START_TEST(is_a_plain_name_for_any_bytes)
{
    char name[200];
    char file[FILE_NAME_BYTES];
    uint32_t state = (uint32_t)_i;
    for (size_t i = 0; i < sizeof(name); i++) {
        state = state * 1664525 + 1013904223;
        name[i] = (char)(state >> 24);
    }
    name[(uint32_t)_i % sizeof(name)] = '\0';
    file_name_make(file, name);
    ck_assert_uint_lt(strlen(file), FILE_NAME_BYTES);
    ck_assert(file[0] != '.');
    ck_assert_uint_eq(strspn(file, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                   "abcdefghijklmnopqrstuvwxyz-_."),
                      strlen(file));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("file_name");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, keeps_what_is_plain, 0,
                        sizeof(names) / sizeof(*names));
    tcase_add_loop_test(tcase, keeps_names_apart, 0,
                        sizeof(pairs) / sizeof(*pairs));
    tcase_add_loop_test(tcase, is_a_plain_name_for_any_bytes, 1, 200);
    suite_add_tcase(suite, tcase);
    return suite;
}
