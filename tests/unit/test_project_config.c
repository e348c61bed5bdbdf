/* SPDX-License-Identifier: MIT */
/* The @config lines of a project that the vectors do not reach. */
#include "project_bench.h"
#include "suite.h"

START_TEST(orders_assets_and_bindings_as_objects)
{
    ck_assert(lay_out(
        V1
        "note\n; @config bin.b.url u\n; @config bin.b.memories.z m:a\n"
        "; @config bin.b.memories.10 m:b\n; @config bin.b.memories.9 m:c\n"
        "; @config bin.b.memory m:d\n; @config bin.7.memory m:e\n"
        "; @config bin.7.url v\n; @config bin.none.memory m:f\n"
        "; @config midi.inputs.x.port 1\n; @config midi.inputs.x.callback f\n"
        "; @config midi.inputs.2.callback g\n; @config midi.inputs.2.port 0\n"
        "; @config midi.inputs.y.port 1\n; @config midi.inputs.y.callback f\n"
        "; @config midi.inputs.half.port 1\nnoteEnd\n"));
    static const char *const targets[] = {"m:e", "m:d", "m:c", "m:b", "m:a"};
    ck_assert_uint_eq(config.asset_count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        ck_assert_str_eq(config.assets[i].target, targets[i]);
    }
    ck_assert_uint_eq(config.assets[0].line, 8);
    ck_assert_uint_eq(config.midi_count, 2);
    ck_assert_str_eq(config.midi[0].callback, "g");
    ck_assert_str_eq(config.midi[1].callback, "f");
    ck_assert_uint_eq(config.notice_count, 0);
    ck_assert_int_eq(config.runtime, PROJECT_RUNTIME_NONE);
}
END_TEST

START_TEST(a_path_has_an_end)
{
    ck_assert(
        lay_out(repeat(V1 "note\n; @config bin", ".a", 31, " x\nnoteEnd\n")));
    ck_assert_uint_eq(config.value_count, 1);
    ck_assert(
        lay_out(repeat(V1 "note\n; @config bin", ".a", 32, " x\nnoteEnd\n")));
    ck_assert_uint_eq(config.value_count, 0);
    ck_assert_uint_eq(config.notice_count, 1);
}
END_TEST

START_TEST(counts_notices_beyond_its_limit)
{
    ck_assert(lay_out(repeat(V1 "note\n", "; @config no.such 1\n",
                             PROJECT_MAX_NOTICES + 5, "noteEnd\n")));
    ck_assert_uint_eq(config.notice_count, PROJECT_MAX_NOTICES);
    ck_assert_uint_eq(config.dropped_notices, 5);
    ck_assert_str_eq(
        project_notice_text("p.8f4e", &config.notices[1], &arena),
        "p.8f4e:4: @config no.such 1 is ignored: there is no such setting");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("project config");
    TCase *tcase = tcase_create("config");
    tcase_set_timeout(tcase, 30); /* limits are large, machines are busy */
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, orders_assets_and_bindings_as_objects);
    tcase_add_test(tcase, a_path_has_an_end);
    tcase_add_test(tcase, counts_notices_beyond_its_limit);
    suite_add_tcase(suite, tcase);
    return suite;
}
