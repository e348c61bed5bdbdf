/* SPDX-License-Identifier: MIT */
/* Manifests: what a stranger's JSON may say. The schema of docs/ and its page
 * have to agree. */
#include "manifest_bench.h"

#include "schema.h"
#include "suite.h"
#include "vector.h"

/* What the schema cannot say: uniqueness, and what other members hold. */
enum { SCHEMA_SEES, SCHEMA_IS_BLIND };

static const struct {
    const char *text;
    const char *message;
    int schema;
} wrong[] = {
    {"[]", "$: not an object", SCHEMA_SEES},
    {"{}", "$.f4e-manifest: missing", SCHEMA_SEES},
    {"{\"f4e-manifest\": null}", "$.f4e-manifest: missing", SCHEMA_SEES},
    {"{\"f4e-manifest\": 2}",
     "$.f4e-manifest: a manifest of version 2: this program reads version 1",
     SCHEMA_SEES},
    {"{\"f4e-manifest\": \"1\"}",
     "$.f4e-manifest: not a whole number from 1 to 4294967295", SCHEMA_SEES},
    {M("\"name\": 1"), "$.name: not a text", SCHEMA_SEES},
    {M("\"sha256\": \"00\""),
     "$.sha256: not 64 hexadecimal digits in lower case", SCHEMA_SEES},
    {M("\"runtime\": \"video\""), "$.runtime: neither \"audio\" nor \"timer\"",
     SCHEMA_SEES},
    {M("\"runtime\": \"timer\""), "$.runtime: a timer needs a member 'tickMs'",
     SCHEMA_IS_BLIND},
    {M("\"tickMs\": 0"), "$.tickMs: not a whole number from 1 to 3600000",
     SCHEMA_SEES},
    {M("\"drivenBy\": []"), "$.drivenBy: not a text", SCHEMA_SEES},
    {M("\"blockFrames\": 65537"),
     "$.blockFrames: not a whole number from 1 to 65536", SCHEMA_SEES},
    {M("\"sampleRate\": 44100.5"),
     "$.sampleRate: not a whole number from 1 to 1000000", SCHEMA_SEES},
    {M("\"monoOnBothSpeakers\": 1"),
     "$.monoOnBothSpeakers: neither true nor false", SCHEMA_SEES},
    {M("\"midiOut\": {}"), "$.midiOut: not a list", SCHEMA_SEES},
    {M("\"midiOut\": [{}]"), "$.midiOut[0].gate: missing", SCHEMA_IS_BLIND},
    {M("\"midiOut\": [{\"controller\": \"a\"}]"),
     "$.midiOut[0].controller: no item of the manifest has this name",
     SCHEMA_IS_BLIND},
    {M("\"outputs\": {}"), "$.outputs: not a list", SCHEMA_SEES},
    {M("\"outputs\": [1]"), "$.outputs[0]: not an object", SCHEMA_SEES},
    {M("\"outputs\": [{}]"), "$.outputs[0].channel: missing", SCHEMA_SEES},
    {M("\"outputs\": [{\"channel\": 64}]"),
     "$.outputs[0].channel: not a whole number from 0 to 63", SCHEMA_SEES},
    {M("\"outputs\": [{\"channel\": 0}, {\"channel\": 0}]"),
     "$.outputs[1]: channel 0 is there twice", SCHEMA_IS_BLIND},
    {M("\"inputs\": [{\"channel\": 0, \"address\": 4294967295}]"),
     "$.inputs[0].address: not a whole number from 0 to 4294967294",
     SCHEMA_SEES},
    {M("\"items\": 0"), "$.items: not a list", SCHEMA_SEES},
    {ITEM("\"name\": \"a:b\""), "$.items[0].address: missing", SCHEMA_SEES},
    {ITEM("\"address\": 4"), "$.items[0].name: missing", SCHEMA_SEES},
    {ITEM("\"name\": \"\", \"address\": 4"),
     "$.items[0].name: not a name of 1 to 1024 bytes without blanks",
     SCHEMA_SEES},
    {ITEM("\"name\": \"a b\", \"address\": 4"),
     "$.items[0].name: not a name of 1 to 1024 bytes without blanks",
     SCHEMA_IS_BLIND},
    {ITEM("\"name\": \"a\\u009b2J\", \"address\": 4"),
     "$.items[0].name: not a name of 1 to 1024 bytes without blanks",
     SCHEMA_IS_BLIND},
    {ITEM("\"name\": \"a\", \"address\": 4, \"type\": \"\""),
     "$.items[0].type: not a name of 1 to 1024 bytes without blanks",
     SCHEMA_SEES},
    {ITEM("\"name\": \"a\", \"address\": 4, \"type\": \"int\\n\""),
     "$.items[0].type: not a name of 1 to 1024 bytes without blanks",
     SCHEMA_IS_BLIND},
    {ITEM("\"name\": \"a\", \"address\": -1"),
     "$.items[0].address: not a whole number from 0 to 4294967295",
     SCHEMA_SEES},
    {ITEM("\"name\": \"a\", \"address\": 1e300"),
     "$.items[0].address: not a whole number from 0 to 4294967295",
     SCHEMA_SEES},
    {ITEM("\"name\": \"a\", \"address\": 4, \"pointerDepth\": 3"),
     "$.items[0].pointerDepth: not a whole number from 0 to 2", SCHEMA_SEES},
    {ITEM("\"name\": \"a\", \"address\": 4, \"memory\": 100"),
     "$.items[0].memory: not a whole number from 0 to 99", SCHEMA_SEES},
    {M("\"params\": [{\"item\": \"a\"}]"), "$.params[0].kind: missing",
     SCHEMA_SEES},
    {M("\"params\": [{\"kind\": \"slider\", \"item\": \"a\"}]"),
     "$.params[0].item: no item of the manifest has this name",
     SCHEMA_IS_BLIND},
    {M("\"items\": [{\"name\": \"a\", \"address\": 4}], \"params\": "
       "[{\"kind\": \"crossfade\", \"item\": \"a\"}]"),
     "$.params[0].item2: missing", SCHEMA_IS_BLIND},
    {M("\"items\": [{\"name\": \"a\", \"address\": 4}], \"params\": "
       "[{\"kind\": \"slider\", \"item\": \"a\", \"min\": \"0\"}]"),
     "$.params[0].min: not a number", SCHEMA_SEES},
    {PARAM("\"module\": \"a b\""),
     "$.params[0].module: not a name of 1 to 1024 bytes without blanks",
     SCHEMA_IS_BLIND},
    {PARAM("\"order\": -1"),
     "$.params[0].order: not a whole number from 0 to 4294967295", SCHEMA_SEES},
    {M("\"views\": 1"), "$.views: not a list", SCHEMA_SEES},
    {M("\"views\": [{\"item\": \"a\"}]"), "$.views[0].kind: missing",
     SCHEMA_SEES},
    {M("\"views\": [{\"kind\": \"plot\", \"item\": \"a\"}]"),
     "$.views[0].item: no item of the manifest has this name", SCHEMA_IS_BLIND},
    {VIEW("watch", "\"index\": 0.5"),
     "$.views[0].index: not a whole number from 0 to 4294967295", SCHEMA_SEES},
    {VIEW("watch", "\"pointer\": 1"),
     "$.views[0].pointer: neither true nor false", SCHEMA_SEES},
    {VIEW("watch", "\"format\": \"octal\""),
     "$.views[0].format: not one of decimal, hex, binary, address, lastAddress",
     SCHEMA_SEES},
    {VIEW("plot", "\"count\": 0"),
     "$.views[0].count: not a whole number from 1 to 4294967295", SCHEMA_SEES},
    {VIEW("plot", "\"countItem\": \"b\""),
     "$.views[0].countItem: no item of the manifest has this name",
     SCHEMA_IS_BLIND},
    {VIEW("wave", "\"cursorItem\": \"b\""),
     "$.views[0].cursorItem: no item of the manifest has this name",
     SCHEMA_IS_BLIND},
    {VIEW("bars", "\"max\": \"1\""), "$.views[0].max: not a number",
     SCHEMA_SEES},
    {VIEW("piano", "\"firstKey\": 1.5"),
     "$.views[0].firstKey: not a whole number of 32 bits", SCHEMA_SEES},
    {VIEW("piano", "\"firstKey\": 2147483648"),
     "$.views[0].firstKey: not a whole number of 32 bits", SCHEMA_SEES},
    {VIEW("plot", "\"rows\": 0"),
     "$.views[0].rows: not a whole number from 1 to 1000", SCHEMA_SEES},
    {VIEW("plot", "\"module\": \"a\\u001b\""),
     "$.views[0].module: not a name of 1 to 1024 bytes without blanks",
     SCHEMA_IS_BLIND},
    {M("\"midi\": [{\"port\": 0}]"), "$.midi[0].callback: missing",
     SCHEMA_SEES},
    {M("\"midi\": [{\"port\": 4294967296, \"callback\": \"f\"}]"),
     "$.midi[0].port: not a whole number from 0 to 4294967295", SCHEMA_SEES},
    {M("\"keyboard\": 4"), "$.keyboard: not an object", SCHEMA_SEES},
    {M("\"keyboard\": {\"code\": true}"),
     "$.keyboard.code: not a whole number from 0 to 4294967295", SCHEMA_SEES},
    {M("\"assets\": [{\"url\": \"x\"}]"), "$.assets[0].id: missing",
     SCHEMA_SEES},
    {M("\"assets\": [{\"id\": \"a\", \"sha256\": 5}]"),
     "$.assets[0].sha256: not a text", SCHEMA_SEES},
    {M("\"assets\": [{\"id\": \"a\"}]"),
     "$.assets[0]: neither 'target' nor 'address'", SCHEMA_IS_BLIND},
    {M("\"functionNames\": [{\"function\": 1}]"),
     "$.functionNames[0].name: missing", SCHEMA_SEES},
};

