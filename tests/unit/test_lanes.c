/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "translate/lanes.h"

#include <string.h>

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena, 0);
}

static void tear_down(void)
{
    arena_deinit(&arena);
}

#define PURE(name, line)                                            \
    "static f32 w2c_fn2_" name "(T* instance, f32 w2c_p0) {\n"      \
    "  f32 w2c_l1 = 0, w2c_l2 = 0, \n      w2c_l4 = 0;\n"           \
    "  FUNC_PROLOGUE;\n  f32 w2c_f0, w2c_f1;\n  w2c_f0 = w2c_p0;\n" \
    "  if (w2c_i0) {\n  }\n" line "  FUNC_EPILOGUE;\n  return w2c_f0;\n}\n"
#define SINE  PURE("sine", "  w2c_f0 = wasm_fabsf(w2c_f0);\n")
#define START SINE "static void w2c_fn4_x(T* instance) {\n  FUNC_PROLOGUE;\n"
#define END   "}\n"
#define TIMES(number)                                        \
    "  w2c_f1 = instance->w2c_g3;\n  w2c_f2 = " number ";\n" \
    "  w2c_f1 *= w2c_f2;\n"
#define CALL    "  w2c_f1 = w2c_fn2_sine(instance, w2c_f1);\n"
#define ADD     "  w2c_f0 = w2c_l0;\n  w2c_f0 += w2c_f1;\n  w2c_l0 = w2c_f0;\n"
#define VOICE   TIMES("2") CALL ADD
#define DONE(i) "  w2c_f1 = f4e_to0[" #i "];\n" ADD
#define MADE(number) \
    "    (f32)((f32)(instance->w2c_g3) * ((f32)(" number "))),\n"

START_TEST(joins_calls)
{
    struct buf out;
    buf_init(&out, &arena);
    lanes_join(&out, START TIMES("2") CALL ADD TIMES("3") CALL ADD TIMES("4")
                         CALL ADD TIMES("0.5") CALL ADD END);
    ck_assert_str_eq(
        buf_string(&out),
        START TIMES(
            "2") "  f32 f4e_to0[8], f4e_from0[8] = {\n    w2c_f1,\n" MADE("3")
            MADE("4") MADE("0.5") "  };\n"
                                  "  F4E_LANES(f4e_to0, f4e_from0, 4, "
                                  "w2c_fn2_sine, instance);\n" DONE(0)
                                      TIMES("3") DONE(1) TIMES("4") DONE(2)
                                          TIMES("0.5") DONE(3) END);
}
END_TEST

/* What an argument is made of, as the fourth of five calls: the others are
 * joined in any case, and it with them where 'made' is not NULL. */
static const struct {
    const char *name, *lines, *made;
} arguments[] = {
    {"a local", "  w2c_f1 = w2c_l7;\n", "(f32)(w2c_l7)"},
    {"a parameter", "  w2c_f1 = w2c_p1;\n", "(f32)(w2c_p1)"},
    {"a local that was written on the way",
     "  w2c_f1 = w2c_p1;\n  w2c_l7 = w2c_f1;\n  w2c_f1 = w2c_l7;\n",
     "(f32)((f32)((f32)(w2c_p1)))"},
    {"a function of arithmetic",
     "  w2c_f1 = w2c_l7;\n  w2c_f1 = wasm_fabsf(w2c_f1);\n",
     "(f32)(wasm_fabsf((f32)(w2c_l7)))"},
    {"the smaller one: a macro that would repeat its operands",
     "  w2c_f1 = w2c_l7;\n  w2c_f2 = 2;\n  w2c_f1 = FMIN(w2c_f1, w2c_f2);\n"
     "  w2c_f2 = 1;\n  w2c_f1 = FMAX(w2c_f1, w2c_f2);\n",
     "(f32)(f32_max((f32)(f32_min((f32)(w2c_l7), (f32)(2))), (f32)(1)))"},
    {"a number", "  w2c_f1 = -0.25;\n", "(f32)(-0.25)"},
    {"a difference", "  w2c_f1 = 1;\n  w2c_f2 = w2c_l7;\n  w2c_f1 -= w2c_f2;\n",
     "(f32)((f32)(1) - ((f32)(w2c_l7)))"},
    {"the result of another call", "", NULL},
    {"the sum so far", "  w2c_f1 = w2c_l0;\n", NULL},
    {"memory", "  w2c_f1 = f32_load(F4E_M0, (u64)(w2c_i0));\n", NULL},
    {"an integer", "  w2c_f1 = (f32)(s32)(w2c_i0);\n", NULL},
    {"more than anybody reads",
     "  w2c_f1 = w2c_l7;\n"
     "  w2c_f1 *= w2c_f1;\n  w2c_f1 *= w2c_f1;\n  w2c_f1 *= w2c_f1;\n"
     "  w2c_f1 *= w2c_f1;\n  w2c_f1 *= w2c_f1;\n  w2c_f1 *= w2c_f1;\n"
     "  w2c_f1 *= w2c_f1;\n  w2c_f1 *= w2c_f1;\n  w2c_f1 *= w2c_f1;\n",
     NULL},
};

