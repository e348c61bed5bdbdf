/* SPDX-License-Identifier: MIT */
#include "options/options.h"

#include "options/options_internal.h"
#include "options_line.h"
#include "suite.h"

#include <string.h>

static const struct {
    const char *line;
    const char *text; /* part of the message */
    const char *hint;
} bad[] = {
    {"--devise x", "unknown option '--devise'", "did you mean --device?"},
    {"--rendr=x", "unknown option '--rendr'", "did you mean --render?"},
    {"--dumm", "unknown option '--dumm'", "did you mean --dummy?"},
    {"--render=none --block 5", "unknown option '--block'",
     "did you mean --blocks?"},
    {"--bl 5", "unknown option '--bl'", "did you mean --blocks?"},
    {"--li", "unknown option '--li'", "did you mean --list?"},
    {"--qui", "unknown option '--qui'", "did you mean --quiet?"},
    {"--state-by", "unknown option '--state-by'",
     "did you mean --state-by-name?"},
    {"--xyzzy", "unknown option '--xyzzy'", "--help"},
    {"-x", "unknown option '-x'", "--help"},
    {"-qx", "unknown option '-x'", ""},
    {"--device", "--device needs a value", ""},
    {"--quiet=yes", "--quiet takes no value", ""},
    {"extra", "unexpected argument 'extra'", ""},
    {"--format u8", "--format is 'u8', not one of f32, s32", ""},
    {"--on-trap panic", "not one of stop, reset, silence", ""},
    {"--denormals on", "not one of flush, ieee", ""},
    {"--period 0", "--period is 0, not between 1 and 65536", ""},
    {"--period -1", "not a whole number", ""},
    {"--periods 2x", "not a whole number", ""},
    {"--blocks 99999999999999999999", "--blocks is", ""},
    {"--blocks 1 --frames 1", "only one of --frames, --cycles, --seconds", ""},
    {"--seconds nan", "not a number of seconds", ""},
    {"--seconds -1", "not a number of seconds", ""},
    {"--seconds 1e300", "not a number of seconds", ""},
    {"--render x.wav", "--render needs one of", "--seconds 10"},
    {"--render x --blocks 1 --format s32", "f32, s24 or s16", ""},
    {"--input x.wav", "--input needs --render", ""},
    {"--latency none", "not one of ultra, low, safe", ""},
    {"--dither on", "not one of none, tpdf", ""},
    {"--xrun stop", "not one of keep, skip", ""},
    {"--rt-prio 100", "--rt-prio is 100, not between 0 and 99", ""},
    {"--keyboard --render x --blocks 1", "--render and --keyboard exclude", ""},
    {"--run-entry nothing", "the patch exports no function 'nothing'",
     "--info lists"},
    {"--reset-state", "--reset-state needs --state or --load-state", ""},
    {"--state-by-name --save-state s", "--state-by-name needs --state", ""},
    {"--state s --load-state s", "--state and --load-state exclude", ""},
    {"--state s --save-state s", "--state and --save-state exclude", ""},
    {"--wait-device=x", "not a whole number", ""},
    {"--stats=0", "--stats is 0, not between 1 and 86400", ""},
    {"--start-at noon", "--start-at is 'noon', no time", "+10s"},
    {"--start-at 24:00", "no time", ""},
    {"--start-at 20:60", "no time", ""},
    {"--start-at 20:00:60", "no time", ""},
    {"--start-at 20:00:", "no time", ""},
    {"--start-at 20:00:00.", "no time", ""},
    {"--start-at 2100-01-01T20:00:00+1", "no time", "+01:00"},
    {"--start-at 2100-12-31T23:59:60Z", "no time", ""},
    {"--start-at 2100-02-29T20:00:00Z", "no time", ""},
    {"--start-at 2100-13-01T20:00:00Z", "no time", ""},
    {"--start-at 2100-00-01T20:00:00Z", "no time", ""},
    {"--start-at 2100-01-00T20:00:00Z", "no time", ""},
    {"--start-at 2100-01-01T20:00:00+15:00", "no time", ""},
    {"--start-at 2100-01-01T20:00:00Zx", "no time", ""},
    {"--start-at +10", "no time", ""},
    {"--start-at +s", "no time", ""},
    {"--start-at +9999999s", "no time", ""},
    {"--start-at 12", "no time", ""},
    {"--start-at 99999999999", "no time", ""},
    {"--start-at 2000-01-01T00:00:00Z", "which was", "--start-at +10s"},
    {"--start-at 2000-01-01T00:00:00", "in this machine's zone", ""},
    {"--start-at 946684800", "which was", ""},
    {"--start-at +1s --render x --blocks 1", "--render and --start-at exclude",
     ""},
    {"--no-connect", "--no-connect needs --device jack", ""},
    {"--in-device jack", "--in-device jack needs --device jack", ""},
    {"--device jack --in-device hw:0", "--device jack and --in-device exclude",
     ""},
    {"--device jack --format s16", "--device jack and --format exclude", ""},
    {"--device jack --dither tpdf", "--device jack and --dither exclude", ""},
    {"--device jack --resample", "--device jack and --resample exclude", ""},
    {"--device jack:", "is no client's name: 1 to 63 bytes", "--device jack"},
    {"--device jack:a:b", "is no client's name: 1 to 63 bytes", ""},
    {"--device "
     "jack:0123456789012345678901234567890123456789012345678901234567890123",
     "is no client's name: 1 to 63 bytes", ""},
    {"--fade 10001", "not between 0 and 10000", ""},
    {"--max-xruns 4294967296", "not between 0 and 4294967295", ""},
    {"--out-map x", "pair 1 is not", "--out-map L:2,R:3"},
    {"--out-map L:0,", "pair 2 is not", ""},
    {"--out-map L:0,R", "pair 2 is not", ""},
    {"--out-map L:0;R:1", "pair 1 is not", ""},
    {"--out-map 2:0", "a channel of the patch's 2", ""},
    {"--out-map L:64", "a channel below 64", ""},
    {"--out-map L:9999", "pair 1 is not", ""},
    {"--out-map L:1,R:1", "channel 1 of the device is there twice", ""},
    {"--in-map R:0", "a channel of the patch's 1", ""},
    {"--in-map L:0,L:1", "channel 0 of the patch is there twice", ""},
    {"--render x --blocks 1 --record y", "exclude", ""},
    {"--render x --blocks 1 --dummy", "exclude", ""},
    {"--render x --blocks 1 --meter", "exclude", ""},
    {"--input-raw x", "--input-raw needs --render", ""},
    {"--render x --blocks 1 --input a --input-raw b", "exclude", ""},
    {"--json",
     "--json needs --info, --list, --params, --views, --list-devices or "
     "--list-midi",
     ""},
    {"--set", "--set needs a value", ""},
    {"--load", "--load needs a value", ""},
    {"--list --params", "--list and --params exclude each other", ""},
    {"--views --list", "--list and --views exclude each other", ""},
    {"--params --views", "--params and --views exclude each other", ""},
    {"--list a b", "unexpected argument 'b'", "in quotes"},
    {"--list=a b", "unexpected argument 'b'", ""},
    {"--watch-rate 2", "--watch-rate needs --watch", ""},
    {"--watch x --watch-rate 0", "--watch-rate is 0, not between 1 and 1000",
     ""},
    {"--watch x --render - --blocks 1",
     "--render - and --watch both write to standard output", ""},
    {"--watch x --record -",
     "--record - and --watch both write to standard output", ""},
    {"--control - --control a --control b --control c --control d",
     "more than 4 of --control", ""},
    {"--control unix --control-replies",
     "--control-replies needs --control with a pipe; a socket always answers",
     "--control - --control-replies"},
    {"--control - --control-replies --watch x",
     "--watch and --control-replies both write to standard output", ""},
    {"--control - --midi-raw -",
     "--control - and --midi-raw - exclude each other", ""},
    {"--script - --midi -", "--script - and --midi - exclude each other", ""},
    {"--render x --blocks 1 --script - --input -",
     "--script - and --input - exclude each other", ""},
    {"--render x --blocks 1 --midi - --input-raw -",
     "--midi - and --input-raw - exclude each other", ""},
    {"--control - --record -",
     "--record - and --control both write to standard output", ""},
    {"--control - --render x --blocks 1",
     "--control changes a patch that plays, not a render", "--script FILE"},
    {"-q -v", "exclude each other", ""},
};

