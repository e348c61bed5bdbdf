/* SPDX-License-Identifier: MIT */
/* The manual page of one patch, as mandoc reads it. */
#include "emit/manual.h"

#include "child.h"
#include "folder_fixture.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

/* The page of 'patch', and what mandoc makes of it with one -T. */
static char *run_mandoc(const struct patch *patch, const char *output)
{
    const char *path = arena_format(&arena, "%s/page.1", folder);
    struct buf page;
    struct child child;
    buf_init(&page, &arena);
    manual_write(&page, patch, "f4e-x");
    spit(path, page.bytes, page.length);
    child_run(&child,
              (const char *const[]){"mandoc", "-T", output, "-W", "style", path,
                                    NULL},
              &(struct child_setup){0});
    char *result = child.out;
    child.out = NULL;
    child_free(&child);
    return result;
}

/* mandoc's complaints but for pages that are not installed here. */
static void expect_no_complaint(const struct patch *patch)
{
    char *complaints = run_mandoc(patch, "lint");
    for (const char *line = complaints; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        char *one = text("%.*s", (int)length, line);
        ck_assert_msg(strstr(one, "referenced manual not found") != NULL ||
                          strstr(one, "mandoc.db") != NULL,
                      "%s", one);
        free(one);
        line += length + (line[length] != '\0');
    }
    free(complaints);
}

/* The rendered page without what makes letters bold. */
static char *render(const struct patch *patch)
{
    char *text = run_mandoc(patch, "utf8");
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (from[0] == '\b' && to > text) {
            to--;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return text;
}

/* Names that roff would obey, and how they have to be seen. */
static const struct {
    const char *name;
    const char *shown;
} names[] = {
    {"filter:cutoff", "filter:cutoff"},
    {".Sh", ".Sh"},
    {"'br", "\\x27br"},
    {"Ar", "Ar"},
    {".", "."},
    {"a\\*(XX\\n", "a\\x5C*(XX\\x5Cn"},
    {"\\&", "\\x5C&"},
    {"\"quoted\"", "\\x22quoted\\x22"},
    {"a--b-c", "a--b-c"},
    {"h\xc3\xb6rer:\xe2\x82\xac", "h\xc3\xb6rer:\xe2\x82\xac"},
    {"esc\033[2J", "esc\\x1B[2J"},
    {"@PACKAGE@", "@PACKAGE@"},
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

START_TEST(names_are_what_they_are)
{
    struct patch_item item = {.name = names[_i].name};
    const struct patch_param params[] = {
        {.kind = F4E_SLIDER, .min = -1, .max = 0.1, .step = 0.01},
        {.kind = F4E_CROSSFADE},
        {.kind = F4E_SWITCH, .on = 127},
        {.kind = F4E_BUTTON, .on = 1},
    };
    const struct patch_midi midi = {.port = 2, .callback = names[_i].name};
    const struct patch patch = {.name = names[_i].name,
                                .given_name = names[_i].name,
                                .sample_rate = 44100,
                                .block_frames = 128,
                                .output_count = 1,
                                .items = &item,
                                .item_count = 1,
                                .params = params,
                                .param_count = 4,
                                .midi = &midi,
                                .midi_count = 1};
    static const char *const lines[] = {
        "Slider from -1 to 0.1 in steps of 0.01.",
        "Switch: 0 is off, 127 is on.",
        "Button: 0 is off, 1 is on.",
        "44100 Hz, blocks of 128",
        "Port 2.",
        "f4e-x ctl",
    };
    expect_no_complaint(&patch);
    char *page = render(&patch);
    const char *shown = names[_i].shown;
    const char *at = strstr(page, "play the 8f4e patch ");
    ck_assert_ptr_nonnull(at);
    at += strlen("play the 8f4e patch ");
    ck_assert_msg(strncmp(at, shown, strlen(shown)) == 0 &&
                      at[strlen(shown)] == '\n',
                  "%s: %.80s", shown, at);
    unsigned count = 0;
    char *item_line = text("\n     %s", shown);
    for (at = page; (at = strstr(at, item_line)) != NULL; at++) {
        count++;
    }
    ck_assert_msg(count == 5, "%u of %s in\n%.2000s", count, shown,
                  strstr(page, "THE PATCH"));
    free(item_line);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        ck_assert_msg(strstr(page, lines[i]) != NULL, "no %s", lines[i]);
    }
    ck_assert_ptr_null(strstr(page, "./patch"));
    free(page);
}
END_TEST

START_TEST(a_timer_has_no_audio)
{
    const struct patch patch = {
        .name = "t", .given_name = "t", .runtime = RUNTIME_TIMER, .tick_ms = 9};
    expect_no_complaint(&patch);
    char *page = render(&patch);
    ck_assert_ptr_nonnull(strstr(page, "runs every 9 ms and has no audio."));
    free(page);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("manual");
    TCase *tcase = tcase_create("manual");
    tcase_add_checked_fixture(tcase, setup_folder, teardown_folder);
    tcase_add_loop_test(tcase, names_are_what_they_are, 0, NAMES);
    tcase_add_test(tcase, a_timer_has_no_audio);
    suite_add_tcase(suite, tcase);
    return suite;
}
