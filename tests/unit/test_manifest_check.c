/* SPDX-License-Identifier: MIT */
/* What is left of a manifest beside its module. */
#include "manifest_bench.h"

#include "suite.h"
#include "vector.h"

#include <math.h>

static const struct {
    const char *text;
    const char *notice; /* NULL: none */
    uint32_t items, params, midi;
} beside[] = {
    {ITEM("\"name\": \"a\", \"address\": 65532"), NULL, 1, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 65533"),
     "1 variable is left out: 'a' lies outside the module's memory", 0, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 4, \"memory\": 1"),
     "1 variable is left out: 'a' lies outside the module's memory", 0, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 4, \"count\": 2, \"capacity\": 4"),
     "1 variable is left out: 'a' has more elements than bytes", 0, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 4, \"count\": 4294967295"),
     "1 variable is left out: 'a' has more elements than bytes", 0, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 4}, {\"name\": \"a\", \"address\": 8"),
     "1 variable is left out: 'a' is there twice", 1, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 65536}, {\"name\": \"b\", "
          "\"address\": 4294967295"),
     "2 variables are left out: 'a' lies outside", 0, 0, 0},
    {M("\"items\": [{\"name\": \"a\", \"address\": 65536}], \"params\": "
       "[{\"kind\": \"slider\", \"item\": \"a\", \"where\": \"\\u001b\"}]"),
     "a slider is left out: its variable does not exist", 0, 0, 0},
    {M("\"items\": [{\"name\": \"a\", \"address\": 4, \"count\": 0}], "
       "\"params\": [{\"kind\": \"button\", \"item\": \"a\"}]"),
     "a button is left out: its variable has no element", 1, 0, 0},
    {M("\"items\": [{\"name\": \"b\", \"address\": 8}, {\"name\": \"a\", "
       "\"address\": 4}], \"params\": [{\"kind\": \"slider\", \"item\": "
       "\"b\"}]"),
     NULL, 2, 1, 0},
    {M("\"items\": [{\"name\": \"a\", \"address\": 65535, \"element\": "
       "\"i8\"}], \"params\": [{\"kind\": \"slider\", \"item\": \"a\", "
       "\"floatBits\": true}]"),
     "a slider is left out: its variable is too small for a float", 1, 0, 0},
    {M("\"midi\": [{\"port\": 0, \"callback\": \"note\"}]"), NULL, 0, 0, 1},
    {M("\"midi\": [{\"port\": 3, \"callback\": \"off\"}]"),
     "MIDI port 3: the module exports no function 'off'", 0, 0, 0},
    {M("\"keyboard\": {\"code\": 65533}"),
     "keyboard memory at byte 65533 lies outside memory 0", 0, 0, 0},
};

/* Views of 'a', eight floats at 65504 (the last ones of the memory), 'p', a
 * pointer to float, and 'n', an int. */
#define SHOW(members)                                                        \
    M("\"items\": [{\"name\": \"n\", \"address\": 8}, {\"name\": \"a\", "    \
      "\"address\": 65504, \"element\": \"f32\", \"count\": 8}, {\"name\": " \
      "\"p\", \"address\": 4, \"pointerDepth\": 1, \"pointee\": \"f32\"}, "  \
      "{\"name\": \"e\", \"address\": 16, \"count\": 0}], \"views\": "       \
      "[{" members "}]")

