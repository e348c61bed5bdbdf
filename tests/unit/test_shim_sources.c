/* SPDX-License-Identifier: MIT */
/* The lists of the shim's files, of the tree and of damaged installations. */
#include "base/buf.h"
#include "child.h"
#include "compile/shim_sources.h"
#include "folder_fixture.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_text(const char *name, const char *content)
{
    spit(arena_format(&arena, "%s/%s", folder, name), content, strlen(content));
}

static void make_folder(const char *name)
{
    ck_assert_int_eq(mkdir(arena_format(&arena, "%s/%s", folder, name), 0700),
                     0);
}

static bool has(const struct shim_sources *sources, const char *name)
{
    for (size_t i = 0; i < sources->count; i++) {
        if (strcmp(sources->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void expect_each_once(const struct shim_sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        for (size_t k = 0; k < i; k++) {
            ck_assert_msg(strcmp(sources->names[i], sources->names[k]) != 0,
                          "%s is listed twice", sources->names[i]);
        }
    }
}

/* What is compiled is there, and everything that is there is compiled into one
 * or the other, except for what f4e-build compiles for itself. */
START_TEST(lists_the_tree)
{
    struct shim_sources program;
    struct shim_sources library;
    struct shim_sources version;
    struct shim_sources player;
    struct shim_sources all;
    ck_assert(
        shim_sources_list(&version, F4E_SOURCES, ".version", &arena, &diag));
    ck_assert(
        shim_sources_list(&player, F4E_SOURCES, ".player", &arena, &diag));
    ck_assert(shim_sources_list(&program, F4E_SOURCES, "", &arena, &diag));
    ck_assert(
        shim_sources_list(&library, F4E_SOURCES, ".library", &arena, &diag));
    ck_assert(shim_sources_all(&all, F4E_SOURCES, &arena, &diag));
    expect_each_once(&program);
    expect_each_once(&library);
    for (size_t i = 0; i < program.count; i++) {
        ck_assert_msg(has(&all, program.names[i]), "no %s", program.names[i]);
    }
    for (size_t i = 0; i < library.count; i++) {
        ck_assert_msg(has(&all, library.names[i]), "no %s", library.names[i]);
    }
    for (size_t i = 0; i < player.count; i++) {
        ck_assert_msg(has(&all, player.names[i]), "no %s", player.names[i]);
        ck_assert_msg(!has(&program, player.names[i]),
                      "%s would be in every patch", player.names[i]);
    }
    for (size_t i = 0; i < all.count; i++) {
        const char *name = all.names[i];
        bool is_source = strcmp(name + strlen(name) - 2, ".c") == 0;
        bool is_special = strcmp(name, "library.c") == 0 ||
                          strcmp(name, "library_presets.c") == 0 ||
                          strcmp(name, "library_widgets.c") == 0 ||
                          strcmp(name, "selfcheck.c") == 0 ||
                          strcmp(name, "benchmark.c") == 0;
        ck_assert_msg(!is_source || is_special || has(&program, name) ||
                          has(&library, name) || has(&version, name) ||
                          has(&player, name),
                      "%s is compiled into nothing", name);
        ck_assert_msg(i == 0 || strcmp(all.names[i - 1], name) < 0, "%s", name);
    }
    ck_assert(has(&all, "SOURCES") && has(&all, "SOURCES.library") &&
              has(&all, "alsa.map") && has(&all, "rt/realtime.h"));
}
END_TEST

START_TEST(knows_what_the_audio_thread_runs)
{
    ck_assert(shim_sources_is_hot("rt/engine.c"));
    ck_assert(shim_sources_is_hot("benchmark.c"));
    ck_assert(!shim_sources_is_hot("alsa/alsa_loop.c"));
    ck_assert(!shim_sources_is_hot("control/command.c"));
    ck_assert(!shim_sources_is_hot("main.c"));
    ck_assert(!shim_sources_is_hot("report/rt/x.c"));
    ck_assert(shim_sources_is_header("rt/ring.h"));
    ck_assert(!shim_sources_is_header(".h"));
    ck_assert(!shim_sources_is_header("rt/ring.c"));
}
END_TEST

START_TEST(reads_lines_and_leaves_remarks_out)
{
    struct shim_sources sources;
    make_folder("shim");
    write_text("shim/SOURCES", "# remark\n\na.c\nrt/b.c");
    ck_assert(shim_sources_list(&sources, folder, "", &arena, &diag));
    ck_assert_uint_eq(sources.count, 2);
    ck_assert_str_eq(sources.names[0], "a.c");
    ck_assert_str_eq(sources.names[1], "rt/b.c");
}
END_TEST

START_TEST(refuses_a_damaged_installation)
{
    struct shim_sources sources;
    struct buf text;
    ck_assert(!shim_sources_list(&sources, folder, "", &arena, &diag));
    diag_init(&diag, NULL);
    ck_assert(!shim_sources_all(&sources, folder, &arena, &diag));
    ck_assert_msg(strstr(diag.text, "there are no sources in") != NULL, "%s",
                  diag.text);
    make_folder("shim");
    buf_init(&text, &arena);
    for (unsigned i = 0; i <= SHIM_SOURCES_MAX; i++) {
        buf_format(&text, "%u.c\n", i);
    }
    write_text("shim/SOURCES", buf_string(&text));
    diag_init(&diag, NULL);
    ck_assert(!shim_sources_list(&sources, folder, "", &arena, &diag));
    char expected[40];
    (void)snprintf(expected, sizeof(expected), "lists more than %d files",
                   (int)SHIM_SOURCES_MAX);
    ck_assert_msg(strstr(diag.text, expected) != NULL, "%s", diag.text);
}
END_TEST

/* Links of the user's may lead anywhere, and round. */
START_TEST(ends_in_a_circle_of_links)
{
    struct shim_sources sources;
    make_folder("shim");
    make_folder("shim/rt");
    write_text("shim/rt/a.h", "");
    write_text("shim/.hidden.h", "");
    write_text("shim/notes.txt", "");
    ck_assert_int_eq(
        symlink("..", arena_format(&arena, "%s/shim/rt/loop", folder)), 0);
    ck_assert_int_eq(
        symlink("nowhere", arena_format(&arena, "%s/shim/b.h", folder)), 0);
    ck_assert(shim_sources_all(&sources, folder, &arena, &diag));
    ck_assert_uint_le(sources.count, 4);
    ck_assert(has(&sources, "rt/a.h") && !has(&sources, ".hidden.h") &&
              !has(&sources, "notes.txt") && !has(&sources, "b.h"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("shim_sources");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup_folder, teardown_folder);
    tcase_add_test(tcase, lists_the_tree);
    tcase_add_test(tcase, knows_what_the_audio_thread_runs);
    tcase_add_test(tcase, reads_lines_and_leaves_remarks_out);
    tcase_add_test(tcase, refuses_a_damaged_installation);
    tcase_add_test(tcase, ends_in_a_circle_of_links);
    suite_add_tcase(suite, tcase);
    return suite;
}
