/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "translate/loop_sums.h"

#include <string.h>

enum { OWN_GLOBALS = 2 };

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena, 0);
}

static void tear_down(void)
{
    arena_deinit(&arena);
}

/* The head of a loop, and what is around its rounds. */
#define HEAD(rounds)                                    \
    "  w2c_i0 = 0u;\n  w2c_l3 = w2c_i0;\n"              \
    "  w2c_L1: \n    w2c_i0 = w2c_l3;\n"                \
    "    w2c_i1 = " rounds "u;\n"                       \
    "    w2c_i0 = (u32)((s32)w2c_i0 >= (s32)w2c_i1);\n" \
    "    if (w2c_i0) {\n      goto w2c_B0;\n    }\n"    \
    "    w2c_i0 = w2c_l3;\n    w2c_i1 = 1u;\n"          \
    "    w2c_i0 += w2c_i1;\n    w2c_l3 = w2c_i0;\n"
#define FUNCTIONS                                                          \
    "static f32 w2c_fn2_half(T* instance, f32 w2c_p0) {\n  f32 w2c_f0;\n"  \
    "  w2c_f0 = w2c_p0;\n  return w2c_f0;\n}\n"                            \
    "static f32 w2c_fn3_other(T* instance, f32 w2c_p0) {\n  f32 w2c_f0;\n" \
    "  w2c_f0 = instance->w2c_g9;\n  return w2c_f0;\n}\n"
#define BEFORE(rounds) \
    FUNCTIONS "static void w2c_fn4_x(T* instance) {\n" HEAD(rounds)
#define AFTER "    goto w2c_L1;\n  w2c_B0:;\n}\n"

/* "x = array element" and "sum = sum + x" */
#define ELEMENT \
    "    w2c_f0 = f32_load(F4E_M0, (u64)(w2c_i0));\n    w2c_l2 = w2c_f0;\n"
#define SUM                                        \
    "    w2c_f0 = w2c_l0;\n    w2c_f1 = w2c_l2;\n" \
    "    w2c_f0 += w2c_f1;\n    w2c_l0 = w2c_f0;\n"
#define GLOBAL_SUM(g)                                                  \
    "    w2c_f1 = instance->w2c_g" g ";\n    w2c_f2 = w2c_l2;\n"       \
    "    w2c_f1 += w2c_f2;\n    w2c_l5 = w2c_f1;\n    w2c_i0 = 44u;\n" \
    "    w2c_f0 = w2c_l5;\n    instance->w2c_g" g " = w2c_f0;\n"

