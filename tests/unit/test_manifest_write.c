/* SPDX-License-Identifier: MIT */
/* A manifest that is written is what is read, and damage to it is noticed or
 * harmless. */
#include "manifest_bench.h"

#include "describe/attachment.h"
#include "describe/describe.h"
#include "patch_element.h"
#include "schema.h"
#include "suite.h"
#include "vector.h"

#include <math.h>

static uint32_t seed;

static uint32_t next(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static const char *random_name(unsigned number)
{
    static const char *const parts[] = {
        "osc", "a\\b", "\"q\"", "\xc3\xa9", "x=y", "?!", "\xf0\x9f\x8e\xb5"};
    return arena_format(&arena, "%s:%s%u", parts[next(7)], parts[next(7)],
                        number);
}

/* What its kind does not use is 0, as a project text leaves it. */
static struct patch_view random_view(const struct patch_item *items,
                                     uint32_t count)
{
    struct patch_view view = {
        .kind = (enum f4e_view_kind)next(PATCH_VIEW_KINDS),
        .item = next(count),
        .index = next(3),
        .is_pointee = next(2) != 0,
        .count = 1,
        .count_item = F4E_NO_ITEM,
        .cursor_item = F4E_NO_ITEM,
        .rows = next(9) + 1,
        .module = next(2) ? "osc" : "",
    };
    view.element =
        view.is_pointee ? (enum f4e_element)next(7) : items[view.item].element;
    if (view.kind == F4E_WATCH) {
        view.format = (enum f4e_view_format)next(PATCH_VIEW_FORMATS);
    }
    if (patch_view_has_run(view.kind)) {
        view.count_item = next(2) ? next(count) : F4E_NO_ITEM;
        view.cursor_item = next(2) ? next(count) : F4E_NO_ITEM;
        view.is_cursor_address =
            view.cursor_item != F4E_NO_ITEM && next(2) != 0;
        view.count = view.count_item == F4E_NO_ITEM ? next(100) + 1 : 0;
    }
    if (patch_view_has_range(view.kind)) {
        view.min = (double)next(1000) / -7;
        view.max = (double)next(1000) / 3;
    }
    if (view.kind == F4E_PIANO) {
        view.first_key = (int32_t)next(128) - 64;
    }
    return view;
}

static void random_patch(struct patch *patch, const struct wasm_module *module)
{
    uint32_t count = next(20) + 1;
    struct patch_item *items = arena_alloc(&arena, count, sizeof(*items));
    for (uint32_t i = 0; i < count; i++) {
        items[i] = (struct patch_item){
            .name = random_name(i),
            .type = next(2) ? "float" : "int8u[]",
            .address = i * 64,
            .count = next(9),
            .capacity = 64,
            .element = (enum f4e_element)next(7),
            .pointer_depth = next(3),
        };
        items[i].is_array = items[i].count != 1 || next(2) != 0;
        items[i].pointee =
            items[i].pointer_depth > 0 ? (enum f4e_element)next(7) : F4E_I32;
    }
    uint32_t param_count = next(10);
    struct patch_param *params =
        arena_alloc(&arena, param_count, sizeof(*params));
    for (uint32_t i = 0; i < param_count; i++) {
        params[i] = (struct patch_param){
            .kind = (enum f4e_param_kind)next(4),
            .item = next(count),
            .min = (double)next(1000) / 7,
            .max = ldexp(1.0 + next(1000) / 999.0, (int)next(200) - 100),
            .step = (double)next(3) / 3,
            .off = next(5),
            .on = -1.0 / (next(9) + 1),
            .module = next(2) ? "osc" : "",
            .order = i * 2,
        };
    }
    uint32_t view_count = next(10);
    struct patch_view *views = arena_alloc(&arena, view_count, sizeof(*views));
    for (uint32_t i = 0; i < view_count; i++) {
        views[i] = random_view(items, count);
        views[i].order = i * 2 + 1;
    }
    *patch = (struct patch){
        .module = module,
        .name = "x",
        .main_function = 0,
        .buffer_function = UINT32_MAX,
        .is_driven_by_main = true,
        .block_frames = next(1000) + 1,
        .sample_rate = next(1000000) + 1,
        .runtime = next(2) ? RUNTIME_TIMER : RUNTIME_AUDIO,
        .tick_ms = next(1000) + 1,
        .output_count = next(3),
        .input_count = next(2),
        .items = items,
        .item_count = count,
        .params = params,
        .param_count = param_count,
        .views = views,
        .view_count = view_count,
        .keyboard_code = next(2) * 4,
        .keyboard_pressed = next(2) * 8,
    };
    attachment_sha256(module, patch->sha256, &arena);
    for (uint32_t i = 0; i < patch->output_count; i++) {
        patch->outputs[i] = (struct patch_channel){
            i, next(3) ? next(60000) : PATCH_UNCONNECTED, SOURCE_FLAG, "p:1"};
    }
    patch->inputs[0] =
        (struct patch_channel){0, next(60000), SOURCE_PROJECT, NULL};
    patch->is_mono_duplicated = patch->output_count == 1;
}

static void compare_param(const struct patch_param *a,
                          const struct patch_param *b)
{
    bool has_range = a->kind == F4E_SLIDER || a->kind == F4E_CROSSFADE;
    ck_assert_int_eq(a->kind, b->kind);
    ck_assert_uint_eq(a->item, b->item);
    if (has_range) {
        ck_assert(a->min == b->min && a->max == b->max && a->step == b->step);
    } else {
        ck_assert(a->off == b->off && a->on == b->on);
    }
    ck_assert_str_eq(a->module, b->module);
    ck_assert_uint_eq(a->order, b->order);
}

static void compare_view(const struct patch_view *a, const struct patch_view *b)
{
    ck_assert(a->kind == b->kind && a->format == b->format &&
              a->element == b->element);
    ck_assert(a->is_pointee == b->is_pointee &&
              a->is_cursor_address == b->is_cursor_address);
    ck_assert(a->item == b->item && a->index == b->index &&
              a->count == b->count && a->count_item == b->count_item &&
              a->cursor_item == b->cursor_item);
    ck_assert(a->min == b->min && a->max == b->max);
    ck_assert(a->rows == b->rows && a->first_key == b->first_key);
    ck_assert_str_eq(a->module, b->module);
    ck_assert_uint_eq(a->order, b->order);
}

START_TEST(reads_what_it_writes)
{
    struct wasm_module module;
    struct patch patch;
    wat_module(&module, one_page, &arena);
    seed = (uint32_t)_i + 1;
    random_patch(&patch, &module);
    cJSON *root = cJSON_CreateObject();
    manifest_add(root, &patch, _i % 2 == 0, &arena);
    char *text = _i % 3 == 0 ? cJSON_Print(root) : cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    root = cJSON_Parse(text);
    ck_assert_msg(schema_matches(schema, root), "the schema: %s", text);
    cJSON_Delete(root);
    ck_assert_msg(read_manifest(text), "%s in %s", diag.text, text);
    cJSON_free(text);
    ck_assert_str_eq(manifest.sha256, patch.sha256);
    ck_assert((manifest.name != NULL) == (_i % 2 == 0));
    ck_assert_str_eq(manifest.entry, "main");
    ck_assert(manifest.has_runtime && manifest.runtime == patch.runtime);
    ck_assert(manifest.runtime == RUNTIME_AUDIO ||
              manifest.tick_ms == patch.tick_ms);
    ck_assert_uint_eq(manifest.block_frames, patch.block_frames);
    ck_assert_uint_eq(manifest.sample_rate, patch.sample_rate);
    ck_assert_uint_eq(manifest.output_count, patch.output_count);
    ck_assert_uint_eq(manifest.input_count, patch.input_count);
    for (uint32_t i = 0; i < patch.output_count; i++) {
        ck_assert_uint_eq(manifest.outputs[i].address,
                          patch.outputs[i].address);
    }
    ck_assert(manifest.is_mono_duplicated == patch.is_mono_duplicated);
    ck_assert_uint_eq(manifest.keyboard_code, patch.keyboard_code);
    ck_assert_uint_eq(manifest.keyboard_pressed, patch.keyboard_pressed);
    ck_assert_uint_eq(manifest.item_count, patch.item_count);
    for (uint32_t i = 0; i < patch.item_count; i++) {
        const struct patch_item *a = &patch.items[i];
        const struct patch_item *b = &manifest.items[i];
        ck_assert_str_eq(a->name, b->name);
        ck_assert_str_eq(a->type, b->type);
        ck_assert(a->memory == b->memory && a->address == b->address &&
                  a->count == b->count && a->capacity == b->capacity &&
                  a->element == b->element && a->is_array == b->is_array &&
                  a->pointer_depth == b->pointer_depth &&
                  a->pointee == b->pointee);
    }
    ck_assert_uint_eq(manifest.param_count, patch.param_count);
    for (uint32_t i = 0; i < patch.param_count; i++) {
        compare_param(&patch.params[i], &manifest.params[i]);
    }
    ck_assert_uint_eq(manifest.view_count, patch.view_count);
    for (uint32_t i = 0; i < patch.view_count; i++) {
        compare_view(&patch.views[i], &manifest.views[i]);
    }
}
END_TEST

/* Its items are there, and what is fixed of its run is inside. */
static void check_view(const struct patch_view *view)
{
    ck_assert_uint_lt(view->item, manifest.item_count);
    const struct patch_item *item = &manifest.items[view->item];
    ck_assert_uint_lt(view->index, item->count);
    if (view->count_item != F4E_NO_ITEM) {
        ck_assert_uint_lt(view->count_item, manifest.item_count);
    } else if (!view->is_pointee) {
        ck_assert(item->address + ((uint64_t)view->index + view->count) *
                                      patch_element_bytes(item->element) <=
                  WASM_PAGE_BYTES);
    }
    if (view->cursor_item != F4E_NO_ITEM) {
        ck_assert_uint_lt(view->cursor_item, manifest.item_count);
    }
}

/* Whatever the bytes: an error with a text, or values inside the module. */
START_TEST(survives_mutations)
{
    enum { ROUNDS = 2000 };
    struct wasm_module module;
    struct patch patch;
    wat_module(&module, one_page, &arena);
    seed = (uint32_t)_i + 77;
    random_patch(&patch, &module);
    cJSON *root = cJSON_CreateObject();
    manifest_add(root, &patch, false, &arena);
    char *text = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    size_t size = strlen(text);
    static const char letters[] = "0123456789-.eE{}[]\",:ntf\\u \xc3";
    for (int round = 0; round < ROUNDS; round++) {
        struct arena scratch;
        arena_init(&scratch, 0);
        char *copy = arena_copy(&scratch, text, size);
        for (uint32_t i = next(4) + 1; i > 0; i--) {
            copy[next((uint32_t)size)] = letters[next(sizeof(letters) - 1)];
        }
        diag_init(&diag, NULL);
        if (!manifest_read(&manifest, (const uint8_t *)copy, size, "m",
                           SOURCE_MANIFEST, &scratch, &diag)) {
            ck_assert(diag.kind == DIAG_INPUT && diag.text[0] != '\0');
        } else {
            manifest_check(&manifest, &module, &scratch);
            for (uint32_t i = 0; i < manifest.item_count; i++) {
                ck_assert((uint64_t)manifest.items[i].address +
                              manifest.items[i].capacity <=
                          WASM_PAGE_BYTES);
            }
            for (uint32_t i = 0; i < manifest.param_count; i++) {
                ck_assert_uint_lt(manifest.params[i].item, manifest.item_count);
            }
            for (uint32_t i = 0; i < manifest.view_count; i++) {
                check_view(&manifest.views[i]);
            }
        }
        arena_deinit(&scratch);
    }
    cJSON_free(text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("manifest_write");
    TCase *tests = tcase_create("manifest_write");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, reads_what_it_writes, 0, 60);
    tcase_add_loop_test(tests, survives_mutations, 0, 10);
    suite_add_tcase(suite, tests);
    return suite;
}
