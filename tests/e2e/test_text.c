/* SPDX-License-Identifier: MIT */
/* From the text to a program, by a compiler of the language. */
#include "suite.h"

#include "builder.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMPILER "F4E_COMPILER=" F4E_FAKE_TOOLS "/8f4ec {in} {out}"

static char *module_variable;

static void setup(void)
{
    builder_setup();
    char *project = text("%s/vectors/midi_synth/project.8f4e", F4E_TEST_DATA);
    size_t size = 0;
    unsigned char *bytes = slurp(project, &size);
    spit(builder_path("song.8f4e"), bytes, size);
    free(bytes);
    free(project);
    module_variable = text("F4E_FAKE_MODULE=%s/vectors/midi_synth/shared.wasm",
                           F4E_TEST_DATA);
    builder_environment[0] = COMPILER;
    builder_environment[1] = module_variable;
}

static void teardown(void)
{
    free(module_variable);
    builder_teardown();
}

static void expect(struct child child, int status, const char *error)
{
    ck_assert_msg(child.status == status, "status %d: %s", child.status,
                  child.err);
    ck_assert_msg(strstr(child.err, error) != NULL, "%s", child.err);
    child_free(&child);
}

static void copy_module(const char *name)
{
    size_t size = 0;
    unsigned char *bytes = slurp(strchr(module_variable, '=') + 1, &size);
    spit(builder_path(name), bytes, size);
    free(bytes);
}

/* The text is the project too, and nothing but the program comes of it. */
START_TEST(builds_what_the_module_and_the_text_build)
{
    struct child child = BUILD("song.8f4e", "--depfile", "song.d");
    ck_assert_ptr_null(strstr(child.err, "is taken as its project"));
    child_free(&child);
    child = RUN_PROGRAM("./song", "--info", "--json");
    ck_assert_ptr_nonnull(strstr(child.out, "\"midi\": [{"));
    child_free(&child);
    ck_assert_uint_eq(directory_count(builder_work), 3);
    ck_assert_int_eq(rename(builder_path("song"), builder_path("by-text")), 0);
    size_t size = 0;
    unsigned char *rule = slurp(builder_path("song.d"), &size);
    ck_assert_ptr_nonnull(strstr((char *)rule, "song: \\\n  song.8f4e \\\n"));
    ck_assert_ptr_null(strstr((char *)rule, "text.wasm"));
    free(rule);
    copy_module("song.wasm");
    builder_environment[0] = NULL;
    child = BUILD("song.wasm");
    ck_assert_ptr_nonnull(
        strstr(child.err, "notice: 'song.8f4e' is taken as its project"));
    child_free(&child);
    builder_expect_same("song", "by-text");
}
END_TEST

START_TEST(inspects_and_embeds_texts)
{
    struct child child = RUN("inspect", "song.8f4e");
    ck_assert_msg(child.status == 0, "%s", child.err);
    ck_assert_ptr_nonnull(strstr(child.out, "song.8f4e:"));
    child_free(&child);
    expect(RUN("embed", "song.8f4e", "-o", "song.8f4e"), 2,
           "the output 'song.8f4e' is the text itself");
    expect(RUN("embed", "song.8f4e", "-o", "full.wasm"), 0, "");
    ck_assert_int_eq(access(builder_path("full.wasm"), R_OK), 0);
}
END_TEST

START_TEST(goes_without_the_project)
{
    struct child child = BUILD("song.8f4e", "--no-project", "--out", "0=4");
    child_free(&child);
    child = RUN_PROGRAM("./song", "--info", "--json");
    ck_assert_ptr_nonnull(strstr(child.out, "\"midi\": []"));
    child_free(&child);
}
END_TEST

