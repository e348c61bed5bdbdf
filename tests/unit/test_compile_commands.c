/* SPDX-License-Identifier: MIT */
/*
 * The command lines of a build, for each target and kind of output: a table of
 * words that have to be there, and of words that must not.
 */
#include "child.h"
#include "compile/alsa_stub.h"
#include "compile/compile_commands.h"
#include "folder_fixture.h"
#include "suite.h"
#include "tune/variants.h"

enum {
    WORDS = 9,
    CLANG = 1,
    OBJECT = 2,
    STATIC = 4,
    IMPORTS = 8,
    BENCHMARK = 16
};

/* Which command of the build a row looks at. */
enum command { GLUE, IMPORT, RUNTIME, CONTROL, STUB, LINK };

static const char *const api[] = {"f4e_x", "f4e_y", NULL};
static const struct compile_object object = {"/bin/objcopy", api};

/* Nothing but the target's name and CPU where the row has none. */
static const struct row {
    const char *name;
    const char *target; /* NULL: this machine */
    const char *sysroot;
    const char *alsa;
    unsigned is; /* of the flags above */
    unsigned level;
    enum command command;
    const char *with[WORDS];
    const char *without[WORDS];
} rows[] = {
    {"glue",
     NULL,
     NULL,
     NULL,
     CLANG,
     3,
     GLUE,
     {"/cc", "-O3", "-fPIE", "-c", "glue.c", "glue.o", "-ffp-contract=off",
      "-disable-vector-combine", "-fbracket-depth=1200"},
     {"-ffast-math", "-Oz", "-fPIC", "-MMD"}},
    {"glue by gcc",
     NULL,
     NULL,
     NULL,
     0,
     3,
     GLUE,
     {"glue.c", "-O3"},
     {"-mllvm", "-disable-vector-combine", "-fbracket-depth=1200"}},
    {"the user's C",
     NULL,
     NULL,
     NULL,
     CLANG | IMPORTS,
     2,
     IMPORT,
     {"/home/u/mine.c", "imports.o", "-ffile-prefix-map=/home/u/=", "-MMD",
      "-MF", COMPILE_IMPORT_RULE, "-O2"},
     {"-Oz", "-mllvm"}},
    {"the audio thread",
     NULL,
     NULL,
     NULL,
     CLANG,
     3,
     RUNTIME,
     {"-O2", "shim-rt-engine.o"},
     {"-Oz"}},
    {"the control thread",
     NULL,
     NULL,
     NULL,
     CLANG,
     3,
     CONTROL,
     {"-Oz", "shim-main.o"},
     {"-MMD"}},
    {"the control thread, -O1",
     NULL,
     NULL,
     NULL,
     CLANG,
     1,
     CONTROL,
     {"-Oz"},
     {"-O1"}},
    {"a benchmark",
     NULL,
     NULL,
     NULL,
     CLANG | BENCHMARK,
     3,
     CONTROL,
     {"shim-benchmark.o"},
     {"shim-main.o", "-Oz"}},
    {"link",
     NULL,
     NULL,
     NULL,
     CLANG,
     3,
     LINK,
     {"-fuse-ld=lld", "-pie", "-s", "-lasound", "-lm", "-Wl,-z,relro,-z,now"},
     {"-static-pie", "-r", "-nostdlib"}},
    {"link by gcc",
     NULL,
     NULL,
     NULL,
     0,
     3,
     LINK,
     {"-pie", "-lasound"},
     {"-fuse-ld=lld"}},
    {"static link",
     NULL,
     NULL,
     "/opt/alsa",
     CLANG | STATIC,
     3,
     LINK,
     {"-static-pie", "-L/opt/alsa/lib", "-lasound"},
     {"-pie"}},
    {"headers of another alsa-lib",
     NULL,
     NULL,
     "/opt/alsa",
     CLANG,
     3,
     RUNTIME,
     {"-I/opt/alsa/include"},
     {"-L/opt/alsa/lib"}},
    {"object", NULL, NULL, NULL, CLANG | OBJECT, 3, GLUE, {"-fPIC"}, {"-fPIE"}},
    {"object's link",
     NULL,
     NULL,
     NULL,
     CLANG | OBJECT,
     3,
     LINK,
     {"-r", "-nostdlib"},
     {"-pie", "-lasound", "-lm", "-s"}},
    {"arm64",
     "arm64",
     NULL,
     NULL,
     CLANG,
     3,
     GLUE,
     {"--target=aarch64-linux-gnu"},
     {"-march=native"}},
    {"arm64 by its gcc",
     "arm64",
     NULL,
     NULL,
     0,
     3,
     GLUE,
     {"-O3"},
     {"--target=aarch64-linux-gnu"}},
    {"arm64's stand-in of alsa-lib",
     "arm64",
     NULL,
     NULL,
     CLANG,
     3,
     STUB,
     {"--target=aarch64-linux-gnu", "-shared", "-nostdlib",
      "-Wl,-soname,libasound.so.2"},
     {"-O3"}},
    {"arm64's link",
     "arm64",
     NULL,
     NULL,
     CLANG,
     3,
     LINK,
     {"--target=aarch64-linux-gnu", ALSA_STUB_LIBRARY, "-lm"},
     {"-lasound"}},
    {"armhf",
     "armhf",
     NULL,
     NULL,
     CLANG,
     2,
     RUNTIME,
     {"--target=arm-linux-gnueabihf"},
     {"-Oz"}},
    {"riscv64",
     "riscv64",
     NULL,
     NULL,
     CLANG,
     2,
     RUNTIME,
     {"--target=riscv64-linux-gnu"},
     {"-Oz"}},
    {"a sysroot's own alsa-lib",
     "armhf",
     "/srv/pi",
     NULL,
     CLANG,
     3,
     LINK,
     {"--sysroot=/srv/pi", "-lasound"},
     {ALSA_STUB_LIBRARY}},
};

