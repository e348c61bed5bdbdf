/* SPDX-License-Identifier: MIT */
/* What makes another folder of the cache, and what there is without one. */
#include "child.h"
#include "compile/cache.h"
#include "suite.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static char *folder;

static const char *in_folder(const char *name)
{
    return arena_format(&arena, "%s/%s", folder, name);
}

static void write_text(const char *name, const char *content)
{
    spit(in_folder(name), content, strlen(content));
}

/* A compiler and a shim of one source and one header. */
static void setup(void)
{
    arena_init(&arena, 0);
    folder = tmpdir_make();
    ck_assert_int_eq(mkdir(in_folder("shim"), 0700), 0);
    ck_assert_int_eq(mkdir(in_folder("shim/rt"), 0700), 0);
    ck_assert_int_eq(mkdir(in_folder("home"), 0700), 0);
    write_text("cc", "compiler");
    write_text("cc1", "compiler proper");
    write_text("shim/SOURCES", "rt/engine.c\n");
    write_text("shim/rt/engine.c", "int x;\n");
    write_text("shim/rt/engine.h", "extern int x;\n");
    ck_assert_int_eq(setenv("XDG_CACHE_HOME", in_folder("home"), 1), 0);
}

static void teardown(void)
{
    tmpdir_remove(folder);
    arena_deinit(&arena);
}

static const char *open_with(const char *flag, const char *text)
{
    struct cache cache;
    const char *const flags[] = {in_folder("cc"), flag, NULL};
    cache_open(&cache, flags, in_folder("cc1"), false, folder, text, &arena);
    return cache.directory;
}

static bool holds(const struct cache *cache, const char *name,
                  const char *content)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    return cache_read(cache, name, &bytes, &size, &arena) &&
           size == strlen(content) && memcmp(bytes, content, size) == 0;
}

START_TEST(keeps_what_was_stored)
{
    struct cache cache = {open_with("-O3", NULL)};
    ck_assert_ptr_nonnull(cache.directory);
    ck_assert(!holds(&cache, "a.o", "object"));
    write_text("a.o", "object");
    cache_store(&cache, "a.o", in_folder("a.o"), &arena);
    ck_assert(holds(&cache, "a.o", "object"));
    cache_keep(&cache, "a.o", "", 0, &arena);
    ck_assert(holds(&cache, "a.o", ""));
    ck_assert_uint_eq(directory_count(cache.directory), 1);
    ck_assert(cache_fetch(&cache, "a.o", in_folder("b.o"), &arena));
    size_t size = 1;
    free(slurp(in_folder("b.o"), &size));
    ck_assert_uint_eq(size, 0);
}
END_TEST

/* Whatever byte of a file is another, and wherever it ends: it is as good as
 * none. */
START_TEST(believes_nothing_that_was_changed)
{
    struct cache cache = {open_with("-O3", NULL)};
    cache_keep(&cache, "a.o", "object", 6, &arena);
    const char *path = arena_format(&arena, "%s/a.o", cache.directory);
    size_t size = 0;
    unsigned char *bytes = slurp(path, &size);
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 1;
        spit(path, bytes, size);
        ck_assert_msg(!holds(&cache, "a.o", "object"), "byte %zu", i);
        bytes[i] ^= 1;
        spit(path, bytes, i);
        ck_assert_msg(!holds(&cache, "a.o", "object"), "%zu bytes", i);
    }
    spit(path, bytes, size);
    ck_assert(holds(&cache, "a.o", "object"));
    /* The same file under another name, and in another folder. */
    spit(arena_format(&arena, "%s/b.o", cache.directory), bytes, size);
    ck_assert(!holds(&cache, "b.o", "object"));
    struct cache other = {open_with("-O2", NULL)};
    spit(arena_format(&arena, "%s/a.o", other.directory), bytes, size);
    ck_assert(!holds(&other, "a.o", "object"));
    free(bytes);
}
END_TEST

