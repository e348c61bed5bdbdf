/* SPDX-License-Identifier: MIT */
/* Compiled shim objects are kept, shared, and never get in the way. */
#include "suite.h"

#include "builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *setting;

static void use_cache(const char *name)
{
    free(setting);
    setting = text("XDG_CACHE_HOME=%s", builder_path(name));
    builder_environment[0] = setting;
}

static void set_up(void)
{
    builder_setup();
    builder_wat("ramp.wasm", builder_ramp);
    use_cache("cache");
    builder_environment[1] = "HOME=/nonexistent";
}

static void tear_down(void)
{
    free(setting);
    setting = NULL;
    builder_teardown();
}

/* Compile commands that -v shows. */
static size_t build_and_count(const char *option)
{
    struct child child = BUILD("-v", option, "ramp.wasm", "-o", "ramp");
    size_t count = 0;
    for (const char *at = child.err; (at = strstr(at, " -c ")) != NULL; at++) {
        count++;
    }
    child_free(&child);
    builder_expect_ramp("ramp", 2);
    return count;
}

static size_t cached_objects(const char *folder)
{
    struct child child =
        RUN_PROGRAM("find", folder, "-name", "*.o", "-type", "f");
    size_t count = 0;
    for (const char *at = child.out; (at = strchr(at, '\n')) != NULL; at++) {
        count++;
    }
    child_free(&child);
    return count;
}

START_TEST(compiles_the_shim_once)
{
    size_t all = build_and_count("--name=ramp");
    ck_assert_uint_gt(all, 10);
    ck_assert_uint_eq(cached_objects("cache"), all - 1);
    size_t size = 0;
    size_t size_again = 0;
    unsigned char *first = slurp(builder_path("ramp"), &size);
    ck_assert_uint_eq(build_and_count("--name=ramp"), 1);
    unsigned char *again = slurp(builder_path("ramp"), &size_again);
    ck_assert_uint_eq(size, size_again);
    ck_assert_int_eq(memcmp(first, again, size), 0);
    free(first);
    free(again);
    /* Other flags, other objects. */
    ck_assert_uint_eq(build_and_count("-O1"), all);
    ck_assert_uint_eq(cached_objects("cache"), 2 * (all - 1));
}
END_TEST

START_TEST(does_without_when_asked)
{
    size_t all = build_and_count("--no-cache");
    ck_assert_uint_eq(build_and_count("--no-cache"), all);
    ck_assert_int_ne(access(builder_path("cache"), F_OK), 0);
}
END_TEST

START_TEST(does_without_a_usable_folder)
{
    spit(builder_path("cache"), "x", 1); /* a file is in the way */
    size_t all = build_and_count("--name=ramp");
    ck_assert_uint_eq(build_and_count("--name=ramp"), all);
    builder_environment[0] = "XDG_CACHE_HOME=";
    ck_assert_uint_eq(build_and_count("--name=ramp"), all);
}
END_TEST

START_TEST(fills_in_what_is_missing)
{
    size_t all = build_and_count("--name=ramp");
    struct child child =
        RUN_PROGRAM("find", "cache", "-name", "shim-main.o", "-delete");
    child_free(&child);
    ck_assert_uint_eq(build_and_count("--name=ramp"), 2);
    ck_assert_uint_eq(cached_objects("cache"), all - 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cache");
    TCase *tcase = tcase_create("shim");
    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, compiles_the_shim_once);
    tcase_add_test(tcase, does_without_when_asked);
    tcase_add_test(tcase, does_without_a_usable_folder);
    tcase_add_test(tcase, fills_in_what_is_missing);
    suite_add_tcase(suite, tcase);
    return suite;
}