/* The rounds of loops that are split. */
static const struct {
    const char *name;
    const char *rounds;
    const char *arrays, *now, *own, *late;
} splits[] = {
    {"a sum", ELEMENT SUM, "  _Alignas(64) f32 f4e_stage0_0[32u];\n",
     ELEMENT "    w2c_f1 = w2c_l2;\n    f4e_stage0_0[w2c_l3 - 1u] = w2c_f1;\n",
     "    f32 w2c_f0;\n    f32 w2c_f1;\n",
     "    w2c_f0 = w2c_l0;\n    w2c_f1 = f4e_stage0_0[w2c_l3 - 1u];\n"
     "    w2c_f0 += w2c_f1;\n    w2c_l0 = w2c_f0;\n"},
    {"what the sum is taken from",
     ELEMENT "    w2c_f0 = w2c_l2;\n    w2c_f1 = w2c_l0;\n"
             "    w2c_f0 -= w2c_f1;\n    w2c_l0 = w2c_f0;\n",
     "  _Alignas(64) f32 f4e_stage0_0[32u];\n",
     ELEMENT "    w2c_f0 = w2c_l2;\n    f4e_stage0_0[w2c_l3 - 1u] = w2c_f0;\n",
     "    f32 w2c_f0;\n    f32 w2c_f1;\n",
     "    w2c_f1 = w2c_l0;\n    w2c_f0 = f4e_stage0_0[w2c_l3 - 1u];\n"
     "    w2c_f0 -= w2c_f1;\n    w2c_l0 = w2c_f0;\n"},
    {"a constant needs no array",
     ELEMENT "    w2c_f0 = w2c_l0;\n    w2c_f1 = 0.5;\n    w2c_f0 *= w2c_f1;\n"
             "    w2c_f1 = w2c_l2;\n    w2c_f0 += w2c_f1;\n"
             "    w2c_l0 = w2c_f0;\n",
     "  _Alignas(64) f32 f4e_stage0_0[32u];\n",
     ELEMENT "    w2c_f1 = 0.5;\n    w2c_f1 = w2c_l2;\n"
             "    f4e_stage0_0[w2c_l3 - 1u] = w2c_f1;\n",
     "    f32 w2c_f0;\n    f32 w2c_f1;\n",
     "    w2c_f0 = w2c_l0;\n    w2c_f1 = 0.5;\n    w2c_f0 *= w2c_f1;\n"
     "    w2c_f1 = f4e_stage0_0[w2c_l3 - 1u];\n    w2c_f0 += w2c_f1;\n"
     "    w2c_l0 = w2c_f0;\n"},
    {"a kept word, through a local that others use before",
     "    w2c_l5 = w2c_f3;\n" ELEMENT GLOBAL_SUM("7"),
     "  _Alignas(64) f32 f4e_stage0_0[32u];\n",
     "    w2c_l5 = w2c_f3;\n" ELEMENT
     "    w2c_f2 = w2c_l2;\n    f4e_stage0_0[w2c_l3 - 1u] = w2c_f2;\n"
     "    w2c_i0 = 44u;\n",
     "    f32 w2c_f0;\n    f32 w2c_f1;\n    f32 w2c_f2;\n",
     "    w2c_f1 = instance->w2c_g7;\n"
     "    w2c_f2 = f4e_stage0_0[w2c_l3 - 1u];\n    w2c_f1 += w2c_f2;\n"
     "    w2c_l5 = w2c_f1;\n    w2c_f0 = w2c_l5;\n"
     "    instance->w2c_g7 = w2c_f0;\n"},
    {"a kept word, through a local that others use in a block",
     ELEMENT
     "    if (w2c_i0) {\n      w2c_l5 = w2c_f3;\n      w2c_f0 = w2c_l5;\n"
     "    }\n" GLOBAL_SUM("7"),
     "  _Alignas(64) f32 f4e_stage0_0[32u];\n",
     ELEMENT
     "    if (w2c_i0) {\n      w2c_l5 = w2c_f3;\n      w2c_f0 = w2c_l5;\n"
     "    }\n    w2c_f2 = w2c_l2;\n"
     "    f4e_stage0_0[w2c_l3 - 1u] = w2c_f2;\n    w2c_i0 = 44u;\n",
     "    f32 w2c_f0;\n    f32 w2c_f1;\n    f32 w2c_f2;\n",
     "    w2c_f1 = instance->w2c_g7;\n"
     "    w2c_f2 = f4e_stage0_0[w2c_l3 - 1u];\n    w2c_f1 += w2c_f2;\n"
     "    w2c_l5 = w2c_f1;\n    w2c_f0 = w2c_l5;\n"
     "    instance->w2c_g7 = w2c_f0;\n"},
    {"a local that others write later stays theirs",
     ELEMENT GLOBAL_SUM("7") "    w2c_l5 = w2c_f3;\n",
     "  _Alignas(64) f32 f4e_stage0_0[32u];\n",
     ELEMENT "    w2c_f2 = w2c_l2;\n    f4e_stage0_0[w2c_l3 - 1u] = w2c_f2;\n"
             "    w2c_i0 = 44u;\n    w2c_l5 = w2c_f3;\n",
     "    f32 w2c_f0;\n    f32 w2c_f1;\n    f32 w2c_f2;\n    f32 w2c_l5;\n",
     "    w2c_f1 = instance->w2c_g7;\n"
     "    w2c_f2 = f4e_stage0_0[w2c_l3 - 1u];\n    w2c_f1 += w2c_f2;\n"
     "    w2c_l5 = w2c_f1;\n    w2c_f0 = w2c_l5;\n"
     "    instance->w2c_g7 = w2c_f0;\n"},
    {"doubles",
     "    w2c_d0 = f64_load(F4E_M0, (u64)(w2c_i0));\n    w2c_d1 = w2c_l0;\n"
     "    w2c_d1 += w2c_d0;\n    w2c_l0 = w2c_d1;\n",
     "  _Alignas(64) f64 f4e_stage0_0[32u];\n",
     "    w2c_d0 = f64_load(F4E_M0, (u64)(w2c_i0));\n"
     "    f4e_stage0_0[w2c_l3 - 1u] = w2c_d0;\n",
     "    f64 w2c_d0;\n    f64 w2c_d1;\n",
     "    w2c_d1 = w2c_l0;\n    w2c_d0 = f4e_stage0_0[w2c_l3 - 1u];\n"
     "    w2c_d1 += w2c_d0;\n    w2c_l0 = w2c_d1;\n"},
    {"a double and a float of it",
     ELEMENT "    w2c_d0 = w2c_l0;\n    w2c_f1 = w2c_l2;\n"
             "    w2c_d1 = (f64)(w2c_f1);\n    w2c_d0 += w2c_d1;\n"
             "    w2c_l0 = w2c_d0;\n    w2c_d0 = w2c_l0;\n"
             "    w2c_f0 = (f32)(w2c_d0);\n    w2c_l5 = w2c_f0;\n",
     "  _Alignas(64) f64 f4e_stage0_0[32u];\n",
     ELEMENT "    w2c_f1 = w2c_l2;\n    w2c_d1 = (f64)(w2c_f1);\n"
             "    f4e_stage0_0[w2c_l3 - 1u] = w2c_d1;\n",
     "    f32 w2c_f0;\n    f64 w2c_d0;\n    f64 w2c_d1;\n",
     "    w2c_d0 = w2c_l0;\n    w2c_d1 = f4e_stage0_0[w2c_l3 - 1u];\n"
     "    w2c_d0 += w2c_d1;\n    w2c_l0 = w2c_d0;\n"
     "    w2c_d0 = w2c_l0;\n    w2c_f0 = (f32)(w2c_d0);\n"
     "    w2c_l5 = w2c_f0;\n"},
    {"a call that only computes",
     ELEMENT "    w2c_f0 = w2c_fn2_half(instance, w2c_f0);\n"
             "    w2c_l2 = w2c_f0;\n" SUM,
     "  _Alignas(64) f32 f4e_stage0_0[32u];\n",
     ELEMENT "    w2c_f0 = w2c_fn2_half(instance, w2c_f0);\n"
             "    w2c_l2 = w2c_f0;\n    w2c_f1 = w2c_l2;\n"
             "    f4e_stage0_0[w2c_l3 - 1u] = w2c_f1;\n",
     "    f32 w2c_f0;\n    f32 w2c_f1;\n",
     "    w2c_f0 = w2c_l0;\n    w2c_f1 = f4e_stage0_0[w2c_l3 - 1u];\n"
     "    w2c_f0 += w2c_f1;\n    w2c_l0 = w2c_f0;\n"},
};

