/* SPDX-License-Identifier: MIT */
/* Which functions are done side by side, and what prevents it. */
#include "fixture.h"
#include "suite.h"
#include "translate/siblings_text.h"
#include "vector.h"

#include <string.h>

#define POWER "(local.set $x (call $power (local.get $x)))"

/* Voices of a word each, the global 'word': enough arithmetic to be worth it,
 * and 'more'. */
#define VOICE(name, word, number, more)                                     \
    "(func $" name " (local $x f32) (local $n i32)"                         \
    "(local.set $x (f32.mul (global.get " word ") (f32.const " number ")))" \
    "(local.set $x (f32.sub (f32.mul (local.get $x) (local.get $x))"        \
    " (f32.add (local.get $x) (f32.const 0.5))))"                           \
    "(local.set $x (f32.div (f32.abs (local.get $x)) (f32.const "           \
    "3)))" POWER more "(global.set " word                                   \
    " (f32.add (local.get $x) (global.get $shared))))"
#define VOICES(more)            \
    VOICE("v0", "0", "1", more) \
    VOICE("v1", "1", "2", more) \
    VOICE("v2", "2", "3", more) VOICE("v3", "3", "-4", more)
#define MODULE(voices, calls)                                              \
    "(module (import \"f4e\" \"m0\" (memory 1 1))"                         \
    "(import \"f4e\" \"i0\" (func $range (param i32 i32 i32 i32) (result " \
    "i32)))"                                                               \
    "(global (mut f32) (f32.const 0)) (global (mut f32) (f32.const 0))"    \
    "(global (mut f32) (f32.const 0)) (global (mut f32) (f32.const 0))"    \
    "(global $shared (mut f32) (f32.const 0))"                             \
    "(global $other (mut i32) (i32.const 0))" voices                       \
    "(func $power (param $x f32) (result f32)(local.set $x (f32.m"         \
    "ul (local.get $x) (local.get $x)))(local.set $x (f32.mul (lo"         \
    "cal.get $x) (local.get $x)))(local.set $x (f32.mul (local.ge"         \
    "t $x) (local.get $x)))(local.set $x (f32.mul (local.get $x) "         \
    "(local.get $x)))(local.set $x (f32.mul (local.get $x) (local"         \
    ".get $x)))(local.set $x (f32.mul (local.get $x) (local.get $"         \
    "x)))(local.set $x (f32.mul (local.get $x) (local.get $x)))(l"         \
    "ocal.set $x (f32.mul (local.get $x) (local.get $x)))(local.g"         \
    "et $x))"                                                              \
    "(func $mix (global.set $other (i32.add (global.get $other)"           \
    " (i32.trunc_sat_f32_s (global.get 1)))))"                             \
    "(func $count (global.set $other (i32.add (global.get $other)"         \
    " (i32.const 1))))"                                                    \
    "(func $spoil (global.set $shared (f32.const 1)))"                     \
    "(func $main " calls "))"
#define ALL "(call $v0) (call $v1) (call $v2) (call $v3)"
#define MASK \
    "(i32.shl (i32.and (global.get $other) (i32.const 7)) (i32.const 2))"
#define FACT(address, last)                                                   \
    "(call $range " address " (i32.const 0) (i32.const " last ") (i32.const " \
    "3))"

#define LOAD(address) \
    "(local.set $x (f32.add (local.get $x) (f32.load " address ")))"

/* Something that changes a voice's word, and voices with 'times' of that. */
#define CHANGE(word)                                                    \
    "(if (f32.gt (local.get $x) (f32.const 1)) (then (global.set " word \
    " (f32.const 0))))"
#define THRICE(word) CHANGE(word) CHANGE(word) CHANGE(word)
#define FOUR(word)   THRICE(word) CHANGE(word)
#define STATES(times)                 \
    VOICE("s0", "0", "1", times("0")) \
    VOICE("s1", "1", "2", times("1")) VOICE("s2", "2", "3", times("2"))

