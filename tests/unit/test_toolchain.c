/* SPDX-License-Identifier: MIT */
/* Which tools are found in a PATH of which everything is known. */
#include "base/file.h"
#include "child.h"
#include "compile/toolchain.h"
#include "suite.h"

#include <stdlib.h>
#include <sys/stat.h>

static struct arena arena;
static struct diag diag;
static char *folder;

static void setup(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
    folder = tmpdir_make();
    ck_assert_int_eq(setenv("PATH", folder, 1), 0);
    ck_assert_int_eq(setenv("F4E_DATADIR", F4E_SOURCES, 1), 0);
}

static void teardown(void)
{
    tmpdir_remove(folder);
    arena_deinit(&arena);
}

/* A program for each word of 'names'. They say that they are for x86-64 and
 * know where every file is. */
static void install(const char *names)
{
    static const char script[] = "#!/bin/sh\n"
                                 "case $1 in\n"
                                 "-dumpmachine) echo x86_64-linux-gnu ;;\n"
                                 "*) echo /lib/x ;;\n"
                                 "esac\n";
    for (const char *at = names; *at != '\0';) {
        size_t length = strcspn(at, " ");
        const char *path =
            arena_format(&arena, "%s/%.*s", folder, (int)length, at);
        spit(path, script, sizeof(script) - 1);
        ck_assert_int_eq(chmod(path, 0700), 0);
        at += length + strspn(at + length, " ");
    }
}

static const struct {
    const char *programs;
    const char *target; /* NULL: this machine */
    const char *cc;     /* asked for, or NULL */
    const char *found;  /* the compiler's name, or NULL */
    const char *linker;
    const char *says; /* of the error and its hint */
} searches[] = {
    {"wasm2c clang-14 clang-19 clang gcc ld.lld-19", NULL, NULL, "clang-19",
     "lld", NULL},
    {"wasm2c clang-9 clang gcc", NULL, NULL, "clang", NULL, NULL},
    {"wasm2c clang-19 ld.lld-14", NULL, NULL, "clang-19", NULL, NULL},
    {"wasm2c clang-19 ld.lld", NULL, NULL, "clang-19", "lld", NULL},
    {"wasm2c gcc cc ld.lld", NULL, NULL, "gcc", NULL, NULL},
    {"wasm2c cc", NULL, NULL, "cc", NULL, NULL},
    {"wasm2c clang-19 gcc", NULL, "gcc", "gcc", NULL, NULL},
    {"wasm2c", NULL, NULL, NULL, NULL,
     "no program 'clang'|sudo apt install clang-19"},
    {"wasm2c clang-19", NULL, "icc", NULL, NULL,
     "no program 'icc'|--cc clang-19"},
    {"wasm2c gcc", NULL, "clnag", NULL, NULL, "no program 'clnag'|--cc gcc"},
    {"wasm2c", NULL, "icc", NULL, NULL,
     "no program 'icc'|sudo apt install clang-19"},
    {"clang-19", NULL, NULL, NULL, NULL,
     "no program 'wasm2c'|sudo apt install wabt"},
    {"wasm2c clang-19 ld.lld-19", "arm64", NULL, "clang-19", "lld", NULL},
    {"wasm2c clang-19", "arm64", NULL, NULL, NULL,
     "cannot build for aarch64-linux-gnu: missing lld|sudo apt install lld "},
    {"wasm2c gcc", "arm64", NULL, NULL, NULL,
     "no program 'clang'|libc6-dev-arm64-cross"},
    {"wasm2c gcc", "arm64", "gcc", NULL, NULL,
     "compiles for x86_64-linux-gnu, not for aarch64-linux-gnu|--cc "
     "aarch64-linux-gnu-gcc"},
    {"wasm2c clang-19 ld.lld", "rpi1", NULL, NULL, NULL,
     "a sysroot is needed|--sysroot DIR"},
};

START_TEST(finds_the_newest_that_is_there)
{
    struct target target;
    struct toolchain toolchain;
    const struct toolchain_request request = {.cc = searches[_i].cc};
    install(searches[_i].programs);
    ck_assert_msg(
        target_choose(&target, searches[_i].target, NULL, &arena, &diag), "%s",
        diag.text);
    bool is_found =
        toolchain_find(&toolchain, &request, &target, &arena, &diag);
    ck_assert_msg(is_found == (searches[_i].found != NULL), "%s: %s",
                  searches[_i].programs, diag.text);
    if (is_found) {
        ck_assert_str_eq(file_base_name(toolchain.cc), searches[_i].found);
        ck_assert_int_eq(toolchain.cc[0], '/');
        ck_assert_int_eq(toolchain.is_clang,
                         strncmp(searches[_i].found, "clang", 5) == 0);
        ck_assert_pstr_eq(toolchain.linker, searches[_i].linker);
        return;
    }
    const char *says = searches[_i].says;
    size_t length = strcspn(says, "|");
    const char *head = arena_format(&arena, "%.*s", (int)length, says);
    ck_assert_msg(strstr(diag.text, head) != NULL, "%s", diag.text);
    ck_assert_msg(says[length] == '\0' ||
                      strstr(diag.hint, says + length + 1) != NULL,
                  "%s", diag.hint);
}
END_TEST

