/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "translate/round_trips.h"

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
    const char *in;
    const char *out; /* NULL: as 'in' */
} cases[] = {
    {"nothing", "", NULL},
    {"to an integer and back",
     "  w2c_i1 = I32_TRUNC_SAT_S_F32(w2c_f1);\n  w2c_f1 = "
     "(f32)(s32)(w2c_i1);\n",
     "  w2c_f1 = F32_WHOLE(w2c_f1);\n"},
    {"to another place",
     "w2c_i0 = I32_TRUNC_SAT_S_F32(w2c_f3);\nw2c_f0 = (f32)(s32)(w2c_i0);\n",
     "w2c_f0 = F32_WHOLE(w2c_f3);\n"},
    {"newer names, and what is around",
     "a;\n var_i1 = I32_TRUNC_SAT_S_F32(var_f1);\n"
     "  var_f1 = (f32)(s32)(var_i1);\nb;\n",
     "a;\n  var_f1 = F32_WHOLE(var_f1);\nb;\n"},
    {"doubles",
     "w2c_i1 = I32_TRUNC_SAT_S_F64(w2c_d1);\nw2c_d1 = (f64)(s32)(w2c_i1);\n",
     "w2c_d1 = F64_WHOLE(w2c_d1);\n"},
    {"a local keeps the integer",
     "w2c_i1 = I32_TRUNC_SAT_S_F32(w2c_f1);\nw2c_l2 = w2c_i1;\n"
     "w2c_f1 = (f32)(s32)(w2c_i1);\n",
     NULL},
    {"another integer",
     "w2c_i1 = I32_TRUNC_SAT_S_F32(w2c_f1);\nw2c_f0 = (f32)(s32)(w2c_i0);\n",
     NULL},
    {"no sign on the way back",
     "w2c_i1 = I32_TRUNC_SAT_S_F32(w2c_f1);\nw2c_f1 = (f32)(w2c_i1);\n", NULL},
    {"no sign on the way there",
     "w2c_i1 = I32_TRUNC_SAT_U_F32(w2c_f1);\nw2c_f1 = (f32)(s32)(w2c_i1);\n",
     NULL},
    {"a conversion that traps",
     "w2c_i1 = I32_TRUNC_S_F32(w2c_f1);\nw2c_f1 = (f32)(s32)(w2c_i1);\n", NULL},
    {"back to another type",
     "w2c_i1 = I32_TRUNC_SAT_S_F32(w2c_f1);\nw2c_d1 = (f64)(s32)(w2c_i1);\n",
     NULL},
    {"of more than one thing",
     "w2c_i1 = I32_TRUNC_SAT_S_F32(w2c_f1);\n"
     "w2c_f1 = (f32)(s32)(w2c_i1) + w2c_f2;\n",
     NULL},
    {"the last line", "w2c_i1 = I32_TRUNC_SAT_S_F32(w2c_f1);\n", NULL},
};

START_TEST(round_trips)
{
    struct buf out;
    buf_init(&out, &arena);
    round_trips_join(&out, cases[_i].in);
    ck_assert_str_eq(buf_string(&out),
                     cases[_i].out != NULL ? cases[_i].out : cases[_i].in);
}
END_TEST

Suite *test_suite(void)
{
    enum { CASES = sizeof(cases) / sizeof(cases[0]) };
    Suite *suite = suite_create("round_trips");
    TCase *tests = tcase_create("round_trips");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, round_trips, 0, CASES);
    suite_add_tcase(suite, tests);
    return suite;
}