START_TEST(rejects_a_bad_line)
{
    struct options options;
    struct failure failure;
    ck_assert_msg(!parse(bad[_i].line, &options, &failure), "%s", bad[_i].line);
    ck_assert_int_eq(failure.status, STATUS_USAGE);
    ck_assert_msg(strstr(failure.text, bad[_i].text) != NULL, "%s: '%s'",
                  bad[_i].line, failure.text);
    ck_assert_msg(strstr(failure.hint, bad[_i].hint) != NULL, "%s: '%s'",
                  bad[_i].line, failure.hint);
}
END_TEST

START_TEST(has_the_documented_defaults)
{
    struct options options;
    struct failure failure;
    ck_assert(parse("", &options, &failure));
    ck_assert_str_eq(options.device, "default");
    ck_assert_uint_eq(options.period_frames, 128);
    ck_assert_uint_eq(options.periods, 4);
    ck_assert(options.is_flushing && !options.has_format);
    ck_assert_int_eq(options.on_trap, TRAP_STOP);
    ck_assert_uint_eq(options.frame_limit, UINT64_MAX);
    ck_assert_ptr_null(options.in_device);
    ck_assert_ptr_null(options.record);
    ck_assert(!options.is_dithering && !options.is_resampling);
    ck_assert(!options.is_input_off && !options.is_dummy);
    ck_assert(!options.is_stats && !options.is_meter);
    ck_assert_uint_eq(options.out_map.count + options.in_map.count, 0);
    ck_assert_int_eq(options.xrun_policy, XRUN_KEEP);
    ck_assert_uint_eq(options.max_xruns, 0);
    ck_assert_int_eq(options.wait_device_s, -1);
    ck_assert_uint_eq(options.fade_ms, 0);
    ck_assert_uint_eq(options.rt_prio, 70);
}
END_TEST

