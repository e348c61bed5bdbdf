/* SPDX-License-Identifier: MIT */
/* The hash map, compared with an array that is searched from end to end. */
#include "base/splitmix.h"
#include "base/u64map.h"
#include "fixture.h"
#include "suite.h"

START_TEST(an_empty_map_has_no_key)
{
    struct u64map map = {0};
    ck_assert_uint_eq(u64map_find(&map, 0), 0);
    u64map_clear(&map);
    ck_assert_uint_eq(u64map_find(&map, UINT64_MAX), 0);
    ck_assert_uint_eq(map.count, 0);
}
END_TEST

START_TEST(a_new_key_has_no_value)
{
    struct u64map map = {0};
    uint32_t *value = u64map_at(&map, 7, &arena);
    ck_assert_uint_eq(*value, 0);
    ck_assert_uint_eq(map.count, 1);
    *value = 3;
    ck_assert_ptr_eq(u64map_at(&map, 7, &arena), value);
    ck_assert_uint_eq(u64map_find(&map, 7), 3);
    ck_assert_uint_eq(map.count, 1);
}
END_TEST

/* What keys look like: dense, in steps of a power of two, in the high half,
 * pairs of small numbers, or random. */
static uint64_t make_key(int shape, uint32_t i, uint64_t *random)
{
    switch (shape) {
    case 0:
        return i;
    case 1:
        return (uint64_t)i << 12;
    case 2:
        return (uint64_t)i << 32;
    case 3:
        return u64map_pair(i / 64, i % 64);
    default:
        return splitmix_next64(random);
    }
}

START_TEST(finds_what_was_added_and_nothing_else)
{
    enum { KEYS = 5000 };
    static uint64_t keys[KEYS];
    struct u64map map = {0};
    uint64_t random = (uint64_t)_i + 1;
    for (uint32_t i = 0; i < KEYS; i++) {
        keys[i] = make_key(_i, i, &random);
        ck_assert_uint_eq(u64map_find(&map, keys[i]), 0);
        *u64map_at(&map, keys[i], &arena) = i + 1;
    }
    ck_assert_uint_eq(map.count, KEYS);
    for (uint32_t i = 0; i < KEYS; i++) {
        ck_assert_uint_eq(u64map_find(&map, keys[i]), i + 1);
        ck_assert_uint_eq(u64map_find(&map, ~keys[i]), 0);
    }
}
END_TEST

/* Few keys, so that most come again; cleared now and then. */
START_TEST(does_as_an_array_does)
{
    enum { STEPS = 200000, KEYS = 300, CLEARED_EVERY = 1000 };
    static uint32_t model[KEYS];
    struct u64map map = {0};
    uint64_t random = 1;
    uint32_t count = 0;
    for (int i = 0; i < STEPS; i++) {
        uint32_t key = splitmix_next32(&random) % KEYS;
        uint64_t spread = key * UINT64_C(0x100000001);
        uint32_t what = splitmix_next32(&random) % CLEARED_EVERY;
        if (what == 0) {
            u64map_clear(&map);
            memset(model, 0, sizeof(model));
            count = 0;
        } else if (what % 2 == 0) {
            uint32_t value = 1 + splitmix_next32(&random) % UINT32_MAX;
            count += model[key] == 0 ? 1 : 0;
            model[key] = value;
            *u64map_at(&map, spread, &arena) = value;
        }
        ck_assert_uint_eq(u64map_find(&map, spread), model[key]);
        ck_assert_uint_eq(map.count, count);
    }
}
END_TEST

/* The number of clears wraps around after 2^32; old keys stay away. */
START_TEST(old_keys_do_not_come_back)
{
    struct u64map map = {0};
    *u64map_at(&map, 1, &arena) = 1; /* stamped with the first of numbers */
    map.clears = UINT32_MAX - 1;
    *u64map_at(&map, 2, &arena) = 2; /* and with the last one */
    u64map_clear(&map);
    ck_assert_uint_eq(u64map_find(&map, 1), 0);
    ck_assert_uint_eq(u64map_find(&map, 2), 0);
    *u64map_at(&map, 3, &arena) = 3;
    ck_assert_uint_eq(u64map_find(&map, 1), 0);
    ck_assert_uint_eq(u64map_find(&map, 2), 0);
    ck_assert_uint_eq(u64map_find(&map, 3), 3);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("u64map");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, an_empty_map_has_no_key);
    tcase_add_test(tcase, a_new_key_has_no_value);
    tcase_add_loop_test(tcase, finds_what_was_added_and_nothing_else, 0, 5);
    tcase_add_test(tcase, does_as_an_array_does);
    tcase_add_test(tcase, old_keys_do_not_come_back);
    suite_add_tcase(suite, tcase);
    return suite;
}