static const struct {
    const char *text;
    const char *fault; /* NULL: it stays */
} shown[] = {
    {SHOW("\"kind\": \"plot\", \"item\": \"a\""), NULL},
    {SHOW("\"kind\": \"plot\", \"item\": \"a\", \"count\": 8"), NULL},
    {SHOW("\"kind\": \"plot\", \"item\": \"a\", \"count\": 9"),
     "a plot is left out: its elements lie outside the module's memory"},
    {SHOW("\"kind\": \"bars\", \"item\": \"a\", \"count\": 4294967295"),
     "a bars is left out: its elements lie outside the module's memory"},
    {SHOW("\"kind\": \"wave\", \"item\": \"a\", \"index\": 4, "
          "\"count\": 4"),
     NULL},
    {SHOW("\"kind\": \"wave\", \"item\": \"a\", \"index\": 4, "
          "\"count\": 5"),
     "a wave is left out: its elements lie outside the module's memory"},
    {SHOW("\"kind\": \"watch\", \"item\": \"a\", \"index\": 7"), NULL},
    {SHOW("\"kind\": \"watch\", \"item\": \"a\", \"index\": 8"),
     "a watch is left out: its variable has no such element"},
    {SHOW("\"kind\": \"meter\", \"item\": \"e\""),
     "a meter is left out: its variable has no such element"},
    {SHOW("\"kind\": \"wave\", \"item\": \"p\", \"pointer\": true, "
          "\"count\": 4294967295"),
     NULL},
    {SHOW("\"kind\": \"wave\", \"item\": \"a\", \"pointer\": true"),
     "a wave is left out: its variable is no pointer"},
    {SHOW("\"kind\": \"plot\", \"item\": \"a\", \"countItem\": \"n\""), NULL},
    {SHOW("\"kind\": \"plot\", \"item\": \"a\", \"countItem\": \"a\""),
     "a plot is left out: its length is not in an integer"},
    {SHOW("\"kind\": \"plot\", \"item\": \"a\", \"countItem\": \"e\""),
     "a plot is left out: its length is not in an integer"},
    {SHOW("\"kind\": \"wave\", \"item\": \"a\", \"cursorItem\": \"p\""), NULL},
    {SHOW("\"kind\": \"wave\", \"item\": \"a\", \"cursorItem\": \"a\""),
     "a wave is left out: its cursor holds no address"},
    {SHOW("\"kind\": \"piano\", \"item\": \"a\", \"countItem\": \"n\""), NULL},
    {SHOW("\"kind\": \"piano\", \"item\": \"a\""),
     "a piano is left out: it has no int with the number of its keys"},
};

START_TEST(drops_views_that_do_not_fit)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert_msg(read_manifest(shown[_i].text), "%s: %s", shown[_i].text,
                  diag.text);
    manifest_check(&manifest, &module, &arena);
    ck_assert_msg(manifest.view_count == (shown[_i].fault == NULL), "%s",
                  shown[_i].text);
    ck_assert_uint_eq(manifest.notice_count, shown[_i].fault != NULL);
    if (shown[_i].fault != NULL) {
        ck_assert_str_eq(manifest.notices[0], shown[_i].fault);
        return;
    }
    /* The items were sorted: p, n, e, a. */
    const struct patch_view *view = &manifest.views[0];
    ck_assert(view->item == (view->is_pointee ? 0u : 3u));
    ck_assert(view->element == F4E_F32);
    ck_assert(view->count_item == F4E_NO_ITEM || view->count_item == 1);
    ck_assert(view->cursor_item == F4E_NO_ITEM || view->cursor_item == 0);
}
END_TEST

START_TEST(keeps_the_order_of_the_list)
{
    static const uint32_t orders[] = {3, 3, 9};
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert(read_manifest(
        M("\"items\": [{\"name\": \"m:a\", \"address\": 4}], \"views\": "
          "[{\"kind\": \"watch\", \"item\": \"m:a\", \"order\": 3}, "
          "{\"kind\": \"meter\", \"item\": \"m:a\", \"module\": \"\"}, "
          "{\"kind\": \"watch\", \"item\": \"m:a\", \"order\": 9, "
          "\"module\": \"x\"}]")));
    manifest_check(&manifest, &module, &arena);
    ck_assert_uint_eq(manifest.view_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(manifest.views[i].order, orders[i]);
    }
    ck_assert_str_eq(manifest.views[0].module, "m");
    ck_assert_str_eq(manifest.views[1].module, "");
    ck_assert_str_eq(manifest.views[2].module, "x");
    ck_assert(manifest.views[1].min == INT32_MIN &&
              manifest.views[1].max == INT32_MAX);
}
END_TEST

