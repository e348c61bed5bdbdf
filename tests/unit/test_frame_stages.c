/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "frames/frame_stages.h"

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

static const uint64_t memory_bytes[] = {65536};
static const struct frame_stages_module module = {
    .memory_bytes = memory_bytes, .memory_count = 1, .own_globals = 2};

/* ---- Patches: modules, and the loop over a block's frames ---- */

#define FUNCTION(name, lines)                                               \
    "static void w2c_fn_" name "(T* instance) {\n"                          \
    "  u32 w2c_l0 = 0,\n      w2c_l1 = 0;\n  f32 w2c_l2 = 0, w2c_l3 = 0;\n" \
    "  FUNC_PROLOGUE;\n  u32 w2c_i0, w2c_i1, w2c_i2, w2c_i3;\n"             \
    "  f32 w2c_f0, w2c_f1;\n" lines "  FUNC_EPILOGUE;\n}\n"
#define CALL(name) "  w2c_fn_" name "(instance);\n"
#define FRAMES(rounds)                                                \
    "static void w2c_fn_buffer(T* instance) {\n  u32 w2c_l0 = 0;\n"   \
    "  u32 w2c_i0, w2c_i1;\n  w2c_i0 = 0u;\n  w2c_l0 = w2c_i0;\n"     \
    "  w2c_L1: \n    w2c_i0 = w2c_l0;\n    w2c_i1 = " rounds "u;\n"   \
    "    w2c_i0 = (u32)((s32)w2c_i0 >= (s32)w2c_i1);\n"               \
    "    if (w2c_i0) {\n      goto w2c_B0;\n    }\n"                  \
    "    w2c_i0 = w2c_l0;\n    w2c_i1 = 1u;\n    w2c_i0 += w2c_i1;\n" \
    "    w2c_l0 = w2c_i0;\n    w2c_fn_main(instance);\n"              \
    "    goto w2c_L1;\n  w2c_B0:;\n  FUNC_EPILOGUE;\n}\n"
#define SINE                                                                \
    "static f32 w2c_fn_sine(T* instance, f32 w2c_p0) {\n  f32 w2c_f0, "     \
    "w2c_f1;\n  w2c_f0 = w2c_p0;\n  w2c_f1 = 3;\n  w2c_i0 = w2c_f0 > "      \
    "w2c_f1;\n  if (w2c_i0) {\n    w2c_f0 = 0;\n    goto w2c_Bfunc;\n  }\n" \
    "  w2c_f1 = 2;\n" MULTIPLY MULTIPLY MULTIPLY MULTIPLY MULTIPLY MULTIPLY \
        MULTIPLY MULTIPLY MULTIPLY MULTIPLY MULTIPLY MULTIPLY               \
            MULTIPLY MULTIPLY                                               \
    "  w2c_Bfunc:;\n  FUNC_EPILOGUE;\n  return w2c_f0;\n}\n"
#define MULTIPLY "  w2c_f0 *= w2c_f1;\n"

#define READ(g) "  w2c_f0 = instance->w2c_g" g ";\n"
#define WRITE(g)                                                        \
    "  w2c_l2 = w2c_f0;\n  w2c_f0 = w2c_l2;\n  instance->w2c_g" g " = " \
    "w2c_f0;\n"
#define MORE             "  w2c_f1 = 0.25;\n  w2c_f0 += w2c_f1;\n"
#define CALL_SINE        "  w2c_f0 = w2c_fn_sine(instance, w2c_f0);\n"
/* What hangs on its last frame. */
#define PHASE(g)         READ(g) MORE WRITE(g)
/* g becomes the sine of another one. */
#define SINE_OF(from, g) READ(from) CALL_SINE WRITE(g)
/* Places of memory, from one to another, as ranges state them. */
#define AT(variable, first, last)                               \
    "  w2c_i1 = " first "u;\n  w2c_i2 = " last "u;\n"           \
    "  w2c_i3 = 0u;\n  " variable " = (*Z_f4eZ_i0)(instance->Z" \
    "_f4e_instance, " variable ", w2c_i1, w2c_i2, w2c_i3);\n"
