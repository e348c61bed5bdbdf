/* SPDX-License-Identifier: MIT */
#include "panel/view.h"

#include "common/element.h"
#include "control/list.h"
#include "fake_patch.h"
#include "json_check.h"
#include "panel/param_value.h"
#include "panel/view_text.h"
#include "program.h"
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Views of the fake patch; fake_names.h. */
enum {
    VIEW_DECIMAL,
    VIEW_HEX,
    VIEW_BINARY,
    VIEW_ADDRESS,
    VIEW_LAST,
    VIEW_POINTEE,
    VIEW_LIVE,
    VIEW_CURSOR,
    VIEW_BYTES,
    VIEW_PIANO,
};

enum {
    STEPS = FAKE_PANEL + 4, /* panel:steps, the live length */
    POINTER = FAKE_TABLE + 448,
    FLOATS = FAKE_TABLE + 320,
    HELD = FAKE_TABLE + 453, /* the piano's count */
    KEYS = FAKE_TABLE + 256,
};

static void store(uint32_t at, const void *bytes, size_t size)
{
    memcpy(f4e_patch.memories[0].data + at, bytes, size);
}

static void store_i32(uint32_t at, int32_t value)
{
    store(at, &value, sizeof(value));
}

static void store_f32(uint32_t at, float value)
{
    store(at, &value, sizeof(value));
}

static void set_up(void)
{
    memset(f4e_patch.memories[0].data, 0, FAKE_MEMORY_BYTES);
}

static struct view_run run_of(unsigned view)
{
    return view_run(&f4e_patch, &f4e_patch.views[view]);
}

static const struct {
    unsigned view;
    int32_t pointer, length;
    uint32_t address, count;
} runs[] = {
    {VIEW_DECIMAL, 0, 0, FAKE_PANEL, 1},
    {VIEW_ADDRESS, 0, 0, FAKE_TABLE + 134, 0},
    {VIEW_LAST, 0, 0, FAKE_TABLE + 140, 0},
    {VIEW_POINTEE, 8, 0, 8, 1},
    {VIEW_POINTEE, 65532, 0, 65532, 1},
    {VIEW_POINTEE, 65533, 0, 65533, 0},
    {VIEW_POINTEE, 65536, 0, 65536, 0},
    {VIEW_POINTEE, -4, 0, 4294967292U, 0},
    {VIEW_POINTEE, INT32_MIN, 0, 2147483648U, 0},
    {VIEW_LIVE, 0, 3, FLOATS, 3},
    {VIEW_LIVE, 0, 0, FLOATS, 0},
    {VIEW_LIVE, 0, -1, FLOATS, 0},
    {VIEW_LIVE, 0, INT32_MIN, FLOATS, 0},
    {VIEW_LIVE, 0, INT32_MAX, FLOATS, (FAKE_MEMORY_BYTES - FLOATS) / 4},
    {VIEW_BYTES, 65530, 4, 65530, 4},
    {VIEW_BYTES, 65530, 100, 65530, 6},
    {VIEW_BYTES, 0, 70000, 0, 65536},
    {VIEW_BYTES, -1, 1, 4294967295U, 0},
};

START_TEST(finds_the_run)
{
    store_i32(POINTER, runs[_i].pointer);
    store_i32(STEPS, runs[_i].length);
    const struct view_run run = run_of(runs[_i].view);
    ck_assert_uint_eq(run.address, runs[_i].address);
    ck_assert_uint_eq(run.count, runs[_i].count);
    ck_assert_uint_eq(run.cursor, VIEW_NO_CURSOR);
    ck_assert(run.count == 0 ||
              run.data == f4e_patch.memories[0].data + run.address);
}
END_TEST

static const struct {
    int32_t at;
    uint32_t cursor;
} cursors[] = {
    {FLOATS, 0},      {FLOATS + 3, 0},  {FLOATS + 4, 1},
    {FLOATS + 28, 7}, {FLOATS + 32, 7}, {FLOATS - 4, 0},
    {INT32_MAX, 7},   {0, 0},           {-1, 7},
};

/* Within the run, as the editor draws it. */
START_TEST(keeps_the_cursor_in_the_run)
{
    store_i32(POINTER, cursors[_i].at);
    ck_assert_uint_eq(run_of(VIEW_CURSOR).cursor, cursors[_i].cursor);
    struct f4e_view view = f4e_patch.views[VIEW_CURSOR];
    view.is_cursor_address = true;
    ck_assert_uint_eq(view_run(&f4e_patch, &view).cursor, 7);
    view.count_item = 9;
    ck_assert_uint_eq(view_run(&f4e_patch, &view).cursor, VIEW_NO_CURSOR);
}
END_TEST

