/* SPDX-License-Identifier: MIT */
/* Texts against modules: the vectors agree, everything that was changed since
 * does not. */
#include "project/project.h"
#include "suite.h"
#include "vector.h"

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

static enum project_result match(const char *text, size_t size,
                                 const struct wasm_module *module)
{
    const struct project_text *parsed =
        project_parse((const uint8_t *)text, size, "patch.8f4e", &arena, &diag);
    if (parsed == NULL) {
        return PROJECT_UNREADABLE;
    }
    project_config(&config, parsed, &arena);
    return project_match(&project, parsed, &config, module, NULL, 0, &arena,
                         &diag);
}

/* Vectors with a text: all but the oldest. */
static const char *vector_text(const char *name, size_t *size)
{
    return (const char *)vector_file(name, "project.8f4e", size, &arena);
}

static double number(const cJSON *object, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(cJSON_IsNumber(value), "no number '%s'", key);
    return value->valuedouble;
}

static const char *string(const cJSON *object, const char *key)
{
    const char *value =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    ck_assert_msg(value != NULL, "no text '%s'", key);
    return value;
}

static void compare_plan(const char *name)
{
    cJSON *plan = vector_json(name, "plan.json", &arena);
    const cJSON *module;
    unsigned at = 0;
    ck_assert_uint_eq(project.required_bytes[0],
                      (uint64_t)number(plan, "requiredBytes"));
    cJSON_ArrayForEach(module, cJSON_GetObjectItem(plan, "modules"))
    {
        const struct project_module *found = &project.modules[at++];
        ck_assert_str_eq(found->id, string(module, "id"));
        ck_assert_uint_eq(found->memory,
                          (unsigned)number(module, "memoryIndex"));
        ck_assert_uint_eq(found->address,
                          (unsigned)number(module, "byteAddress"));
        ck_assert_uint_eq(found->size, (unsigned)number(module, "byteLength"));
    }
    ck_assert_uint_eq(at, project.module_count);
    const cJSON *expected;
    unsigned count = 0;
    cJSON_ArrayForEach(expected, cJSON_GetObjectItem(plan, "memory"))
    {
        uint32_t index = project_find_item(&project, expected->string);
        ck_assert_msg(index != PROJECT_NONE, "%s: no %s", name,
                      expected->string);
        const struct patch_item *item = &project.items[index];
        const struct project_declaration *more = &project.declarations[index];
        count++;
        ck_assert_uint_eq(item->address, (unsigned)number(expected, "address"));
        ck_assert_uint_eq(item->memory,
                          (unsigned)number(expected, "memoryIndex"));
        ck_assert_uint_eq(more->element_bytes,
                          (unsigned)number(expected, "elementBytes"));
        ck_assert_uint_eq(item->pointer_depth,
                          (unsigned)number(expected, "pointerDepth"));
        ck_assert_uint_eq(more->asset_bytes,
                          (unsigned)number(expected, "allocatedBytes"));
        ck_assert(more->count == number(expected, "count"));
        ck_assert(strncmp(item->type, string(expected, "type"),
                          strlen(string(expected, "type"))) == 0);
    }
    ck_assert_uint_eq(count, project.item_count);
    cJSON_Delete(plan);
}

static void compare_channels(const cJSON *list, const char *only_path)
{
    const cJSON *channel;
    cJSON_ArrayForEach(channel, list)
    {
        const char *path = only_path != NULL
                               ? only_path
                               : arena_format(&arena, "audioRuntime.%s",
                                              string(channel, "configKey"));
        const struct project_value *value = project_find_value(&config, path);
        uint32_t address = 0;
        ck_assert_ptr_nonnull(value);
        ck_assert(project_find_address(&project, value, &address, NULL));
        ck_assert_uint_eq(address, (unsigned)number(channel, "byteAddress"));
    }
}