START_TEST(turns_limits_into_frames)
{
    static const struct {
        const char *line;
        uint64_t frames;
    } limits[] = {
        {"--frames 5", 5},  {"--blocks 3", 384},
        {"--blocks 0", 0},  {"--seconds 0.5", 24000},
        {"--seconds 0", 0}, {"--seconds 1e1", 480000},
    };
    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
        struct options options;
        struct failure failure;
        ck_assert(parse(limits[i].line, &options, &failure));
        ck_assert_msg(options.frame_limit == limits[i].frames, "%s",
                      limits[i].line);
    }
}
END_TEST

START_TEST(takes_every_option)
{
    struct options options;
    struct failure failure;
    ck_assert_msg(parse("--device hw:1 --period 64 --periods 3 --format s24 "
                        "--denormals ieee --on-trap silence --script s "
                        "--render - --input i.wav --blocks 2 "
                        "--dump-memory m -v",
                        &options, &failure),
                  "%s", failure.text);
    ck_assert_str_eq(options.device, "hw:1");
    ck_assert_uint_eq(options.period_frames, 64);
    ck_assert_uint_eq(options.periods, 3);
    ck_assert_int_eq(options.format, FORMAT_S24_3); /* packed in a file */
    ck_assert(!options.is_flushing && options.is_verbose);
    ck_assert_int_eq(options.on_trap, TRAP_SILENCE);
    ck_assert_str_eq(options.script, "s");
    ck_assert_str_eq(options.render, "-");
    ck_assert_str_eq(options.input, "i.wav");
    ck_assert_str_eq(options.dump_memory, "m");
    ck_assert(parse("--format s24", &options, &failure));
    ck_assert_int_eq(options.format, FORMAT_S24);
}
END_TEST