START_TEST(a_piano_shows_no_more_than_its_array)
{
    static const int32_t counts[][2] = {{0, 0}, {3, 3},         {8, 8},
                                        {9, 8}, {INT32_MAX, 8}, {-5, 0}};
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        store_i32(HELD, counts[i][0]);
        ck_assert_uint_eq(run_of(VIEW_PIANO).count, (unsigned)counts[i][1]);
    }
}
END_TEST

/* Whatever the memory holds, and whatever the table says about it: sanitizers
 * watch the reads. */
START_TEST(never_leaves_the_memory)
{
    enum { ROUNDS = 400 };
    srand((unsigned)_i);
    for (int round = 0; round < ROUNDS; round++) {
        struct f4e_view view = f4e_patch.views[rand() % 11];
        uint8_t noise[8];
        view.element = (enum f4e_element)(rand() % ELEMENT_COUNT);
        view.is_pointee = rand() % 2 != 0;
        view.item = rand() % 2 != 0 ? 23 : 24;
        view.count_item = rand() % 2 != 0 ? 9 : F4E_NO_ITEM;
        view.count = rand() % 3 == 0 ? UINT32_MAX : (uint32_t)rand() % 9;
        for (size_t i = 0; i < sizeof(noise); i++) {
            noise[i] =
                (uint8_t)(rand() % 4 == 0 ? rand() : 0xff * (rand() & 1));
        }
        store(POINTER, noise, 4);
        store(STEPS, noise + 4, 4);
        const struct view_run run = view_run(&f4e_patch, &view);
        ck_assert((uint64_t)run.address +
                          (uint64_t)run.count * element_bytes(run.element) <=
                      FAKE_MEMORY_BYTES ||
                  run.count == 0);
        ck_assert(run.cursor == VIEW_NO_CURSOR || run.cursor < run.count);
        if (run.count > 0) {
            (void)view_element(&run, 0);
            (void)view_element(&run, run.count - 1);
        }
    }
}
END_TEST

START_TEST(writes_watches_as_the_editor_does)
{
    char text[VIEW_TEXT_MAX];
    static const struct {
        unsigned view;
        const char *text;
    } texts[] = {{VIEW_DECIMAL, "-0.2500"},
                 {VIEW_HEX, "be 80 00 00"},
                 {VIEW_BINARY, "-101"},
                 {VIEW_ADDRESS, "8326"},
                 {VIEW_LAST, "8332"}};
    store_f32(FAKE_PANEL, -0.25F);
    store_i32(STEPS, -5);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        const struct view_run run = run_of(texts[i].view);
        view_text(&f4e_patch.views[texts[i].view], &run, text);
        ck_assert_str_eq(text, texts[i].text);
    }
    store_i32(STEPS, INT32_MIN);
    struct view_run run = run_of(VIEW_BINARY);
    view_text(&f4e_patch.views[VIEW_BINARY], &run, text);
    ck_assert_str_eq(text, "-10000000000000000000000000000000");
    store_i32(STEPS, 0);
    view_text(&f4e_patch.views[VIEW_BINARY], &run, text);
    ck_assert_str_eq(text, "0");
    store_i32(POINTER, -1);
    run = run_of(VIEW_POINTEE);
    view_text(&f4e_patch.views[VIEW_POINTEE], &run, text);
    ck_assert_str_eq(text, "-");
    /* The longest: a double of all digits. */
    const double most = -1.7976931348623157e308;
    store(FAKE_TABLE + 384, &most, sizeof(most));
    struct f4e_view view = f4e_patch.views[VIEW_DECIMAL];
    view.item = 22;
    view.element = F4E_F64;
    run = view_run(&f4e_patch, &view);
    view_text(&view, &run, text);
    ck_assert_str_eq(text + strlen(text) - 5, ".0000");
}
END_TEST

static const struct {
    double min, max, value, level;
} levels[] = {
    {-1, 1, 0.5, 0.5},  {-1, 1, -0.5, 0.5}, {-1, 1, -3, 1},
    {-2, 1, 1, 0.5},    {0, 1, 0.25, 0.25}, {0, 1, -1, 0},
    {0, 1, 2, 1},       {10, 20, 15, 0.5},  {1, 1, 5, 0},
    {1, 0, 0.25, 0.75}, {-4, -2, -3, 0.5},  {-1, 1, (double)NAN, 0},
};

START_TEST(measures_levels)
{
    const struct f4e_view view = {.min = levels[_i].min, .max = levels[_i].max};
    ck_assert(view_level(&view, levels[_i].value) == levels[_i].level);
}
END_TEST