#define LOAD(first, last)          \
    "  w2c_i0 = " first "u;\n" AT( \
        "w2c_i0", first, last) "  w2c_f0 = f32_load(F4E_M0, (u64)(w2c_i0));\n"
#define STORE(first, last)         \
    "  w2c_i0 = " first "u;\n" AT( \
        "w2c_i0", first, last) "  f32_store(F4E_M0, (u64)(w2c_i0), w2c_f0);\n"

#define PATCH(modules, calls) SINE modules FUNCTION("main", calls) FRAMES("256")
#define ONE(lines)            PATCH(FUNCTION("one", lines), CALL("one"))
#define TWO(one, other)                                  \
    PATCH(FUNCTION("one", one) FUNCTION("other", other), \
          CALL("one") CALL("other"))

static const char *stages_of(const char *text)
{
    struct buf out;
    buf_init(&out, &arena);
    frame_stages_split(&out, text, &module);
    return buf_string(&out);
}

START_TEST(an_oscillator)
{
    const char *out = stages_of(ONE(PHASE("7") SINE_OF("7", "8")));
    const char *expected =
        strstr(out, "static void f4e_part0(T* instance) {\n");
    ck_assert_ptr_nonnull(expected);
    static const char part[] =
        "static void f4e_part0(T* instance) {\n"
        "  u32 w2c_l0 = 0,\n      w2c_l1 = 0;\n  f32 w2c_l2 = 0, w2c_l3 = 0;\n"
        "  FUNC_PROLOGUE;\n  u32 w2c_i0, w2c_i1, w2c_i2, w2c_i3;\n"
        "  f32 w2c_f0, w2c_f1;\n" PHASE("7") "  FUNC_EPILOGUE;\n}\n";
    ck_assert_str_eq(arena_copy(&arena, expected, strlen(part)), part);
    static const char loops[] =
        "  {\n"
        "  _Alignas(64) f32 f4e_a7[129u];\n  _Alignas(64) f32 f4e_a8[129u];\n"
        "  for (u32 f4e_c = 0; f4e_c < 2u; f4e_c++) {\n"
        "  f4e_a7[0] = instance->w2c_g7;\n  f4e_a8[0] = instance->w2c_g8;\n"
        "  for (u32 f4e_n = 0; f4e_n < 128u; f4e_n++) {\n"
        "    f4e_part0(instance);\n"
        "    f4e_a7[f4e_n + 1u] = instance->w2c_g7;\n"
        "  }\n"
        "  F4E_WIDE for (u32 f4e_n = 0; f4e_n < 128u; f4e_n++) {\n"
        "    f32 f4e_v8;\n    {\n    const f32 f4e_r7 = f4e_a7[f4e_n + 1u];\n"
        "  u32 w2c_l0 = 0,\n      w2c_l1 = 0;\n  f32 w2c_l2 = 0, w2c_l3 = 0;\n"
        "  u32 w2c_i0, w2c_i1, w2c_i2, w2c_i3;\n"
        "  f32 w2c_f0, w2c_f1;\n"
        "    w2c_f0 = f4e_r7;\n"
        "    w2c_f0 = w2c_fn_sine(instance, w2c_f0);\n"
        "    w2c_l2 = w2c_f0;\n    w2c_f0 = w2c_l2;\n"
        "    f4e_v8 = w2c_f0;\n    }\n"
        "    f4e_a8[f4e_n + 1u] = f4e_v8;\n"
        "  }\n"
        "  instance->w2c_g7 = f4e_a7[128u];\n"
        "  instance->w2c_g8 = f4e_a8[128u];\n  }\n  }\n  w2c_l0 = 256u;\n"
        "  w2c_B0:;\n  FUNC_EPILOGUE;\n}\n";
    const char *found = strstr(out, "  {\n  _Alignas");
    ck_assert_ptr_nonnull(found);
    ck_assert_str_eq(found, loops);
    /* What nobody calls any more is gone. */
    ck_assert_ptr_null(strstr(out, "w2c_fn_one"));
    ck_assert_ptr_null(strstr(out, "w2c_fn_main"));
}
END_TEST