START_TEST(is_split)
{
    struct buf in;
    struct buf expected;
    struct buf out;
    buf_init(&in, &arena);
    buf_init(&expected, &arena);
    buf_init(&out, &arena);
    buf_format(&in, "%s%s%s", BEFORE("32"), splits[_i].rounds, AFTER);
    /* The first loop goes on to the second, the block's other ways out do
     * not. */
    const char *label = strstr(BEFORE("32"), "  w2c_L1");
    const char *way_out = strstr(label, "w2c_B0;");
    buf_format(&expected, "%.*s  {\n%s%.*sf4e_sums0;%s%s",
               (int)(strlen(BEFORE("32")) - strlen(label)), BEFORE("32"),
               splits[_i].arrays, (int)(way_out - label), label,
               way_out + strlen("w2c_B0;"), splits[_i].now);
    buf_text(&expected, "    goto w2c_L1;\n  f4e_sums0:;\n  {\n");
    buf_text(&expected, splits[_i].own);
    buf_text(&expected,
             "    for (u32 w2c_l3 = 1u; w2c_l3 <= 32u; w2c_l3++) {\n");
    buf_format(&expected, "%s    }\n  }\n  }\n  w2c_B0:;\n}\n",
               splits[_i].late);
    loop_sums_split(&out, buf_string(&in), OWN_GLOBALS);
    ck_assert_str_eq(buf_string(&out), buf_string(&expected));
}
END_TEST