START_TEST(follows_arguments)
{
    struct buf in;
    struct buf out;
    buf_init(&in, &arena);
    buf_init(&out, &arena);
    buf_format(&in, "%s%s%s%s", START VOICE VOICE VOICE, arguments[_i].lines,
               CALL ADD, VOICE END);
    lanes_join(&out, buf_string(&in));
    const char *text = buf_string(&out);
    if (arguments[_i].made == NULL) {
        ck_assert_ptr_nonnull(strstr(text, "from0, 4, w2c_fn2_sine, "));
        ck_assert_ptr_nonnull(strstr(text, CALL));
        return;
    }
    const char *row =
        arena_format(&arena, MADE("2") MADE("2") "    %s,\n" MADE("2") "  };\n",
                     arguments[_i].made);
    ck_assert_msg(strstr(text, row) != NULL, "%s", text);
    ck_assert_ptr_null(strstr(text, CALL));
}
END_TEST

START_TEST(knows_newer_names)
{
    struct buf out;
    buf_init(&out, &arena);
    lanes_join(
        &out,
        "f32 w2c_patch_fn2(w2c_patch* instance, f32 var_p0) {\n"
        "  FUNC_PROLOGUE;\n"
        "  uint8_t* const wasm_rt_local_memory_base = (F4E_M0)->data;\n"
        "  uint64_t wasm_rt_local_memory_size = (F4E_M0)->size;\n"
        "  (void)wasm_rt_local_memory_base;\n"
        "  f32 var_f0;\n  var_f0 = var_p0;\n  return var_f0;\n}\n"
        "void x(w2c_patch* instance) {\n  var_f0 = 1.0f;\n"
        "  var_f0 = w2c_patch_fn2(instance, var_f0);\n"
        "  var_f0 = var_l0;\n  var_f0 = w2c_patch_fn2(instance, var_f0);\n"
        "  var_f0 = 0.5f;\n  var_f0 = w2c_patch_fn2(instance, var_f0);\n"
        "  var_f0 = var_p0;\n  var_f0 = w2c_patch_fn2(instance, var_f0);\n"
        "}\n");
    ck_assert_ptr_nonnull(strstr(
        buf_string(&out),
        "{\n    var_f0,\n    (f32)(var_l0),\n    (f32)(0.5f),\n"
        "    (f32)(var_p0),\n  };\n"
        "  F4E_LANES(f4e_to0, f4e_from0, 4, w2c_patch_fn2, instance);\n"));
}
END_TEST

START_TEST(takes_eight_at_once)
{
    struct buf out;
    buf_init(&out, &arena);
    lanes_join(&out, START VOICE VOICE VOICE VOICE VOICE VOICE VOICE VOICE VOICE
                         VOICE VOICE VOICE END);
    const char *text = buf_string(&out);
    ck_assert_ptr_nonnull(strstr(text, "from0, 8, w2c_fn2_sine, "));
    ck_assert_ptr_nonnull(strstr(text, "from1, 4, w2c_fn2_sine, "));
    ck_assert_ptr_null(strstr(text, CALL));
}
END_TEST

