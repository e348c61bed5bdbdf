/* SPDX-License-Identifier: MIT */
/*
 * Manifests: what a stranger's JSON may say, what is left of it beside a
 * module, and that what is written is what is read. The schema of docs/ has to
 * agree with all of it.
 */
#include "metadata/manifest_json.h"

#include "describe/attachment.h"
#include "describe/describe.h"
#include "patch_element.h"
#include "schema.h"
#include "suite.h"
#include "vector.h"

#include <math.h>

static struct arena arena;
static struct diag diag;
static struct manifest manifest;
static cJSON *schema;

static void set_up(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
    FILE *file = fopen(F4E_SCHEMA, "rb");
    ck_assert(file != NULL);
    static char text[65536];
    size_t size = fread(text, 1, sizeof(text) - 1, file);
    text[size] = '\0';
    (void)fclose(file);
    schema = cJSON_Parse(text);
    ck_assert_msg(schema != NULL, "%s is not JSON", F4E_SCHEMA);
}

static void tear_down(void)
{
    cJSON_Delete(schema);
    arena_deinit(&arena);
}

static bool read(const char *text)
{
    diag_init(&diag, NULL);
    return manifest_read(&manifest, (const uint8_t *)text, strlen(text),
                         "m.json", SOURCE_MANIFEST, &arena, &diag);
}

#define M(members)    "{\"f4e-manifest\": 1, " members "}"
#define ITEM(members) M("\"items\": [{" members "}]")
/* A control, or something drawn, of the one item 'a', an int at byte 4. */
#define PARAM(members)                                               \
    M("\"items\": [{\"name\": \"a\", \"address\": 4}], \"params\": " \
      "[{\"kind\": \"slider\", \"item\": \"a\", " members "}]")
