/* SPDX-License-Identifier: MIT */
/* Patches as sources of other projects: CMake, make, pkg-config, ccache. */
#include "suite.h"

#include "builder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *const generators[] = {"Ninja", "Unix Makefiles"};

static void write_text(const char *name, const char *content)
{
    spit(builder_path(name), content, strlen(content));
}

static struct child expect_success(struct child child)
{
    ck_assert_msg(child.status == 0, "status %d\n%s%s", child.status, child.out,
                  child.err);
    return child;
}

/* Two programs, an object and a host that links the library of a third. */
static const char lists[] =
    "cmake_minimum_required(VERSION 3.25)\n"
    "project(music C)\n"
    "find_package(f4e-build 0.1 REQUIRED)\n"
    "set(common OPTIONS -O0 --cpu baseline --out 0=16)\n"
    "f4e_add_patch(one ramp.wasm ASSETS \"0x2000=a b.raw\" ${common})\n"
    "f4e_add_patch(two ramp.wasm OUTPUT deep/zwei NAME \"second one\"\n"
    "              CC gcc ${common})\n"
    "f4e_add_patch(ramp ramp.wasm EMIT library ${common})\n"
    "f4e_add_patch(later ramp.wasm EMIT object EXCLUDE_FROM_ALL ${common})\n"
    "add_executable(host host.c)\n"
    "target_link_libraries(host PRIVATE ramp)\n"
    "get_target_property(file two F4E_OUTPUT)\n"
    "message(STATUS \"two is ${file}\")\n";

static const char host[] =
    "#include \"ramp_patch.h\"\n"
    "#include <stdio.h>\n"
    "int main(void)\n{\n"
    "    float block[128];\n    float *outs[] = {block};\n"
    "    struct ramp_patch *patch = ramp_patch_create();\n"
    "    for (int i = 0; patch != NULL && i < 3; i++) {\n"
    "        ramp_patch_process(patch, NULL, outs);\n"
    "    }\n"
    "    printf(\"%g\\n\", block[127] * 1000);\n    return 0;\n}\n";

/* One installation for all tests, so that they share the shim's objects. */
static char *home;
static char *prefix;
static char *prefix_path;

static void install(void)
{
    struct child child;
    home = tmpdir_make();
    prefix = text("%s/the prefix", home);
    prefix_path = text("-DCMAKE_PREFIX_PATH=%s", prefix);
    child_run(&child,
              (const char *const[]){F4E_CMAKE, "--install", F4E_BINARY_DIR,
                                    "--prefix", prefix, NULL},
              NULL);
    child = expect_success(child);
    child_free(&child);
}

static void uninstall(void)
{
    tmpdir_remove(home);
    free(prefix);
    free(prefix_path);
}

static void set_up(void)
{
    builder_setup();
    ck_assert_int_eq(mkdir(builder_path("src"), 0777), 0);
    builder_wat("src/ramp.wasm", builder_ramp);
    write_text("src/a b.raw", "asset");
    write_text("src/CMakeLists.txt", lists);
    write_text("src/host.c", host);
}

static void configure(const char *generator, const char *option)
{
    struct child child =
        expect_success(RUN_PROGRAM(F4E_CMAKE, "-S", "src", "-B", "out", "-G",
                                   generator, prefix_path, option));
    ck_assert_ptr_nonnull(strstr(child.out, "/out/deep/zwei"));
    child_free(&child);
}

/* How many patches the build made. */
static size_t build(void)
{
    struct child child =
        expect_success(RUN_PROGRAM(F4E_CMAKE, "--build", "out", "-j2"));
    size_t count = 0;
    for (const char *at = child.out;
         (at = strstr(at, "Building patch")) != NULL; at++) {
        count++;
    }
    child_free(&child);
    return count;
}

static void make_newer(const char *path)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_NOW},
                                      {.tv_nsec = UTIME_NOW}};
    const struct timespec pause = {.tv_nsec = 20000000};
    (void)nanosleep(&pause, NULL);
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

START_TEST(cmake_builds_patches_as_sources)
{
    configure(generators[_i], "-DCMAKE_C_COMPILER=" F4E_CLANG);
    ck_assert_uint_eq(build(), 3);
    builder_expect_ramp("out/patches/one", 1);
    builder_expect_ramp("out/deep/zwei", 1);
    struct child child =
        expect_success(RUN_PROGRAM(builder_path("out/host"), NULL));
    ck_assert_str_eq(child.out, "383\n");
    child_free(&child);
    ck_assert_uint_eq(build(), 0);
    make_newer(builder_path("src/a b.raw"));
    ck_assert_uint_eq(build(), 1);
    char *header = text("%s/share/f4e-build/shim/rt/engine.h", prefix);
    make_newer(header);
    free(header);
    ck_assert_uint_eq(build(), 3);
    ck_assert_uint_eq(build(), 0);
    ck_assert_int_ne(access(builder_path("out/patches/later.o"), F_OK), 0);
    child = expect_success(
        RUN_PROGRAM(F4E_CMAKE, "--build", "out", "--target", "later_patch"));
    child_free(&child);
    ck_assert_int_eq(access(builder_path("out/patches/later.o"), F_OK), 0);
    ck_assert_int_eq(access(builder_path("out/patches/later_patch.h"), F_OK),
                     0);
}
END_TEST