START_TEST(says_where_the_shim_is_missing)
{
    struct target target;
    struct toolchain toolchain;
    const struct toolchain_request request = {.cc = NULL};
    install("wasm2c gcc");
    ck_assert(target_choose(&target, NULL, NULL, &arena, &diag));
    ck_assert_int_eq(setenv("F4E_DATADIR", folder, 1), 0);
    ck_assert(!toolchain_find(&toolchain, &request, &target, &arena, &diag));
    ck_assert_str_eq(diag.text, arena_format(&arena,
                                             "the shim's sources are not in "
                                             "'%s/shim'",
                                             folder));
}
END_TEST

START_TEST(finds_gcc_beside_clang)
{
    struct target target;
    struct toolchain toolchain;
    struct toolchain other;
    const struct toolchain_request request = {.cc = NULL};
    install("wasm2c clang-19");
    ck_assert(target_choose(&target, NULL, NULL, &arena, &diag));
    ck_assert(toolchain_find(&toolchain, &request, &target, &arena, &diag));
    ck_assert(!toolchain_find_alternative(&other, &toolchain, &arena));
    install("gcc");
    ck_assert(toolchain_find_alternative(&other, &toolchain, &arena));
    ck_assert_str_eq(file_base_name(other.cc), "gcc");
    ck_assert(!other.is_clang);
    ck_assert(!toolchain_find_alternative(&toolchain, &other, &arena));
}
END_TEST

static const struct {
    const char *cc;
    const char *script;
    const char *small;
} levels[] = {
    {"gcc-12", "#!/bin/sh\nexit 0\n", "-Oz"},
    {"gcc-11", "#!/bin/sh\n[ \"$1\" != -Oz ]\n", "-Os"},
    {"clang", "#!/bin/sh\nexit 1\n", "-Oz"}, /* all of them: not asked */
};

START_TEST(finds_the_level_for_the_smallest_code)
{
    struct toolchain toolchain;
    struct target target;
    const struct toolchain_request request = {.cc = levels[_i].cc};
    const char *path = arena_format(&arena, "%s/%s", folder, levels[_i].cc);
    install("wasm2c");
    spit(path, levels[_i].script, strlen(levels[_i].script));
    ck_assert_int_eq(chmod(path, 0700), 0);
    ck_assert(target_choose(&target, NULL, NULL, &arena, &diag));
    ck_assert_msg(toolchain_find(&toolchain, &request, &target, &arena, &diag),
                  "%s", diag.text);
    ck_assert_str_eq(toolchain.small, levels[_i].small);
}
END_TEST

START_TEST(finds_a_launcher_with_its_words)
{
    static const char *const words[] = {"ccache", "--verbose"};
    struct toolchain toolchain = {.cc = "/usr/bin/cc"};
    ck_assert(!toolchain_launch(&toolchain, words, 2, &arena, &diag));
    ck_assert_msg(strstr(diag.text, "'ccache'") != NULL, "%s", diag.text);
    install("ccache");
    diag_init(&diag, NULL);
    ck_assert(toolchain_launch(&toolchain, words, 2, &arena, &diag));
    ck_assert_str_eq(toolchain.launcher[0],
                     arena_format(&arena, "%s/ccache", folder));
    ck_assert_str_eq(toolchain.launcher[1], "--verbose");
    ck_assert_ptr_null(toolchain.launcher[2]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("toolchain");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, finds_the_newest_that_is_there, 0,
                        sizeof(searches) / sizeof(searches[0]));
    tcase_add_test(tcase, says_where_the_shim_is_missing);
    tcase_add_test(tcase, finds_gcc_beside_clang);
    tcase_add_loop_test(tcase, finds_the_level_for_the_smallest_code, 0,
                        sizeof(levels) / sizeof(*levels));
    tcase_add_test(tcase, finds_a_launcher_with_its_words);
    suite_add_tcase(suite, tcase);
    return suite;
}
