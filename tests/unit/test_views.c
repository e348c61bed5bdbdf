/* SPDX-License-Identifier: MIT */
/* The editor's directives in project texts, a line at a time: each becomes a
 * control or a view, or is told of. */
#include "project_bench.h"

#include "patch_element.h"
#include "suite.h"

/* A module with one of each; the line under test is the second of the text. */
static const char declarations[] =
    "float v 0.5\nint n\nint8u[] b 8\nfloat64[] d 4\nfloat* p &v\nint8* q\n"
    "float** pp\nfloat*[] ps 3\nint[] none 0\nmoduleEnd\nmodule o\nfloat x\n"
    "moduleEnd\nentryEnd\n";

static const struct {
    const char *line;
    struct patch_view view; /* item, count_item, cursor_item: by name */
    const char *item, *count_item, *cursor_item;
    const char *notice; /* then there is no view */
} lines[] = {
#define ROW(kind_, element_, item_) \
    .item = item_, .view = {.kind = kind_, .element = element_
#define WATCH(element_, item_) ROW(F4E_WATCH, element_, item_), .count = 1
    {"; @watch v", WATCH(F4E_F32, "m:v")}},
{
    "; @w m:v", WATCH(F4E_F32, "m:v")
}
}
,
{
    "; @w o:x", WATCH(F4E_F32, "o:x")
}
}
,
{
    "; @w 0xn", WATCH(F4E_I32, "m:n"), .format = F4E_HEX
}
}
,
{
    "; @w 0bn", WATCH(F4E_I32, "m:n"), .format = F4E_BINARY
}
}
,
{
    "; @w &v", WATCH(F4E_F32, "m:v"), .format = F4E_ADDRESS
}
}
,
{
    "; @w b&", WATCH(F4E_U8, "m:b"), .format = F4E_LAST_ADDRESS
}
}
, {"; @w b[7]", WATCH(F4E_U8, "m:b"), .index = 7}
}
,
{
    "; @w &b[7]", WATCH(F4E_U8, "m:b"), .index = 7, .format = F4E_ADDRESS
}
}
,
{
    "; @w 0x*p", WATCH(F4E_F32, "m:p"), .is_pointee = true, .format = F4E_HEX
}
}
,
{
    "; @w *pp", WATCH(F4E_I32, "m:pp"), .is_pointee = true
}
}
, {"; @w *ps[2]", WATCH(F4E_F32, "m:ps"), .is_pointee = true, .index = 2}
}
,
{
    "; @w *v", WATCH(F4E_F32, "m:v")
}
}
,
{
    "; @w p", WATCH(F4E_I32, "m:p")
}
}
,
{
    "int k ; @w", WATCH(F4E_I32, "m:k")
}
}
,
{
    "int k ; @w 0x", WATCH(F4E_I32, "m:k"), .format = F4E_HEX
}
}
,
{
    "float* k ; @w *", WATCH(F4E_F32, "m:k"), .is_pointee = true
}
}
, {"int[] k 4 ; @w [2]", WATCH(F4E_I32, "m:k"), .index = 2}
}
,
{
    "int[] k 4 ; @w 0b[2]", WATCH(F4E_I32, "m:k"), .index = 2,
        .format = F4E_BINARY
}
}
,
{
    "int[] k 4 ; @w &", WATCH(F4E_I32, "m:k"), .format = F4E_ADDRESS
}
}
,
{
    "int k ; @w v", WATCH(F4E_F32, "m:v")
}
}
,
{
    "int 5 ; @w", WATCH(F4E_I32, "m:__anonymous__1")
}
}
, {"; @w", .notice = "@w is ignored: it names no variable"},
    {"; @w 0x", .notice = "@w is ignored: it names no variable"},
    {"push n ; @w", .notice = "@w is ignored: it names no variable"},
{
    "push n ; @w n", WATCH(F4E_I32, "m:n")
}
}
, {"; @w b[8]", .notice = "its variable has no such element"},
    {"; @w none", .notice = "its variable has no element"},
    {"; @w w", .notice = "no variable is called 'm:w'"},
    {"; @w b[x]", .notice = "no variable is called 'm:b[x]'"},
    {"; @w x:v", .notice = "no variable is called 'x:v'"},
    {"; @w b[99999999999999999999]", .notice = "no such element"},
#define METER(element_, item_, min_, max_) \
    ROW(F4E_METER, element_, item_), .count = 1, .min = min_, .max = max_
{
    "; @meter v", METER(F4E_F32, "m:v", -1, 1)
}
}
,
{
    "; @meter v 0 2.5", METER(F4E_F32, "m:v", 0, 2.5)
}
}
,
{
    "; @meter b", METER(F4E_U8, "m:b", 0, 255)
}
}
,
{
    "; @meter n", METER(F4E_I32, "m:n", INT32_MIN, INT32_MAX)
}
}
,
{
    "; @meter p", METER(F4E_F32, "m:p", -1, 1), .is_pointee = true
}
}
,
{
    "; @meter *q", METER(F4E_I8, "m:q", -128, 127), .is_pointee = true
}
}
,
{
    "; @meter &p", METER(F4E_I32, "m:p", INT32_MIN, INT32_MAX)
}
}
,
{
    "float k ; @meter", METER(F4E_F32, "m:k", -1, 1)
}
}
,
{
    "float k ; @meter k 0 1", METER(F4E_F32, "m:k", 0, 1)
}
}
, {"; @meter", .notice = "it names no variable"},
    {"; @meter v 1", .notice = "its range is not two finite numbers"},
    {"; @meter v 0 Infinity", .notice = "its range is not two finite numbers"},
    {"; @meter v x 1", .notice = "its range is not two finite numbers"},
    {"; @meter v 0 1 2", .notice = "its range is not two finite numbers"},