START_TEST(takes_every_option_of_playing)
{
    struct options options;
    struct failure failure;
    ck_assert_msg(parse("--in-device hw:2 --dither tpdf --out-map L:2,1:3,L:0 "
                        "--in-map 0:5 --resample --xrun skip --max-xruns 9 "
                        "--wait-device --fade 10 --rt-prio 0 --dummy --stats "
                        "--stats-json j --meter --record r --input off",
                        &options, &failure),
                  "%s", failure.text);
    ck_assert_str_eq(options.in_device, "hw:2");
    ck_assert_str_eq(options.stats_json, "j");
    ck_assert_str_eq(options.record, "r");
    ck_assert_ptr_null(options.input);
    ck_assert(options.is_dithering && options.is_resampling);
    ck_assert(options.is_input_off && options.is_dummy);
    ck_assert(options.is_stats && options.is_meter && options.stats_s == 0);
    ck_assert_uint_eq(options.out_map.count, 3);
    static const unsigned char pairs[3][2] = {{0, 2}, {1, 3}, {0, 0}};
    for (int i = 0; i < 3; i++) {
        ck_assert_uint_eq(options.out_map.pairs[i].patch, pairs[i][0]);
        ck_assert_uint_eq(options.out_map.pairs[i].device, pairs[i][1]);
    }
    ck_assert_uint_eq(options.in_map.count, 1);
    ck_assert_uint_eq(options.in_map.pairs[0].device, 5);
    ck_assert_int_eq(options.xrun_policy, XRUN_SKIP);
    ck_assert_uint_eq(options.max_xruns, 9);
    ck_assert_int_eq(options.wait_device_s, 0);
    ck_assert_uint_eq(options.fade_ms, 10);
    ck_assert_uint_eq(options.rt_prio, 0);
    ck_assert(parse("--wait-device=7 --stats=2", &options, &failure));
    ck_assert_int_eq(options.wait_device_s, 7);
    ck_assert_uint_eq(options.stats_s, 2);
    ck_assert(parse("--list-devices --json", &options, &failure));
    ck_assert(options.is_listing && options.is_json);
}
END_TEST

START_TEST(takes_every_option_of_names)
{
    struct options options;
    struct failure failure;
    ck_assert_msg(parse("--set a:b=1 --load c=d --set e=2 --control - --watch "
                        "a,b --watch-rate 5 --script s",
                        &options, &failure),
                  "%s", failure.text);
    ck_assert_uint_eq(options.setting_count, 3);
    ck_assert_str_eq(options.settings[0].text, "a:b=1");
    ck_assert_str_eq(options.settings[1].text, "c=d");
    ck_assert(!options.settings[0].is_load && options.settings[1].is_load);
    ck_assert_str_eq(options.controls[0], "-");
    ck_assert_str_eq(options.watch, "a,b");
    ck_assert_uint_eq(options.watch_hz, 5);
    ck_assert(!options.is_list && !options.is_params);
    static const struct {
        const char *line;
        bool is_list;
        const char *pattern;
    } lists[] = {{"--list", true, NULL},    {"--list=x", true, "x"},
                 {"--list x", true, "x"},   {"x --list --json", true, "x"},
                 {"--params", false, NULL}, {"--params x --json", false, "x"}};
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        ck_assert_msg(parse(lists[i].line, &options, &failure), "%s",
                      failure.text);
        ck_assert(options.is_list == lists[i].is_list);
        ck_assert(options.is_params != lists[i].is_list);
        ck_assert_pstr_eq(options.pattern, lists[i].pattern);
    }
}
END_TEST

START_TEST(takes_so_many_settings)
{
    static struct options options;
    struct failure failure = {0};
    for (int i = 0; i < SETTINGS_MAX; i++) {
        ck_assert(options_add_setting(&options, false, "x=1", &failure));
    }
    ck_assert(!options_add_setting(&options, true, "x=1", &failure));
    ck_assert_str_eq(failure.text, "more than 256 of --set and --load");
    ck_assert_ptr_nonnull(strstr(failure.hint, "--script FILE"));
    ck_assert_uint_eq(options.setting_count, SETTINGS_MAX);
}
END_TEST

START_TEST(resolves_the_latency)
{
    static const struct {
        const char *line;
        unsigned period_frames;
        unsigned periods;
    } rows[] = {
        {"--latency ultra", 128, 2},
        {"--latency low", 128, 4},
        {"--latency safe", 512, 4},
        {"--period 64 --latency safe", 64, 4},
        {"--latency safe --periods 3", 512, 3},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct options options;
        struct failure failure;
        ck_assert(parse(rows[i].line, &options, &failure));
        ck_assert_msg(options.period_frames == rows[i].period_frames &&
                          options.periods == rows[i].periods,
                      "%s: %u x %u", rows[i].line, options.period_frames,
                      options.periods);
    }
}
END_TEST