/* Each of these is another build; the folder before and after says so. */
static const struct {
    const char *name;
    const char *flag;
    const char *text;
    const char *file; /* written before, or NULL */
    const char *content;
    bool is_same;
} changes[] = {
    {"nothing", "-O3", NULL, NULL, NULL, true},
    {"the flags", "-O2", NULL, NULL, NULL, false},
    {"a text", "-O3", "tuned", NULL, NULL, false},
    {"a source", "-O3", NULL, "shim/rt/engine.c", "int y;\n", false},
    {"a header", "-O3", NULL, "shim/rt/engine.h", "extern int y;\n", false},
    {"a new header", "-O3", NULL, "shim/rt/more.h", "\n", false},
    {"another file", "-O3", NULL, "shim/rt/README.md", "text", true},
    {"the compiler", "-O3", NULL, "cc", "another compiler", false},
    {"the compiler, of one size", "-O3", NULL, "cc", "COMPILER", false},
    {"what it starts", "-O3", NULL, "cc1", "another cc1", false},
};

START_TEST(has_a_folder_for_all_that_an_object_depends_on)
{
    const char *before = open_with("-O3", NULL);
    if (changes[_i].file != NULL) {
        write_text(changes[_i].file, changes[_i].content);
    }
    const char *after = open_with(changes[_i].flag, changes[_i].text);
    ck_assert_ptr_nonnull(before);
    ck_assert_ptr_nonnull(after);
    ck_assert_msg((strcmp(before, after) == 0) == changes[_i].is_same,
                  "%s: %s, %s", changes[_i].name, before, after);
}
END_TEST

/* Without a usable folder nothing is found, kept, or said. */
static const struct {
    const char *home;
    const char *cache_home;
} homes[] = {
    {NULL, NULL},
    {"relative", NULL},
    {NULL, "relative"},
    {"/dev/null", NULL},
};

START_TEST(does_without_a_folder)
{
    (void)unsetenv("XDG_CACHE_HOME");
    (void)unsetenv("HOME");
    if (homes[_i].home != NULL) {
        ck_assert_int_eq(setenv("HOME", homes[_i].home, 1), 0);
    }
    if (homes[_i].cache_home != NULL) {
        ck_assert_int_eq(setenv("XDG_CACHE_HOME", homes[_i].cache_home, 1), 0);
    }
    struct cache cache = {open_with("-O3", NULL)};
    ck_assert_ptr_null(cache.directory);
    cache_store(&cache, "a.o", in_folder("cc"), &arena);
    ck_assert(!cache_fetch(&cache, "a.o", in_folder("x.o"), &arena));
}
END_TEST

START_TEST(does_without_a_compiler_or_sources)
{
    ck_assert_int_eq(unlink(in_folder("cc")), 0);
    ck_assert_ptr_null(open_with("-O3", NULL));
    write_text("cc", "compiler");
    ck_assert_ptr_nonnull(open_with("-O3", NULL));
    const char *const files[] = {"shim/SOURCES", "shim/rt/engine.c",
                                 "shim/rt/engine.h"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        ck_assert_int_eq(unlink(in_folder(files[i])), 0);
    }
    ck_assert_ptr_null(open_with("-O3", NULL));
}
END_TEST

/* What cannot be read is not kept, and not half of it. */
START_TEST(stores_whole_files_only)
{
    struct cache cache = {open_with("-O3", NULL)};
    cache_store(&cache, "a.o", in_folder("gone.o"), &arena);
    ck_assert(!cache_fetch(&cache, "a.o", in_folder("x.o"), &arena));
    ck_assert_uint_eq(directory_count(cache.directory), 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cache");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, keeps_what_was_stored);
    tcase_add_test(tcase, believes_nothing_that_was_changed);
    tcase_add_loop_test(tcase, has_a_folder_for_all_that_an_object_depends_on,
                        0, sizeof(changes) / sizeof(changes[0]));
    tcase_add_loop_test(tcase, does_without_a_folder, 0,
                        sizeof(homes) / sizeof(homes[0]));
    tcase_add_test(tcase, does_without_a_compiler_or_sources);
    tcase_add_test(tcase, stores_whole_files_only);
    suite_add_tcase(suite, tcase);
    return suite;
}