static void compare_config(const char *name)
{
    cJSON *expected = vector_json(name, "config.json", &arena);
    compare_channels(cJSON_GetObjectItem(expected, "outputs"), NULL);
    compare_channels(cJSON_GetObjectItem(expected, "inputs"),
                     "audioRuntime.audioInBufferLAddress");
    const cJSON *row;
    unsigned at = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItem(expected, "assets"))
    {
        ck_assert_uint_lt(at, config.asset_count);
        const struct project_asset *asset = &config.assets[at++];
        uint32_t item = project_find_item(&project, asset->target);
        ck_assert_str_eq(asset->id, string(row, "id"));
        ck_assert_str_eq(asset->url, string(row, "url"));
        ck_assert_str_eq(asset->target, string(row, "target"));
        ck_assert_uint_ne(item, PROJECT_NONE);
        ck_assert_uint_eq(project.items[item].address,
                          (unsigned)number(row, "byteAddress"));
        ck_assert_uint_eq(project.declarations[item].asset_bytes,
                          (unsigned)number(row, "capacityBytes"));
    }
    at = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItem(expected, "midi"))
    {
        ck_assert_uint_lt(at, config.midi_count);
        ck_assert_uint_eq(config.midi[at].port, (unsigned)number(row, "port"));
        ck_assert_str_eq(config.midi[at++].callback, string(row, "callback"));
    }
    ck_assert_uint_eq(at, config.midi_count);
    ck_assert(config.rate_hz == number(expected, "sampleRate"));
    cJSON_Delete(expected);
}

START_TEST(vector_agrees_with_its_module)
{
    const char *name = vector_names[_i];
    size_t size = 0;
    const char *text = vector_text(name, &size);
    if (text == NULL) {
        ck_assert_str_eq(name, "legacy_2025");
        return;
    }
    for (int is_shared = 0; is_shared < 2; is_shared++) {
        struct wasm_module module;
        vector_module(&module, name, is_shared == 1, &arena);
        enum project_result result = match(text, size, &module);
        ck_assert_msg(result == PROJECT_MATCHES, "%s: %u: %s", name, diag.line,
                      diag.text);
        ck_assert_int_eq(diag.kind, DIAG_NONE);
        ck_assert_int_eq(project.difference, PROJECT_SAME);
        for (uint32_t i = 0; i < project.module_count; i++) {
            ck_assert_uint_lt(project.modules[i].function,
                              module.function_count);
        }
    }
    compare_plan(name);
    compare_config(name);
}
END_TEST

START_TEST(vector_does_not_agree_with_another_module)
{
    size_t size = 0;
    const char *text = vector_text(vector_names[_i], &size);
    for (int other = 0; text != NULL && other < VECTOR_COUNT; other++) {
        struct wasm_module module;
        if (other == _i) {
            continue;
        }
        vector_module(&module, vector_names[other], false, &arena);
        diag_init(&diag, "patch.wasm");
        ck_assert_msg(match(text, size, &module) != PROJECT_MATCHES,
                      "%s agrees with %s", vector_names[_i],
                      vector_names[other]);
        ck_assert_int_eq(diag.kind, DIAG_INPUT);
        ck_assert_str_eq(diag.file, "patch.8f4e");
    }
}
END_TEST

/* ---- a text that went on after the module was exported ---- */

static const struct {
    const char *vector, *from, *to;
    enum project_difference difference;
    const char *says;
} edits[] = {
    {"controls", "float volume 0.5", "float volume 0.75",
     PROJECT_OTHER_DEFAULTS,
     "default values differ from 'panel:volume' on: 0.75 in the text, 0.5 in "
     "the module"},
    {"controls", "int[] keys 8 60 64", "int[] keys 8 60 65",
     PROJECT_OTHER_DEFAULTS, "'panel:keys[1]' on: 65 in the text, 64 in"},
    {"controls", "int n\n", "int n 0\n", PROJECT_OTHER_DEFAULTS,
     "both have 0 here"},
    {"controls", "float phase", "float phase\nfloat more", PROJECT_OTHER_LAYOUT,
     "the module's variables end at byte 872, those of the text at 876; "
     "'tone:volume' is the first beyond"},
    {"controls", "int code\n", "", PROJECT_OTHER_LAYOUT,
     "the module's variables end at byte 872 of memory 0, those of the text at "
     "868: the module has more"},
    {"controls", "#export buffer", "#export render", PROJECT_OTHER_FUNCTIONS,
     "export 2 of the module is 'buffer', of the text 'render'"},
    {"controls", "#export buffer", "", PROJECT_OTHER_FUNCTIONS,
     "the module exports 'buffer', the text does not"},
    {"sine_stereo",
     "function parabola\n; @pos -40 24\n; cheap sine for x in [-PI, PI]\nparam "
     "float x\nuse circle\n\npush x\npush B\nmul\npush x\npush "
     "x\nabs\nmul\npush C\nmul\nadd\nfunctionEnd float\n",
     "", PROJECT_OTHER_FUNCTIONS, "functions, the text makes"},
    {"two_entries", "#skipExecution", "", PROJECT_OTHER_FUNCTIONS,
     "does not call"},
    {"two_entries", "\nentry screen", "\nentry other", PROJECT_OTHER_FUNCTIONS,
     "export 2 of the module is 'screen', of the text 'other'"},
    {"host_import", "#import random", "#import chance", PROJECT_OTHER_FUNCTIONS,
     "the module does not import 'chance' here"},
};

