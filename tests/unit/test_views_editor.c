/* SPDX-License-Identifier: MIT */
/* Controls and views are what the editor makes of the same text. */
#include "project_bench.h"

#include "patch_element.h"

#include "suite.h"
#include "vector.h"

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
    ck_assert_msg(lay_out_bytes(text, size), "%s", diag.text);
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

Suite *test_suite(void)
{
    Suite *suite = suite_create("views_editor");
    TCase *tcase = tcase_create("views_editor");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, agrees_with_the_editor);
    suite_add_tcase(suite, tcase);
    return suite;
}