START_TEST(refuses_what_has_the_wrong_type_or_range)
{
    ck_assert_msg(!read_manifest(wrong[_i].text), "%s", wrong[_i].text);
    ck_assert_int_eq(diag.kind, DIAG_INPUT);
    ck_assert_str_eq(diag.file, "m.json");
    ck_assert_str_eq(diag.text, wrong[_i].message);
    cJSON *json = cJSON_Parse(wrong[_i].text);
    ck_assert_msg(json != NULL, "%s is not JSON", wrong[_i].text);
    ck_assert_msg(schema_matches(schema, json) ==
                      (wrong[_i].schema == SCHEMA_IS_BLIND),
                  "the schema about %s", wrong[_i].text);
    cJSON_Delete(json);
}
END_TEST

static const struct {
    const char *text;
    uint32_t line;
    const char *message;
} no_json[] = {
    {"", 1, "not JSON near column 1"},
    {"{\n\"f4e-manifest\": 1,\n}", 3, "not JSON near column 2"},
    {"{\"f4e-manifest\": 1} x", 1, "not JSON near column 21"},
    {"{\"f4e-manifest\": 1, \"name\": \"\xff\"}", 0,
     "the manifest is not UTF-8 text"},
};

START_TEST(says_where_the_text_is_no_json)
{
    ck_assert(!read_manifest(no_json[_i].text));
    ck_assert_str_eq(diag.text, no_json[_i].message);
    ck_assert_uint_eq(diag.line, no_json[_i].line);
}
END_TEST