#define VIEW(kind, members)                                         \
    M("\"items\": [{\"name\": \"a\", \"address\": 4}], \"views\": " \
      "[{\"kind\": \"" kind "\", \"item\": \"a\", " members "}]")

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
    {ITEM("\"name\": \"a\", \"address\": 4, \"element\": \"i64\""),
     "$.items[0].element: not one of i8, u8, i16, u16, i32, f32, f64",
     SCHEMA_SEES},
    {ITEM("\"name\": \"a\", \"address\": 4, \"pointerDepth\": 3"),
     "$.items[0].pointerDepth: not a whole number from 0 to 2", SCHEMA_SEES},
    {ITEM("\"name\": \"a\", \"address\": 4, \"memory\": 100"),
     "$.items[0].memory: not a whole number from 0 to 99", SCHEMA_SEES},
    {M("\"params\": [{\"item\": \"a\"}]"), "$.params[0].kind: missing",
     SCHEMA_SEES},
    {M("\"params\": [{\"kind\": \"knob\", \"item\": \"a\"}]"),
     "$.params[0].kind: not one of slider, button, switch, crossfade",
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
    {M("\"views\": [{\"kind\": \"scope\", \"item\": \"a\"}]"),
     "$.views[0].kind: not one of watch, meter, plot, bars, wave, piano",
     SCHEMA_SEES},
    {M("\"views\": [{\"kind\": \"plot\", \"item\": \"a\"}]"),
     "$.views[0].item: no item of the manifest has this name", SCHEMA_IS_BLIND},
    {VIEW("watch", "\"index\": 0.5"),
     "$.views[0].index: not a whole number from 0 to 4294967295", SCHEMA_SEES},
    {VIEW("watch", "\"pointer\": 1"),
     "$.views[0].pointer: neither true nor false", SCHEMA_SEES},
    {VIEW("watch", "\"pointer\": true, \"element\": \"u32\""),
     "$.views[0].element: not one of i8, u8, i16, u16, i32, f32, f64",
     SCHEMA_SEES},
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
    ck_assert_msg(!read(wrong[_i].text), "%s", wrong[_i].text);
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
    ck_assert(!read(no_json[_i].text));
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
    ck_assert(!read(buf_string(&text)));
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
    ck_assert_msg(read(text), "%s", diag.text);
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
    ck_assert(read(M("\"items\": ["
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

/* It would be read and written where no element is. */
START_TEST(takes_nothing_but_one_element_for_a_scalar)
{
    ck_assert(read(M("\"items\": ["
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
        ck_assert_msg(read(text), "%s: %s", text, diag.text);
        ck_assert_msg(manifest.assets[0].file == NULL, "%s", text);
    }
    ck_assert(read(M("\"assets\": [{\"id\": \"a\", \"address\": 4, \"file\": "
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
    ck_assert(
        read(arena_format(&arena, M("\"midi\": [%s]"), buf_string(&text))));
    manifest_check(&manifest, &module, &arena);
    ck_assert_uint_eq(manifest.notice_count, MANIFEST_MAX_NOTICES);
    ck_assert_uint_eq(manifest.dropped_notices,
                      BINDINGS - MANIFEST_MAX_NOTICES);
}
END_TEST

START_TEST(leaves_gaps_between_channels_silent)
{
    ck_assert(read(M("\"outputs\": [{\"channel\": 2, \"address\": 16}]")));
    ck_assert(manifest.has_outputs && manifest.output_count == 3);
    ck_assert_uint_eq(manifest.outputs[0].address, PATCH_UNCONNECTED);
    ck_assert_uint_eq(manifest.outputs[1].address, PATCH_UNCONNECTED);
    ck_assert_uint_eq(manifest.outputs[2].address, 16);
}
END_TEST

/* ---- Beside a module: one page, exports main and note ---- */

static const char one_page[] =
    "(module (import \"host\" \"memory\" (memory 1 1))"
    " (func (export \"main\")) (func (export \"note\")) (func))";

static const struct {
    const char *text;
    const char *notice; /* NULL: none */
    uint32_t items, params, midi;
} beside[] = {
    {ITEM("\"name\": \"a\", \"address\": 65532"), NULL, 1, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 65533"),
     "1 variable is left out: 'a' lies outside the module's memory", 0, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 4, \"memory\": 1"),
     "1 variable is left out: 'a' lies outside the module's memory", 0, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 4, \"count\": 2, \"capacity\": 4"),
     "1 variable is left out: 'a' has more elements than bytes", 0, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 4, \"count\": 4294967295"),
     "1 variable is left out: 'a' has more elements than bytes", 0, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 4}, {\"name\": \"a\", \"address\": 8"),
     "1 variable is left out: 'a' is there twice", 1, 0, 0},
    {ITEM("\"name\": \"a\", \"address\": 65536}, {\"name\": \"b\", "
          "\"address\": 4294967295"),
     "2 variables are left out: 'a' lies outside", 0, 0, 0},
    {M("\"items\": [{\"name\": \"a\", \"address\": 65536}], \"params\": "
       "[{\"kind\": \"slider\", \"item\": \"a\", \"where\": \"\\u001b\"}]"),
     "a slider is left out: its variable does not exist", 0, 0, 0},
    {M("\"items\": [{\"name\": \"a\", \"address\": 4, \"count\": 0}], "
       "\"params\": [{\"kind\": \"button\", \"item\": \"a\"}]"),
     "a button is left out: its variable has no element", 1, 0, 0},
    {M("\"items\": [{\"name\": \"b\", \"address\": 8}, {\"name\": \"a\", "
       "\"address\": 4}], \"params\": [{\"kind\": \"slider\", \"item\": "
       "\"b\"}]"),
     NULL, 2, 1, 0},
    {M("\"items\": [{\"name\": \"a\", \"address\": 65535, \"element\": "
       "\"i8\"}], \"params\": [{\"kind\": \"slider\", \"item\": \"a\", "
       "\"floatBits\": true}]"),
     "a slider is left out: its variable is too small for a float", 1, 0, 0},
    {M("\"midi\": [{\"port\": 0, \"callback\": \"note\"}]"), NULL, 0, 0, 1},
    {M("\"midi\": [{\"port\": 3, \"callback\": \"off\"}]"),
     "MIDI port 3: the module exports no function 'off'", 0, 0, 0},
    {M("\"keyboard\": {\"code\": 65533}"),
     "keyboard memory at byte 65533 lies outside memory 0", 0, 0, 0},
};

/* Views of 'a', eight floats at 65504 (the last ones of the memory), 'p', a
 * pointer to float, and 'n', an int. */
#define SHOW(members)                                                        \
    M("\"items\": [{\"name\": \"n\", \"address\": 8}, {\"name\": \"a\", "    \
      "\"address\": 65504, \"element\": \"f32\", \"count\": 8}, {\"name\": " \
      "\"p\", \"address\": 4, \"pointerDepth\": 1, \"pointee\": \"f32\"}, "  \
      "{\"name\": \"e\", \"address\": 16, \"count\": 0}], \"views\": "       \
      "[{" members "}]")

static const struct {
    const char *text;
    const char *fault; /* NULL: it stays */
} shown[] = {
    {SHOW("\"kind\": \"plot\", \"item\": \"a\""), NULL},
    {SHOW("\"kind\": \"plot\", \"item\": \"a\", \"count\": 8"), NULL},
    {SHOW("\"kind\": \"plot\", \"item\": \"a\", \"count\": 9"),
     "a plot is left out: its elements lie outside the module's memory"},
    {SHOW("\"kind\": \"bars\", \"item\": \"a\", \"count\": 4294967295"),
     "a bars is left out: its elements lie outside the module's memory"},
    {SHOW("\"kind\": \"wave\", \"item\": \"a\", \"index\": 4, "
          "\"count\": 4"),
     NULL},
    {SHOW("\"kind\": \"wave\", \"item\": \"a\", \"index\": 4, "
          "\"count\": 5"),
     "a wave is left out: its elements lie outside the module's memory"},
    {SHOW("\"kind\": \"watch\", \"item\": \"a\", \"index\": 7"), NULL},
    {SHOW("\"kind\": \"watch\", \"item\": \"a\", \"index\": 8"),
     "a watch is left out: its variable has no such element"},
    {SHOW("\"kind\": \"meter\", \"item\": \"e\""),
     "a meter is left out: its variable has no such element"},
    {SHOW("\"kind\": \"wave\", \"item\": \"p\", \"pointer\": true, "
          "\"count\": 4294967295"),
     NULL},
    {SHOW("\"kind\": \"wave\", \"item\": \"a\", \"pointer\": true"),
     "a wave is left out: its variable is no pointer"},
    {SHOW("\"kind\": \"plot\", \"item\": \"a\", \"countItem\": \"n\""), NULL},
    {SHOW("\"kind\": \"plot\", \"item\": \"a\", \"countItem\": \"a\""),
     "a plot is left out: its length is not in an integer"},
    {SHOW("\"kind\": \"plot\", \"item\": \"a\", \"countItem\": \"e\""),
     "a plot is left out: its length is not in an integer"},
    {SHOW("\"kind\": \"wave\", \"item\": \"a\", \"cursorItem\": \"p\""), NULL},
    {SHOW("\"kind\": \"wave\", \"item\": \"a\", \"cursorItem\": \"a\""),
     "a wave is left out: its cursor holds no address"},
    {SHOW("\"kind\": \"piano\", \"item\": \"a\", \"countItem\": \"n\""), NULL},
    {SHOW("\"kind\": \"piano\", \"item\": \"a\""),
     "a piano is left out: it has no int with the number of its keys"},
};

START_TEST(drops_views_that_do_not_fit)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert_msg(read(shown[_i].text), "%s: %s", shown[_i].text, diag.text);
    manifest_check(&manifest, &module, &arena);
    ck_assert_msg(manifest.view_count == (shown[_i].fault == NULL), "%s",
                  shown[_i].text);
    ck_assert_uint_eq(manifest.notice_count, shown[_i].fault != NULL);
    if (shown[_i].fault != NULL) {
        ck_assert_str_eq(manifest.notices[0], shown[_i].fault);
        return;
    }
    /* The items were sorted: p, n, e, a. */
    const struct patch_view *view = &manifest.views[0];
    ck_assert(view->item == (view->is_pointee ? 0u : 3u));
    ck_assert(view->element == F4E_F32);
    ck_assert(view->count_item == F4E_NO_ITEM || view->count_item == 1);
    ck_assert(view->cursor_item == F4E_NO_ITEM || view->cursor_item == 0);
}
END_TEST

START_TEST(keeps_the_order_of_the_list)
{
    static const uint32_t orders[] = {3, 3, 9};
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert(
        read(M("\"items\": [{\"name\": \"m:a\", \"address\": 4}], \"views\": "
               "[{\"kind\": \"watch\", \"item\": \"m:a\", \"order\": 3}, "
               "{\"kind\": \"meter\", \"item\": \"m:a\", \"module\": \"\"}, "
               "{\"kind\": \"watch\", \"item\": \"m:a\", \"order\": 9, "
               "\"module\": \"x\"}]")));
    manifest_check(&manifest, &module, &arena);
    ck_assert_uint_eq(manifest.view_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(manifest.views[i].order, orders[i]);
    }
    ck_assert_str_eq(manifest.views[0].module, "m");
    ck_assert_str_eq(manifest.views[1].module, "");
    ck_assert_str_eq(manifest.views[2].module, "x");
    ck_assert(manifest.views[1].min == INT32_MIN &&
              manifest.views[1].max == INT32_MAX);
}
END_TEST

START_TEST(drops_what_does_not_hold_for_the_module)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert_msg(read(beside[_i].text), "%s: %s", beside[_i].text, diag.text);
    manifest_check(&manifest, &module, &arena);
    ck_assert_msg(manifest.item_count == beside[_i].items &&
                      manifest.param_count == beside[_i].params &&
                      manifest.midi_count == beside[_i].midi,
                  "%s", beside[_i].text);
    if (beside[_i].notice == NULL) {
        ck_assert_uint_eq(manifest.notice_count, 0);
        return;
    }
    bool is_told = false;
    for (uint32_t i = 0; i < manifest.notice_count; i++) {
        is_told =
            is_told || strstr(manifest.notices[i], beside[_i].notice) != NULL;
    }
    ck_assert_msg(is_told, "%s: not said", beside[_i].notice);
}
END_TEST

START_TEST(sorts_items_and_keeps_controls_on_theirs)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert(read(
        M("\"items\": [{\"name\": \"c\", \"address\": 12}, {\"name\": \"x\", "
          "\"address\": 99999}, {\"name\": \"a\", \"address\": 4}, {\"name\": "
          "\"b\", \"address\": 8}], \"params\": [{\"kind\": \"crossfade\", "
          "\"item\": \"c\", \"item2\": \"a\"}]")));
    manifest_check(&manifest, &module, &arena);
    ck_assert_uint_eq(manifest.item_count, 3);
    ck_assert_str_eq(manifest.items[0].name, "a");
    ck_assert_str_eq(manifest.items[2].name, "c");
    ck_assert_uint_eq(manifest.params[0].item, 2);
    ck_assert_uint_eq(manifest.params[0].item2, 0);
    ck_assert_uint_eq(manifest_find_item(&manifest, "b"), 1);
    ck_assert_uint_eq(manifest_find_item(&manifest, "x"), UINT32_MAX);
}
END_TEST

/* JSON cannot hold them; a text can: @slider x 0 Infinity. */
START_TEST(drops_controls_without_a_finite_range)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert(read(M("\"items\": [{\"name\": \"a\", \"address\": 4}], "
                     "\"params\": [{\"kind\": \"slider\", \"item\": \"a\"}]")));
    struct patch_param param = manifest.params[0];
    param.max = (double)INFINITY;
    manifest.params = &param;
    manifest_check(&manifest, &module, &arena);
    ck_assert_uint_eq(manifest.param_count, 0);
    ck_assert_str_eq(manifest.notices[0],
                     "a slider is left out: its range is not finite");
}
END_TEST

/* Nor these: module a<ESC>. */
START_TEST(drops_names_that_cannot_be_typed)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    const struct patch_item items[] = {
        {.name = "a\x1b:x",
         .type = "int",
         .address = 4,
         .count = 1,
         .capacity = 4,
         .element = F4E_I32},
        {.name = "a:y",
         .type = "int",
         .address = 8,
         .count = 1,
         .capacity = 4,
         .element = F4E_I32},
    };
    manifest = (struct manifest){.items = items, .item_count = 2};
    manifest_check(&manifest, &module, &arena);
    ck_assert_uint_eq(manifest.item_count, 1);
    ck_assert_str_eq(manifest.items[0].name, "a:y");
    ck_assert_str_eq(manifest.notices[0],
                     "1 variable is left out: 'a\\x1B:x' is no name to type");
}
END_TEST

