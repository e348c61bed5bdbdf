/* SPDX-License-Identifier: MIT */
#include "inspect/inspect.h"
#include "suite.h"
#include "vector.h"

static struct arena arena;
static struct diag diag;
static struct wasm_module module;
static char *printed;
static size_t printed_size;

static void set_up(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, "patch.wasm");
    printed = NULL;
}

static void tear_down(void)
{
    free(printed);
    arena_deinit(&arena);
}

static bool inspect(bool is_json)
{
    static const struct describe_flags none;
    free(printed);
    FILE *stream = open_memstream(&printed, &printed_size);
    ck_assert(stream != NULL);
    bool ok = inspect_module(&module, "patch.wasm", &none, is_json, stream,
                             &arena, &diag);
    ck_assert(fclose(stream) == 0);
    return ok;
}

static cJSON *inspect_json(const char *name)
{
    ck_assert_msg(inspect(true), "%s: %s", name, diag.text);
    cJSON *root = cJSON_ParseWithLength(printed, printed_size);
    ck_assert_msg(root != NULL, "%s: not JSON: %s", name, printed);
    return root;
}

static const cJSON *get(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(item != NULL, "no '%s'", key);
    return item;
}

static const char *text_of(const cJSON *object, const char *key)
{
    const cJSON *item = get(object, key);
    ck_assert_msg(cJSON_IsString(item), "'%s' is no text", key);
    return item->valuestring;
}

static uint32_t number_of(const cJSON *object, const char *key)
{
    const cJSON *item = get(object, key);
    ck_assert_msg(cJSON_IsNumber(item), "'%s' is no number", key);
    return (uint32_t)item->valuedouble;
}

static bool holds(const cJSON *array, const char *text)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, array)
    {
        if (strstr(item->valuestring, text) != NULL) {
            return true;
        }
    }
    return false;
}

/* Channels of config.json against those of inspect; one output found by the
 * probe stands for two configured at one address. */
static void compare_channels(const char *vector, const cJSON *found,
                             const cJSON *configured)
{
    int count = cJSON_GetArraySize(configured);
    ck_assert_msg(cJSON_GetArraySize(found) == count ||
                      (cJSON_GetArraySize(found) == 1 && count == 2),
                  "%s: %d channels, not %d", vector, cJSON_GetArraySize(found),
                  count);
    for (int i = 0; i < count; i++) {
        const cJSON *channel = cJSON_GetArrayItem(found, i);
        channel = channel != NULL ? channel : cJSON_GetArrayItem(found, 0);
        ck_assert_msg(
            number_of(channel, "address") ==
                number_of(cJSON_GetArrayItem(configured, i), "byteAddress"),
            "%s: channel %d", vector, i);
        ck_assert_str_eq(text_of(channel, "source"), "probe");
    }
}

/* Types of config.json: {"params": [...], "results": [...]} or the like. */
static void compare_exports(const char *vector, const cJSON *found,
                            const cJSON *configured)
{
    ck_assert_msg(cJSON_GetArraySize(found) == cJSON_GetArraySize(configured),
                  "%s: exports", vector);
    for (int i = 0; i < cJSON_GetArraySize(configured); i++) {
        ck_assert_str_eq(text_of(cJSON_GetArrayItem(found, i), "name"),
                         text_of(cJSON_GetArrayItem(configured, i), "name"));
    }
}

START_TEST(agrees_with_the_configuration)
{
    const char *vector = vector_names[_i];
    vector_module(&module, vector, true, &arena);
    cJSON *root = inspect_json(vector);
    ck_assert_uint_eq(number_of(root, "blockFrames"), 128);
    ck_assert_uint_eq(number_of(root, "functions"), module.function_count);
    ck_assert_int_eq(cJSON_GetArraySize(get(root, "memories")),
                     (int)module.memory_count);
    ck_assert(cJSON_IsTrue(
        get(cJSON_GetArrayItem(get(root, "memories"), 0), "shared")));
    ck_assert_int_eq(cJSON_GetArraySize(get(root, "data")),
                     (int)module.data_count);
    ck_assert(cJSON_GetArraySize(get(root, "unsupported")) == 0);
    ck_assert(cJSON_GetArraySize(get(root, "rewrites")) > 0);
    const cJSON *data = NULL;
    cJSON_ArrayForEach(data, get(root, "data"))
    {
        ck_assert_msg(cJSON_IsNumber(get(data, "address")),
                      "%s: a segment without address", vector);
    }
    cJSON *config = vector_json(vector, "config.json", &arena);
    if (config != NULL) {
        ck_assert_str_eq(text_of(root, "generation"), "current");
        compare_channels(vector, get(root, "outputs"), get(config, "outputs"));
        if (strcmp(vector, "controls") != 0) { /* its input is its output */
            compare_channels(vector, get(root, "inputs"),
                             get(config, "inputs"));
        }
        compare_exports(vector, get(root, "exports"), get(config, "exports"));
        const char *source = text_of(root, "sampleRateSource");
        if (strcmp(source, "module") == 0) {
            ck_assert_uint_eq(number_of(root, "sampleRate"),
                              number_of(config, "sampleRate"));
        }
        bool has_buffer =
            wasm_find_export(&module, WASM_FUNCTION, "buffer") != NULL;
        ck_assert_str_eq(text_of(root, "drivenBy"),
                         has_buffer ? "buffer" : "main");
        cJSON_Delete(config);
    } else {
        ck_assert_str_eq(text_of(root, "generation"), "js");
        ck_assert_uint_eq(number_of(root, "sampleRate"), 44100);
    }
    cJSON_Delete(root);
    ck_assert_msg(inspect(false), "%s: %s", vector, diag.text);
    ck_assert(strstr(printed, "output ") != NULL);
}
END_TEST

