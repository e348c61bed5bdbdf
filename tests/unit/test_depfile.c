/* SPDX-License-Identifier: MIT */
/* Paths in rules, as gcc -M writes them. */
#include "emit/depfile.h"
#include "suite.h"

static const struct {
    const char *path;
    const char *escaped;
} paths[] = {
    {"a.wasm", "a.wasm"},
    {"/d/a b.wasm", "/d/a\\ b.wasm"},
    {"a#1", "a\\#1"},
    {"$HOME", "$$HOME"},
    {"a\\b", "a\\b"},
    {"a\\ b", "a\\\\\\ b"},
    {"a\\\\ b", "a\\\\\\\\\\ b"},
    {"tab\there", "tab\\\there"},
    {"at 12:30.wasm", "at\\ 12\\:30.wasm"},
    {"a;b|c", "a\\;b\\|c"},
    {"a\\:b", "a\\\\\\:b"},
    {"", ""},
    {"\303\244.wasm", "\303\244.wasm"},
};

START_TEST(escapes_paths)
{
    struct arena arena;
    struct buf rule;
    arena_init(&arena, 0);
    buf_init(&rule, &arena);
    depfile_add_path(&rule, paths[_i].path);
    ck_assert_str_eq(buf_string(&rule), paths[_i].escaped);
    arena_deinit(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("depfile");
    TCase *tcase = tcase_create("paths");
    tcase_add_loop_test(tcase, escapes_paths, 0,
                        sizeof(paths) / sizeof(paths[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