START_TEST(knows_a_jack_server)
{
    static const struct {
        const char *device;
        const char *client; /* NULL: it is not one */
    } devices[] = {{"jack", "fake \"ramp\""},
                   {"jack:one", "one"},
                   {"jackson", NULL},
                   {"plug:jack", NULL}};
    struct options options;
    struct failure failure;
    char line[64];
    for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++) {
        (void)snprintf(line, sizeof(line), "--device %s", devices[i].device);
        ck_assert_msg(parse(line, &options, &failure), "%s", failure.text);
        ck_assert_msg(options.is_jack == (devices[i].client != NULL), "%s",
                      line);
        if (options.is_jack) {
            ck_assert_str_eq(options.jack_client, devices[i].client);
        }
    }
}
END_TEST

/* Its own name, short enough for a second client of it, and whole characters.
 */
START_TEST(a_long_name_is_cut_between_characters)
{
    static const struct {
        const char *name;
        size_t bytes;
    } names[] = {
        {"0123456789012345678901234567890123456789012345678901234567", 58},
        {"01234567890123456789012345678901234567890123456789012345678901", 59},
        {"012345678901234567890123456789012345678901234567890123456\xc3\xbc",
         59},
        {"0123456789012345678901234567890123456789012345678901234567\xc3\xbc",
         58},
        {"012345678901234567890123456789012345678901234567890123456"
         "\xe2\x99\xab\xe2\x99\xab",
         57},
    };
    struct f4e_patch patch = f4e_patch;
    struct options options;
    struct failure failure;
    char *argv[] = {(char[]){"fake"}, (char[]){"--device=jack"}, NULL};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        patch.name = names[i].name;
        ck_assert(options_parse(&options, &patch, 2, argv, &failure));
        ck_assert_uint_eq(strlen(options.jack_client), names[i].bytes);
        ck_assert_mem_eq(options.jack_client, names[i].name, names[i].bytes);
    }
}
END_TEST

/* For a patch without MIDI and keys, that may become one with both. */
static const struct {
    const char *line;
    bool is_good; /* for versions: a finished patch takes none of them */
} meant_for_later[] = {
    {"--midi-in Launchkey", true},    {"--midi-in 2=Launchkey", true},
    {"--midi-raw virtual", true},     {"--require-midi", true},
    {"--midi-out Synth", true},       {"--midi-out 15=Synth", true},
    {"--midi-out 16=Synth", false},   {"--midi-out song.mid", true},
    {"--midi-out-raw virtual", true}, {"--keyboard=tty", true},
    {"--midi song.mid", false},       {"--run-entry later", false},
};

START_TEST(takes_what_a_later_version_may_have)
{
    const struct f4e_patch bare = {
        .name = "bare", .sample_rate = 48000, .block_frames = 128};
    struct options options;
    struct failure failure;
    const char *line = meant_for_later[_i].line;
    ck_assert_msg(!parse_by(options_parse, &bare, line, &options, &failure),
                  "%s", line);
    ck_assert_int_eq(failure.status, STATUS_USAGE);
    ck_assert_msg(parse_by(options_parse_versions, &bare, line, &options,
                           &failure) == meant_for_later[_i].is_good,
                  "%s: %s", line, failure.text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, rejects_a_bad_line, 0,
                        sizeof(bad) / sizeof(*bad));
    tcase_add_test(tcase, has_the_documented_defaults);
    tcase_add_test(tcase, turns_limits_into_frames);
    tcase_add_test(tcase, takes_every_option);
    tcase_add_test(tcase, takes_every_option_of_playing);
    tcase_add_test(tcase, takes_every_option_of_names);
    tcase_add_test(tcase, takes_so_many_settings);
    tcase_add_test(tcase, resolves_the_latency);
    tcase_add_test(tcase, knows_a_jack_server);
    tcase_add_test(tcase, a_long_name_is_cut_between_characters);
    tcase_add_loop_test(tcase, takes_what_a_later_version_may_have, 0,
                        sizeof(meant_for_later) / sizeof(*meant_for_later));
    suite_add_tcase(suite, tcase);
    return suite;
}
