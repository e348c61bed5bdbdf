/* SPDX-License-Identifier: MIT */
/* What embed adds to a module can be found, and taken out without a trace. */
#include "describe/attachment.h"

#include "base/sha256.h"
#include "suite.h"
#include "vector.h"

static struct arena arena;
static struct diag diag;

static void set_up(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, "patch.wasm");
}

static void tear_down(void)
{
    arena_deinit(&arena);
}

static const char manifest_text[] = "{\"f4e-manifest\": 1}";

static void add(struct buf *out, const char *id, const void *bytes, size_t size)
{
    const struct attachment attachment = {id, bytes, size};
    ck_assert(attachment_add(out, &attachment, &diag));
}

static void read(struct wasm_module *module, const struct buf *bytes)
{
    ck_assert_msg(wasm_read(module, bytes->bytes, bytes->length, &arena, &diag),
                  "%s", diag.text);
}

START_TEST(goes_in_and_out_of_every_vector)
{
    struct wasm_module plain;
    struct wasm_module full;
    struct buf bytes;
    struct buf stripped;
    static uint8_t sound[70000];
    for (size_t i = 0; i < sizeof(sound); i++) {
        sound[i] = (uint8_t)(i * 7);
    }
    vector_module(&plain, vector_names[_i], _i % 2 == 0, &arena);
    buf_init(&bytes, &arena);
    buf_init(&stripped, &arena);
    attachment_strip(&bytes, &plain);
    ck_assert_uint_eq(bytes.length, plain.size);
    ck_assert_mem_eq(bytes.bytes, plain.bytes, plain.size);
    add(&bytes, NULL, manifest_text, strlen(manifest_text));
    add(&bytes, "h\xc3\xa9", sound, sizeof(sound));
    add(&bytes, "", "", 0);
    read(&full, &bytes);

    const uint8_t *found = NULL;
    size_t size = 0;
    ck_assert(attachment_manifest(&full, &found, &size, &arena, &diag));
    ck_assert_uint_eq(size, strlen(manifest_text));
    ck_assert_str_eq((const char *)found, manifest_text);
    ck_assert(attachment_asset(&full, "h\xc3\xa9", &found, &size));
    ck_assert_uint_eq(size, sizeof(sound));
    ck_assert_mem_eq(found, sound, size);
    ck_assert(attachment_asset(&full, "", &found, &size) && size == 0);
    ck_assert(!attachment_asset(&full, "h", &found, &size));

    attachment_strip(&stripped, &full);
    ck_assert_uint_eq(stripped.length, plain.size);
    ck_assert_mem_eq(stripped.bytes, plain.bytes, plain.size);
    char before[65];
    char after[65];
    sha256_hex(plain.bytes, plain.size, before);
    attachment_sha256(&full, after, &arena);
    ck_assert_str_eq(before, after);
}
END_TEST

START_TEST(leaves_other_custom_sections_alone)
{
    struct wasm_module module;
    struct buf bytes;
    struct buf stripped;
    static const uint8_t other[] = {0, 4, 3, 'a', 'b', 'c'};
    wat_module(&module, "(module (func $named))", &arena);
    buf_init(&bytes, &arena);
    buf_init(&stripped, &arena);
    attachment_strip(&bytes, &module);
    size_t size = bytes.length;
    add(&bytes, NULL, "x", 1);
    buf_add(&bytes, other, sizeof(other));
    read(&module, &bytes);
    attachment_strip(&stripped, &module);
    ck_assert_uint_eq(stripped.length, size + sizeof(other));
    ck_assert_mem_eq(stripped.bytes + size, other, sizeof(other));
}
END_TEST