static const char *replace(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    ck_assert_msg(at != NULL, "no '%s'", from);
    return arena_format(&arena, "%.*s%s%s", (int)(at - text), text, to,
                        at + strlen(from));
}

START_TEST(an_edit_is_found_and_named)
{
    size_t size = 0;
    struct wasm_module module;
    const char *text = replace(vector_text(edits[_i].vector, &size),
                               edits[_i].from, edits[_i].to);
    vector_module(&module, edits[_i].vector, false, &arena);
    ck_assert_int_eq(match(text, strlen(text), &module), PROJECT_DIFFERS);
    ck_assert_msg(strstr(diag.text, edits[_i].says) != NULL,
                  "%s: expected '%s', got '%s'", edits[_i].to, edits[_i].says,
                  diag.text);
    ck_assert_int_eq(project.difference, edits[_i].difference);
}
END_TEST

/* Compilers may leave out functions that nothing reaches, and may put what
 * assets hold into the module: neither is another text. */
static const struct {
    const char *vector, *from, *to;
} tolerated[] = {
    {"controls", "function buffer", "function x\nfunctionEnd\nfunction buffer"},
    {"controls", "module panel",
     "module asleep\n#skipExecution\nmoduleEnd\n\nmodule panel"},
    {"pcm8_player", "int8[] clip 4093", "int8[] clip 4093 1 2 3"},
    {"pcm8_player", "int8[] roomy 8000 -1 -2 -3", "int8[] roomy 8000 -1 5"},
};

START_TEST(what_compilers_may_do_is_no_edit)
{
    size_t size = 0;
    struct wasm_module module;
    const char *text = replace(vector_text(tolerated[_i].vector, &size),
                               tolerated[_i].from, tolerated[_i].to);
    vector_module(&module, tolerated[_i].vector, false, &arena);
    ck_assert_msg(match(text, strlen(text), &module) == PROJECT_MATCHES,
                  "%s: %s", tolerated[_i].to, diag.text);
    /* Which function is which is still known where the module says it. */
    for (uint32_t i = 0; i < project.function_count; i++) {
        const struct project_function *function = &project.functions[i];
        if (function->export_name != NULL) {
            ck_assert_uint_eq(
                function->function,
                wasm_find_export(&module, WASM_FUNCTION, function->export_name)
                    ->index);
        } else if (function->function != PROJECT_NONE) {
            ck_assert_uint_lt(function->function, module.function_count);
        }
    }
    for (uint32_t i = 0; i < project.module_count; i++) {
        ck_assert(project.modules[i].function < module.function_count ||
                  (project.modules[i].is_skipped &&
                   project.modules[i].function == PROJECT_NONE));
    }
}
END_TEST

/* What the module has where assets go is known, and told from the text's. */
START_TEST(what_a_module_holds_of_assets_is_seen)
{
    size_t size = 0;
    struct wasm_module module;
    const char *text = vector_text("pcm8_player", &size);
    vector_module(&module, "pcm8_player", false, &arena);
    ck_assert_int_eq(match(text, size, &module), PROJECT_MATCHES);
    ck_assert_ptr_null(project.module_image);
    text =
        replace(text, "int8[] roomy 8000 -1 -2 -3", "int8[] roomy 8000 -1 5");
    ck_assert_int_eq(match(text, strlen(text), &module), PROJECT_MATCHES);
    uint32_t item = project_find_item(&project, "bank:roomy");
    uint32_t at = project.items[item].address;
    ck_assert_uint_lt(at + 2, project.image_bytes);
    ck_assert_int_eq((int8_t)project.module_image[at + 1], -2);
    ck_assert_int_eq((int8_t)project.text_image[at + 1], 5);
}
END_TEST