/* What the stages of a patch have, in this order. */
static const struct {
    const char *name;
    const char *text;
    const char *pieces[6];
} splits[] = {
    {"one sine makes the phase of another, and both are wide",
     TWO(PHASE("7") SINE_OF("7", "8"), SINE_OF("8", "9")),
     {"f4e_part0(instance);\n", "F4E_WIDE", "w2c_f0 = f4e_r7;",
      "f4e_v8 = ", "w2c_f0 = f4e_v8;", "f4e_v9 = "}},
    {"what comes before its writer reads the last frame",
     TWO(SINE_OF("7", "8"), PHASE("7")),
     {"f4e_part0(instance);\n    f4e_a7[f4e_n + 1u] = ", "F4E_WIDE",
      "f4e_r7 = f4e_a7[f4e_n];"}},
    {"a wide one that comes before a wide writer gets a loop of its own",
     TWO(SINE_OF("8", "9"), PHASE("7") SINE_OF("7", "8")),
     {"F4E_WIDE", "f4e_v8 = ", "F4E_WIDE", "f4e_r8 = f4e_a8[f4e_n];",
      "f4e_v9 = "}},
    {"what is carried on behind a wide one",
     TWO(PHASE("7") SINE_OF("7", "8"),
         READ("9") "  w2c_f1 = "
                   "instance->w2c_g8;\n  w2c_f0 += w2c_f1;\n" WRITE("9")),
     {"f4e_part0(instance);\n", "F4E_WIDE", "  }\n  for (u32",
      "instance->w2c_g8 = f4e_a8[f4e_n + 1u];\n    f4e_part1(instance);\n"}},
    {"a table that nobody writes",
     ONE(PHASE("7") LOAD("64", "124") CALL_SINE WRITE("8")),
     {"f4e_part0(instance);\n", "F4E_WIDE", "f32_load", "f4e_v8 ="}},
    {"a store of another place",
     ONE(PHASE("7") READ("7") STORE("200", "200") LOAD("64", "196")
             CALL_SINE WRITE("8")),
     {"f4e_part0(instance);\n", "F4E_WIDE", "f32_load", "f4e_v8 ="}},
    {"a block that surely writes, and one that may",
     ONE(PHASE("7") SINE_OF(
         "7",
         "8") "  w2c_f0 = instance->w2c_g8;\n"
              "  w2c_f1 = 1;\n  w2c_i0 = w2c_f0 > w2c_f1;\n  if (w2c_i0) {\n"
              "    w2c_f0 = 1;\n    instance->w2c_g8 = w2c_f0;\n  }\n"),
     {"f4e_part0(instance);\n", "F4E_WIDE", "f4e_v8 = w2c_f0;",
      "w2c_f0 = f4e_v8;", "f4e_v8 = w2c_f0;", "f4e_a8[f4e_n + 1u] = f4e_v8"}},
    {"a remainder that the language makes safe",
     ONE("  w2c_i0 = instance->w2c_g6;\n  w2c_i1 = instance->w2c_g5;\n"
         "  w2c_l0 = w2c_i1;\n  w2c_i1 = w2c_l0;\n  w2c_i1 = !(w2c_i1);\n"
         "  if (w2c_i1) {\n    w2c_i1 = 1u;\n  } else {\n"
         "    w2c_i1 = w2c_l0;\n  }\n  w2c_i0 = I32_REM_S(w2c_i0, w2c_i1);\n"
         "  instance->w2c_g6 = w2c_i0;\n" PHASE("7") SINE_OF("7", "8")),
     {"I32_REM_S", "f4e_part0(instance);\n", "F4E_WIDE", "f4e_v8 = "}},
    {"division by a constant",
     ONE("  w2c_i0 = instance->w2c_g6;\n  w2c_i1 = 3u;\n"
         "  w2c_i0 = I32_DIV_S(w2c_i0, w2c_i1);\n"
         "  instance->w2c_g6 = w2c_i0;\n" PHASE("7") SINE_OF("7", "8")),
     {"I32_DIV_S", "f4e_part0(instance);\n", "F4E_WIDE", "f4e_v8 = "}},
    {"jumps stay in a part that goes frame by frame",
     ONE("  w2c_f0 = instance->w2c_g7;\n  w2c_f1 = 1;\n"
         "  w2c_i0 = w2c_f0 > w2c_f1;\n  if (w2c_i0) {\n    goto w2c_B3;\n"
         "  }\n" PHASE("7") "  w2c_B3:;\n" SINE_OF("7", "8")),
     {"goto w2c_B3;", "w2c_B3:;\n  FUNC_EPILOGUE;", "f4e_part0(instance);\n",
      "F4E_WIDE", "f4e_v8 = "}},
};

