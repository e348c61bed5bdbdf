/* SPDX-License-Identifier: MIT */
#include "common/print.h"
#include "control/list.h"
#include "control/names.h"
#include "f4e_patch.h"
#include "fake_patch.h"
#include "json_check.h"
#include "program.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The line of the output that starts with a name, blanks reduced to one. */
static const char *line_of(const struct program_result *result,
                           const char *name)
{
    static char line[512];
    char start[128];
    size_t used = 0;
    (void)snprintf(start, sizeof(start), "\n%s ", name);
    const char *at = strstr(result->out, start);
    ck_assert_msg(at != NULL, "no %s in: %s", name, result->out);
    for (++at; *at != '\n' && used < sizeof(line) - 1; at++) {
        if (*at != ' ' || at[-1] != ' ') {
            line[used++] = *at;
        }
    }
    line[used] = '\0';
    return line;
}

START_TEST(shows_defaults_and_what_was_set)
{
    struct program_result result =
        program_run(NULL, NULL,
                    "--list --set amp:gain=0.25 --set table:i16=1,-2,3 --set "
                    "table:f64[1]=1e300 --set table:odd=-7 --set far:gain=nan");
    ck_assert_msg(result.status == 0 && result.err[0] == '\0', "%s",
                  result.err);
    ck_assert_str_eq(line_of(&result, "amp:gain"),
                     "amp:gain 0x4 float 1 1 0.25");
    ck_assert_str_eq(line_of(&result, "table:i16"),
                     "table:i16 0x2080 int16[] 8 0 0 0 0 ... 1 -2 3 0 ...");
    ck_assert_str_eq(line_of(&result, "table:f64"),
                     "table:f64 0x2180 float64[] 8 0 0 0 0 ... 0 1e+300 0 0 "
                     "...");
    ck_assert_str_eq(line_of(&result, "table:odd"),
                     "table:odd 0x21c5 int 1 0 -7");
    ck_assert_str_eq(line_of(&result, "far:gain"),
                     "far:gain scratch:0x8 float 1 1.0158336e-34 nan");
    /* The asset, loaded after initDefaults. */
    ck_assert_str_eq(line_of(&result, "drum:data"),
                     "drum:data 0x40 int8u[] 8 97 115 115 101 ... 97 115 115 "
                     "101 ...");
}
END_TEST

static unsigned count_lines(const char *text)
{
    unsigned lines = 0;
    for (; *text != '\0'; text++) {
        lines += *text == '\n';
    }
    return lines;
}

static const struct {
    const char *arguments;
    unsigned lines; /* the titles among them */
} patterns[] = {
    {"--list panel:*", 8},
    {"--list=panel:*", 8},
    {"--list *:gain", 3},
    {"--list table:[iu]8", 3},
    {"--list osc:offset", 2},
    {"--list offset", 2},
    {"--list table:i16", 3},
    {"--list table:i16[3]", 2},
    {"--list table:none", 2},
    {"--list big:data", 502},
    {"panel:cut --list", 2},
    {"--list -q --blocks 1 ?mp:gain", 2},
    {"--params", 9},
    {"--params panel:[ps]*", 4},
    {"--list --dummy a=b:c=d", 2},
};

START_TEST(shows_what_matches)
{
    struct program_result result =
        program_run(NULL, NULL, patterns[_i].arguments);
    ck_assert_msg(result.status == 0 && result.err[0] == '\0', "%s",
                  result.err);
    ck_assert_msg(count_lines(result.out) == patterns[_i].lines ||
                      result.out_bytes >= sizeof(result.out),
                  "%s: %s", patterns[_i].arguments, result.out);
}
END_TEST

static const struct {
    const char *program; /* in the environment */
    const char *arguments;
    const char *message;
} bad[] = {
    {"FAKE_STEREO", "--list x*", "no name matches 'x*'\n"},
    {"FAKE_STEREO", "--list amp:gian",
     "the patch has no variable 'amp:gian'\nstereo: hint: did you mean "
     "amp:gain?\n"},
    {"FAKE_STEREO", "--list gain", "2 variables are called 'gain'"},
    {"FAKE_STEREO", "--list @4:f32", "no name matches '@4:f32'"},
    {"FAKE_STEREO", "--list a b",
     "unexpected argument 'b'\nstereo: hint: "
     "--list 'module:*', in quotes\n"},
    {"FAKE_STEREO", "a", "unexpected argument 'a'\n"},
    {"FAKE_STEREO", "--list --params", "--list and --params exclude"},
    {"FAKE_STEREO", "--params amp:*",
     "no slider, button, switch or crossfade "
     "matches 'amp:*'"},
    {"FAKE_NAMELESS", "--list",
     "the patch has no variables with names\nnameless: "
     "hint: f4e-build patch.wasm --project "
     "patch.8f4e\n"},
    {"FAKE_NAMELESS", "--set x=1",
     "'x': the patch has no variables with names"},
    {"FAKE_NAMELESS", "--watch x:y --render r --blocks 1",
     "--watch: 'x:y': the patch has no variables with names"},
};

