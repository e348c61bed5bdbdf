/* SPDX-License-Identifier: MIT */
/* A compiler of the language that works, and each way in which it does not. */
#include "text/text_compile.h"

#include "base/process.h"
#include "child.h"
#include "suite.h"
#include "text/text_name.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LIMIT_BYTES = 1 << 20 };

#define COMPILER F4E_FAKE_TOOLS "/8f4ec"

static struct arena arena;
static struct diag diag;
static struct workdir workdir;
static char *folder;
static const char *text_path;
static const char *module_path;

static void setup(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
    process_init();
    folder = tmpdir_make();
    text_path = arena_format(&arena, "%s/a b'c.8f4e", folder);
    module_path = arena_format(&arena, "%s/module", folder);
    spit(text_path, "8f4e/v1\n\n\n", 10);
    spit(module_path, "bytes", 5);
    ck_assert(workdir_create(&workdir, &arena, &diag));
    ck_assert_int_eq(setenv("F4E_FAKE_MODULE", module_path, 1), 0);
    ck_assert_int_eq(unsetenv("F4E_FAKE"), 0);
    ck_assert_int_eq(unsetenv(TEXT_COMPILER_VARIABLE), 0);
}

static void teardown(void)
{
    workdir_remove(&workdir);
    tmpdir_remove(folder);
    arena_deinit(&arena);
}

static bool compile(const char *command, unsigned timeout_ms,
                    struct text_result *result)
{
    const struct text_request request = {
        .path = text_path,
        .command = command,
        .module_limit = LIMIT_BYTES,
        .timeout_ms = timeout_ms,
        .is_quiet = true,
    };
    return text_compile(result, &request, &workdir, &arena, &diag);
}

static void expect_module(const struct text_result *result)
{
    size_t size = 0;
    unsigned char *bytes = slurp(result->module, &size);
    ck_assert_uint_eq(size, 5);
    ck_assert_int_eq(memcmp(bytes, "bytes", 5), 0);
    free(bytes);
}

START_TEST(gives_the_module_of_the_command)
{
    struct text_result result;
    ck_assert_msg(compile(COMPILER " {in} {out}", TEXT_COMPILE_MS, &result),
                  "%s", diag.text);
    ck_assert_str_eq(result.compiler, "8f4ec");
    ck_assert_int_eq(strncmp(result.module, workdir.path, strlen(workdir.path)),
                     0);
    expect_module(&result);
}
END_TEST

START_TEST(asks_the_environment_without_a_command)
{
    struct text_result result;
    ck_assert_int_eq(
        setenv(TEXT_COMPILER_VARIABLE, "'" COMPILER "' {in} \"{out}\"", 1), 0);
    ck_assert_msg(compile(NULL, TEXT_COMPILE_MS, &result), "%s", diag.text);
    expect_module(&result);
    ck_assert_int_eq(setenv(TEXT_COMPILER_VARIABLE, "x {in}", 1), 0);
    ck_assert(!compile(NULL, TEXT_COMPILE_MS, &result));
    ck_assert_int_eq(diag.kind, DIAG_USAGE);
    ck_assert_str_eq(diag.text, "F4E_COMPILER: the command has no {out}");
}
END_TEST

/* The compiler gets the path as one word, whatever is in it, and whole. */
START_TEST(gives_the_whole_path_as_one_word)
{
    struct text_result result;
    ck_assert_int_eq(chdir(folder), 0);
    text_path = "-x $(touch y) {out}.8f4e";
    spit(text_path, "8f4e/v1\n", 8);
    ck_assert_msg(compile("/bin/sh -c 'printf %s \"$1\" >\"$2\"' sh {in} {out}",
                          TEXT_COMPILE_MS, &result),
                  "%s", diag.text);
    size_t size = 0;
    unsigned char *bytes = slurp(result.module, &size);
    char *expected = text("%s/%s", folder, text_path);
    ck_assert_str_eq((char *)bytes, expected);
    ck_assert_int_ne(access("y", F_OK), 0);
    free(expected);
    free(bytes);
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

static const struct {
    const char *fake;
    const char *said; /* F4E_FAKE_TEXT */
    enum diag_kind kind;
    uint32_t line;
    const char *error; /* its beginning */
    const char *output;
} rows[] = {
    {"fail", "", DIAG_TOOL, 0, "'8f4ec' exited with status 7",
     "first line: it is broken\n  second line: 'quoted' $(touch x)\n"},
    {"die", "", DIAG_TOOL, 0,
     "'8f4ec' was killed by signal 11 (Segmentation fault)", "about to die\n"},
    {"babble-fail", "", DIAG_TOOL, 0, "'8f4ec' exited with status 1",
     "this line is repeated until"},
    {"hang", "", DIAG_TOOL, 0, "'8f4ec' did not finish in time", ""},
    {"mute", "", DIAG_TOOL, 0, "'8f4ec' did not finish in time", ""},
    {"nothing", "", DIAG_TOOL, 0, "'8f4ec' ended well and wrote no module",
     NULL},
    {"folder", "", DIAG_TOOL, 0, "'8f4ec' ended well and wrote no module",
     NULL},
    {"fault", "%s:2:1: no such word: \\033[31mred\\n", DIAG_INPUT, 2,
     "no such word: \\x1B[31mred", NULL},
    {"fault", "Parse error at line 3: x\\n  see the manual\\n", DIAG_INPUT, 3,
     "Parse error at line 3: x",
     "Parse error at line 3: x\n  see the manual\n"},
    {"fault", "Parse error at line 30: x\\n", DIAG_TOOL, 0,
     "'8f4ec' exited with status 1", "Parse error at line 30: x\n"},
    {"fault", "", DIAG_TOOL, 0, "'8f4ec' exited with status 1", ""},
};

START_TEST(tells_how_a_compiler_failed)
{
    enum { SHORT_MS = 1500 };
    struct text_result result;
    bool is_slow = strcmp(rows[_i].fake, "hang") == 0 ||
                   strcmp(rows[_i].fake, "mute") == 0;
    ck_assert_int_eq(setenv("F4E_FAKE", rows[_i].fake, 1), 0);
    ck_assert_int_eq(setenv("F4E_FAKE_TEXT", rows[_i].said, 1), 0);
    ck_assert(!compile(COMPILER " {in} {out}",
                       is_slow ? SHORT_MS : TEXT_COMPILE_MS, &result));
    ck_assert_msg(diag.kind == rows[_i].kind && diag.line == rows[_i].line,
                  "%s: kind %d, line %u: %s", rows[_i].fake, diag.kind,
                  diag.line, diag.text);
    ck_assert_msg(strncmp(diag.text, rows[_i].error, strlen(rows[_i].error)) ==
                      0,
                  "%s: %s", rows[_i].fake, diag.text);
    if (rows[_i].output == NULL) {
        ck_assert_ptr_null(diag.tool_output);
    } else {
        ck_assert_msg(strncmp(diag.tool_output, rows[_i].output,
                              strlen(rows[_i].output)) == 0,
                      "%s: %s", rows[_i].fake, diag.tool_output);
    }
    ck_assert(diag.kind == DIAG_INPUT ||
              strstr(diag.hint, "the command was: " COMPILER " '") != NULL);
}
END_TEST

/* Its file ends at the limit; the limit is not that of this process. */
START_TEST(ends_a_compiler_that_writes_for_ever)
{
    struct text_result result;
    struct rlimit before;
    struct rlimit after;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(setenv("F4E_FAKE", "fill", 1), 0);
    ck_assert(compile(COMPILER " {in} {out}", TEXT_COMPILE_MS, &result));
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &after), 0);
    ck_assert_uint_eq(before.rlim_cur, after.rlim_cur);
    size_t size = 0;
    free(slurp(result.module, &size));
    ck_assert_uint_eq(size, LIMIT_BYTES);
}
END_TEST