START_TEST(lists_many_candidates)
{
    wat_module(&module,
               "(module (memory 1 1) (func (export \"main\")"
               " (call $out (i32.const 512)) (call $out (i32.const 1024))"
               " (call $out (i32.const 2048))"
               " (i32.store (i32.const 4) (i32.and (i32.const 127)"
               "  (i32.add (i32.const 1) (i32.load (i32.const 4))))))"
               " (func $out (param i32) (f32.store (i32.add (local.get 0)"
               "  (i32.shl (i32.load (i32.const 4)) (i32.const 2)))"
               "  (f32.const 0))))",
               &arena);
    cJSON *root = inspect_json("candidates");
    ck_assert_int_eq(cJSON_GetArraySize(get(root, "outputs")), 0);
    const cJSON *list = get(root, "outputCandidates");
    ck_assert_int_eq(cJSON_GetArraySize(list), 3);
    ck_assert_double_eq(cJSON_GetArrayItem(list, 1)->valuedouble, 1024.0);
    ck_assert(holds(get(root, "notices"), "3 buffers behave like outputs"));
    cJSON_Delete(root);
}
END_TEST

static const struct {
    const char *name;
    const char *text;
    const char *what; /* in "unsupported" */
} unsupported_cases[] = {
    {"atomics",
     "(module (memory 1 1 shared) (func (export \"main\")"
     " (drop (i32.atomic.load (i32.const 0)))))",
     "i32.atomic.load"},
    {"a table",
     "(module (import \"a\" \"b\" (table 1 funcref)) (func (export \"main\")))",
     "imported table"},
    {"64-bit memory",
     "(module (memory i64 281474976710656) (func (export \"main\")))",
     "64-bit memory"},
};

START_TEST(shows_what_cannot_be_built)
{
    wat_module(&module, unsupported_cases[_i].text, &arena);
    cJSON *root = inspect_json(unsupported_cases[_i].name);
    const cJSON *first = cJSON_GetArrayItem(get(root, "unsupported"), 0);
    ck_assert_msg(first != NULL && strstr(text_of(first, "what"),
                                          unsupported_cases[_i].what) != NULL,
                  "%s: %s", unsupported_cases[_i].name, printed);
    ck_assert(cJSON_GetObjectItemCaseSensitive(root, "outputCandidates") ==
              NULL);
    cJSON_Delete(root);
    ck_assert(inspect(false));
    ck_assert(strstr(printed, "unsupported ") != NULL);
}
END_TEST

START_TEST(shows_a_module_that_does_nothing)
{
    wat_module(&module, "(module)", &arena);
    cJSON *root = inspect_json("empty");
    ck_assert(cJSON_IsNull(get(root, "drivenBy")));
    ck_assert(holds(get(root, "notices"), "neither 'buffer' nor 'main'"));
    cJSON_Delete(root);

    wat_module(&module, "(module (func (export \"main\") (unreachable)))",
               &arena);
    root = inspect_json("trap");
    ck_assert(holds(get(root, "notices"), "traps in block 0"));
    cJSON_Delete(root);
}
END_TEST

START_TEST(lists_opcodes_outside_the_subset)
{
    wat_module(
        &module,
        "(module (func (export \"main\") (drop (f32.floor (f32.const 1)))"
        " (drop (f32.floor (f32.const 1)))))",
        &arena);
    cJSON *root = inspect_json("opcodes");
    const cJSON *first = cJSON_GetArrayItem(get(root, "outsideSubset"), 0);
    ck_assert_str_eq(text_of(first, "opcode"), "f32.floor");
    ck_assert_uint_eq(number_of(first, "count"), 2);
    ck_assert(cJSON_IsTrue(get(first, "supported")));
    cJSON_Delete(root);
}
END_TEST

/* Names may hold anything that is UTF-8; neither form lets it reach a terminal
 * as a command. */
START_TEST(escapes_names)
{
    wat_module(&module,
               "(module (memory (export \"m\") 1 1)"
               " (func (export \"main\"))"
               " (func (export \"\\1b[31m\\00\\c2\\9b\\22\\5c\\c3\\a9\\7f\")))",
               &arena);
    cJSON *root = inspect_json("names");
    const cJSON *last = cJSON_GetArrayItem(get(root, "exports"), 2);
    ck_assert(strncmp(text_of(last, "name"), "\x1b[31m", 5) == 0);
    ck_assert(
        strstr(printed, "\\u001b[31m\\u0000\\u009b\\\"\\\\\xc3\xa9\\u007f") !=
        NULL);
    cJSON_Delete(root);
    for (int form = 0; form < 2; form++) {
        ck_assert(inspect(form == 1));
        ck_assert(strlen(printed) == printed_size);
        ck_assert(strpbrk(printed, "\x1b\x7f") == NULL);
        ck_assert(strstr(printed, "\xc2\x9b") == NULL);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("inspect");
    TCase *tests = tcase_create("inspect");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 30);
    tcase_add_loop_test(tests, agrees_with_the_configuration, 0, VECTOR_COUNT);
    tcase_add_test(tests, lists_many_candidates);
    tcase_add_loop_test(tests, shows_what_cannot_be_built, 0,
                        sizeof(unsupported_cases) /
                            sizeof(unsupported_cases[0]));
    tcase_add_test(tests, shows_a_module_that_does_nothing);
    tcase_add_test(tests, lists_opcodes_outside_the_subset);
    tcase_add_test(tests, escapes_names);
    suite_add_tcase(suite, tests);
    return suite;
}