/* An edit beside what an asset fills is one as before. */
START_TEST(beside_assets_an_edit_is_found)
{
    size_t size = 0;
    struct wasm_module module;
    const char *text = replace(vector_text("pcm8_player", &size),
                               "int8* pos &bank:roomy", "int8* pos 77");
    text = replace(text, "int8[] clip 4093", "int8[] clip 4093 1 2 3");
    vector_module(&module, "pcm8_player", false, &arena);
    ck_assert_int_eq(match(text, strlen(text), &module), PROJECT_DIFFERS);
    ck_assert_msg(strstr(diag.text, ":pos' on: 77 in the text") != NULL, "%s",
                  diag.text);
}
END_TEST

/* A change of order within a type keeps sizes; defaults still tell. */
START_TEST(a_difference_has_the_line_of_the_variable)
{
    size_t size = 0;
    struct wasm_module module;
    const char *original = vector_text("controls", &size);
    const char *text = replace(original, "float volume 0.5", "float volume 1");
    uint32_t line = 1;
    for (const char *at = original; at < strstr(original, "float volume");
         at++) {
        line += *at == '\n';
    }
    vector_module(&module, "controls", false, &arena);
    ck_assert_int_eq(match(text, strlen(text), &module), PROJECT_DIFFERS);
    ck_assert_uint_eq(diag.line, line);
}
END_TEST

START_TEST(older_compiler_is_told_apart)
{
    size_t size = 0;
    struct wasm_module module;
    const char *text = vector_text("controls", &size);
    vector_module(&module, "legacy_2025", true, &arena);
    ck_assert_int_eq(match(text, size, &module), PROJECT_DIFFERS);
    ck_assert_int_eq(project.difference, PROJECT_OTHER_COMPILER);
    ck_assert_str_eq(diag.hint, "build without names: --no-project");
}
END_TEST

/* ---- which reading of a text was compiled ---- */

static const char two_readings[] =
    "8f4e/v1\n"
    "entry main\n"
    "module z\nint x 1\nmoduleEnd\n"
    "module b\n; @disabled\nfloat y 2\nmoduleEnd\n"
    "module a\nint[] w 3 7 8\nmoduleEnd\n"
    "entryEnd\n";

/* The same text by hand. */
static const struct {
    struct project_rules rules;
    const char *body; /* of initDefaults, and the data */
    unsigned modules;
} compiled[] = {
    {{false, false},
     "i32.const 0 i32.const 0 i32.const 24 memory.fill"
     " i32.const 4 i32.const 0 i32.const 20 memory.init 0) (data "
     "\"\\07\\00\\00\\00\\08\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\40\\01\\0"
     "0\\00\\00\"",
     3},
    {{true, false},
     "i32.const 0 i32.const 0 i32.const 20 memory.fill"
     " i32.const 4 i32.const 0 i32.const 16 memory.init 0) (data "
     "\"\\07\\00\\00\\00\\08\\00\\00\\00\\00\\00\\00\\00\\01\\00\\00\\00\"",
     2},
    {{false, true},
     "i32.const 0 i32.const 0 i32.const 24 memory.fill"
     " i32.const 4 i32.const 0 i32.const 16 memory.init 0) (data "
     "\"\\01\\00\\00\\00\\00\\00\\00\\40\\07\\00\\00\\00\\08\\00\\00\\00\"",
     3},
    {{true, true},
     "i32.const 0 i32.const 0 i32.const 20 memory.fill"
     " i32.const 4 i32.const 0 i32.const 12 memory.init 0) (data "
     "\"\\01\\00\\00\\00\\07\\00\\00\\00\\08\\00\\00\\00\"",
     2},
};