static const struct {
    const char *command;
    enum diag_kind kind;
    const char *error;
    const char *hint;
} commands[] = {
    {NULL, DIAG_TOOL, "is a text of the language, and no compiler is set",
     "--compiler 'node 8f4e/packages/cli/bin/cli.js compile {in} --wasm-output "
     "{out}'\nor set F4E_COMPILER to such a command"},
    {"c {in}", DIAG_USAGE, "--compiler: the command has no {out}",
     "--compiler 'node "},
    {"c '{in} {out}", DIAG_USAGE, "--compiler: a quote or a backslash",
     "--compiler 'node "},
    {"no-such-program {in} {out}", DIAG_TOOL, "no program 'no-such-program'",
     "the command was: no-such-program '"},
};

START_TEST(says_what_to_set)
{
    struct text_result result;
    ck_assert(!compile(commands[_i].command, TEXT_COMPILE_MS, &result));
    ck_assert_int_eq(diag.kind, commands[_i].kind);
    ck_assert_msg(strstr(diag.text, commands[_i].error) != NULL, "%s",
                  diag.text);
    ck_assert_msg(strstr(diag.hint, commands[_i].hint) != NULL, "%s",
                  diag.hint);
}
END_TEST

START_TEST(names_a_module_that_lies_beside)
{
    struct text_result result;
    spit(arena_format(&arena, "%s/a b'c.wasm", folder), "", 0);
    ck_assert(!compile(NULL, TEXT_COMPILE_MS, &result));
    ck_assert_ptr_nonnull(strstr(diag.hint, "a b'c.wasm builds the module"));
}
END_TEST

START_TEST(tells_of_a_text_that_is_not_there)
{
    struct text_result result;
    text_path = "/none/such.8f4e";
    ck_assert(!compile("c {in} {out}", TEXT_COMPILE_MS, &result));
    ck_assert_int_eq(diag.kind, DIAG_INPUT);
    ck_assert_str_eq(diag.text, "cannot open '/none/such.8f4e': No such file "
                                "or directory");
}
END_TEST

START_TEST(texts_are_known_by_name)
{
    ck_assert(text_has_name("a.8f4e"));
    ck_assert(text_has_name("a.b/c.8f4e"));
    ck_assert(!text_has_name(".8f4e"));
    ck_assert(!text_has_name("a.8f4e/.8f4e"));
    ck_assert(!text_has_name("a.8f4em"));
    ck_assert(!text_has_name("a.wasm"));
    ck_assert(!text_has_name(""));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("text_compile");
    TCase *tcase = tcase_create("text_compile");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, gives_the_module_of_the_command);
    tcase_add_test(tcase, asks_the_environment_without_a_command);
    tcase_add_test(tcase, gives_the_whole_path_as_one_word);
    tcase_add_loop_test(tcase, tells_how_a_compiler_failed, 0,
                        sizeof(rows) / sizeof(rows[0]));
    tcase_add_test(tcase, ends_a_compiler_that_writes_for_ever);
    tcase_add_loop_test(tcase, says_what_to_set, 0,
                        sizeof(commands) / sizeof(commands[0]));
    tcase_add_test(tcase, names_a_module_that_lies_beside);
    tcase_add_test(tcase, tells_of_a_text_that_is_not_there);
    tcase_add_test(tcase, texts_are_known_by_name);
    suite_add_tcase(suite, tcase);
    return suite;
}
