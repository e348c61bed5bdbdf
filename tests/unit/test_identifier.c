/* SPDX-License-Identifier: MIT */
/* Names of patches, which may be anything, as identifiers and package names. */
#include "emit/identifier.h"
#include "fixture.h"
#include "suite.h"

#include <ctype.h>

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
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_d3477171",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-d3477171"},
};

/* Two names that were one when what is no ASCII, or the end, was dropped. */
static const struct {
    const char *one;
    const char *other;
} pairs[] = {
    {"\xe6\x97\xa5 2", "\xe9\x9f\xb3 2"},
    {"\xc3\x9cn\xc3\xaf", "n"},
    {"\xd0\xbc 1", "\xd0\xb8 1"},
    {"\xe6\x97\xa5\xe6\x9c\xac a", "\xe6\x97\xa5\xe6\x97\xa5 a"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 2"},
};

START_TEST(keeps_names_apart)
{
    const char *one = pairs[_i].one;
    const char *other = pairs[_i].other;
    ck_assert_str_ne(identifier_make(one, &arena),
                     identifier_make(other, &arena));
    ck_assert_str_ne(identifier_program(one, &arena),
                     identifier_program(other, &arena));
    ck_assert_str_ne(identifier_package(one, &arena),
                     identifier_package(other, &arena));
}
END_TEST

START_TEST(makes_safe_names)
{
    ck_assert_str_eq(identifier_make(names[_i].name, &arena), names[_i].id);
    ck_assert_str_eq(identifier_package(names[_i].name, &arena),
                     names[_i].package);
}
END_TEST

/* Any bytes at all: what comes out is made of the characters that may be. */
START_TEST(is_safe_for_any_name)
{
    char name[80];
    uint32_t state = (uint32_t)_i;
    for (size_t i = 0; i < sizeof(name); i++) {
        state = state * 1664525 + 1013904223;
        name[i] = (char)(state >> 24);
    }
    name[(uint32_t)_i % sizeof(name)] = '\0';
    name[sizeof(name) - 1] = '\0';
    const char *id = identifier_make(name, &arena);
    const char *package = identifier_package(name, &arena);
    ck_assert(isalpha((unsigned char)id[0]));
    ck_assert(isalnum((unsigned char)package[0]));
    for (const char *at = id; *at != '\0'; at++) {
        ck_assert_msg(isalnum((unsigned char)*at) || *at == '_', "%s", id);
    }
    for (const char *at = package; *at != '\0'; at++) {
        ck_assert_msg(islower((unsigned char)*at) ||
                          isdigit((unsigned char)*at) || *at == '-',
                      "%s", package);
    }
    ck_assert_uint_le(strlen(id), 60 + strlen("patch_"));
    ck_assert_uint_le(strlen(package), 60);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("identifier");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, makes_safe_names, 0,
                        sizeof(names) / sizeof(names[0]));
    tcase_add_loop_test(tcase, keeps_names_apart, 0,
                        sizeof(pairs) / sizeof(pairs[0]));
    tcase_add_loop_test(tcase, is_safe_for_any_name, 1, 81);
    suite_add_tcase(suite, tcase);
    return suite;
}