START_TEST(refuses_deep_nesting)
{
    enum { DEPTH = 100000 };
    struct buf text;
    buf_init(&text, &arena);
    for (int i = 0; i < DEPTH; i++) {
        buf_byte(&text, '[');
    }
    ck_assert(!read_manifest(buf_string(&text)));
}
END_TEST

START_TEST(takes_null_for_absent_and_ignores_the_unknown)
{
    cJSON *property = NULL;
    cJSON *all = cJSON_CreateObject();
    cJSON_ArrayForEach(property,
                       cJSON_GetObjectItemCaseSensitive(schema, "properties"))
    {
        (void)cJSON_AddNullToObject(all, property->string);
    }
    (void)cJSON_AddStringToObject(all, "unknown", "x");
    (void)cJSON_ReplaceItemInObjectCaseSensitive(all, "f4e-manifest",
                                                 cJSON_CreateNumber(1));
    char *text = cJSON_Print(all);
    ck_assert_msg(read_manifest(text), "%s", diag.text);
    ck_assert(schema_matches(schema, all));
    const struct manifest empty = {.source = SOURCE_MANIFEST};
    ck_assert(manifest.name == NULL && manifest.sha256 == NULL &&
              manifest.entry == NULL && !manifest.has_runtime &&
              !manifest.has_outputs && !manifest.has_inputs);
    ck_assert_uint_eq(manifest.block_frames, empty.block_frames);
    ck_assert_uint_eq(manifest.sample_rate, empty.sample_rate);
    ck_assert_uint_eq(manifest.item_count + manifest.param_count +
                          manifest.view_count + manifest.midi_count +
                          manifest.asset_count + manifest.name_count,
                      0);
    cJSON_free(text);
    cJSON_Delete(all);
}
END_TEST

