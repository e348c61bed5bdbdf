/* SPDX-License-Identifier: MIT */
#include "callgraph.h"
#include "suite.h"
#include "vector.h"

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena, 0);
}

static void tear_down(void)
{
    arena_deinit(&arena);
}

static const struct {
    const char *name;
    const char *text;
    bool is_recursive;
} cases[] = {
    {"nothing", "(module)", false},
    {"a call", "(module (func $a) (func (export \"m\") (call $a) (call $a)))",
     false},
    {"a diamond",
     "(module (func $a) (func $b (call $a)) (func $c (call $a))"
     " (func (export \"m\") (call $b) (call $c)))",
     false},
    {"itself", "(module (func $a (export \"m\") (call $a)))", true},
    {"two in a circle below an export",
     "(module (func $a (call $b)) (func $b (call $a))"
     " (func (export \"m\") (call $a)))",
     true},
    {"a circle nobody reaches",
     "(module (func $a (call $a)) (func (export \"m\")))", false},
    {"a circle from the start function",
     "(module (func $a (call $a)) (start $a))", true},
    {"an import",
     "(module (import \"host\" \"f\" (func $f))"
     " (export \"f\" (func $f)) (func (export \"m\") (call $f)))",
     false},
    {"a call that is never made",
     "(module (func $a (export \"m\") (return) (call $a)))", true},
};

START_TEST(finds_circles)
{
    struct wasm_module module;
    wat_module(&module, cases[_i].text, &arena);
    ck_assert_msg(callgraph_is_recursive(&module, &arena) ==
                      cases[_i].is_recursive,
                  "%s", cases[_i].name);
}
END_TEST

/* Function 0 calls 1 calls 2 ...; 'depth' functions in all. */
static bool is_chain_recursive(int depth)
{
    struct buf text;
    buf_init(&text, &arena);
    buf_text(&text, "(module (export \"m\" (func 0)) ");
    for (int i = 1; i < depth; i++) {
        buf_format(&text, "(func (call %d)) ", i);
    }
    buf_text(&text, "(func))");
    struct wasm_module module;
    wat_module(&module, buf_string(&text), &arena);
    return callgraph_is_recursive(&module, &arena);
}

START_TEST(finds_deep_calls)
{
    ck_assert(!is_chain_recursive(CALLGRAPH_MAX_DEPTH));
    ck_assert(is_chain_recursive(CALLGRAPH_MAX_DEPTH + 1));
    ck_assert(is_chain_recursive(20000));
}
END_TEST

START_TEST(finds_none_in_the_vectors)
{
    struct wasm_module module;
    vector_module(&module, vector_names[_i], false, &arena);
    ck_assert_msg(!callgraph_is_recursive(&module, &arena), "%s",
                  vector_names[_i]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("callgraph");
    TCase *tests = tcase_create("callgraph");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 30);
    tcase_add_loop_test(tests, finds_circles, 0,
                        sizeof(cases) / sizeof(cases[0]));
    tcase_add_test(tests, finds_deep_calls);
    tcase_add_loop_test(tests, finds_none_in_the_vectors, 0, VECTOR_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}