static bool has(const char *const *argv, const char *word)
{
    for (; *argv != NULL; argv++) {
        size_t length = strlen(*argv);
        size_t tail = strlen(word);
        if (strcmp(*argv, word) == 0 ||
            (word[0] == '/' && length > tail &&
             strcmp(*argv + length - tail, word) == 0)) {
            return true;
        }
    }
    return false;
}

/* clang takes an -O behind -fno-tree-slp-vectorize as leave for it. */
static void expect_no_slp(const char *const *argv, const char *name)
{
    bool is_off = true;
    for (; *argv != NULL; argv++) {
        is_off = strcmp(*argv, "-fno-tree-slp-vectorize") == 0 ||
                 (is_off && strncmp(*argv, "-O", 2) != 0);
    }
    ck_assert_msg(is_off, "%s: SLP is on", name);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length >= strlen(end) &&
           strcmp(text + length - strlen(end), end) == 0;
}

static const char *const *find(const struct unit *units, size_t count,
                               enum command command)
{
    static const char *const sources[] = {"glue.c", "mine.c", "rt/engine.c",
                                          "/main.c", ".s"};
    for (size_t i = 0; i < count; i++) {
        bool is_stub =
            strncmp(units[i].object, "shim-", 5) != 0 && units[i].is_shim;
        if (command == STUB
                ? is_stub
                : ends_with(units[i].source, sources[command]) ||
                      (command == CONTROL &&
                       ends_with(units[i].source, "/benchmark.c"))) {
            return (const char *const *)units[i].argv;
        }
    }
    return NULL;
}

START_TEST(has_the_words_of_its_kind)
{
    const struct row *row = &rows[_i];
    struct target target;
    struct unit units[COMPILE_MAX_UNITS] = {{0}};
    size_t count = 0;
    ck_assert_msg(target_choose(&target, row->target, NULL, &arena, &diag),
                  "%s: %s", row->name, diag.text);
    const struct toolchain toolchain = {
        .cc = "/usr/bin/cc",
        .is_clang = (row->is & CLANG) != 0,
        .small = (row->is & CLANG) != 0 ? "-Oz" : "-Os",
        .target = &target,
        .sysroot = row->sysroot,
        .alsa = row->alsa,
        .is_static = (row->is & STATIC) != 0,
        .linker = (row->is & CLANG) != 0 ? "lld" : NULL,
        .data_dir = F4E_SOURCES,
    };
    const struct compile_plan plan = {
        .toolchain = &toolchain,
        .directory = folder,
        .level = row->level,
        .import_c = (row->is & IMPORTS) != 0 ? "/home/u/mine.c" : NULL,
        .object = (row->is & OBJECT) != 0 ? &object : NULL,
        .is_writing_rule = true,
        .is_benchmark = (row->is & BENCHMARK) != 0,
    };
    ck_assert_msg(compile_commands_plan(units, &count, &plan, &arena, &diag),
                  "%s: %s", row->name, diag.text);
    const char *const *argv = row->command == LINK
                                  ? (const char *const *)compile_commands_link(
                                        units, count, &plan, &arena)
                                  : find(units, count, row->command);
    ck_assert_msg(argv != NULL, "%s: no such command", row->name);
    expect_no_slp(argv, row->name);
    for (size_t i = 0; i < WORDS && row->with[i] != NULL; i++) {
        ck_assert_msg(has(argv, row->with[i]), "%s: no '%s'", row->name,
                      row->with[i]);
    }
    for (size_t i = 0; i < WORDS && row->without[i] != NULL; i++) {
        ck_assert_msg(!has(argv, row->without[i]), "%s: '%s'", row->name,
                      row->without[i]);
    }
}
END_TEST

START_TEST(keeps_nothing_but_the_api_visible)
{
    static const char *const expected[] = {
        "/bin/objcopy", "--strip-unneeded", "--keep-global-symbol=f4e_x",
        "--keep-global-symbol=f4e_y", "patch"};
    const struct compile_plan plan = {.object = &object};
    const char **argv = compile_commands_localise(&plan, &arena);
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        ck_assert_str_eq(argv[i], expected[i]);
    }
    ck_assert_ptr_null(argv[sizeof(expected) / sizeof(expected[0])]);
}
END_TEST

/* Flags of a row come last, so that they win. */
START_TEST(no_variant_but_slp_has_slp)
{
    size_t count = 0;
    const struct variant *table = variants_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].name, "slp") != 0) {
            expect_no_slp(table[i].flags, table[i].name);
        }
    }
}
END_TEST

START_TEST(joins_lists_that_may_not_be_there)
{
    static const char *const one[] = {"a", NULL};
    static const char *const two[] = {"b", "c", NULL};
    ck_assert_ptr_null(compile_commands_join(NULL, NULL, &arena)[0]);
    ck_assert_str_eq(compile_commands_join(NULL, two, &arena)[1], "c");
    const char *const *both = compile_commands_join(one, two, &arena);
    ck_assert_str_eq(both[0], "a");
    ck_assert_str_eq(both[2], "c");
    ck_assert_ptr_null(both[3]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("compile_commands");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup_folder, teardown_folder);
    tcase_add_loop_test(tcase, has_the_words_of_its_kind, 0,
                        sizeof(rows) / sizeof(rows[0]));
    tcase_add_test(tcase, keeps_nothing_but_the_api_visible);
    tcase_add_test(tcase, no_variant_but_slp_has_slp);
    tcase_add_test(tcase, joins_lists_that_may_not_be_there);
    suite_add_tcase(suite, tcase);
    return suite;
}