START_TEST(fills_in_what_an_item_leaves_out)
{
    ck_assert(
        read_manifest(M("\"items\": ["
                        "{\"name\": \"m:f\", \"address\": 8, \"element\": "
                        "\"f32\"},"
                        "{\"name\": \"m:a\", \"address\": 12, \"element\": "
                        "\"i16\", \"count\": 3}],"
                        "\"assets\": [{\"id\": \"hit\", \"target\": \"m:a\"},"
                        "{\"id\": \"hit\", \"target\": \"m:none\"}]")));
    const struct patch_item *scalar = &manifest.items[0];
    const struct patch_item *array = &manifest.items[1];
    ck_assert(scalar->count == 1 && scalar->capacity == 4 &&
              !scalar->is_array && strcmp(scalar->type, "f32") == 0);
    ck_assert(array->capacity == 6 && array->is_array);
    ck_assert(manifest.assets[0].is_placed);
    ck_assert(manifest.assets[0].address == 12 &&
              manifest.assets[0].capacity == 6);
    ck_assert(!manifest.assets[1].is_placed);
}
END_TEST

/* What refers to it goes with it; the rest stays as it is. */
START_TEST(leaves_out_what_a_later_program_knows)
{
    ck_assert_msg(
        read_manifest(
            M("\"items\": ["
              "{\"name\": \"m:v\", \"address\": 8, \"element\": \"v128\"},"
              "{\"name\": \"m:p\", \"address\": 8, \"pointee\": \"u1\"},"
              "{\"name\": \"m:l\", \"address\": 8, \"element\": \"i64\"},"
              "{\"name\": \"m:n\", \"address\": 16, \"count\": 9.75}],"
              "\"params\": ["
              "{\"kind\": \"slider\", \"item\": \"m:v\"},"
              "{\"kind\": \"knob\", \"item\": \"m:n\"},"
              "{\"kind\": \"crossfade\", \"item\": \"m:n\", \"item2\": "
              "\"m:p\"},"
              "{\"kind\": \"slider\", \"item\": \"m:l\"}],"
              "\"views\": ["
              "{\"kind\": \"scope\", \"item\": \"m:n\"},"
              "{\"kind\": \"plot\", \"item\": \"m:n\", \"countItem\": "
              "\"m:v\"},"
              "{\"kind\": \"watch\", \"item\": \"m:n\", \"pointer\": true,"
              " \"element\": \"u32\"},"
              "{\"kind\": \"watch\", \"item\": \"m:l\"}]")),
        "%s", diag.text);
    ck_assert_uint_eq(manifest.item_count, 2);
    ck_assert_str_eq(manifest.items[0].name, "m:l");
    ck_assert(manifest.items[0].element == F4E_I64 &&
              manifest.items[0].capacity == 8);
    ck_assert_uint_eq(manifest.items[1].count, 9);
    ck_assert_uint_eq(manifest.param_count, 1);
    ck_assert_uint_eq(manifest.params[0].item, 0);
    ck_assert_uint_eq(manifest.params[0].order, 3);
    ck_assert_uint_eq(manifest.view_count, 1);
    ck_assert(manifest.views[0].element == F4E_I64);
    ck_assert_uint_eq(manifest.notice_count, 8);
    ck_assert_str_eq(manifest.notices[0],
                     "'m:v' is left out: this program does not know the type "
                     "'v128'");
    ck_assert_str_eq(manifest.notices[3],
                     "a param is left out: this program does not know 'knob'");
    ck_assert_str_eq(manifest.notices[4], "a param is left out: 'm:p' is");
}
END_TEST

/* It would be read and written where no element is. */
START_TEST(takes_nothing_but_one_element_for_a_scalar)
{
    ck_assert(read_manifest(
        M("\"items\": ["
          "{\"name\": \"m:0\", \"address\": 65536, \"count\": 0, "
          "\"array\": false},"
          "{\"name\": \"m:1\", \"address\": 12, \"array\": false},"
          "{\"name\": \"m:4\", \"address\": 16, \"count\": 4, "
          "\"array\": false}],"
          "\"assets\": [{\"id\": \"hit\", \"target\": \"m:0\"}]")));
    ck_assert(manifest.items[0].is_array);
    ck_assert(!manifest.items[1].is_array);
    ck_assert(manifest.items[2].is_array);
    ck_assert(!manifest.assets[0].is_placed);
}
END_TEST

