/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "suite.h"

#include "translate/branch_hints.h"

static const struct {
    const char *name;
    const char *in;
    const char *out;
} cases[] = {
    {"nothing", "", ""},
    {"an if without else is rare", "  if (w2c_i0) {\n    x;\n  }\n",
     "  F4E_RARELY_IF (w2c_i0) {\n    x;\n  }\n"},
    {"newer names", "if (var_i12) {\n}\n", "F4E_RARELY_IF (var_i12) {\n}\n"},
    {"an if with else is left alone",
     "if (w2c_i0) {\n  x;\n} else {\n  y;\n}\n",
     "if (w2c_i0) {\n  x;\n} else {\n  y;\n}\n"},
    {"the else belongs to the outer one",
     "if (w2c_i0) {\n  if (w2c_i1) {\n  }\n} else {\n}\n",
     "if (w2c_i0) {\n  F4E_RARELY_IF (w2c_i1) {\n  }\n} else {\n}\n"},
    {"the else belongs to the inner one",
     "if (w2c_i0) {\n  if (w2c_i1) {\n  } else {\n  }\n}\n",
     "F4E_RARELY_IF (w2c_i0) {\n  if (w2c_i1) {\n  } else {\n  }\n}\n"},
    {"an address guard holds", "w2c_i0 = w2c_i0 <= w2c_i1;\nif (w2c_i0) {\n}\n",
     "w2c_i0 = w2c_i0 <= w2c_i1;\nF4E_LIKELY_IF (w2c_i0) {\n}\n"},
    {"a guard with else holds",
     "w2c_i0 = w2c_i0 <= w2c_i1;\nif (w2c_i0) {\n} else {\n}\n",
     "w2c_i0 = w2c_i0 <= w2c_i1;\nF4E_LIKELY_IF (w2c_i0) {\n} else {\n}\n"},
    {"a comparison of floats is no guard",
     "w2c_i0 = w2c_f0 <= w2c_f1;\nif (w2c_i0) {\n} else {\n}\n",
     "w2c_i0 = w2c_f0 <= w2c_f1;\nif (w2c_i0) {\n} else {\n}\n"},
    {"a guard of another variable",
     "w2c_i1 = w2c_i0 <= w2c_i1;\nif (w2c_i0) {\n} else {\n}\n",
     "w2c_i1 = w2c_i0 <= w2c_i1;\nif (w2c_i0) {\n} else {\n}\n"},
    {"a signed comparison is no guard",
     "w2c_i0 = (u32)((s32)w2c_i0 <= (s32)w2c_i1);\nif (w2c_i0) {\n}\n",
     "w2c_i0 = (u32)((s32)w2c_i0 <= (s32)w2c_i1);\n"
     "F4E_RARELY_IF (w2c_i0) {\n}\n"},
    {"leaving a loop is rare", "if (w2c_i0) {\n  goto w2c_B0;\n}\n",
     "F4E_RARELY_IF (w2c_i0) {\n  goto w2c_B0;\n}\n"},
    {"repeating a loop is not", "if (w2c_i0) {\n  goto w2c_L1;\n}\n",
     "if (w2c_i0) {\n  goto w2c_L1;\n}\n"},
    {"other ifs stay", "if (a && b) {\n}\nif (w2c_i0) x;\n",
     "if (a && b) {\n}\nif (w2c_i0) x;\n"},
    {"unbalanced text is copied", "}\n}\n  {\n", "}\n}\n  {\n"},
    {"a last line without newline gets one", "x", "x\n"},
};

/* A function that folds its argument, and how often it is called; whether it is
 * marked. */
static const struct {
    const char *name;
    const char *block;
    int calls;
    bool is_marked;
} folds[] = {
    {"from many places", "w2c_f0 -= w2c_f1;\n  w2c_p0 = w2c_f0;\n", 6, false},
    {"a local, newer names", "var_f0 -= var_f1;\n  var_l0 = var_f0;\n", 6,
     false},
    {"from few places", "w2c_f0 -= w2c_f1;\n  w2c_p0 = w2c_f0;\n", 5, true},
    {"integers", "w2c_i0 -= w2c_i1;\n  w2c_p0 = w2c_i0;\n", 9, true},
    {"nothing is left", "w2c_f0 -= w2c_f1;\n", 9, true},
    {"a store", "f32_store(m, w2c_i0, w2c_f0);\n  w2c_p0 = w2c_f0;\n", 9, true},
    {"a call", "w2c_f0 = w2c_g(instance);\n  w2c_p0 = w2c_f0;\n", 9, true},
    {"leaving", "w2c_p0 = w2c_f0;\n  goto w2c_Bfunc;\n", 9, true},
};

START_TEST(folds_of_functions_that_many_call_have_no_hint)
{
    struct buf in;
    struct buf out;
    buf_init(&in, &arena);
    buf_init(&out, &arena);
    buf_format(&in,
               "static f32 fold(Z_t* instance, f32);\n\n"
               "static f32 fold(Z_t* instance, f32 w2c_p0) {\n"
               "  if (w2c_i0) {\n  %s  }\n}\n\nstatic void other(Z_t* i) {\n",
               folds[_i].block);
    for (int i = 0; i < folds[_i].calls; i++) {
        buf_format(&in, "  w2c_f0 = fold(instance, w2c_f0);\n");
    }
    buf_format(&in, "}\n");
    branch_hints_add(&out, buf_string(&in));
    ck_assert_msg((strstr(buf_string(&out), "F4E_RARELY_IF") != NULL) ==
                      folds[_i].is_marked,
                  "%s:\n%s", folds[_i].name, buf_string(&out));
}
END_TEST

START_TEST(a_store_elsewhere_in_the_function_counts)
{
    struct buf in;
    struct buf out;
    buf_init(&in, &arena);
    buf_init(&out, &arena);
    buf_format(&in, "f32 fold(Z_t* instance, f32 w2c_p0) {\n"
                    "  if (w2c_i0) {\n    w2c_p0 = w2c_f0;\n  }\n"
                    "  f32_store(m, w2c_i0, w2c_f0);\n}\nvoid o(Z_t* i) {\n");
    for (int i = 0; i < 9; i++) {
        buf_format(&in, "  fold(instance, 1);\n");
    }
    branch_hints_add(&out, buf_string(&in));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "F4E_RARELY_IF"));
}
END_TEST

START_TEST(hints_by_shape)
{
    struct buf out;
    buf_init(&out, &arena);
    branch_hints_add(&out, cases[_i].in);
    ck_assert_msg(strcmp(buf_string(&out), cases[_i].out) == 0, "%s:\n%s",
                  cases[_i].name, buf_string(&out));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("hints");
    TCase *tcase = tcase_create("shapes");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, hints_by_shape, 0,
                        sizeof(cases) / sizeof(cases[0]));
    tcase_add_loop_test(tcase, folds_of_functions_that_many_call_have_no_hint,
                        0, sizeof(folds) / sizeof(folds[0]));
    tcase_add_test(tcase, a_store_elsewhere_in_the_function_counts);
    suite_add_tcase(suite, tcase);
    return suite;
}
