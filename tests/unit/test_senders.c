/* SPDX-License-Identifier: MIT */
/* Directives of a project text from which MIDI is sent. */
#include "patch_element.h"
#include "project/project.h"
#include "suite.h"

#include <string.h>

static struct arena arena;
static struct diag diag;
static struct project project;
static struct project_config config;

static void setup(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, "patch.wasm");
}

static void teardown(void)
{
    arena_deinit(&arena);
}

static void lay_out(const char *lines)
{
    const struct project_rules rules = {0};
    const char *text = arena_format(
        &arena,
        "8f4e/v1\nentry main\nmodule m\n%s\nint gate\nint note 60\nint* at "
        "&note\nint ch 1\nint vel\nint port 2\nfloat f\nint8u[] b 4\nfloat* "
        "p &f\nmoduleEnd\nmodule o\nint gate\nmoduleEnd\nentryEnd\n",
        lines);
    const struct project_text *parsed = project_parse(
        (const uint8_t *)text, strlen(text), "patch.8f4e", &arena, &diag);
    ck_assert_msg(parsed != NULL, "%s", diag.text);
    project_config(&config, parsed, &arena);
    ck_assert_msg(project_layout(&project, parsed, &config, rules, NULL, 0,
                                 NULL, 0, &arena, &diag),
                  "%s", diag.text);
}

static const struct {
    const char *line;
    const char *words; /* NULL: refused */
    const char *notice;
} rows[] = {
    {"; @midiNoteOutput gate note", "gate m:gate note m:note", NULL},
    {"; @midiNoteOutput o:gate at ch vel port",
     "gate o:gate note m:at channel m:ch velocity m:vel port m:port", NULL},
    {"; @midiNoteOutput &gate *note", "gate m:gate note m:note", NULL},
    {"; @midiCCOutput note vel", "controller m:note value m:vel", NULL},
    {"; @midiCCOutput note vel ch",
     "controller m:note value m:vel channel m:ch", NULL},
    {"; @midiNoteOutput gate", NULL, "it needs a gate, a note"},
    {"; @midiNoteOutput gate note ch vel port f", NULL, "it needs a gate"},
    {"; @midiCCOutput note", NULL, "it needs a controller"},
    {"; @midiCCOutput note vel ch port", NULL, "it needs a controller"},
    {"; @midiNoteOutput gate nothing", NULL, "called 'm:nothing'"},
    {"; @midiNoteOutput gate f", NULL, "not all of its variables are integ"},
    {"; @midiNoteOutput gate p", NULL, "not all of its variables are integ"},
    {"; @midiNoteOutput b note", NULL, "not all of its variables are integ"},
    {"int x ; @midiNoteOutput gate note", NULL, NULL}, /* behind code */
    {"; @midinoteoutput gate note", NULL, NULL},
};

START_TEST(reads_a_directive)
{
    char text[256] = "";
    lay_out(rows[_i].line);
    if (rows[_i].words == NULL) {
        ck_assert_uint_eq(project.sender_count, 0);
        ck_assert_uint_eq(project.notice_count, rows[_i].notice != NULL);
        if (rows[_i].notice != NULL) {
            ck_assert_msg(strstr(project.notices[0].text, rows[_i].notice) !=
                              NULL,
                          "%s: %s", rows[_i].line, project.notices[0].text);
            ck_assert_uint_eq(project.notices[0].line, 4);
        }
        return;
    }
    ck_assert_uint_eq(project.notice_count, 0);
    ck_assert_uint_eq(project.sender_count, 1);
    ck_assert_uint_eq(project.sender_lines[0], 4);
    for (unsigned i = 0; i < F4E_SENDER_WORDS; i++) {
        uint32_t item = project.senders[0].items[i];
        size_t used = strlen(text);
        if (item != F4E_NO_ITEM) {
            (void)snprintf(
                text + used, sizeof(text) - used, "%s%s %s",
                used > 0 ? " " : "",
                patch_sender_word(project.senders[0].is_controller, i),
                project.items[item].name);
        }
    }
    ck_assert_str_eq(text, rows[_i].words);
}
END_TEST

START_TEST(takes_as_many_as_a_patch_can_have)
{
    struct buf lines;
    buf_init(&lines, &arena);
    for (int i = 0; i < F4E_SENDERS_MAX + 1; i++) {
        buf_text(&lines, "; @midiCCOutput note vel\n");
    }
    lay_out(buf_string(&lines));
    ck_assert_uint_eq(project.sender_count, F4E_SENDERS_MAX);
    ck_assert_uint_eq(project.notice_count, 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("senders");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, reads_a_directive, 0,
                        sizeof(rows) / sizeof(*rows));
    tcase_add_test(tcase, takes_as_many_as_a_patch_can_have);
    suite_add_tcase(suite, tcase);
    return suite;
}
