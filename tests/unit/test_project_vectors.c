/* SPDX-License-Identifier: MIT */
/* Every text of tests/data/layout and tests/data/config, against what the
 * original compiler and editor made of it. */
#include "fixture.h"
#include "listing.h"
#include "suite.h"
#include "vector.h"

#include <dirent.h>

enum { MAX_FILES = 512 };

static char *files[2][MAX_FILES]; /* names without ".8f4e" */
static int counts[2];
static const char *const folders[2] = {F4E_DATA "/layout", F4E_DATA "/config"};

static void list(int folder)
{
    DIR *directory = opendir(folders[folder]);
    if (directory == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char *dot = strrchr(entry->d_name, '.');
        if (dot != NULL && strcmp(dot, ".8f4e") == 0 &&
            counts[folder] < MAX_FILES) {
            *dot = '\0';
            files[folder][counts[folder]++] = strdup(entry->d_name);
        }
    }
    (void)closedir(directory);
}

static const char *read(int folder, const char *name, const char *extension,
                        size_t *size)
{
    FILE *file =
        fopen(arena_format(&arena, "%s/%s%s", folders[folder], name, extension),
              "rb");
    ck_assert_ptr_nonnull(file);
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

static void compare(int folder, const char *name, const char *got)
{
    size_t size = 0;
    const char *expected = read(folder, name, ".expect", &size);
    for (size_t line = 1; *expected != '\0' || *got != '\0'; line++) {
        size_t length = strcspn(expected, "\n");
        size_t other = strcspn(got, "\n");
        ck_assert_msg(length == other && memcmp(expected, got, length) == 0,
                      "%s, line %zu: expected '%.*s', got '%.*s'", name, line,
                      (int)length, expected, (int)other, got);
        expected += length + (expected[length] == '\n');
        got += other + (got[other] == '\n');
    }
}

START_TEST(lays_out_as_the_compiler_does)
{
    const char *name = files[0][_i];
    size_t size = 0;
    const char *bytes = read(0, name, ".8f4e", &size);
    compare(0, name,
            listing_layout(bytes, size, (struct project_rules){0}, &arena));
}
END_TEST

START_TEST(resolves_settings_as_the_editor_does)
{
    const char *name = files[1][_i];
    size_t size = 0;
    const char *bytes = read(1, name, ".8f4e", &size);
    compare(1, name, listing_config(bytes, size, &arena));
}
END_TEST

/* Nobody would notice a folder that went missing. */
START_TEST(has_every_vector)
{
    ck_assert_int_eq(counts[0], 191);
    ck_assert_int_eq(counts[1], 101);
}
END_TEST

Suite *test_suite(void)
{
    list(0);
    list(1);
    Suite *suite = suite_create("project vectors");
    TCase *tests = tcase_create("vectors");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, has_every_vector);
    tcase_add_loop_test(tests, lays_out_as_the_compiler_does, 0, counts[0]);
    tcase_add_loop_test(tests, resolves_settings_as_the_editor_does, 0,
                        counts[1]);
    suite_add_tcase(suite, tests);
    return suite;
}