START_TEST(finds_the_reading_that_was_compiled)
{
    struct wasm_module module;
    struct buf text;
    buf_init(&text, &arena);
    buf_text(&text, "(module (import \"host\" \"memory\" (memory 1 1))"
                    "(func (export \"initDefaults\") ");
    buf_text(&text, compiled[_i].body);
    buf_text(&text, ") (func (export \"main\")");
    for (unsigned i = 0; i < compiled[_i].modules; i++) {
        buf_format(&text, " call %u", 2 + i);
    }
    buf_text(&text, ")");
    for (unsigned i = 0; i < compiled[_i].modules; i++) {
        buf_text(&text, "(func)");
    }
    buf_text(&text, ")");
    wat_module(&module, buf_string(&text), &arena);
    enum project_result result =
        match(two_readings, sizeof(two_readings) - 1, &module);
    ck_assert_msg(result == PROJECT_MATCHES, "%s", diag.text);
    ck_assert(project.rules.skips_disabled ==
              compiled[_i].rules.skips_disabled);
    ck_assert(project.rules.is_file_order == compiled[_i].rules.is_file_order);
}
END_TEST

/* ---- widgets ---- */

START_TEST(reads_the_widgets_of_controls)
{
    static const struct {
        enum f4e_param_kind kind;
        const char *item;
        double min, max, step, off, on;
        bool is_float_bits;
    } expected[] = {
        {F4E_SLIDER, "panel:volume", 0, 1, 0.01, 0, 0, false},
        {F4E_SLIDER, "panel:cutoff", 0, 1, 0, 0, 0, false},
        {F4E_SLIDER, "panel:coarse", 0, 24, 0, 0, 0, false},
        {F4E_SLIDER, "panel:coarse", 0, 24, 0.5, 0, 0, true},
        {F4E_SLIDER, "panel:wide", -10, 10, 0.25, 0, 0, false},
        {F4E_BUTTON, "panel:gate", 0, 0, 0, 0, 1, false},
        {F4E_BUTTON, "panel:gate", 0, 0, 0, 0, 64, false},
        {F4E_SWITCH, "panel:hold", 0, 0, 0, 10, 20, false},
        {F4E_CROSSFADE, "panel:dry", -1, 1, 0, 0, 0, false},
    };
    size_t size = 0;
    struct wasm_module module;
    const char *text = vector_text("controls", &size);
    vector_module(&module, "controls", false, &arena);
    ck_assert_int_eq(match(text, size, &module), PROJECT_MATCHES);
    ck_assert_uint_eq(project.param_count,
                      sizeof(expected) / sizeof(expected[0]));
    for (uint32_t i = 0; i < project.param_count; i++) {
        const struct patch_param *param = &project.params[i];
        ck_assert_int_eq(param->kind, expected[i].kind);
        ck_assert_str_eq(project.items[param->item].name, expected[i].item);
        ck_assert(param->min == expected[i].min);
        ck_assert(param->max == expected[i].max);
        ck_assert(param->step == expected[i].step);
        ck_assert(param->off == expected[i].off);
        ck_assert(param->on == expected[i].on);
        ck_assert(param->is_float_bits == expected[i].is_float_bits);
    }
    ck_assert_str_eq(project.items[project.params[8].item2].name, "panel:wet");
    ck_assert_uint_eq(project.notice_count, 2);
    ck_assert_ptr_nonnull(strstr(project.notices[0].text, "@crossfade"));
    ck_assert_ptr_nonnull(strstr(project.notices[1].text, "@plot"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("project check");
    TCase *tests = tcase_create("check");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, vector_agrees_with_its_module, 0, VECTOR_COUNT);
    tcase_add_loop_test(tests, vector_does_not_agree_with_another_module, 0,
                        VECTOR_COUNT);
    tcase_add_loop_test(tests, what_compilers_may_do_is_no_edit, 0,
                        sizeof(tolerated) / sizeof(tolerated[0]));
    tcase_add_test(tests, what_a_module_holds_of_assets_is_seen);
    tcase_add_test(tests, beside_assets_an_edit_is_found);
    tcase_add_loop_test(tests, an_edit_is_found_and_named, 0,
                        sizeof(edits) / sizeof(edits[0]));
    tcase_add_test(tests, a_difference_has_the_line_of_the_variable);
    tcase_add_test(tests, older_compiler_is_told_apart);
    tcase_add_loop_test(tests, finds_the_reading_that_was_compiled, 0,
                        sizeof(compiled) / sizeof(compiled[0]));
    tcase_add_test(tests, reads_the_widgets_of_controls);
    suite_add_tcase(suite, tests);
    return suite;
}