START_TEST(is_split)
{
    const char *out = stages_of(splits[_i].text);
    const char *at = out;
    for (int i = 0; i < 6 && splits[_i].pieces[i] != NULL; i++) {
        at = strstr(at, splits[_i].pieces[i]);
        ck_assert_msg(at != NULL, "%s: no '%s' in %s", splits[_i].name,
                      splits[_i].pieces[i], out);
        at++;
    }
}
END_TEST

#define OSCILLATOR PHASE("7") SINE_OF("7", "8")

/* Patches that stay as they are. */
static const struct {
    const char *name;
    const char *text;
} stays[] = {
    {"nothing", ""},
    {"nothing for many frames", ONE(PHASE("7") PHASE("8"))},
    {"little for many frames", ONE(PHASE("7") READ("7") MORE WRITE("8"))},
    {"a sine that goes back to its phase",
     TWO(PHASE("7") SINE_OF("7", "8"),
         READ("8") "  w2c_f1 = instance->w2c_g7;\n  w2c_f0 += w2c_f1;\n" WRITE(
             "7"))},
    {"a sine of itself", ONE(PHASE("7") SINE_OF("8", "8"))},
    {"a circle of two modules", TWO(SINE_OF("8", "7"), SINE_OF("7", "8"))},
    {"a sine in some frames, which stays in the others",
     ONE(PHASE("7") "  w2c_i0 = instance->w2c_g6;\n  if (w2c_i0) {\n" SINE_OF(
         "7", "8") "  }\n")},
    {"a table that another module writes",
     TWO(PHASE("7") READ("7") STORE("64", "64"),
         LOAD("32", "96") CALL_SINE STORE("96", "96"))},
    {"a store", ONE(PHASE("7") READ("7") CALL_SINE STORE("64", "128"))},
    {"a load from anywhere",
     ONE(OSCILLATOR "  w2c_i0 = w2c_l1;\n  w2c_f0 = f32_load(F4E_M0, "
                    "(u64)(w2c_i0));\n" WRITE("9"))},
    {"a load that may leave the memory",
     ONE(OSCILLATOR LOAD("64", "65533") WRITE("9"))},
    {"a load behind a branch whose sides know other addresses",
     ONE(OSCILLATOR
         "  w2c_i0 = instance->w2c_g6;\n  if (w2c_i0) {\n    w2c_i0 = 64u;\n"
         "  }\n  w2c_f0 = f32_load(F4E_M0, (u64)(w2c_i0));\n" WRITE("9"))},
    {"a trap", ONE(OSCILLATOR "  UNREACHABLE;\n")},
    {"a division", ONE(OSCILLATOR "  w2c_i0 = instance->w2c_g6;\n  w2c_i1 = "
                                  "instance->w2c_g5;\n  w2c_i0 = "
                                  "I32_REM_S(w2c_i0, w2c_i1);\n  "
                                  "instance->w2c_g6 = w2c_i0;\n")},
    {"a division whose divisor was tested, and then changed",
     ONE(OSCILLATOR "  w2c_i0 = instance->w2c_g6;\n  w2c_i1 = w2c_l0;\n"
                    "  w2c_i1 = !(w2c_i1);\n  if (w2c_i1) {\n    w2c_i1 = 1u;\n"
                    "  } else {\n    w2c_i1 = w2c_l1;\n  }\n"
                    "  w2c_i0 = I32_REM_S(w2c_i0, w2c_i1);\n"
                    "  instance->w2c_g6 = w2c_i0;\n")},
    {"a quotient that may be too large",
     ONE(OSCILLATOR "  w2c_i0 = instance->w2c_g6;\n  w2c_i1 = w2c_l0;\n"
                    "  w2c_i1 = !(w2c_i1);\n  if (w2c_i1) {\n    w2c_i1 = 1u;\n"
                    "  } else {\n    w2c_i1 = w2c_l0;\n  }\n"
                    "  w2c_i0 = I32_DIV_S(w2c_i0, w2c_i1);\n"
                    "  instance->w2c_g6 = w2c_i0;\n")},
    {"a call of what is defined nowhere",
     ONE(OSCILLATOR "  w2c_fn_far(instance);\n")},
    {"a function that may trap",
     PATCH("static f32 w2c_fn_bad(T* instance, f32 w2c_p0) {\n"
           "  f32 w2c_f0;\n  UNREACHABLE;\n  return w2c_f0;\n}\n" FUNCTION(
               "one", OSCILLATOR READ("9") "  w2c_f0 = w2c_fn_bad(instance, "
                                           "w2c_f0);\n" WRITE("9")),
           CALL("one"))},
    {"a way out of the function", ONE("  return;\n" OSCILLATOR)},
    {"a module that is called twice",
     PATCH(FUNCTION("one", OSCILLATOR), CALL("one") CALL("one"))},
    {"a loop that does more than to call",
     PATCH(FUNCTION("one", OSCILLATOR), CALL("one") READ("9") WRITE("10"))},
    {"a global of the module itself", ONE(OSCILLATOR READ("9") WRITE("1"))},
    {"a block of which no chunk is a part",
     SINE FUNCTION("one", OSCILLATOR) FUNCTION("main", CALL("one"))
         FRAMES("441")},
    {"a text that ends too early", "  w2c_L1: \n"},
};

