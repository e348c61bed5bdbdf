/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "suite.h"
#include "vector.h"
#include "wasm/callgraph.h"

static const struct {
    const char *name;
    const char *text;
    bool is_recursive;
    bool has_cycle;
} cases[] = {
    {"nothing", "(module)", false, false},
    {"a call", "(module (func $a) (func (export \"m\") (call $a) (call $a)))",
     false, false},
    {"a diamond",
     "(module (func $a) (func $b (call $a)) (func $c (call $a))"
     " (func (export \"m\") (call $b) (call $c)))",
     false, false},
    {"itself", "(module (func $a (export \"m\") (call $a)))", true, true},
    {"two in a circle below an export",
     "(module (func $a (call $b)) (func $b (call $a))"
     " (func (export \"m\") (call $a)))",
     true, true},
    {"a circle nobody reaches",
     "(module (func $a (call $a)) (func (export \"m\")))", false, true},
    {"a circle from the start function",
     "(module (func $a (call $a)) (start $a))", true, true},
    {"an import",
     "(module (import \"host\" \"f\" (func $f))"
     " (export \"f\" (func $f)) (func (export \"m\") (call $f)))",
     false, false},
    {"a call that is never made",
     "(module (func $a (export \"m\") (return) (call $a)))", true, true},
};

START_TEST(finds_circles)
{
    struct wasm_module module;
    wat_module(&module, cases[_i].text, &arena);
    ck_assert_msg(callgraph_is_recursive(&module, &arena) ==
                      cases[_i].is_recursive,
                  "%s", cases[_i].name);
    ck_assert_msg(callgraph_has_cycle(&module, &arena) == cases[_i].has_cycle,
                  "%s", cases[_i].name);
}
END_TEST

/* Function 0 calls 1 calls 2 ...; 'depth' functions of 'locals' f64 each. */
static bool is_chain_recursive(int depth, int locals)
{
    struct buf types;
    buf_init(&types, &arena);
    for (int i = 0; i < locals; i++) {
        buf_text(&types, " f64");
    }
    const char *local =
        locals > 0 ? arena_format(&arena, "(local%s)", buf_string(&types)) : "";
    struct buf text;
    buf_init(&text, &arena);
    buf_text(&text, "(module (export \"m\" (func 0)) ");
    for (int i = 1; i < depth; i++) {
        buf_format(&text, "(func %s (call %d)) ", local, i);
    }
    buf_format(&text, "(func %s))", local);
    struct wasm_module module;
    wat_module(&module, buf_string(&text), &arena);
    return callgraph_is_recursive(&module, &arena);
}

static const struct {
    int depth;
    int locals;
    bool is_recursive;
} chains[] = {
    {1, 0, false},    {200, 0, false},   {20000, 0, true}, {1, 20000, false},
    {1, 30000, true}, {10, 1500, false}, {20, 1500, true},
};

START_TEST(finds_calls_that_need_much_stack)
{
    ck_assert_msg(is_chain_recursive(chains[_i].depth, chains[_i].locals) ==
                      chains[_i].is_recursive,
                  "%d functions of %d locals", chains[_i].depth,
                  chains[_i].locals);
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
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 30);
    tcase_add_loop_test(tests, finds_circles, 0,
                        sizeof(cases) / sizeof(cases[0]));
    tcase_add_loop_test(tests, finds_calls_that_need_much_stack, 0,
                        sizeof(chains) / sizeof(chains[0]));
    tcase_add_loop_test(tests, finds_none_in_the_vectors, 0, VECTOR_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}
