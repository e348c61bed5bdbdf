/* SPDX-License-Identifier: MIT */
/* Which file is an asset's: flags, the module, the folder; and which is not. */
#include "child.h"
#include "metadata/assets.h"
#include "suite.h"

#include <stdlib.h>

static struct arena arena;
static struct diag diag;
static char *folder;
static struct options options;
static struct wasm_module module;

static void write_text(const char *name, const char *content)
{
    spit(arena_format(&arena, "%s/%s", folder, name), content, strlen(content));
}

static void setup(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
    folder = tmpdir_make();
    options = (struct options){.command = COMMAND_BUILD};
    module = (struct wasm_module){.size = 0};
    write_text("hit.s16", "hit");
    write_text("a b.s16", "a b");
    write_text("other", "other");
}

static void teardown(void)
{
    tmpdir_remove(folder);
    arena_deinit(&arena);
}

static const struct {
    const char *text;
    const char *id;
    const char *file;
} flags[] = {
    {"hit=x.raw", "hit", "x.raw"},
    {"hit=x.raw", "hi", NULL},
    {"hit=x=y", "hit", "x=y"},
    {"a=b=c", "a=b", "c"},
    {"bin.0=x", "0", "x"},
    {"bin.0=x", "bin.0", "x"},
    {"bin.hit=", "hit", ""},
    {"hit", "hit", NULL},
    {"=x", "", "x"},
};

START_TEST(reads_flags_by_the_id)
{
    ck_assert_pstr_eq(asset_flag_file(flags[_i].text, flags[_i].id),
                      flags[_i].file);
}
END_TEST

START_TEST(types_ids_that_are_no_addresses)
{
    ck_assert_str_eq(asset_typed_id("hit", &arena), "hit");
    ck_assert_str_eq(asset_typed_id("0", &arena), "bin.0");
    ck_assert_ptr_null(asset_typed_id(NULL, &arena));
}
END_TEST

static const struct {
    const char *name;
    bool is_name;
} file_names[] = {
    {"hit.s16", true},  {"a b", true},        {"\303\244.raw", true},
    {"", false},        {".", false},         {"..", false},
    {"../x", false},    {"x/y", false},       {"x\ny", false},
    {"\033[2J", false}, {"\302\233m", false}, {"\177", false},
    {"...", true},
};

START_TEST(takes_names_that_lead_nowhere_else)
{
    ck_assert_msg(asset_is_file_name(file_names[_i].name) ==
                      file_names[_i].is_name,
                  "'%s'", file_names[_i].name);
}
END_TEST

/* One asset with this URL, and perhaps a flag. */
static const struct {
    const char *name;
    const char *url;
    const char *flag;    /* --asset, relative to the folder; NULL: none */
    const char *content; /* NULL: not found */
} searches[] = {
    {"beside", "https://example.org/samples/hit.s16", NULL, "hit"},
    {"query and fragment", "https://example.org/hit.s16?v=1#x", NULL, "hit"},
    {"slash at the end", "https://example.org/hit.s16/", NULL, "hit"},
    {"encoded", "https://example.org/a%20b.s16", NULL, "a b"},
    {"not there", "https://example.org/none.s16", NULL, NULL},
    {"a folder up", "https://example.org/..", NULL, NULL},
    {"encoded folder up", "https://example.org/..%2fhit.s16", NULL, NULL},
    {"a flag goes first", "https://example.org/hit.s16", "other", "other"},
    {"data", "data:hit.s16", NULL, NULL},
    {"no URL", NULL, NULL, NULL},
};

START_TEST(looks_for_the_file)
{
    struct asset_file file = {.id = "hit", .url = searches[_i].url};
    struct option_asset asset = {0};
    if (searches[_i].flag != NULL) {
        asset.text =
            arena_format(&arena, "hit=%s/%s", folder, searches[_i].flag);
        asset.file = strchr(asset.text, '=') + 1;
        options.assets[options.asset_count++] = asset;
    }
    ck_assert_msg(
        assets_find(&file, 1, folder, &module, &options, &arena, &diag),
        "%s: %s", searches[_i].name, diag.text);
    bool is_found = file.path != NULL;
    ck_assert_msg(is_found == (searches[_i].content != NULL), "%s: %s",
                  searches[_i].name, is_found ? file.path : "not found");
    if (is_found) {
        ck_assert_uint_eq(file.size, strlen(searches[_i].content));
        ck_assert_int_eq(memcmp(file.bytes, searches[_i].content, file.size),
                         0);
        ck_assert_int_eq(file.is_beside, searches[_i].flag == NULL);
    }
}
END_TEST

START_TEST(says_what_to_type_for_all_that_are_missing)
{
    struct asset_file files[] = {{.id = "hit", .url = "hit.s16"},
                                 {.id = "snare", .url = "snare.s16"},
                                 {.id = "0", .url = "zero.s16"}};
    ck_assert(assets_find(files, 3, folder, &module, &options, &arena, &diag));
    ck_assert(!assets_require(files, 3, folder, &arena, &diag));
    ck_assert_msg(strstr(diag.text, "2 assets") != NULL, "%s", diag.text);
    ck_assert_msg(strstr(diag.hint, "--asset snare=") != NULL &&
                      strstr(diag.hint, "--asset bin.0=") != NULL &&
                      strstr(diag.hint, "--asset hit=") == NULL,
                  "%s", diag.hint);
}
END_TEST

START_TEST(reads_a_file_once)
{
    struct asset_file files[] = {{.id = "a", .url = "hit.s16"},
                                 {.id = "b", .url = "hit.s16"}};
    ck_assert(assets_find(files, 2, folder, &module, &options, &arena, &diag) &&
              assets_require(files, 2, folder, &arena, &diag));
    ck_assert_ptr_nonnull(files[0].bytes);
    ck_assert_ptr_eq(files[0].bytes, files[1].bytes);
}
END_TEST

START_TEST(refuses_another_file_of_that_name)
{
    static const char none[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    struct asset_file file = {.id = "hit", .url = "hit.s16", .sha256 = none};
    ck_assert(!assets_find(&file, 1, folder, &module, &options, &arena, &diag));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("assets");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, reads_flags_by_the_id, 0,
                        sizeof(flags) / sizeof(flags[0]));
    tcase_add_test(tcase, types_ids_that_are_no_addresses);
    tcase_add_loop_test(tcase, takes_names_that_lead_nowhere_else, 0,
                        sizeof(file_names) / sizeof(file_names[0]));
    tcase_add_loop_test(tcase, looks_for_the_file, 0,
                        sizeof(searches) / sizeof(searches[0]));
    tcase_add_test(tcase, says_what_to_type_for_all_that_are_missing);
    tcase_add_test(tcase, reads_a_file_once);
    tcase_add_test(tcase, refuses_another_file_of_that_name);
    suite_add_tcase(suite, tcase);
    return suite;
}