START_TEST(stays_whole)
{
    ck_assert_msg(strcmp(stages_of(stays[_i].text), stays[_i].text) == 0,
                  "%s: %s", stays[_i].name, stages_of(stays[_i].text));
}
END_TEST

/* A local that one statement leaves to a later one holds them together. */
START_TEST(locals_hold_together)
{
    const char *out =
        stages_of(ONE(READ("7") MORE "  w2c_l2 = w2c_f0;\n" SINE_OF(
            "9", "8") "  w2c_f0 = w2c_l3;\n  instance->w2c_g7 = w2c_f0;\n"));
    ck_assert_ptr_null(strstr(out, "F4E_WIDE"));
}
END_TEST

/* A patch of so many sines of one phase. */
static const char *many_sines(int count)
{
    struct buf in;
    buf_init(&in, &arena);
    buf_text(&in, SINE "static void w2c_fn_one(T* instance) {\n");
    for (int i = 0; i < count; i++) {
        buf_format(&in,
                   "  w2c_f0 = instance->w2c_g7;\n" CALL_SINE
                   "  instance->w2c_g%d = w2c_f0;\n",
                   i + 10);
    }
    buf_text(&in, PHASE("7") "}\n" FUNCTION("main", CALL("one")) FRAMES("256"));
    return buf_string(&in);
}

/* Arrays lie on the stack, of which a thread has not much: chunks become
 * shorter, and in the end there are none. */
static const struct {
    int sines;
    const char *chunk;
} stacks[] = {{20, "f4e_n < 128u"}, {60, "f4e_n < 64u"}, {120, "f4e_n < 32u"}};

START_TEST(ends_with_the_stack)
{
    const char *out = stages_of(many_sines(stacks[_i].sines));
    ck_assert_ptr_nonnull(strstr(out, stacks[_i].chunk));
}
END_TEST

START_TEST(has_no_stack_for_all)
{
    const char *in = many_sines(900);
    ck_assert_str_eq(stages_of(in), in);
}
END_TEST

Suite *test_suite(void)
{
    enum {
        SPLITS = sizeof(splits) / sizeof(splits[0]),
        STAYS = sizeof(stays) / sizeof(stays[0]),
        STACKS = sizeof(stacks) / sizeof(stacks[0]),
    };
    Suite *suite = suite_create("frame_stages");
    TCase *tests = tcase_create("stages");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, an_oscillator);
    tcase_add_loop_test(tests, is_split, 0, SPLITS);
    tcase_add_loop_test(tests, stays_whole, 0, STAYS);
    tcase_add_test(tests, locals_hold_together);
    tcase_add_loop_test(tests, ends_with_the_stack, 0, STACKS);
    tcase_add_test(tests, has_no_stack_for_all);
    suite_add_tcase(suite, tests);
    return suite;
}
