/* SPDX-License-Identifier: MIT */
/* The editor's directives in project texts: each becomes a control or a view,
 * or is told of. */
#include "patch_element.h"
#include "project/project.h"
#include "suite.h"
#include "vector.h"

#include <dirent.h>
#include <stdlib.h>

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

static bool lay_out(const char *text, size_t size)
{
    const struct project_rules rules = {0};
    const struct project_text *parsed =
        project_parse((const uint8_t *)text, size, "patch.8f4e", &arena, &diag);
    if (parsed == NULL) {
        return false;
    }
    project_config(&config, parsed, &arena);
    return project_layout(&project, parsed, &config, rules, NULL, 0, NULL, 0,
                          &arena, &diag);
}

/* ---- One line at a time ---- */

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
    ck_assert_msg(lay_out(text, strlen(text)), "%s: %s", line, diag.text);
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
        ck_assert(lay_out(text, strlen(text)));
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
    ck_assert_msg(lay_out(text, sizeof(text) - 1), "%s", diag.text);
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
    ck_assert_msg(lay_out(text, sizeof(text) - 1), "%s", diag.text);
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

/* ---- directives.json: what the editor makes of the vector's ---- */

static const char *member(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static const cJSON *number(const cJSON *object, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(value) ? value : NULL;
}

/* "panel:name" of "0x&name" and the like. */
static const char *bare(const char *id)
{
    id += strncmp(id, "0x", 2) == 0 || strncmp(id, "0b", 2) == 0 ? 2 : 0;
    id += strspn(id, "&*");
    return strchr(id, ':') != NULL ? id : arena_format(&arena, "panel:%s", id);
}

static void compare_param(const cJSON *data, const char *name, uint32_t index)
{
    static const char *const keys[] = {"id", "memoryId", "leftMemoryId"};
    static const struct {
        const char *key;
        size_t offset;
    } numbers[] = {{"min", offsetof(struct patch_param, min)},
                   {"max", offsetof(struct patch_param, max)},
                   {"step", offsetof(struct patch_param, step)},
                   {"offValue", offsetof(struct patch_param, off)},
                   {"onValue", offsetof(struct patch_param, on)}};
    ck_assert_uint_lt(index, project.param_count);
    const struct patch_param *param = &project.params[index];
    ck_assert_str_eq(patch_param_name(param->kind), name);
    const char *id = NULL;
    for (size_t i = 0; id == NULL; i++) {
        ck_assert_uint_lt(i, sizeof(keys) / sizeof(keys[0]));
        id = member(data, keys[i]);
    }
    ck_assert_str_eq(project.items[param->item].name, bare(id));
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        const cJSON *want = number(data, numbers[i].key);
        double got = 0;
        memcpy(&got, (const char *)param + numbers[i].offset, sizeof(got));
        ck_assert_msg(want == NULL || want->valuedouble == got, "%s: %g", id,
                      got);
    }
    if (param->kind == F4E_CROSSFADE) {
        ck_assert_str_eq(project.items[param->item2].name,
                         bare(member(data, "rightMemoryId")));
    }
}

static void compare_length(const cJSON *data, const struct patch_view *view)
{
    const cJSON *length = number(data, "length");
    const char *text = member(data, "length");
    if (length != NULL) {
        ck_assert_uint_eq(view->count, (uint32_t)length->valuedouble);
    } else if (text != NULL && strcmp(text, "count(ring)") == 0) {
        ck_assert_uint_eq(view->count, 64);
    }
    const cJSON *rows = number(data, "heightRows");
    ck_assert(rows == NULL || view->rows == (uint32_t)rows->valuedouble);
    const cJSON *min = number(data, "minValueOverride");
    const cJSON *max = number(data, "maxValueOverride");
    ck_assert(min == NULL || view->min == min->valuedouble);
    ck_assert(max == NULL || view->max == max->valuedouble);
    const cJSON *start = number(data, "startingNumber");
    ck_assert(start == NULL || view->first_key == (int32_t)start->valuedouble);
}

static const char *id_of(const cJSON *data)
{
    static const char *const keys[] = {"startAddressMemoryId", "memoryId",
                                       "id"};
    const char *id = NULL;
    for (size_t i = 0; id == NULL && i < 3; i++) {
        id = member(data, keys[i]);
    }
    ck_assert_ptr_nonnull(id);
    return id;
}