START_TEST(drops_what_does_not_hold_for_the_module)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert_msg(read_manifest(beside[_i].text), "%s: %s", beside[_i].text,
                  diag.text);
    manifest_check(&manifest, &module, &arena);
    ck_assert_msg(manifest.item_count == beside[_i].items &&
                      manifest.param_count == beside[_i].params &&
                      manifest.midi_count == beside[_i].midi,
                  "%s", beside[_i].text);
    if (beside[_i].notice == NULL) {
        ck_assert_uint_eq(manifest.notice_count, 0);
        return;
    }
    bool is_told = false;
    for (uint32_t i = 0; i < manifest.notice_count; i++) {
        is_told =
            is_told || strstr(manifest.notices[i], beside[_i].notice) != NULL;
    }
    ck_assert_msg(is_told, "%s: not said", beside[_i].notice);
}
END_TEST

START_TEST(sorts_items_and_keeps_controls_on_theirs)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert(read_manifest(
        M("\"items\": [{\"name\": \"c\", \"address\": 12}, {\"name\": \"x\", "
          "\"address\": 99999}, {\"name\": \"a\", \"address\": 4}, {\"name\": "
          "\"b\", \"address\": 8}], \"params\": [{\"kind\": \"crossfade\", "
          "\"item\": \"c\", \"item2\": \"a\"}]")));
    manifest_check(&manifest, &module, &arena);
    ck_assert_uint_eq(manifest.item_count, 3);
    ck_assert_str_eq(manifest.items[0].name, "a");
    ck_assert_str_eq(manifest.items[2].name, "c");
    ck_assert_uint_eq(manifest.params[0].item, 2);
    ck_assert_uint_eq(manifest.params[0].item2, 0);
    ck_assert_uint_eq(manifest_find_item(&manifest, "b"), 1);
    ck_assert_uint_eq(manifest_find_item(&manifest, "x"), UINT32_MAX);
}
END_TEST

/* JSON cannot hold them; a text can: @slider x 0 Infinity. */
START_TEST(drops_controls_without_a_finite_range)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert(read_manifest(
        M("\"items\": [{\"name\": \"a\", \"address\": 4}], "
          "\"params\": [{\"kind\": \"slider\", \"item\": \"a\"}]")));
    struct patch_param param = manifest.params[0];
    param.max = (double)INFINITY;
    manifest.params = &param;
    manifest_check(&manifest, &module, &arena);
    ck_assert_uint_eq(manifest.param_count, 0);
    ck_assert_str_eq(manifest.notices[0],
                     "a slider is left out: its range is not finite");
}
END_TEST

/* Nor these: module a<ESC>. */
START_TEST(drops_names_that_cannot_be_typed)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    const struct patch_item items[] = {
        {.name = "a\x1b:x",
         .type = "int",
         .address = 4,
         .count = 1,
         .capacity = 4,
         .element = F4E_I32},
        {.name = "a:y",
         .type = "int",
         .address = 8,
         .count = 1,
         .capacity = 4,
         .element = F4E_I32},
    };
    manifest = (struct manifest){.items = items, .item_count = 2};
    manifest_check(&manifest, &module, &arena);
    ck_assert_uint_eq(manifest.item_count, 1);
    ck_assert_str_eq(manifest.items[0].name, "a:y");
    ck_assert_str_eq(manifest.notices[0],
                     "1 variable is left out: 'a\\x1B:x' is no name to type");
}
END_TEST

START_TEST(names_functions_that_have_no_name)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert(read_manifest(
        M("\"functionNames\": [{\"function\": 2, \"name\": \"osc\"}, "
          "{\"function\": 3, \"name\": \"beyond\"}, {\"function\": 2, "
          "\"name\": \"again\"}]")));
    manifest_name_functions(&manifest, &module, &arena);
    ck_assert(wasm_name_equals(module.functions[2].debug_name, "osc"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("manifest_check");
    TCase *tests = tcase_create("manifest_check");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, drops_views_that_do_not_fit, 0,
                        sizeof(shown) / sizeof(shown[0]));
    tcase_add_test(tests, keeps_the_order_of_the_list);
    tcase_add_loop_test(tests, drops_what_does_not_hold_for_the_module, 0,
                        sizeof(beside) / sizeof(beside[0]));
    tcase_add_test(tests, sorts_items_and_keeps_controls_on_theirs);
    tcase_add_test(tests, drops_controls_without_a_finite_range);
    tcase_add_test(tests, drops_names_that_cannot_be_typed);
    tcase_add_test(tests, names_functions_that_have_no_name);
    suite_add_tcase(suite, tests);
    return suite;
}