START_TEST(forgets_file_names_that_cannot_be_shown)
{
    static const char *const names[] = {"a/b",        "..",        "",
                                        "\\u001b[2J", "\\u009b2J", "a\\nb"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *text =
            arena_format(&arena,
                         M("\"assets\": [{\"id\": \"a\", \"address\": 4, "
                           "\"file\": \"%s\"}]"),
                         names[i]);
        ck_assert_msg(read_manifest(text), "%s: %s", text, diag.text);
        ck_assert_msg(manifest.assets[0].file == NULL, "%s", text);
    }
    ck_assert(read_manifest(
        M("\"assets\": [{\"id\": \"a\", \"address\": 4, \"file\": "
          "\"my hit.raw\"}]")));
    ck_assert_str_eq(manifest.assets[0].file, "my hit.raw");
}
END_TEST

START_TEST(counts_notices_that_nobody_would_read)
{
    enum { BINDINGS = 1000 };
    struct wasm_module module;
    struct buf text;
    wat_module(&module, "(module (func (export \"main\")))", &arena);
    buf_init(&text, &arena);
    for (int i = 0; i < BINDINGS; i++) {
        buf_format(&text, "%s{\"port\": %d, \"callback\": \"off\"}",
                   i > 0 ? ", " : "", i);
    }
    ck_assert(read_manifest(
        arena_format(&arena, M("\"midi\": [%s]"), buf_string(&text))));
    manifest_check(&manifest, &module, &arena);
    ck_assert_uint_eq(manifest.notice_count, MANIFEST_MAX_NOTICES);
    ck_assert_uint_eq(manifest.dropped_notices,
                      BINDINGS - MANIFEST_MAX_NOTICES);
}
END_TEST

START_TEST(leaves_gaps_between_channels_silent)
{
    ck_assert(
        read_manifest(M("\"outputs\": [{\"channel\": 2, \"address\": 16}]")));
    ck_assert(manifest.has_outputs && manifest.output_count == 3);
    ck_assert_uint_eq(manifest.outputs[0].address, PATCH_UNCONNECTED);
    ck_assert_uint_eq(manifest.outputs[1].address, PATCH_UNCONNECTED);
    ck_assert_uint_eq(manifest.outputs[2].address, 16);
}
END_TEST

static void check_documented(const cJSON *object, const char *page)
{
    const cJSON *property = NULL;
    cJSON_ArrayForEach(property,
                       cJSON_GetObjectItemCaseSensitive(object, "properties"))
    {
        bool is_there =
            strstr(page, arena_format(&arena, "`%s`", property->string)) !=
                NULL ||
            strstr(page, arena_format(&arena, "\"%s\"", property->string)) !=
                NULL;
        ck_assert_msg(is_there || strcmp(property->string, "where") == 0,
                      "docs/manifest.md says nothing of '%s'",
                      property->string);
        check_documented(property, page);
        check_documented(cJSON_GetObjectItemCaseSensitive(property, "items"),
                         page);
    }
}

START_TEST(page_has_every_member_of_the_schema)
{
    FILE *file = fopen(F4E_MANIFEST_PAGE, "rb");
    ck_assert(file != NULL);
    static char page[65536];
    size_t size = fread(page, 1, sizeof(page) - 1, file);
    page[size] = '\0';
    (void)fclose(file);
    check_documented(schema, page);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("manifest");
    TCase *tests = tcase_create("manifest");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, refuses_what_has_the_wrong_type_or_range, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    tcase_add_loop_test(tests, says_where_the_text_is_no_json, 0,
                        sizeof(no_json) / sizeof(no_json[0]));
    tcase_add_test(tests, refuses_deep_nesting);
    tcase_add_test(tests, takes_null_for_absent_and_ignores_the_unknown);
    tcase_add_test(tests, fills_in_what_an_item_leaves_out);
    tcase_add_test(tests, leaves_out_what_a_later_program_knows);
    tcase_add_test(tests, takes_nothing_but_one_element_for_a_scalar);
    tcase_add_test(tests, forgets_file_names_that_cannot_be_shown);
    tcase_add_test(tests, counts_notices_that_nobody_would_read);
    tcase_add_test(tests, leaves_gaps_between_channels_silent);
    tcase_add_test(tests, page_has_every_member_of_the_schema);
    suite_add_tcase(suite, tests);
    return suite;
}