/* Loops that stay as they are. */
static const struct {
    const char *name;
    const char *text;
} stays[] = {
    {"nothing", ""},
    {"no sum", BEFORE("32") ELEMENT AFTER},
    {"few rounds", BEFORE("7") ELEMENT SUM AFTER},
    {"rounds that no array has room for", BEFORE("513") ELEMENT SUM AFTER},
    {"a way out", BEFORE("32") ELEMENT SUM "    if (w2c_i0) {\n"
                                           "      goto w2c_B0;\n    }\n" AFTER},
    {"a way out in one line",
     BEFORE("32") ELEMENT SUM "    if (w2c_i0) {goto w2c_B0;}\n" AFTER},
    {"a way to the next round",
     BEFORE("32") ELEMENT "    if (w2c_i0) {goto w2c_L1;}\n" SUM AFTER},
    {"a choice of ways",
     BEFORE("32") ELEMENT SUM "    switch (w2c_i0) {\n      case 0: goto "
                              "w2c_B0;\n      default: goto w2c_B1;\n"
                              "    }\n" AFTER},
    {"a value on the operand stack, from round to round",
     FUNCTIONS "static void w2c_fn4_x(T* instance) {\n  w2c_f0 = 5;\n"
               "  w2c_i1 = 0u;\n  w2c_l3 = w2c_i1;\n  w2c_L1: \n"
               "    w2c_i1 = w2c_l3;\n    w2c_i2 = 32u;\n"
               "    w2c_i1 = (u32)((s32)w2c_i1 >= (s32)w2c_i2);\n"
               "    if (w2c_i1) {\n      goto w2c_B0;\n    }\n"
               "    w2c_i1 = w2c_l3;\n    w2c_i2 = 1u;\n"
               "    w2c_i1 += w2c_i2;\n    w2c_l3 = w2c_i1;\n"
               "    w2c_f1 = w2c_l0;\n    w2c_f2 = w2c_l2;\n"
               "    w2c_f1 += w2c_f2;\n    w2c_l0 = w2c_f1;\n"
               "    w2c_f1 = w2c_l0;\n    w2c_f0 += w2c_f1;\n" AFTER},
    {"a kept word that is no sum, which a call may read",
     BEFORE("32") ELEMENT SUM
     "    w2c_f0 = w2c_l0;\n    instance->w2c_g7 = w2c_f0;\n"
     "    if (w2c_i0) {\n    } else {\n      w2c_fn9_store(instance);\n"
     "    }\n" AFTER},
    {"a loop inside", BEFORE("32") ELEMENT SUM "    w2c_L3: \n" AFTER},
    {"a trap", BEFORE("32") ELEMENT SUM "    UNREACHABLE;\n" AFTER},
    {"the counter is changed",
     BEFORE("32") ELEMENT SUM "    w2c_l3 = w2c_i0;\n" AFTER},
    {"the sum is stored",
     BEFORE("32") ELEMENT SUM "    w2c_f0 = w2c_l0;\n    f32_store(F4E_M0, "
                              "(u64)(w2c_i0), w2c_f0);\n" AFTER},
    {"the sum decides", BEFORE("32") ELEMENT SUM
     "    w2c_f0 = w2c_l0;\n    w2c_f1 = 1;\n    w2c_i0 = w2c_f0 > w2c_f1;\n"
     "    if (w2c_i0) {\n    }\n" AFTER},
    {"the sum is an index", BEFORE("32") ELEMENT SUM
     "    w2c_f0 = w2c_l0;\n    w2c_i0 = I32_TRUNC_SAT_S_F32(w2c_f0);\n" AFTER},
    {"the sum is an argument",
     BEFORE("32") ELEMENT SUM "    w2c_f0 = w2c_l0;\n    w2c_f0 = "
                              "w2c_fn2_half(instance, w2c_f0);\n" AFTER},
    {"a sum of some rounds",
     BEFORE("32") ELEMENT "    if (w2c_i0) {\n" SUM "    }\n" AFTER},
    {"a sum that begins anew in some rounds",
     BEFORE("32") ELEMENT SUM "    if (w2c_i0) {\n      w2c_l0 = w2c_f3;\n"
                              "    }\n" AFTER},
    {"a sum that begins anew in each round",
     BEFORE("32") ELEMENT SUM "    w2c_l0 = w2c_f3;\n" AFTER},
    {"a local holds the last round's sum",
     BEFORE("32") "    if (w2c_i0) {\n      w2c_l6 = w2c_f3;\n    }\n"
                  "    w2c_f4 = w2c_l6;\n    f32_store(F4E_M0, (u64)(w2c_i0), "
                  "w2c_f4);\n" ELEMENT SUM
                  "    w2c_f0 = w2c_l0;\n    w2c_l6 = w2c_f0;\n" AFTER},
    {"a block may leave the last round's in a local", BEFORE("32") ELEMENT
     "    if (w2c_i0) {\n      w2c_l5 = w2c_f3;\n"
     "    } else {\n      w2c_f0 = w2c_l5;\n    }\n" GLOBAL_SUM("7") AFTER},
    {"a local that others write in a block behind",
     BEFORE("32") ELEMENT GLOBAL_SUM(
         "7") "    if (w2c_i0) {\n      w2c_l5 = w2c_f3;\n    }\n" AFTER},
    {"a global of the module itself",
     BEFORE("32") ELEMENT GLOBAL_SUM("1") AFTER},
    {"a kept word that a call may read",
     BEFORE("32") ELEMENT GLOBAL_SUM(
         "7") "    w2c_f0 = w2c_fn3_other(instance, w2c_f0);\n" AFTER},
    {"a kept word and a call of what is defined nowhere",
     BEFORE("32") ELEMENT GLOBAL_SUM("7") "    w2c_fn9_far(instance);\n" AFTER},
    {"an integer goes to memory", BEFORE("32") ELEMENT SUM
     "    i32_store(F4E_M0, (u64)(w2c_i0), w2c_i1);\n" AFTER},
    {"an integer sum", BEFORE("32") "    w2c_i0 = w2c_l0;\n    w2c_i1 = "
                                    "w2c_l2;\n    w2c_i0 += w2c_i1;\n"
                                    "    w2c_l0 = w2c_i0;\n" AFTER},
    {"a filter: its output is stored", BEFORE("32") ELEMENT
     "    w2c_f0 = w2c_l0;\n    w2c_f1 = w2c_l2;\n    w2c_f0 += w2c_f1;\n"
     "    w2c_l0 = w2c_f0;\n    w2c_f0 = w2c_l0;\n"
     "    f32_store(F4E_M0, (u64)(w2c_i0), w2c_f0);\n" AFTER},
    {"a text that ends too early", HEAD("32")},
};