/* Calls that wait for each other, in a row that is far too long to look at each
 * of them from each of them. */
START_TEST(gives_up_in_time)
{
    enum { CALLS = 5000, ARENA_BYTES = 20 << 20 };
    struct buf in;
    struct buf out;
    buf_init(&in, &arena);
    buf_init(&out, &arena);
    buf_text(&in, START);
    for (int i = 0; i < CALLS; i++) {
        buf_text(&in, "  w2c_f1 = w2c_l7;\n  w2c_f2 = w2c_l0;\n"
                      "  w2c_f1 += w2c_f2;\n" CALL ADD);
    }
    buf_text(&in, END);
    lanes_join(&out, buf_string(&in));
    ck_assert_str_eq(buf_string(&out), buf_string(&in));
    ck_assert_uint_lt(arena.used, ARENA_BYTES);
}
END_TEST

static const struct {
    const char *name;
    const char *text;
} stays[] = {
    {"nothing", ""},
    {"three calls", START VOICE VOICE VOICE END},
    {"a branch between",
     START VOICE VOICE "  if (w2c_i0) {\n  }\n" VOICE VOICE END},
    {"a label between", START VOICE VOICE "  w2c_B0:;\n" VOICE VOICE END},
    {"another function between that may write",
     START VOICE VOICE "  w2c_fn4_x(instance);\n" VOICE VOICE END},
    {"the global is written between",
     START TIMES("2") CALL ADD "  instance->w2c_g3 = w2c_f1;\n" VOICE
                               "  instance->w2c_g3 = w2c_f1;\n" VOICE
                               "  instance->w2c_g3 = w2c_f1;\n" VOICE END},
    {"a function that reads a global",
     PURE("sine",
          "  w2c_f0 = instance->w2c_g1;\n") "static void x(T* instance) "
                                            "{\n" VOICE VOICE VOICE VOICE END},
    {"a function that reads memory",
     PURE("sine",
          "  w2c_f0 = f32_load(F4E_M0, (u64)(w2c_i0));\n") "static void x(T* "
                                                           "instance) {\n" VOICE
                                                               VOICE VOICE VOICE
                                                                   END},
    {"a function that may trap",
     PURE("sine",
          "  w2c_i0 = I32_TRUNC_S_F32(w2c_f0);\n") "static void x(T* instance) "
                                                   "{\n" VOICE VOICE VOICE VOICE
                                                       END},
    {"a function with a loop",
     PURE("sine", "  goto w2c_L1;\n") "static void x(T* instance) {\n" VOICE
         VOICE VOICE VOICE END},
    {"a function that is defined nowhere",
     "static void x(T* instance) {\n" VOICE VOICE VOICE VOICE END},
};

START_TEST(stays_apart)
{
    struct buf out;
    buf_init(&out, &arena);
    lanes_join(&out, stays[_i].text);
    ck_assert_msg(strcmp(buf_string(&out), stays[_i].text) == 0, "%s: %s",
                  stays[_i].name, buf_string(&out));
}
END_TEST

Suite *test_suite(void)
{
    enum {
        ARGUMENTS = sizeof(arguments) / sizeof(arguments[0]),
        STAYS = sizeof(stays) / sizeof(stays[0]),
    };
    Suite *suite = suite_create("lanes");
    TCase *tests = tcase_create("lanes");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, joins_calls);
    tcase_add_test(tests, takes_eight_at_once);
    tcase_add_test(tests, gives_up_in_time);
    tcase_add_test(tests, knows_newer_names);
    tcase_add_loop_test(tests, follows_arguments, 0, ARGUMENTS);
    tcase_add_loop_test(tests, stays_apart, 0, STAYS);
    suite_add_tcase(suite, tests);
    return suite;
}