START_TEST(says_why_it_shows_nothing)
{
    struct program_result result =
        program_run(getenv(bad[_i].program), NULL, bad[_i].arguments);
    ck_assert_int_eq(result.status, 2);
    ck_assert_msg(strstr(result.err, bad[_i].message) != NULL, "%s: %s",
                  bad[_i].arguments, result.err);
}
END_TEST

START_TEST(shows_an_array_in_full)
{
    struct program_result result = program_run(
        NULL, NULL, "--list table:u16 --set table:u16=1,2,3,4,5,6,7,65535");
    ck_assert_ptr_nonnull(strstr(result.out, "\n[0] 1 2 3 4 5 6 7 65535\n"));
}
END_TEST

START_TEST(writes_json)
{
    struct program_result result = program_run(
        NULL, NULL, "--list --json --set amp:gain=-inf --set keys:note=5");
    ck_assert_int_eq(result.status, 0);
    result = program_run(NULL, NULL,
                         "--list [ak]*:* --json --set amp:gain=-inf --set "
                         "keys:note=5");
    ck_assert_msg(json_check(result.out) == NULL, "%s", result.out);
    ck_assert_ptr_nonnull(
        strstr(result.out, "{\"name\": \"amp:gain\", \"type\": \"float\", "
                           "\"element\": \"f32\", \"memory\": 0, "
                           "\"address\": 4, \"count\": 1, \"default\": 1, "
                           "\"current\": \"-inf\"}"));
    ck_assert_ptr_nonnull(
        strstr(result.out, "\"default\": 0, \"current\": 5}"));
    /* An array has its first values, or alone all. */
    result = program_run(NULL, NULL, "--list big:* --json");
    ck_assert_msg(json_check(result.out) == NULL, "%s", result.out);
    ck_assert_uint_lt(result.out_bytes, 400);
    result = program_run(NULL, NULL, "--list big:data --json");
    ck_assert_uint_gt(result.out_bytes, (size_t)(2 * 3 * FAKE_BIG_COUNT));
    result = program_run(NULL, NULL, "--list table:i8[2] --json");
    ck_assert_msg(json_check(result.out) == NULL, "%s", result.out);
    ck_assert_ptr_nonnull(strstr(result.out, "\"default\": 0,"));
}
END_TEST

/* A cut name could not be typed again. */
START_TEST(shows_long_names_in_full)
{
    enum { LONGEST = 1024 };
    static char name[LONGEST + 1];
    static char out[2 * LONGEST];
    struct failure failure = {0};
    struct place place;
    memset(name, 'n', LONGEST);
    const struct f4e_item item = {name, "int[]", 0, 4, 2, 8, F4E_I32, true};
    struct f4e_patch patch = f4e_patch;
    patch.items = &item;
    patch.item_count = 1;
    FILE *file = fmemopen(out, sizeof(out), "w");
    ck_assert(file != NULL && names_find(&patch, name, &place, &failure));
    list_print_place(&patch, &place, 2, file);
    (void)fclose(file);
    ck_assert_uint_eq(strspn(out, "n"), LONGEST);
    uint8_t *defaults = list_remember(&patch, &failure);
    struct json json;
    file = fmemopen(out, sizeof(out), "w");
    ck_assert(file != NULL && defaults != NULL);
    json_init(&json, file, 0);
    json_open(&json, '{');
    ck_assert(list_write(&patch, defaults, NULL, &json, &failure));
    json_close(&json, '}');
    (void)fclose(file);
    free(defaults);
    ck_assert_uint_eq(strspn(strstr(out, ":\"n") + 2, "n"), LONGEST);
}
END_TEST