START_TEST(lists_views)
{
    struct program_result result =
        program_run(NULL, NULL,
                    "--views --set panel:steps=5 --set panel:cut=0.5 --set "
                    "table:f32=1,2,3,4,5 --set table:pointer=&table:f32 --set "
                    "table:i32=60,64 --set table:odd=2");
    ck_assert_msg(result.status == 0 && result.err[0] == '\0', "%s",
                  result.err);
    static const char *const lines[] = {
        "panel:cut       watch  0.5000\n",
        "panel:cut       watch  3f 00 00 00\n",
        "panel:steps     watch  101\n",
        "&table:i16[3]   watch  8326\n",
        "table:i16&      watch  8332\n",
        "*table:pointer  meter  1\n",
        "table:f32       plot   5: 1 2 3 4 ...\n",
        "table:f32       wave   8: 1 2 3 4 ...\n",
        "*table:pointer  bars   5: 0 0 128 63 ...\n",
        "table:i32       piano  2: 60 64\n",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        ck_assert_msg(strstr(result.out, lines[i]) != NULL, "no %s in %s",
                      lines[i], result.out);
    }
    result = program_run(NULL, NULL, "--views x*");
    ck_assert_int_eq(result.status, 2);
    ck_assert_ptr_nonnull(strstr(result.err, "no view matches 'x*'"));
}
END_TEST

START_TEST(writes_json)
{
    struct program_result result = program_run(
        NULL, NULL,
        "--views --json --set table:pointer=&table:f32 --set table:f32=nan");
    ck_assert_msg(result.status == 0 && json_check(result.out) == NULL, "%s",
                  result.out);
    ck_assert_msg(
        strstr(result.out,
               "{\"kind\": \"wave\", \"item\": \"table:f32\", \"element\": "
               "\"f32\", \"cursorItem\": \"table:pointer\", "
               "\"cursorAddress\": false, \"min\": -1, \"max\": 1, \"rows\": "
               "2, \"module\": \"table\", \"order\": 15, \"address\": 8512, "
               "\"count\": 8, \"cursor\": 0, \"current\": [\"nan\", 0, ") !=
            NULL,
        "%s", result.out);
    result = program_run(NULL, NULL, "--views --json panel:steps");
    ck_assert_msg(
        strcmp(result.out,
               "{\n  \"views\": [\n    {\"kind\": \"watch\", \"item\": "
               "\"panel:steps\", \"element\": \"i32\", \"format\": "
               "\"binary\", \"rows\": 1, \"module\": \"panel\", \"order\": "
               "10, \"address\": 2604, \"count\": 1, \"text\": \"0\", "
               "\"current\": [0]}\n  ]\n}\n") == 0,
        "%s", result.out);
    result = program_run(getenv("FAKE_NAMELESS"), NULL, "--views --json");
    ck_assert_msg(result.status == 0 && json_check(result.out) == NULL, "%s",
                  result.out);
}
END_TEST

/* As the editor's mouse moves a slider, whatever its range. */
static const struct {
    double min, max, step;
    double share;
    double value;
} moves[] = {
    {0, 2, 0, 0.25, 0.5},
    {0, 2, 0.5, 0.3, 0.5},
    {0, 2, 0.5, 0.375, 1}, /* a tie goes up */
    {-2, 0, 0.5, 0.375, -1},
    {0, 1, 0.4, 1, 1}, /* the third step is beyond the end */
    {0, 1, 5, 0.4, 0},
    {0, 1, 5, 0.6, 0},
    {0, 1, 1e308, 1, 0},
    {0, 2, -1, 0.5, 1},
    {1, 1, 0.1, 0.5, 1},
    {0, 1, 0, -3, 0},
    {0, 1, 0, 3, 1},
    /* Upside down the lower end wins. */
    {2, 1, 0, 0, 2},
    {2, 1, 0, 0.5, 2},
    {2, 1, 0.1, 1, 2},
};

START_TEST(moves_sliders_as_the_editor_does)
{
    const struct f4e_param slider = {.kind = F4E_SLIDER,
                                     .min = moves[_i].min,
                                     .max = moves[_i].max,
                                     .step = moves[_i].step};
    ck_assert_double_eq(param_at(&slider, moves[_i].share), moves[_i].value);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("view");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, set_up, NULL);
    tcase_add_loop_test(tcase, finds_the_run, 0, sizeof(runs) / sizeof(*runs));
    tcase_add_loop_test(tcase, keeps_the_cursor_in_the_run, 0,
                        sizeof(cursors) / sizeof(*cursors));
    tcase_add_test(tcase, a_piano_shows_no_more_than_its_array);
    tcase_add_loop_test(tcase, never_leaves_the_memory, 0, 20);
    tcase_add_test(tcase, writes_watches_as_the_editor_does);
    tcase_add_loop_test(tcase, measures_levels, 0,
                        sizeof(levels) / sizeof(*levels));
    tcase_add_loop_test(tcase, moves_sliders_as_the_editor_does, 0,
                        sizeof(moves) / sizeof(*moves));
    tcase_add_test(tcase, lists_views);
    tcase_add_test(tcase, writes_json);
    suite_add_tcase(suite, tcase);
    return suite;
}
