/* SPDX-License-Identifier: MIT */
/*
 * The same input gives the same bytes: in another folder, at another time, for
 * another user, from another installation, with and without the cache.
 */
#include "suite.h"

#include "builder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char importing[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    " (import \"env\" \"one\" (func $one (result f32)))\n"
    " (data (i32.const 4096) \"text\")\n"
    " (func (export \"buffer\") (f32.store (i32.const 16) (call $one))))\n";

/* Its own path and assert's end up in the program. */
static const char code[] =
    "#include \"f4e-imports.h\"\n#include \"deep/one.h\"\n"
    "#include <assert.h>\n"
    "float f4e_import_env_one(void)\n"
    "{\n    assert(__FILE__[0] != '/');\n    return one() + __FILE__[1];\n}\n";
static const char header[] =
    "#include <assert.h>\n"
    "static inline float one(void)\n"
    "{\n    assert(__FILE__[0] != '/');\n    return 1.0F;\n}\n";

static void make_sources(const char *folder, time_t seconds)
{
    static const char *const names[] = {"p.wasm", "a.raw", "i.c", "deep/one.h"};
    char *deep = text("%s/deep", folder);
    ck_assert_int_eq(mkdir(builder_path(folder), 0777), 0);
    ck_assert_int_eq(mkdir(builder_path(deep), 0777), 0);
    free(deep);
    char *paths[4];
    for (size_t i = 0; i < 4; i++) {
        paths[i] = text("%s/%s", folder, names[i]);
    }
    builder_wat(paths[0], importing);
    spit(builder_path(paths[1]), "an asset", 8);
    spit(builder_path(paths[2]), code, sizeof(code) - 1);
    spit(builder_path(paths[3]), header, sizeof(header) - 1);
    const struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(utimensat(AT_FDCWD, builder_path(paths[i]), times, 0),
                         0);
        free(paths[i]);
    }
}

/* What is in a package is a program: its objects may be there already. */
static const struct {
    const char *kind;
    const char *compiler;
    const char *cache; /* of the first build */
} rows[] = {
    {"program", F4E_CLANG, "--no-cache"},
    {"program", F4E_GCC, "--no-cache"},
    {"object", F4E_CLANG, "--no-cache"},
    {"library", F4E_GCC, "--no-cache"},
    {"deb", F4E_CLANG, "-q"},
};

/* Build row 'row' in 'folder' as someone else; the bytes of the result. */
static unsigned char *build(int row, const char *folder,
                            const char *const *environment, const char *option,
                            size_t *size)
{
    char *work = text("%s/%s", builder_work, folder);
    char *temporary = text("TMPDIR=%s", work);
    const char *all[8] = {temporary};
    for (size_t i = 0; environment[i] != NULL; i++) {
        all[i + 1] = environment[i];
    }
    const char *const argv[] = {F4E_BUILD,
                                "p.wasm",
                                "-q",
                                "--emit",
                                rows[row].kind,
                                "--cc",
                                rows[row].compiler,
                                "-o",
                                "result",
                                "--name",
                                "same",
                                "--out",
                                "0=16",
                                "--asset",
                                "0x2000=a.raw",
                                "--import-c",
                                "i.c",
                                "--cpu",
                                "baseline",
                                "-O1",
                                option,
                                NULL};
    const struct child_setup setup = {.directory = work, .environment = all};
    struct child child;
    child_run(&child, argv, &setup);
    ck_assert_msg(child.status == 0, "%s: %s", folder, child.err);
    child_free(&child);
    char *path = text("%s/result", work);
    unsigned char *bytes = slurp(path, size);
    free(path);
    free(temporary);
    free(work);
    return bytes;
}

static bool holds(const unsigned char *bytes, size_t size, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= size; i++) {
        if (memcmp(bytes + i, word, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Another installation, and a cache that each row fills for those after it. */
static char *elsewhere;

static void install_elsewhere(void)
{
    struct child child;
    elsewhere = tmpdir_make();
    char *folder = text("%s/installed elsewhere", elsewhere);
    ck_assert_int_eq(mkdir(folder, 0777), 0);
    child_run(
        &child,
        (const char *const[]){"cp", "-rL", F4E_DATA "/shim", folder, NULL},
        NULL);
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    free(folder);
}

static void remove_elsewhere(void)
{
    tmpdir_remove(elsewhere);
}

START_TEST(same_input_same_bytes)
{
    static const char *const someone[] = {"HOME=/nonexistent", "USER=someone",
                                          "TZ=Asia/Tokyo",     "LC_ALL=C",
                                          "CCACHE_DISABLE=1",  NULL};
    char *data = text("F4E_DATADIR=%s/installed elsewhere", elsewhere);
    char *cache = text("XDG_CACHE_HOME=%s/cache", elsewhere);
    const char *const other[] = {
        "USER=other", "TZ=UTC", "LC_ALL=C.UTF-8", "CCACHE_DISABLE=1", data,
        cache,        NULL};
    size_t size = 0;
    size_t size_again = 0;
    make_sources("one", 1000000000);
    make_sources("another folder", 1700000000);
    unsigned char *first = build(_i, "one", someone, rows[_i].cache, &size);
    mode_t mask = umask(077);
    for (int i = 0; i < 2; i++) { /* the second from the cache */
        unsigned char *again =
            build(_i, "another folder", other, "-q", &size_again);
        ck_assert_msg(size == size_again && memcmp(first, again, size) == 0,
                      "%s by %s differs", rows[_i].kind, rows[_i].compiler);
        free(again);
    }
    (void)umask(mask);
    ck_assert_msg(!holds(first, size, builder_work), "its folder is told");
    ck_assert_msg(!holds(first, size, elsewhere), "the shim's folder is told");
    ck_assert_msg(!holds(first, size, "/shim/"), "the shim's folder is told");
    free(first);
    free(cache);
    free(data);
}
END_TEST

START_TEST(another_input_other_bytes)
{
    static const char *const nobody[] = {NULL};
    size_t size = 0;
    size_t size_again = 0;
    make_sources("one", 1000000000);
    unsigned char *first = build(_i, "one", nobody, "-q", &size);
    spit(builder_path("one/a.raw"), "An asset", 8);
    unsigned char *again = build(_i, "one", nobody, "-q", &size_again);
    ck_assert(size != size_again || memcmp(first, again, size) != 0);
    free(again);
    free(first);
}
END_TEST

Suite *test_suite(void)
{
    int count = sizeof(rows) / sizeof(rows[0]);
    Suite *suite = suite_create("reproducible");
    TCase *tcase = tcase_create("reproducible");
    tcase_set_timeout(tcase, 600);
    tcase_add_unchecked_fixture(tcase, install_elsewhere, remove_elsewhere);
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_add_loop_test(tcase, same_input_same_bytes, 0, count);
    tcase_add_loop_test(tcase, another_input_other_bytes, 0, count);
    suite_add_tcase(suite, tcase);
    return suite;
}