/* The calls that are done at once, as "0 1 2 3"; groups end with ";". */
static const struct {
    const char *name, *wat, *groups;
} rows[] = {
    {"voices", MODULE(VOICES(""), ALL), "0 1 2 3;"},
    {"another function between them",
     MODULE(VOICES(""), "(call $v0) (call $count) (call $v1) (call $v2)"),
     "0 2 3;"},
    {"one that reads a voice's word",
     MODULE(VOICES(""),
            "(call $v0) (call $mix) (call $v1) (call $v2) (call $v3)"),
     "0 3 4;"},
    {"one that writes what all voices read",
     MODULE(VOICES(""), "(call $v0) (call $v1) (call $spoil) (call $v2)"), ""},
    {"one voice twice",
     MODULE(VOICES(""), "(call $v0) (call $v1) (call $v0) (call $v2)"),
     "0 1 3;"},
    {"two are no group", MODULE(VOICES(""), "(call $v0) (call $v1)"), ""},
    {"the same words again", MODULE(VOICES(""), ALL ALL), "0 1 2 3;4 5 6 7;"},
    {"the same words in another order",
     MODULE(VOICES(""), ALL "(call $v1) (call $v0) (call $v2) (call $v3)"),
     "0 1 2 3;"},
    {"a voice with another operation",
     MODULE(VOICES("") VOICE("w", "3", "1", "(local.set $n (i32.const 1))"),
            "(call $v0) (call $w) (call $v1) (call $v2)"),
     "0 2 3;"},
    {"a voice that reads another's word",
     MODULE(VOICES("") VOICE("w", "3", "1", "(drop (global.get 0))")
                VOICE("x", "2", "1", "(drop (global.get 0))")
                    VOICE("y", "1", "1", "(drop (global.get 0))"),
            "(call $w) (call $x) (call $y)"),
     "0 1 2;"},
    {"a voice that reads what another writes",
     MODULE(VOICES("") VOICE("w", "3", "1", "(drop (global.get 2))")
                VOICE("x", "2", "1", "(drop (global.get 1))")
                    VOICE("y", "1", "1", "(drop (global.get 0))"),
            "(call $w) (call $x) (call $y)"),
     ""},
    {"a condition",
     MODULE(VOICES("(if (f32.gt (local.get $x) (f32.const 1)) (then (local.set "
                   "$x (f32.sub (local.get $x) (f32.const 1)))))"),
            ALL),
     "0 1 2 3;"},
    {"a loop", MODULE(VOICES("(loop $l (br_if $l (local.get $n)))"), ALL), ""},
    {"a proven load", MODULE(VOICES(POWER LOAD(FACT(MASK, "28")) POWER), ALL),
     "0 1 2 3;"},
    {"a load that may be outside", MODULE(VOICES(POWER LOAD(MASK) POWER), ALL),
     ""},
    {"a load that is proven too widely",
     MODULE(VOICES(POWER LOAD(FACT(MASK, "65533")) POWER), ALL), ""},
    {"a load from the last word",
     MODULE(VOICES(POWER LOAD("(i32.const 65532)") POWER), ALL), "0 1 2 3;"},
    {"little to compute beside a load",
     MODULE(VOICES(LOAD("(i32.const 65532)")), ALL), ""},
    {"a load outside",
     MODULE(VOICES("(local.set $x (f32.load (i32.const 65533)))"), ALL), ""},
    {"a store", MODULE(VOICES("(f32.store (i32.const 8) (local.get $x))"), ALL),
     ""},
    {"a division by numbers",
     MODULE(VOICES("(local.set $n (i32.rem_s (local.get $n) (i32.const 7)))"),
            ALL),
     "0 1 2 3;"},
    {"a division by -1, which may overflow",
     MODULE(VOICES("(local.set $n (i32.div_s (local.get $n) (i32.const -1)))"),
            ALL),
     ""},
    {"three conditions of one word",
     MODULE(STATES(THRICE), "(call $s0) (call $s1) (call $s2)"), "0 1 2;"},
    {"four of them, as a state machine has",
     MODULE(STATES(FOUR), "(call $s0) (call $s1) (call $s2)"), ""},
    {"a division that may trap",
     MODULE(VOICES("(local.set $n (i32.div_s (i32.const 1) (local.get $n)))"),
            ALL),
     ""},
    {"a conversion that may trap",
     MODULE(VOICES("(local.set $n (i32.trunc_f32_s (local.get $x)))"), ALL),
     ""},
    {"doubles",
     MODULE(VOICES("(local.set $x (f32.demote_f64 (f64.promote_f32 (local.get "
                   "$x))))"),
            ALL),
     ""},
};

static void find(struct siblings *siblings, const char *wat)
{
    struct wasm_module module;
    wat_module(&module, wat, &arena);
    ck_assert_msg(
        siblings_find(siblings, module.bytes, module.size, &arena, &diag), "%s",
        diag.text);
}

/* As wasm_normalise() names functions. */
static void name_caller(struct siblings *siblings)
{
    siblings->module->functions[siblings->groups[0].caller].debug_name =
        (struct wasm_name){(const uint8_t *)"main", 4};
}

static const char *groups_text(const struct siblings *siblings)
{
    struct buf text;
    buf_init(&text, &arena);
    for (uint32_t i = 0; i < siblings->group_count; i++) {
        const struct sibling_group *group = &siblings->groups[i];
        for (uint32_t k = 0; k < group->count; k++) {
            buf_format(&text, "%s%u", k > 0 ? " " : "", group->members[k]);
        }
        buf_text(&text, ";");
    }
    return buf_string(&text);
}

START_TEST(finds_groups)
{
    struct siblings siblings;
    find(&siblings, rows[_i].wat);
    ck_assert_msg(strcmp(groups_text(&siblings), rows[_i].groups) == 0,
                  "%s: %s", rows[_i].name, groups_text(&siblings));
}
END_TEST

