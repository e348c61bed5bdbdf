/* SPDX-License-Identifier: MIT */
/* What a laid out project answers: constants of its environment, addresses by
 * name, widgets. */
#include "project_bench.h"
#include "suite.h"

static const char env_text[] =
    V1 "note\n; @config runtime AudioWorkletRuntime\n"
       "; @config audioRuntime.sampleRate 44100\n"
       "; @config bin.Kick.url a.wav\n; @config bin.Kick.memory m:data\n"
       "noteEnd\nentry main\nmodule m\nuse env\nint rate SAMPLE_RATE\n"
       "float[] out AUDIO_BUFFER_SIZE\nint8[] data 4\n%s\nmoduleEnd\n"
       "entryEnd\n";

START_TEST(env_is_made_up_when_it_is_missing)
{
    const struct project_asset_size sizes[] = {{"kick", 1234}};
    const char *text = arena_format(&arena, env_text, "int n ASSET_KICK_SIZE");
    ck_assert_msg(lay_out_assets(text, sizes, 1), "%s", diag.text);
    uint32_t rate = project_find_item(&project, "m:rate");
    uint32_t out = project_find_item(&project, "m:out");
    uint32_t size = project_find_item(&project, "m:n");
    ck_assert(project.declarations[rate].initial == 44100);
    ck_assert_uint_eq(project.items[out].count, 128);
    ck_assert(project.declarations[size].initial == 1234);
    ck_assert(project.env_rate_hz == 0);
}
END_TEST

START_TEST(a_missing_asset_size_says_what_to_type)
{
    const char *text = arena_format(&arena, env_text, "int n ASSET_KICK_SIZE");
    ck_assert(!lay_out(text));
    ck_assert_ptr_nonnull(strstr(diag.text, "unknown constant"));
    ck_assert_ptr_nonnull(strstr(diag.hint, "--asset Kick=FILE"));
    ck_assert_uint_eq(diag.line, 14);
}
END_TEST

START_TEST(finds_addresses_with_their_decorations)
{
    static const struct {
        const char *text; /* NULL: a number */
        double number;
        uint32_t address; /* PROJECT_NONE: not connected */
        bool is_elsewhere;
    } rows[] = {
        {"m:b", 0, 8, false},
        {"&m:b", 0, 8, false},
        {"m:b&", 0, 8, false},
        {"m:b[3]", 0, 8, false},
        {"&m:b[3]", 0, 8, false},
        {"m:&b", 0, 8, false},
        {"m:none", 0, PROJECT_NONE, false},
        {"x:b", 0, PROJECT_NONE, false},
        {"*m:b", 0, PROJECT_NONE, false},
        {NULL, 25, 100, false},
        {NULL, 0, 0, false},
        {NULL, 4e9, PROJECT_NONE, false},
        {"s:far", 0, PROJECT_NONE, true},
    };
    ck_assert(lay_out(V1 "entry main\nmodule m\nint a\nint[] b 4\nmoduleEnd\n"
                         "module s\n#region samples\nint far\nmoduleEnd\n"
                         "entryEnd\n"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct project_value value = {.text = rows[i].text,
                                      .number = rows[i].number};
        uint32_t address = PROJECT_NONE;
        uint32_t item = 0;
        bool is_found = project_find_address(&project, &value, &address, &item);
        ck_assert_msg(is_found == (rows[i].address != PROJECT_NONE), "row %zu",
                      i);
        ck_assert_msg(!is_found || address == rows[i].address, "row %zu: %u", i,
                      address);
        ck_assert_msg(
            (item != PROJECT_NONE) ==
                ((is_found && rows[i].text != NULL) || rows[i].is_elsewhere),
            "row %zu", i);
    }
}
END_TEST

START_TEST(widgets_find_their_items_or_say_so)
{
    ck_assert(lay_out(in_module("; @slider 0x&*v[3] 2 1\n; @slider v x 5 -1\n"
                                "; @slider n Infinity\n; @slider nope\n"
                                "; @slider\n; @button m:v 3 0\n"
                                "; @crossfade &n &v\nint n\nfloat v\n"
                                "int k ; @slider v")));
    ck_assert_uint_eq(project.param_count, 2);
    ck_assert(project.params[0].min == 0 && project.params[0].max == 5);
    ck_assert(project.params[0].step == 0);
    ck_assert_int_eq(project.params[1].kind, F4E_BUTTON);
    ck_assert(project.params[1].off == 3 && project.params[1].on == 1);
    ck_assert_uint_eq(project.param_lines[1], 9);
    ck_assert_uint_eq(project.notice_count, 5);
    ck_assert_ptr_nonnull(strstr(project.notices[2].text, "'m:nope'"));
    ck_assert_ptr_nonnull(strstr(project.notices[4].text, "'m:n' is no float"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("project layout");
    TCase *tcase = tcase_create("layout");
    tcase_set_timeout(tcase, 30); /* limits are large, machines are busy */
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, env_is_made_up_when_it_is_missing);
    tcase_add_test(tcase, a_missing_asset_size_says_what_to_type);
    tcase_add_test(tcase, finds_addresses_with_their_decorations);
    tcase_add_test(tcase, widgets_find_their_items_or_say_so);
    suite_add_tcase(suite, tcase);
    return suite;
}