static void compare_view(const cJSON *data, const char *name, uint32_t index)
{
    ck_assert_uint_lt(index, project.view_count);
    const struct patch_view *view = &project.views[index];
    const char *id = id_of(data);
    bool is_wave = strncmp(name, "wave", 4) == 0;
    ck_assert_str_eq(patch_view_name(view->kind), is_wave ? "wave" : name);
    ck_assert_str_eq(project.items[view->item].name, bare(id));
    if (view->kind == F4E_WATCH) {
        enum f4e_view_format format = strncmp(id, "0x", 2) == 0   ? F4E_HEX
                                      : strncmp(id, "0b", 2) == 0 ? F4E_BINARY
                                      : *id == '&'                ? F4E_ADDRESS
                                                                  : F4E_DECIMAL;
        ck_assert_int_eq(view->format, format);
    }
    if (view->kind == F4E_PIANO) {
        ck_assert_str_eq(project.items[view->count_item].name,
                         bare(member(data, "pressedNumberOfKeysMemoryId")));
    }
    const char *pointer = member(data, "pointerMemoryId");
    if (pointer != NULL) {
        ck_assert_str_eq(project.items[view->cursor_item].name, bare(pointer));
        ck_assert(view->is_cursor_address == (*pointer == '&'));
    }
    compare_length(data, view);
}

/* A graph of an item that is no pointer needs '&': the editor draws none. */
static bool is_drawn(const cJSON *data)
{
    const char *start = member(data, "startAddressMemoryId");
    return start == NULL || *start == '&' ||
           project.items[project_find_item(&project, bare(start))]
                   .pointer_depth > 0;
}

START_TEST(agrees_with_the_editor)
{
    size_t size = 0;
    const char *text =
        (const char *)vector_file("controls", "project.8f4e", &size, &arena);
    cJSON *root = vector_json("controls", "directives.json", &arena);
    ck_assert_msg(lay_out(text, size), "%s", diag.text);
    const char *panel = strstr(text, "\nmodule panel");
    uint32_t opener = 2; /* 1-based line */
    for (const char *at = text; at < panel; at++) {
        opener += *at == '\n';
    }
    uint32_t views = 0;
    uint32_t params = 0;
    uint32_t dropped = 0;
    const cJSON *widget = NULL;
    cJSON_ArrayForEach(widget,
                       cJSON_GetObjectItemCaseSensitive(root, "widgets"))
    {
        const char *name = member(widget, "name");
        const cJSON *data = cJSON_GetObjectItemCaseSensitive(widget, "data");
        uint32_t line = opener + (uint32_t)number(widget, "row")->valuedouble;
        bool is_param =
            strcmp(name, "slider") == 0 || strcmp(name, "button") == 0 ||
            strcmp(name, "switch") == 0 || strcmp(name, "crossfade") == 0;
        if (cJSON_IsNull(data) || !is_drawn(data)) {
            ck_assert_uint_lt(dropped, project.notice_count);
            ck_assert_uint_eq(project.notices[dropped++].line, line);
        } else if (is_param) {
            compare_param(data, name, params);
            ck_assert_uint_eq(project.param_lines[params++], line);
        } else {
            compare_view(data, name, views);
            ck_assert_uint_eq(project.view_lines[views++], line);
        }
    }
    ck_assert_uint_eq(views, project.view_count);
    ck_assert_uint_eq(params, project.param_count);
    ck_assert_uint_eq(dropped, project.notice_count);
    ck_assert_uint_eq(views, 12);
    cJSON_Delete(root);
}
END_TEST

/* ---- Every text there is ---- */

static const struct {
    const char *name;
    bool may_trail, is_view;
} known[] = {
    {"slider", false, false}, {"button", false, false},
    {"switch", false, false}, {"crossfade", false, false},
    {"watch", true, true},    {"w", true, true},
    {"meter", true, true},    {"plot", false, true},
    {"bars", false, true},    {"wave", false, true},
    {"wave2", false, true},   {"wave4", false, true},
    {"piano", false, true},
};

enum { KNOWN = sizeof(known) / sizeof(known[0]) };

struct tally {
    uint32_t params;
    uint32_t views;
};

/* The directives of one comment, counted on their own. */
static void count_comment(char *comment, bool is_trailing, struct tally *tally)
{
    char *rest = NULL;
    char *word = strtok_r(comment, " \t\r\v\f", &rest);
    if (word == NULL || *word != '@') {
        return;
    }
    for (; word != NULL; word = strtok_r(NULL, " \t\r\v\f", &rest)) {
        for (size_t i = 0; i < KNOWN && *word == '@'; i++) {
            if (strcmp(word + 1, known[i].name) == 0 &&
                (known[i].may_trail || !is_trailing)) {
                tally->views += known[i].is_view;
                tally->params += !known[i].is_view;
            }
        }
    }
}