START_TEST(refuses_a_second_manifest)
{
    struct wasm_module module;
    struct buf bytes;
    const uint8_t *found = NULL;
    size_t size = 0;
    wat_module(&module, "(module)", &arena);
    buf_init(&bytes, &arena);
    attachment_strip(&bytes, &module);
    add(&bytes, NULL, "x", 1);
    size_t second = bytes.length;
    add(&bytes, NULL, "y", 1);
    read(&module, &bytes);
    ck_assert(!attachment_manifest(&module, &found, &size, &arena, &diag));
    ck_assert_str_eq(diag.text, "the module holds a second manifest");
    ck_assert_int_eq(diag.offset, (int64_t)second);
}
END_TEST

/* Length of the id beyond the section, or no length at all. */
static const struct {
    const char *payload;
    size_t size;
} damaged[] = {
    {"", 0}, {"\x05hit", 4}, {"\xff\xff\xff\xff\x0fhit", 8}, {"\x80", 1}};

START_TEST(refuses_damaged_assets)
{
    struct wasm_module module;
    struct buf bytes;
    const uint8_t *found = NULL;
    size_t size = 0;
    wat_module(&module, "(module)", &arena);
    buf_init(&bytes, &arena);
    attachment_strip(&bytes, &module);
    buf_byte(&bytes, 0);
    buf_byte(&bytes, (unsigned)(10 + damaged[_i].size));
    buf_text(&bytes, "\x09"
                     "f4e.asset");
    buf_add(&bytes, damaged[_i].payload, damaged[_i].size);
    read(&module, &bytes);
    ck_assert(!attachment_asset(&module, "hit", &found, &size));
    ck_assert(!attachment_check(&module, &arena, &diag));
    ck_assert_int_eq(diag.kind, DIAG_INPUT);
    ck_assert_str_eq(diag.text, "an asset in the module is damaged: its id "
                                "does not end in the section");
    ck_assert_int_ge(diag.offset, 8);
}
END_TEST

START_TEST(refuses_an_asset_that_is_there_twice)
{
    struct wasm_module module;
    struct buf bytes;
    wat_module(&module, "(module)", &arena);
    buf_init(&bytes, &arena);
    attachment_strip(&bytes, &module);
    add(&bytes, "hit", "x", 1);
    add(&bytes, "hi", "tx", 2);
    add(&bytes, "", "", 0);
    read(&module, &bytes);
    ck_assert_msg(attachment_check(&module, &arena, &diag), "%s", diag.text);
    size_t second = bytes.length;
    add(&bytes, "hit", "x", 1);
    read(&module, &bytes);
    ck_assert(!attachment_check(&module, &arena, &diag));
    ck_assert_str_eq(diag.text, "the module holds a second asset 'hit'");
    ck_assert_int_eq(diag.offset, (int64_t)second);
}
END_TEST

/* They are looked through for each other. */
START_TEST(refuses_more_assets_than_anybody_has)
{
    struct wasm_module module;
    struct buf bytes;
    wat_module(&module, "(module)", &arena);
    buf_init(&bytes, &arena);
    attachment_strip(&bytes, &module);
    for (int i = 0; i <= ATTACHMENT_MAX_ASSETS; i++) {
        if (i == ATTACHMENT_MAX_ASSETS) {
            read(&module, &bytes);
            ck_assert(attachment_check(&module, &arena, &diag));
        }
        add(&bytes, arena_format(&arena, "a%d", i), "x", 1);
    }
    read(&module, &bytes);
    ck_assert(!attachment_check(&module, &arena, &diag));
    ck_assert_str_eq(diag.text, "the module holds more than 4096 assets");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("attachment");
    TCase *tests = tcase_create("attachment");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, goes_in_and_out_of_every_vector, 0,
                        VECTOR_COUNT);
    tcase_add_test(tests, leaves_other_custom_sections_alone);
    tcase_add_test(tests, refuses_a_second_manifest);
    tcase_add_test(tests, refuses_an_asset_that_is_there_twice);
    tcase_add_test(tests, refuses_more_assets_than_anybody_has);
    tcase_add_loop_test(tests, refuses_damaged_assets, 0,
                        sizeof(damaged) / sizeof(damaged[0]));
    suite_add_tcase(suite, tests);
    return suite;
}