static const struct {
    const char *fake;
    int status;
    const char *error; /* after "f4e-build: " at the start of a line */
} rows[] = {
    {"fail", 3, "'8f4ec' exited with status 7\n"},
    {"die", 3, "'8f4ec' was killed by signal 11"},
    {"babble-fail", 3, "'8f4ec' exited with status 1\n"},
    {"nothing", 3, "'8f4ec' ended well and wrote no module\n"},
    {"empty", 1,
     "song.8f4e: the module of '8f4ec': 0x000000: the file is "
     "empty\n"},
    {"garbage", 1, "song.8f4e: the module of '8f4ec': 0x000000: this is not"},
    {"fault", 1, "song.8f4e:2: no such word\n"},
};

START_TEST(a_compiler_that_fails_leaves_nothing)
{
    char *fake = text("F4E_FAKE=%s", rows[_i].fake);
    ck_assert_int_eq(
        setenv("F4E_FAKE_TEXT", "%s:2:1: no such word\nsecond\n", 1), 0);
    builder_environment[2] = fake;
    char *error = text("\nf4e-build: %s", rows[_i].error);
    struct child child = RUN("song.8f4e", "-q");
    ck_assert_msg(child.status == rows[_i].status, "%s: %d: %.2000s", fake,
                  child.status, child.err);
    bool is_first = strncmp(child.err, error + 1, strlen(error + 1)) == 0;
    ck_assert_msg(is_first || strstr(child.err, error) != NULL, "%s: %s", fake,
                  child.err);
    ck_assert_uint_lt(strlen(child.err), 4000);
    ck_assert_uint_eq(directory_count(builder_work), 1);
    child_free(&child);
    free(error);
    free(fake);
}
END_TEST

/* The module is of another text: what the project check is for. */
START_TEST(compares_the_text_with_what_the_compiler_made)
{
    char *other = text("F4E_FAKE_MODULE=%s/vectors/sine_stereo/shared.wasm",
                       F4E_TEST_DATA);
    builder_environment[1] = other;
    expect(RUN("song.8f4e", "-q"), 1, "f4e-build: song.8f4e");
    free(other);
}
END_TEST

START_TEST(says_what_a_compiler_that_works_said)
{
    builder_environment[2] = "F4E_FAKE=warn";
    expect(RUN("inspect", "song.8f4e"), 0,
           "f4e-build: song.8f4e: notice: 8f4ec: a line may be longer\n");
    struct child child = RUN("inspect", "-q", "song.8f4e");
    ck_assert_str_eq(child.err, "");
    child_free(&child);
}
END_TEST

START_TEST(without_a_compiler_it_says_what_to_set)
{
    builder_environment[0] = "F4E_COMPILER=";
    copy_module("song.wasm");
    expect(RUN("song.8f4e"), 3,
           "f4e-build: 'song.8f4e' is a text of the language, and no compiler "
           "is set that makes a module of it\n"
           "f4e-build: hint: f4e-build song.wasm builds the module beside it\n"
           "f4e-build: hint: --compiler 'node ");
    expect(RUN("song.8f4e", "-O0", "--compiler",
               F4E_FAKE_TOOLS "/8f4ec {in} {out}"),
           0, "");
}
END_TEST

START_TEST(interrupt_ends_a_compiler_that_hangs)
{
    builder_environment[2] = "F4E_FAKE=hang";
    builder_signal_after_ms = 700;
    struct child child = RUN("song.8f4e", "-q");
    ck_assert_int_eq(child.signal, SIGINT);
    ck_assert_str_eq(child.err, "");
    child_free(&child);
    ck_assert_uint_eq(directory_count(builder_work), 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *tcase = tcase_create("text");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, builds_what_the_module_and_the_text_build);
    tcase_add_test(tcase, inspects_and_embeds_texts);
    tcase_add_test(tcase, goes_without_the_project);
    tcase_add_loop_test(tcase, a_compiler_that_fails_leaves_nothing, 0,
                        sizeof(rows) / sizeof(rows[0]));
    tcase_add_test(tcase, compares_the_text_with_what_the_compiler_made);
    tcase_add_test(tcase, says_what_a_compiler_that_works_said);
    tcase_add_test(tcase, without_a_compiler_it_says_what_to_set);
    tcase_add_test(tcase, interrupt_ends_a_compiler_that_hangs);
    suite_add_tcase(suite, tcase);
    return suite;
}