static bool starts(const char *line, const char *word)
{
    size_t length = strlen(word);
    return strncmp(line, word, length) == 0 &&
           (line[length] == '\0' || strchr(" \t\r", line[length]) != NULL);
}

static struct tally count_text(const char *text)
{
    static const char *const openers[] = {"module", "function", "constants",
                                          "prototype", "note"};
    struct tally tally = {0};
    char *copy = arena_copy(&arena, text, strlen(text));
    unsigned groups = 0;
    const char *block = NULL;
    char *rest = NULL;
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *start = line + strspn(line, " \t");
        groups += block == NULL && starts(start, "group");
        groups -= block == NULL && starts(start, "groupEnd");
        for (size_t i = 0; block == NULL && i < 5; i++) {
            block = starts(start, openers[i]) ? openers[i] : NULL;
        }
        if (block == NULL) {
            continue;
        }
        char *comment = strchr(start, ';');
        bool is_end = starts(start, arena_format(&arena, "%sEnd", block));
        if (comment != NULL && groups == 0) {
            count_comment(comment + 1, comment > start, &tally);
        }
        block = is_end ? NULL : block;
    }
    return tally;
}

static const struct {
    const char *folder;
    bool is_clean; /* examples: nothing is ignored */
} folders[] = {
    {F4E_ROOT "/examples", true},
    {F4E_ROOT "/tests/bench/patches", true},
    {F4E_ROOT "/tests/data/layout", false},
    {F4E_ROOT "/tests/data/config", false},
    {F4E_ROOT "/tests/data/vectors", false},
};

static const char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    struct buf buf;
    buf_init(&buf, &arena);
    char part[4096];
    for (size_t got; (got = fread(part, 1, sizeof(part), file)) > 0;) {
        buf_add(&buf, part, got);
    }
    (void)fclose(file);
    *size = buf.length;
    return buf_string(&buf);
}

static bool check_file(const char *path, bool is_clean, struct tally *sum)
{
    size_t size = 0;
    const char *text = read_file(path, &size);
    if (!lay_out(text, size)) {
        return false;
    }
    const struct tally tally = count_text(text);
    uint32_t ignored = project.dropped_notices;
    for (uint32_t i = 0; i < project.notice_count; i++) {
        ignored += strstr(project.notices[i].text, "ignored") != NULL;
    }
    ck_assert_msg(project.param_count + project.view_count + ignored ==
                      tally.params + tally.views,
                  "%s: %u and %u and %u of %u and %u", path,
                  project.param_count, project.view_count, ignored,
                  tally.params, tally.views);
    ck_assert_msg(project.param_count <= tally.params &&
                      project.view_count <= tally.views,
                  "%s", path);
    ck_assert_msg(!is_clean || project.notice_count == 0, "%s: %s", path,
                  project.notice_count > 0 ? project.notices[0].text : "");
    sum->params += project.param_count;
    sum->views += project.view_count;
    return true;
}

/* Texts in a folder and those below it. */
static unsigned check_folder(const char *folder, bool is_clean,
                             struct tally *sum)
{
    DIR *directory = opendir(folder);
    unsigned files = 0;
    if (directory == NULL) {
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        const char *dot = strrchr(entry->d_name, '.');
        const char *path = arena_format(&arena, "%s/%s", folder, entry->d_name);
        if (dot == NULL) {
            files += check_folder(path, is_clean, sum);
        } else if (strcmp(dot, ".8f4e") == 0) {
            files += check_file(path, is_clean, sum);
        }
    }
    (void)closedir(directory);
    return files;
}

START_TEST(loses_no_directive)
{
    static const struct {
        unsigned files;
        struct tally least;
    } want[] = {
        {5, {8, 5}}, {8, {8, 1}}, {100, {0, 1}}, {50, {9, 12}}, {15, {9, 12}}};
    struct tally sum = {0};
    unsigned files =
        check_folder(folders[_i].folder, folders[_i].is_clean, &sum);
    ck_assert_msg(files >= want[_i].files &&
                      sum.params >= want[_i].least.params &&
                      sum.views >= want[_i].least.views,
                  "%s: %u files, %u and %u", folders[_i].folder, files,
                  sum.params, sum.views);
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
    tcase_add_test(tcase, agrees_with_the_editor);
    tcase_add_loop_test(tcase, loses_no_directive, 0,
                        sizeof(folders) / sizeof(folders[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