START_TEST(names_functions_that_have_no_name)
{
    struct wasm_module module;
    wat_module(&module, one_page, &arena);
    ck_assert(
        read(M("\"functionNames\": [{\"function\": 2, \"name\": \"osc\"}, "
               "{\"function\": 3, \"name\": \"beyond\"}, {\"function\": 2, "
               "\"name\": \"again\"}]")));
    manifest_name_functions(&manifest, &module, &arena);
    ck_assert(wasm_name_equals(module.functions[2].debug_name, "osc"));
}
END_TEST

/* ---- Written and read again ---- */

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
    ck_assert_msg(read(text), "%s in %s", diag.text, text);
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

/* ---- Documented ---- */

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
    tcase_add_test(tests, takes_nothing_but_one_element_for_a_scalar);
    tcase_add_test(tests, forgets_file_names_that_cannot_be_shown);
    tcase_add_test(tests, counts_notices_that_nobody_would_read);
    tcase_add_test(tests, leaves_gaps_between_channels_silent);
    tcase_add_loop_test(tests, drops_views_that_do_not_fit, 0,
                        sizeof(shown) / sizeof(shown[0]));
    tcase_add_test(tests, keeps_the_order_of_the_list);
    tcase_add_loop_test(tests, drops_what_does_not_hold_for_the_module, 0,
                        sizeof(beside) / sizeof(beside[0]));
    tcase_add_test(tests, sorts_items_and_keeps_controls_on_theirs);
    tcase_add_test(tests, drops_controls_without_a_finite_range);
    tcase_add_test(tests, drops_names_that_cannot_be_typed);
    tcase_add_test(tests, names_functions_that_have_no_name);
    tcase_add_loop_test(tests, reads_what_it_writes, 0, 60);
    tcase_add_loop_test(tests, survives_mutations, 0, 10);
    tcase_add_test(tests, page_has_every_member_of_the_schema);
    suite_add_tcase(suite, tests);
    return suite;
}