#define PLOT(element_, item_, count_, min_, max_) \
    ROW(F4E_PLOT, element_, item_), .count = count_, .min = min_, .max = max_
{
    "; @plot &b 8", PLOT(F4E_U8, "m:b", 8, 0, 255)
}
}
,
{
    "; @plot &b 999 -1 1", PLOT(F4E_U8, "m:b", 999, -1, 1)
}
}
,
{
    "; @plot &d count(b)", PLOT(F4E_F64, "m:d", 8, -1, 1)
}
}
,
{
    "; @plot &d count(o:x)", PLOT(F4E_F64, "m:d", 1, -1, 1)
}
}
,
{
    "; @plot p 4", PLOT(F4E_F32, "m:p", 4, -1, 1), .is_pointee = true
}
}
,
{
    "; @plot pp 4", PLOT(F4E_I32, "m:pp", 4, INT32_MIN, INT32_MAX),
        .is_pointee = true
}
}
, {"; @plot &d n", PLOT(F4E_F64, "m:d", 0, -1, 1)}, .count_item = "m:n"
}
, {"; @plot &d b", PLOT(F4E_F64, "m:d", 0, -1, 1)}, .count_item = "m:b"
}
, {"; @plot b 8", .notice = "its start is neither a pointer nor a name"},
    {"; @plot &b", .notice = "it needs a start and a length"},
    {"; @plot", .notice = "it needs a start and a length"},
    {"; @plot &b 0", .notice = "its length is not a whole number above 0"},
    {"; @plot &b -8", .notice = "its length is not a whole number above 0"},
    {"; @plot &b 1.5", .notice = "its length is not a whole number above 0"},
    {"; @plot &b v", .notice = "its length is not in an integer"},
    {"; @plot &b count(none)", .notice = "that of an empty array"},
    {"; @plot &b count(x)", .notice = "no variable is called 'm:x'"},
    {"; @plot &b count()", .notice = "no variable is called"},
    {"; @plot &none n", .notice = "its variable has no element"},
    {"; @plot &b 8 1", .notice = "its range is not two finite numbers"},
    {"float k ; @plot &k 1", .notice = NULL}, /* counts in front alone */
#define BARS(element_, item_, count_) \
    ROW(F4E_BARS, element_, item_), .count = count_, .min = -1, .max = 1
{
    "; @bars p 4", BARS(F4E_F32, "m:p", 4), .is_pointee = true
}
}
,
#define WAVE(item_, count_) \
    ROW(F4E_WAVE, F4E_F64, item_), .count = count_, .min = -1, .max = 1
{
    "; @wave &d 4", WAVE("m:d", 4)
}
}
, {"; @wave &d 4 p", WAVE("m:d", 4)}, .cursor_item = "m:p"
}
, {"; @wave2 &d 4 &p", WAVE("m:d", 4), .is_cursor_address = true},
    .cursor_item = "m:p"
}
, {"; @wave4 &d n n", WAVE("m:d", 0), .rows = 4}, .count_item = "m:n",
    .cursor_item = "m:n"
}
, {"; @wave &d[2] 2", WAVE("m:d", 2), .index = 2}
}
,
#define PIANO(element_, item_, count_, first_) \
    ROW(F4E_PIANO, element_, item_), .count = count_, .first_key = first_
    {"; @piano b n", PIANO(F4E_U8, "m:b", 8, 0)}, .count_item = "m:n"
}
, {"; @piano &b &n 48", PIANO(F4E_U8, "m:b", 8, 48)}, .count_item = "m:n"
}
, {"; @piano b n -12.7", PIANO(F4E_U8, "m:b", 8, -12)}, .count_item = "m:n"
}
, {"; @piano b n x", PIANO(F4E_U8, "m:b", 8, 0)}, .count_item = "m:n"
}
, {"; @piano b", .notice = "it needs an array and the number of its keys"},
    {"; @piano b v", .notice = "the number of its keys is not in an int"},
    {"; @piano b w", .notice = "no variable is called 'm:w'"},
    {"; @piano b n 1e10", PIANO(F4E_U8, "m:b", 8, 1)}, .count_item = "m:n"
}
, {"; @piano b n 9999999999", .notice = "its first key is too large"},
    {"; @piano none n", .notice = "its variable has no element"},
}
;