START_TEST(stays_whole)
{
    struct buf out;
    buf_init(&out, &arena);
    loop_sums_split(&out, stays[_i].text, OWN_GLOBALS);
    ck_assert_msg(strcmp(buf_string(&out), stays[_i].text) == 0, "%s: %s",
                  stays[_i].name, buf_string(&out));
}
END_TEST

/* The arrays lie on the stack, of which a thread has not much. */
START_TEST(ends_with_the_stack)
{
    enum { LOOPS = 200, ROUNDS = 512, PADDING = 64 };
    struct buf in;
    struct buf out;
    buf_init(&in, &arena);
    buf_init(&out, &arena);
    buf_text(&in, FUNCTIONS);
    for (int i = 0; i < LOOPS; i++) {
        buf_format(&in, "static void w2c_fn%d_x(T* instance) {\n%s%s", i + 4,
                   HEAD("512") ELEMENT SUM, AFTER);
    }
    loop_sums_split(&out, buf_string(&in), OWN_GLOBALS);
    int split = 0;
    for (const char *p = buf_string(&out);
         (p = strstr(p, "  _Alignas(64) f32 ")) != NULL; p++) {
        split++;
    }
    ck_assert_int_eq(split, LOOP_SUMS_STACK_BYTES / (ROUNDS * 4 + PADDING));
}
END_TEST

/* Each line of the head is there for a reason. */
START_TEST(no_other_head)
{
    static const char text[] = BEFORE("32") ELEMENT SUM AFTER;
    static const struct {
        const char *from, *to;
    } changes[] = {
        {"w2c_i0 = 0u;", "w2c_i0 = 1u;"},
        {"w2c_i1 = 1u;", "w2c_i1 = 2u;"},
        {">= (s32)", "> (s32)"},
        {"(u32)((s32)w2c_i0 >= (s32)w2c_i1)", "w2c_i0 >= w2c_i1"},
        {"w2c_i0 += w2c_i1;", "w2c_i0 -= w2c_i1;"},
        {"  w2c_l3 = w2c_i0;\n  w2c_L1", "  w2c_l4 = w2c_i0;\n  w2c_L1"},
        {"goto w2c_L1;", "goto w2c_L2;"},
        {"goto w2c_B0;", "goto w2c_B7;"},
    };
    const char *at = strstr(text, changes[_i].from);
    ck_assert_ptr_nonnull(at);
    struct buf changed;
    struct buf out;
    buf_init(&changed, &arena);
    buf_init(&out, &arena);
    buf_format(&changed, "%.*s%s%s", (int)(at - text), text, changes[_i].to,
               at + strlen(changes[_i].from));
    loop_sums_split(&out, buf_string(&changed), OWN_GLOBALS);
    ck_assert_str_eq(buf_string(&out), buf_string(&changed));
}
END_TEST

Suite *test_suite(void)
{
    enum {
        SPLITS = sizeof(splits) / sizeof(splits[0]),
        STAYS = sizeof(stays) / sizeof(stays[0]),
        CHANGES = 8,
    };
    Suite *suite = suite_create("loop_sums");
    TCase *tests = tcase_create("loop_sums");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, is_split, 0, SPLITS);
    tcase_add_loop_test(tests, stays_whole, 0, STAYS);
    tcase_add_test(tests, ends_with_the_stack);
    tcase_add_loop_test(tests, no_other_head, 0, CHANGES);
    suite_add_tcase(suite, tests);
    return suite;
}
