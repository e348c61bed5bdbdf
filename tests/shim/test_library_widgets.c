/* SPDX-License-Identifier: MIT */
/* Parameters, views and pianos of a library. */
#include "library_patch.h"
#include "suite.h"

#include <math.h>
#include <string.h>

static const struct {
    int param;
    double share;
    bool is_good;
    double item, now; /* what is written, and where it stands then */
} moves[] = {
    {0, 0.0, true, -1.0, 0.0},         {0, 1.0, true, 3.0, 1.0},
    {0, 0.5, true, 1.0, 0.5},          {0, 0.55, true, 1.0, 0.5}, /* in steps */
    {0, -9.0, true, -1.0, 0.0},        {0, 9.0, true, 3.0, 1.0},
    {1, 1.0, true, 5.0, 1.0},          {1, 0.49, true, 3.0, 0.0},
    {2, 0.25, true, 0.75, 0.25},       {3, 0.5, true, 0x3f000000, 0.5},
    {-1, 0.0, false, 0.0, 0.0},        {4, 0.0, false, 0.0, 0.0},
    {0, (double)NAN, false, 0.0, 0.0},
};

START_TEST(moves_parameters)
{
    struct f4e_library_param about;
    double value = 0.0;
    double share = 4711.0;
    bool is_good = fake_param_set(patch, moves[_i].param, moves[_i].share);
    ck_assert(is_good == moves[_i].is_good);
    if (!is_good) {
        return;
    }
    ck_assert(fake_param(moves[_i].param, &about));
    ck_assert(fake_get(patch, about.item, 0, &value));
    ck_assert_double_eq(value, moves[_i].item);
    ck_assert(fake_param_get(patch, moves[_i].param, &share));
    ck_assert_double_eq(share, moves[_i].now);
    if (about.item2 >= 0) {
        ck_assert(fake_get(patch, about.item2, 0, &value));
        ck_assert_double_eq(value, 1.0 - moves[_i].item);
    }
}
END_TEST

START_TEST(describes_parameters_and_views)
{
    struct f4e_library_param param;
    struct f4e_library_view view;
    double share = 0.0;
    struct f4e_library_info info = fake_info();
    ck_assert_uint_eq(info.params, 4);
    ck_assert_uint_eq(info.views, 3);
    ck_assert(fake_param(1, &param));
    ck_assert_str_eq(param.kind, "switch");
    ck_assert_str_eq(param.name, "osc:i32");
    ck_assert_str_eq(param.module, "osc");
    ck_assert(param.lowest == 3.0 && param.highest == 5.0 &&
              param.item2 == -1 && param.order == 1);
    ck_assert(fake_view(1, &view));
    ck_assert_str_eq(view.kind, "wave");
    ck_assert_str_eq(view.format, "decimal");
    ck_assert_str_eq(view.name, "osc:at");
    ck_assert(view.lowest == -1.0 && view.highest == 1.0 && view.rows == 2 &&
              view.order == 4 && view.item == 11 && view.is_float);
    ck_assert(fake_view(2, &view) && view.first_key == 48 && !view.is_float);
    ck_assert(!fake_param(4, &param) && !fake_param(-1, &param));
    ck_assert(!fake_view(3, &view) && !fake_view(-1, &view));
    ck_assert(!fake_param_get(patch, 4, &share));
    /* A switch at neither value is not on. */
    store_i32(272, 4);
    ck_assert(fake_param_get(patch, 1, &share) && share == 0.0);
}
END_TEST

START_TEST(reads_views)
{
    float seen[8] = {0};
    uint32_t cursor = 0;
    ck_assert_uint_eq(fake_view_read(patch, 0, seen, 8, &cursor), 1);
    ck_assert(seen[0] == 276.0F && cursor == F4E_LIBRARY_NO_CURSOR);
    ck_assert_uint_eq(fake_view_read(patch, 0, seen, 0, NULL), 1);
    for (int i = 0; i < 4; i++) {
        float sample = (float)i / 4;
        memcpy(memory + 400 + 4 * i, &sample, sizeof(sample));
    }
    store_i32(300, 400);
    store_i32(272, 408);
    ck_assert_uint_eq(fake_view_read(patch, 1, seen, 2, &cursor), 4);
    ck_assert(seen[1] == 0.25F && seen[2] == 0.0F && cursor == 2);
    store_i32(300, LIBRARY_BYTES - 8);
    ck_assert_uint_eq(fake_view_read(patch, 1, seen, 8, NULL), 2);
    store_i32(300, -1);
    ck_assert_uint_eq(fake_view_read(patch, 1, seen, 8, &cursor), 0);
    ck_assert_uint_eq(cursor, F4E_LIBRARY_NO_CURSOR);
    ck_assert_uint_eq(fake_view_read(patch, 9, seen, 8, &cursor), 0);
    ck_assert_uint_eq(fake_view_read(patch, -1, NULL, 0, NULL), 0);
}
END_TEST

START_TEST(plays_the_piano)
{
    float held[4] = {0};
    store_i32(272, 0);
    for (int key = 60; key < 65; key++) {
        ck_assert(fake_piano(patch, 2, key, true));
    }
    ck_assert_uint_eq(fake_view_read(patch, 2, held, 4, NULL), 3);
    ck_assert(fake_piano(patch, 2, 60, false));
    ck_assert_uint_eq(fake_view_read(patch, 2, held, 4, NULL), 2);
    ck_assert(held[0] == 61.0F && held[1] == 62.0F);
    ck_assert(!fake_piano(patch, 2, 128, true));
    ck_assert(!fake_piano(patch, 1, 60, true));
    ck_assert(!fake_piano(patch, 3, 60, true));
    ck_assert_int_eq(load_i32(272), 2);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("library_widgets");
    TCase *tcase = tcase_create("library");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, moves_parameters, 0,
                        sizeof(moves) / sizeof(*moves));
    tcase_add_test(tcase, describes_parameters_and_views);
    tcase_add_test(tcase, reads_views);
    tcase_add_test(tcase, plays_the_piano);
    suite_add_tcase(suite, tcase);
    return suite;
}
