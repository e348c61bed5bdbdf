/* SPDX-License-Identifier: MIT */
/* '@NAME@' in a template becomes a value; everything else is an error. */
#include "render.h"
#include "suite.h"

static const struct render_value both[] = {{"A", "first"}, {"B_2", "@A@ 2"}};

static const struct {
    const char *template;
    size_t values; /* of 'both' */
    const char *out;
    const char *error; /* NULL: none */
} rows[] = {
    {"", 0, "", NULL},
    {"no names\n", 0, "no names\n", NULL},
    {"@A@", 1, "first", NULL},
    {"x@A@y@A@", 1, "xfirstyfirst", NULL},
    /* Values are not scanned again. */
    {"@A@/@B_2@;", 2, "first/@A@ 2;", NULL},
    {"@A@@B_2@", 2, "first@A@ 2", NULL},
    {"@A@ @C@", 1, "first ", "template 't.in': no value for '@C@'"},
    {"@AA@", 1, "", "template 't.in': no value for '@AA@'"},
    {"@A@", 2, "first", "template 't.in' does not use '@B_2@'"},
    {"plain", 1, "plain", "template 't.in' does not use '@A@'"},
    {"@", 0, "", "template 't.in': '@' that starts no name"},
    {"@@", 0, "", "template 't.in': '@' that starts no name"},
    {"@A", 1, "", "template 't.in': '@' that starts no name"},
    {"@A @", 1, "", "template 't.in': '@' that starts no name"},
    {"@a@", 1, "", "template 't.in': '@' that starts no name"},
    {"me@there.org", 0, "me", "template 't.in': '@' that starts no name"},
};

START_TEST(fills_names_and_refuses_the_rest)
{
    struct arena arena;
    struct diag diag;
    struct buf out;
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
    buf_init(&out, &arena);
    bool ok = render_template(&out, "t.in", rows[_i].template, both,
                              rows[_i].values, &diag);
    ck_assert_msg(ok == (rows[_i].error == NULL), "'%s': %s", rows[_i].template,
                  diag.text);
    if (ok) {
        ck_assert_str_eq(buf_string(&out), rows[_i].out);
    } else {
        ck_assert_str_eq(diag.text, rows[_i].error);
        ck_assert_int_eq(diag.kind, DIAG_TOOL);
    }
    arena_deinit(&arena);
}
END_TEST

START_TEST(refuses_more_values_than_it_can_watch)
{
    struct arena arena;
    struct diag diag;
    struct buf out;
    struct render_value values[65];
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
    buf_init(&out, &arena);
    for (size_t i = 0; i < 65; i++) {
        values[i] = both[0];
    }
    ck_assert(!render_template(&out, "t.in", "@A@", values, 65, &diag));
    ck_assert_str_eq(diag.text, "template 't.in' has 65 values, more than 64");
    arena_deinit(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("render");
    TCase *tcase = tcase_create("render");
    tcase_add_loop_test(tcase, fills_names_and_refuses_the_rest, 0,
                        sizeof(rows) / sizeof(rows[0]));
    tcase_add_test(tcase, refuses_more_values_than_it_can_watch);
    suite_add_tcase(suite, tcase);
    return suite;
}