START_TEST(cmake_passes_every_word)
{
    write_text("src/CMakeLists.txt",
               "cmake_minimum_required(VERSION 3.25)\n"
               "project(music NONE)\n"
               "find_package(f4e-build REQUIRED)\n"
               "set(CMAKE_C_COMPILER_LAUNCHER env \"A=b c\")\n"
               "message(STATUS \"/out/deep/zwei\")\n"
               "f4e_add_patch(p dir/p.wasm PROJECT p.8f4e MANIFEST m.json\n"
               "  TARGET rpi4 IMPORT_C i.c CC gcc EMIT deb\n"
               "  NAME \"8 bits\" OPTIONS --rate 44100)\n");
    configure("Ninja", "-DX=1");
    size_t size = 0;
    char *rules = (char *)slurp(builder_path("out/build.ninja"), &size);
    static const char *const words[] = {
        "--emit deb",   "--name \"8 bits\"",  "--project ",
        "/src/p.8f4e",  "--manifest ",        "/src/m.json",
        "--import-c ",  "/src/i.c",           "--target rpi4",
        "--cc gcc",     "--launcher env",     "--launcher \"A=b c\"",
        "--rate 44100", "/out/patches/p.deb", "/src/dir/p.wasm",
        "--jobs 1"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        ck_assert_msg(strstr(rules, words[i]) != NULL, "%s is not in\n%s",
                      words[i], rules);
    }
    free(rules);
}
END_TEST

START_TEST(make_builds_patches_as_sources)
{
    char *path = text("PKG_CONFIG_PATH=%s/share/pkgconfig", prefix);
    builder_environment[0] = path;
    ck_assert_int_eq(rename(builder_path("src/host.c"), builder_path("host.c")),
                     0);
    write_text("Makefile", "F4E_PATCHES = one two\n"
                           "F4E_LIBRARIES = libramp.a\n"
                           "F4E_FLAGS = -q -O0 --cpu baseline --out 0=16\n"
                           "F4E_FLAGS_two = --rate 44100\n"
                           "all: one two host\n"
                           "include makefile.link\n"
                           "host: host.c libramp.a\n"
                           "\tgcc -I. host.c libramp.a -lm -o $@\n");
    builder_wat("one.wasm", builder_ramp);
    builder_wat("two.wasm", builder_ramp);
    builder_wat("ramp.wasm", builder_ramp);
    struct child child = expect_success(
        RUN_PROGRAM("pkg-config", "--variable=makefile", "f4e-build"));
    child.out[strcspn(child.out, "\n")] = '\0';
    /* 'include' of make takes no path with blanks. */
    char *unescaped = text("%s", child.out);
    char *to = unescaped;
    for (const char *from = child.out; *from != '\0'; from++) {
        if (*from != '\\') {
            *to++ = *from;
        }
    }
    *to = '\0';
    ck_assert_int_eq(symlink(unescaped, builder_path("makefile.link")), 0);
    free(unescaped);
    child_free(&child);
    child =
        expect_success(RUN_PROGRAM("pkg-config", "--modversion", "f4e-build"));
    ck_assert_int_eq(strncmp(child.out, "0.", 2), 0);
    child_free(&child);
    char *tool = text("F4E_BUILD=\"%s/bin/f4e-build\"", prefix);
    child = expect_success(RUN_PROGRAM("make", "-j2", tool));
    child_free(&child);
    builder_expect_ramp("one", 1);
    builder_expect_ramp("two", 1);
    child = expect_success(RUN_PROGRAM(builder_path("host"), NULL));
    ck_assert_str_eq(child.out, "383\n");
    child_free(&child);
    child = expect_success(RUN_PROGRAM("make", tool));
    ck_assert_ptr_null(strstr(child.out, "--depfile"));
    child_free(&child);
    make_newer(builder_path("two.wasm"));
    child = expect_success(RUN_PROGRAM("make", tool));
    ck_assert_ptr_nonnull(strstr(child.out, "--rate 44100"));
    ck_assert_ptr_null(strstr(child.out, "-o one"));
    child_free(&child);
    free(tool);
    free(path);
}
END_TEST

START_TEST(ccache_finds_compiled_patches_again)
{
    char *cache = text("CCACHE_DIR=%s", builder_path("ccache"));
    builder_environment[0] = cache;
    for (int i = 0; i < 2; i++) {
        struct child child =
            BUILD("src/ramp.wasm", "-q", "--no-cache", "-o", "p.o", "--emit",
                  "object", "--launcher", "ccache");
        child_free(&child);
    }
    struct child child = expect_success(RUN_PROGRAM("ccache", "--print-stats"));
    const char *hits = strstr(child.out, "direct_cache_hit\t");
    const char *misses = strstr(child.out, "cache_miss\t");
    ck_assert_msg(hits != NULL && misses != NULL, "%s", child.out);
    long hit = strtol(strchr(hits, '\t'), NULL, 10);
    ck_assert_msg(hit > 10 && hit == strtol(strchr(misses, '\t'), NULL, 10),
                  "%s", child.out);
    child_free(&child);
    free(cache);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("buildsystems");
    TCase *tcase = tcase_create("buildsystems");
    tcase_set_timeout(tcase, 600);
    tcase_add_unchecked_fixture(tcase, install, uninstall);
    tcase_add_checked_fixture(tcase, set_up, builder_teardown);
    tcase_add_loop_test(tcase, cmake_builds_patches_as_sources, 0, 2);
    tcase_add_test(tcase, cmake_passes_every_word);
    tcase_add_test(tcase, make_builds_patches_as_sources);
    tcase_add_test(tcase, ccache_finds_compiled_patches_again);
    suite_add_tcase(suite, tcase);
    return suite;
}