#define MEMBERS(first) \
    "typedef struct T {\n" first "  f32 w2c_g4;\n  u32 w2c_g5;\n} T;\n"

START_TEST(lays_words_side_by_side)
{
    struct siblings siblings;
    find(&siblings, rows[0].wat);
    struct buf out;
    buf_init(&out, &arena);
    siblings_add_members(&out,
                         MEMBERS("  f32 w2c_g0;\n  f32 w2c_g1;\n"
                                 "  f32 w2c_g2;\n  f32 w2c_g3;\n"),
                         &siblings);
    ck_assert_str_eq(
        buf_string(&out),
        MEMBERS("#if F4E_SIBLINGS\n  union { struct {\n#endif\n"
                "  f32 w2c_g0;\n  f32 w2c_g1;\n  f32 w2c_g2;\n"
                "  f32 w2c_g3;\n#if F4E_SIBLINGS\n  }; f4e_f4 f4e_row0; };\n"
                "#endif\n"));
    ck_assert_uint_eq(siblings.group_count, 1);
}
END_TEST

START_TEST(leaves_unknown_members)
{
    static const char *const texts[] = {
        MEMBERS("  f32 w2c_g0;\n  f32 w2c_g1;\n  f32 w2c_g2;\n"),
        MEMBERS("  f32 w2c_g0;\n  u32 w2c_g1;\n  f32 w2c_g2;\n"
                "  f32 w2c_g3;\n"),
        MEMBERS("  f32 w2c_g0;\n  f32 w2c_g1;\n  f32 w2c_g2;\n"
                "  f32 w2c_g3x;\n"),
    };
    struct siblings siblings;
    find(&siblings, rows[0].wat);
    struct buf out;
    buf_init(&out, &arena);
    siblings_add_members(&out, texts[_i], &siblings);
    ck_assert_str_eq(buf_string(&out), texts[_i]);
    ck_assert_uint_eq(siblings.group_count, 0);
}
END_TEST

/* A module that was not looked at, with globals of its own. */
START_TEST(leaves_all_without_ranges)
{
    struct wasm_module module;
    wat_module(&module, rows[0].wat, &arena);
    struct siblings siblings = {.module = &module, .arena = &arena};
    struct buf out;
    buf_init(&out, &arena);
    siblings_add_members(&out, MEMBERS("  f32 w2c_g0;\n"), &siblings);
    ck_assert_str_eq(buf_string(&out), MEMBERS("  f32 w2c_g0;\n"));
}
END_TEST

#define CALLS(name, first, second, others)                              \
    "static void w2c_" name "(T* instance) {\n  FUNC_PROLOGUE;\n" first \
    "  w2c_v0(instance);\n" second "  w2c_v1(instance);\n" others       \
    "  FUNC_EPILOGUE;\n}\n"
#define LATER(name) "#if !F4E_SIBLINGS\n  w2c_" name "(instance);\n#endif\n"
#define OTHERS      "  w2c_v2(instance);\n  w2c_v3(instance);\n"

START_TEST(calls_groups)
{
    struct siblings siblings;
    find(&siblings, rows[0].wat);
    name_caller(&siblings);
    siblings.groups[0].body = "  t1[0] = F4E_SIBLING(fn2)(instance, t0[0]);\n";
    struct buf out;
    buf_init(&out, &arena);
    siblings_add_functions(
        &out, CALLS("xmain", "", "", OTHERS) CALLS("main", "", "", OTHERS),
        &siblings, "T");
    ck_assert_str_eq(
        buf_string(&out),
        CALLS(
            "xmain", "", "",
            OTHERS) "#if F4E_SIBLINGS\nstatic void f4e_siblings0(T* instance) "
                    "{\n"
                    "  t1[0] = w2c_fn2(instance, t0[0]);\n}\n#endif\n" CALLS(
                        "main",
                        "#if F4E_SIBLINGS\n  f4e_siblings0(instance);\n#else\n",
                        "#endif\n#if !F4E_SIBLINGS\n",
                        "#endif\n" LATER("v2") LATER("v3")));
}
END_TEST

/* C of another shape than the module's: as many calls, or none. */
START_TEST(leaves_unknown_functions)
{
    struct siblings siblings;
    find(&siblings, rows[0].wat);
    name_caller(&siblings);
    struct buf out;
    buf_init(&out, &arena);
    static const char text[] = CALLS("main", "", "", "");
    siblings_add_functions(&out, text, &siblings, "T");
    ck_assert_str_eq(buf_string(&out), text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("siblings");
    TCase *cases = tcase_create("siblings");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, finds_groups, 0, sizeof(rows) / sizeof(rows[0]));
    tcase_add_test(cases, lays_words_side_by_side);
    tcase_add_loop_test(cases, leaves_unknown_members, 0, 3);
    tcase_add_test(cases, leaves_all_without_ranges);
    tcase_add_test(cases, calls_groups);
    tcase_add_test(cases, leaves_unknown_functions);
    suite_add_tcase(suite, cases);
    return suite;
}