START_TEST(lists_widgets)
{
    struct program_result result =
        program_run(NULL, NULL,
                    "--params --set panel:cut=60% --set panel:bits=-0.5 --set "
                    "panel:play=toggle --set panel:left=50%");
    ck_assert_msg(result.status == 0 && result.err[0] == '\0', "%s",
                  result.err);
    ck_assert_str_eq(line_of(&result, "panel:cut"),
                     "panel:cut slider 0.5 0 to 1 in steps of 0.25");
    ck_assert_str_eq(line_of(&result, "panel:steps"),
                     "panel:steps slider 0 0 to 127");
    ck_assert_str_eq(line_of(&result, "panel:bits"),
                     "panel:bits slider -0.5 -1 to 1");
    ck_assert_str_eq(line_of(&result, "panel:play"),
                     "panel:play switch 3 off 3, on 5");
    ck_assert_str_eq(line_of(&result, "panel:hit"),
                     "panel:hit button 0 off 0, on 100");
    ck_assert_str_eq(line_of(&result, "panel:left"),
                     "panel:left crossfade 0.5 to panel:right");
    result = program_run(NULL, NULL, "--params --json --set panel:left=25%");
    ck_assert_msg(json_check(result.out) == NULL, "%s", result.out);
    ck_assert_ptr_nonnull(
        strstr(result.out, "{\"item\": \"panel:cut\", \"kind\": \"slider\", "
                           "\"min\": 0, \"max\": 1, \"step\": 0.25, "
                           "\"module\": \"panel\", \"order\": 0, "
                           "\"current\": 0}"));
    ck_assert_ptr_nonnull(strstr(result.out, "\"off\": 3, \"on\": 5"));
    ck_assert_ptr_nonnull(
        strstr(result.out, "\"current\": 0.75, \"item2\": \"panel:right\", "
                           "\"current2\": 0.25}"));
    result = program_run(getenv("FAKE_NAMELESS"), NULL, "--params --json");
    ck_assert_msg(result.status == 0 && json_check(result.out) == NULL, "%s",
                  result.out);
}
END_TEST

START_TEST(measures_names_in_columns)
{
    static const struct {
        const char *name;
        int columns;
    } names[] = {
        {"", 0},
        {"plain", 5},
        {"t\xc3\xb6ne", 4},
        {"e\xcc\x81", 1},                /* a mark on a letter */
        {"\xe9\x9f\xb3\xe9\x87\x8f", 4}, /* two wide ones */
        {"\xf0\x9f\x8e\xb5", 2},
        {"\x1b[2J", 7}, /* shown as \x1b[2J */
        {"\xff", 4},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        ck_assert_msg(print_name_columns(names[i].name) == names[i].columns,
                      "%zu: %d", i, print_name_columns(names[i].name));
    }
}
END_TEST

/* A module's names do nothing to a terminal. */
START_TEST(shows_controls_as_text)
{
    static const char *const arguments[] = {
        "--list",
        "--list esc*",
        "--list \033[2J:bel",
        "--set \033[2J:bell=1 --params",
        "--render r --blocks 1 --watch esc*",
        "--list --json"};
    for (size_t i = 0; i < sizeof(arguments) / sizeof(*arguments); i++) {
        struct program_result result = program_run(NULL, NULL, arguments[i]);
        for (const char *at = result.out; *at != '\0'; at++) {
            ck_assert_msg(*at == '\n' || (*at >= ' ' && *at < 0x7f), "%s: %s",
                          arguments[i], result.out);
        }
        for (const char *at = result.err; *at != '\0'; at++) {
            ck_assert_msg(*at == '\n' || (*at >= ' ' && *at < 0x7f), "%s: %s",
                          arguments[i], result.err);
        }
    }
    struct program_result result = program_run(NULL, NULL, "--list esc*");
    ck_assert_ptr_nonnull(
        strstr(result.out, "esc\\x1b[2J:bell\\xe2\\x80\\xae "));
}
END_TEST

START_TEST(reports_a_full_standard_output)
{
    struct program_result result = program_run(
        "/bin/sh", NULL, "-c exec$IFS$FAKE_STEREO$IFS--list>/dev/full");
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "cannot write standard output"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("list");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, shows_defaults_and_what_was_set);
    tcase_add_loop_test(tcase, shows_what_matches, 0,
                        sizeof(patterns) / sizeof(*patterns));
    tcase_add_loop_test(tcase, says_why_it_shows_nothing, 0,
                        sizeof(bad) / sizeof(*bad));
    tcase_add_test(tcase, shows_an_array_in_full);
    tcase_add_test(tcase, writes_json);
    tcase_add_test(tcase, shows_long_names_in_full);
    tcase_add_test(tcase, lists_widgets);
    tcase_add_test(tcase, measures_names_in_columns);
    tcase_add_test(tcase, shows_controls_as_text);
    tcase_add_test(tcase, reports_a_full_standard_output);
    suite_add_tcase(suite, tcase);
    return suite;
}