static void check_item(uint32_t item, const char *name, const char *line)
{
    ck_assert_msg((item == F4E_NO_ITEM) == (name == NULL), "%s", line);
    ck_assert_msg(name == NULL || strcmp(project.items[item].name, name) == 0,
                  "%s: %s", line, name == NULL ? "" : name);
}

START_TEST(reads_a_directive)
{
    const char *line = lines[_i].line;
    const char *text = arena_format(
        &arena, "8f4e/v1\nentry main\nmodule m\n%s\n%s", line, declarations);
    ck_assert_msg(lay_out(text), "%s: %s", line, diag.text);
    if (lines[_i].item == NULL) {
        ck_assert_msg(project.view_count == 0, "%s", line);
        ck_assert_uint_eq(project.notice_count, lines[_i].notice != NULL);
        if (lines[_i].notice != NULL) {
            ck_assert_msg(strstr(project.notices[0].text, lines[_i].notice) !=
                              NULL,
                          "%s: %s", line, project.notices[0].text);
            ck_assert_uint_eq(project.notices[0].line, 4);
        }
        return;
    }
    ck_assert_msg(project.view_count == 1 && project.notice_count == 0,
                  "%s: %u, %s", line, project.view_count,
                  project.notice_count > 0 ? project.notices[0].text : "");
    const struct patch_view *view = &project.views[0];
    const struct patch_view *want = &lines[_i].view;
    check_item(view->item, lines[_i].item, line);
    check_item(view->count_item, lines[_i].count_item, line);
    check_item(view->cursor_item, lines[_i].cursor_item, line);
    ck_assert_msg(view->kind == want->kind && view->format == want->format &&
                      view->element == want->element &&
                      view->is_pointee == want->is_pointee &&
                      view->is_cursor_address == want->is_cursor_address &&
                      view->index == want->index &&
                      view->count == want->count &&
                      view->first_key == want->first_key,
                  "%s", line);
    ck_assert_msg(view->min == want->min && view->max == want->max,
                  "%s: %g to %g", line, view->min, view->max);
    ck_assert(want->rows == 0 || view->rows == want->rows);
    ck_assert_str_eq(view->module, "m");
    ck_assert_uint_eq(project.view_lines[0], 4);
}
END_TEST

START_TEST(a_useless_cursor_leaves_the_wave)
{
    static const char *const cursors[] = {"v", "nope", "none"};
    for (size_t i = 0; i < sizeof(cursors) / sizeof(cursors[0]); i++) {
        const char *text = arena_format(
            &arena, "8f4e/v1\nentry main\nmodule m\n; @wave &d 4 %s\n%s",
            cursors[i], declarations);
        ck_assert(lay_out(text));
        ck_assert_uint_eq(project.view_count, 1);
        ck_assert_uint_eq(project.views[0].cursor_item, F4E_NO_ITEM);
        ck_assert_uint_eq(project.notice_count, 1);
    }
}
END_TEST

START_TEST(a_prototype_declares_nothing_on_its_lines)
{
    static const char text[] =
        "8f4e/v1\nprototype voice\nint gate ; @w\nprototypeEnd\nentry main\n"
        "module m\nshape voice ; @w\nint k ; @w\nmoduleEnd\nentryEnd\n";
    ck_assert_msg(lay_out_bytes(text, sizeof(text) - 1), "%s", diag.text);
    ck_assert_uint_eq(project.view_count, 1);
    ck_assert_str_eq(project.items[project.views[0].item].name, "m:k");
    ck_assert_uint_eq(project.views[0].order, 2);
    ck_assert_uint_eq(project.notice_count, 2);
}
END_TEST

START_TEST(keeps_the_order_of_the_text)
{
    static const char text[] =
        "8f4e/v1\nentry main\nmodule b\n; @w y @slider y @button y\nint y\n"
        "moduleEnd\nmodule a\nint x ; @w\n; @switch b:y\nmoduleEnd\nentryEnd\n"
        "note\n; @meter a:x\nnoteEnd\n";
    static const char *const modules[] = {"b", "a", ""};
    static const uint32_t orders[] = {0, 3, 5};
    ck_assert_msg(lay_out_bytes(text, sizeof(text) - 1), "%s", diag.text);
    ck_assert_uint_eq(project.view_count, 3);
    ck_assert_uint_eq(project.param_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert_str_eq(project.views[i].module, modules[i]);
        ck_assert_uint_eq(project.views[i].order, orders[i]);
    }
    ck_assert_uint_eq(project.params[1].order, 2);
    ck_assert_uint_eq(project.params[2].order, 4);
    ck_assert_str_eq(project.params[2].module, "a");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("views");
    TCase *tcase = tcase_create("views");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, reads_a_directive, 0,
                        sizeof(lines) / sizeof(lines[0]));
    tcase_add_test(tcase, a_useless_cursor_leaves_the_wave);
    tcase_add_test(tcase, a_prototype_declares_nothing_on_its_lines);
    tcase_add_test(tcase, keeps_the_order_of_the_text);
    suite_add_tcase(suite, tcase);
    return suite;
}
