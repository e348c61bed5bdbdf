/* SPDX-License-Identifier: MIT */
/*
 * How f4e-build fails: each exit code for several reasons, and tools that fail
 * in every way (tests/fake-tools). Nothing is left behind, and a file that
 * stood under the output's name stands there still.
 */
#include "suite.h"

#include "builder.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_WORDS = 12, MEBIBYTE = 1 << 20 };

static const char before[] = "this file was here before";

/* Everything that a row may name, and p, the output's name, taken. */
static void fill_folder(void)
{
    builder_wat("p.wasm", builder_ramp);
    size_t size = 0;
    unsigned char *bytes = slurp(builder_path("p.wasm"), &size);
    spit(builder_path("cut.wasm"), bytes, size - 5);
    spit(builder_path("header.wasm"), bytes, 6);
    bytes[4] = 2;
    spit(builder_path("version2.wasm"), bytes, size);
    free(bytes);
    spit(builder_path("empty.wasm"), "", 0);
    spit(builder_path("text.wasm"), "8f4e/v1\n\nmodule x\n", 18);
    spit(builder_path("p"), before, strlen(before));
    spit(builder_path("data.raw"), "1234", 4);
    ck_assert_int_eq(mkdir(builder_path("directory"), 0700), 0);
    spit(builder_path("directory/inside"), "", 0);
    ck_assert_int_eq(mkfifo(builder_path("fifo"), 0600), 0);
}

static void check_folder(size_t files, const char *what)
{
    size_t size = 0;
    unsigned char *bytes = slurp(builder_path("p"), &size);
    ck_assert_msg(strcmp((char *)bytes, before) == 0,
                  "%s: the old output is gone", what);
    free(bytes);
    ck_assert_msg(directory_count(builder_work) == files,
                  "%s: %zu files, now %zu", what, files,
                  directory_count(builder_work));
    ck_assert_uint_eq(directory_count(builder_path("directory")), 1);
}

/* The words of 'line', at blanks; into static storage. */
static const char *const *words(const char *line)
{
    static char copy[512];
    static const char *list[MAX_WORDS + 1];
    size_t count = 0;
    (void)snprintf(copy, sizeof(copy), "%s", line);
    for (char *at = copy; *at != '\0' && count < MAX_WORDS;) {
        size_t length = strcspn(at, " ");
        list[count++] = at;
        bool is_last = at[length] == '\0';
        at[length] = '\0';
        at += length + (is_last ? 0 : 1);
    }
    list[count] = NULL;
    return list;
}

/* Of 'err', the lines that begin with "f4e-build: ": their number, and whether
 * they are the last ones. */
static unsigned own_lines(const char *err)
{
    unsigned count = 0;
    for (const char *line = err; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        bool is_own = strncmp(line, "f4e-build: ", 11) == 0;
        ck_assert_msg(is_own || count == 0, "ends in: %s", line);
        count += is_own ? 1 : 0;
        line += length + (line[length] == '\n');
    }
    return count;
}

static const struct {
    const char *line;
    int status;
    const char *error; /* first line, after "f4e-build: " */
    const char *hint;  /* second line, or NULL */
} rows[] = {
    /* 1: the input */
    {"none.wasm", 1, "cannot open 'none.wasm': No such file or directory",
     NULL},
    {"directory", 1, "'directory' is not a regular file", NULL},
    {"fifo", 1, "'fifo' is not a regular file", NULL},
    {"cut.wasm", 1, "cut.wasm: 0x0000", NULL},
    {"header.wasm", 1, "header.wasm: 0x00000", NULL},
    {"empty.wasm", 1, "empty.wasm: 0x000000: ", NULL},
    {"version2.wasm", 1, "version2.wasm: 0x000004: ", NULL},
    {"text.wasm", 1, "text.wasm: 0x000000: ", NULL},
    {"p.wasm --out 0=65533", 1, "p.wasm: output channel 0: ", NULL},
    {"p.wasm --asset 65533=data.raw", 1, "p.wasm: asset 'data.raw': ", NULL},
    {"p.wasm --asset 0=none", 1, "cannot open 'none': No such file", NULL},
    {"p.wasm --asset 0=fifo", 1, "'fifo' is not a regular file", NULL},
    {"p.wasm --import-c none.c", 1, "cannot open 'none.c': No such file", NULL},
    {"p.wasm --import-c directory", 1, "'directory' is not a regular file",
     NULL},
    {"inspect none.wasm", 1, "cannot open 'none.wasm'", NULL},
    {"inspect cut.wasm", 1, "cut.wasm: 0x0000", NULL},
    /* 2: the command line */
    {"-q", 2, "no module given", "f4e-build patch.wasm -o patch"},
    {"--ouptut x p.wasm", 2, "unknown option '--ouptut'",
     "did you mean --output?"},
    {"p.wasm --out left=4", 2, "--out: 'left=4' is not CHANNEL=ADDRESS",
     "--out 0=0x1000"},
    {"p.wasm --out 1=4", 2, "output channel 0 is missing", NULL},
    {"p.wasm --import-stub f", 2, "--import-stub: the module imports no", NULL},
    {"p.wasm -o p.wasm", 2, "the output 'p.wasm' is the module itself", NULL},
    {"p.wasm -o ./directory/../p.wasm", 2, "the output './directory/../p.wasm'",
     NULL},
    {"p.wasm --json", 2, "--json goes with inspect",
     "f4e-build inspect --json p.wasm"},
    /* 3: tools */
    {"p.wasm --cc none-such", 3, "no program 'none-such'", "--cc " F4E_CLANG},
    {"p.wasm --cc ./p.wasm", 3, "no program './p.wasm'", "--cc " F4E_CLANG},
    {"p.wasm --wasm2c /none/such", 3, "no program '/none/such'",
     "sudo apt install wabt"},
    {"p.wasm --wasm2c /bin/true", 3, "'/bin/true --version' prints no version",
     "sudo apt install wabt"},
    {"p.wasm --cc /bin/false", 3, "'false' exited with status 1",
     "the command was: /bin/false -O3 -std=c17 "},
    {"p.wasm --cpu none-such", 3, "'clang-", "the command was: "},
    {"p.wasm --emit-c directory", 2, "'directory' holds files that no build",
     "give --emit-c a new or empty folder"},
    {"p.wasm -o -", 2, "a program cannot be written to standard output",
     "-o ./- for a file"},
    {"p.wasm --asset 0=data.raw -o data.raw", 2,
     "the output 'data.raw' is an asset", NULL},
    {"p.wasm --cpu=", 2, "--cpu: empty name", NULL},
    /* 4: the system */
    {"p.wasm -O0 -o directory", 4, "the output 'directory' is a directory",
     NULL},
    {"p.wasm -O0 -o none/p", 4, "cannot write to 'none': No such file", NULL},
    {"p.wasm -O0 -o p.wasm/p", 4, "cannot write to 'p.wasm': Not a directory",
     NULL},
    {"p.wasm -O0 -o fifo", 4, "the output 'fifo' is not a regular file", NULL},
    {"p.wasm --emit-c none/c", 4, "cannot make 'none/c': No such file", NULL},
    {"p.wasm --emit-c data.raw", 4, "'data.raw' is not", NULL},
};

START_TEST(every_exit_code_has_its_reasons)
{
    fill_folder();
    size_t files = directory_count(builder_work);
    struct child child = builder_run(F4E_BUILD, words(rows[_i].line));
    ck_assert_msg(child.status == rows[_i].status, "%s: status %d:\n%s",
                  rows[_i].line, child.status, child.err);
    ck_assert_str_eq(child.out, "");
    const char *own = strstr(child.err, "f4e-build: ");
    while (own != NULL && strstr(own, ": notice: ") != NULL) {
        own = strstr(own + 1, "\nf4e-build: ") + 1;
    }
    ck_assert_ptr_nonnull(own);
    char *expected = text("f4e-build: %s", rows[_i].error);
    ck_assert_msg(strncmp(own, expected, strlen(expected)) == 0,
                  "%s: expected '%s' first:\n%s", rows[_i].line, expected,
                  child.err);
    if (rows[_i].hint != NULL) {
        char *hint = text("\nf4e-build: hint: %s", rows[_i].hint);
        ck_assert_msg(strstr(own, hint) != NULL, "%s: no '%s':\n%s",
                      rows[_i].line, hint, child.err);
        free(hint);
    }
    free(expected);
    child_free(&child);
    check_folder(files, rows[_i].line);
}
END_TEST

START_TEST(names_a_temporary_directory_that_is_not_there)
{
    fill_folder();
    builder_environment[0] = "TMPDIR=/none/such";
    struct child child = RUN("p.wasm", "-q");
    ck_assert_int_eq(child.status, 4);
    ck_assert_str_eq(child.err, "f4e-build: cannot make a directory in "
                                "'/none/such': No such file or directory\n");
    child_free(&child);
}
END_TEST

START_TEST(names_a_data_directory_that_is_not_there)
{
    fill_folder();
    builder_environment[0] = "F4E_DATADIR=/none/such";
    struct child child = RUN("p.wasm", "-q");
    ck_assert_int_eq(child.status, 3);
    ck_assert_str_eq(child.err,
                     "f4e-build: the shim's sources are not in "
                     "'/none/such/shim'\n"
                     "f4e-build: hint: install f4e-build again, or set "
                     "F4E_DATADIR\n");
    child_free(&child);
}
END_TEST

START_TEST(names_the_packages_when_path_is_empty)
{
    fill_folder();
    char *path = text("PATH=%s", builder_path("directory"));
    builder_environment[0] = path;
    struct child child = RUN("p.wasm", "-q");
    ck_assert_int_eq(child.status, 3);
    ck_assert_str_eq(child.err, "f4e-build: no program 'wasm2c'\n"
                                "f4e-build: hint: sudo apt install wabt\n");
    child_free(&child);
    child = RUN("p.wasm", "-q", "--wasm2c", F4E_FAKE_TOOLS "/wasm2c");
    ck_assert_int_eq(child.status, 3);
    ck_assert_str_eq(child.err,
                     "f4e-build: no program 'clang'\n"
                     "f4e-build: hint: sudo apt install " F4E_CLANG "\n");
    child_free(&child);
    free(path);
}
END_TEST

/* ---- Fake tools ---- */

#define WASM2C "--wasm2c", F4E_FAKE_TOOLS "/wasm2c"
#define CC     "--cc", F4E_FAKE_TOOLS "/clang-fake"

static const struct {
    const char *option;
    const char *tool;
    const char *fake;
    const char *output; /* the tool's, passed through; NULL: a MiB of it */
    const char *error;
    const char *hint;
} faked[] = {
    {WASM2C, "fail",
     "first line: it is broken\n  second line: 'quoted' $(touch x)\n",
     "'wasm2c' exited with status 7",
     "the command was: " F4E_FAKE_TOOLS
     "/wasm2c -n patch module.wasm -o wasm2c.c"},
    {WASM2C, "die", "about to die\n",
     "'wasm2c' was killed by signal 11 (Segmentation fault)",
     "the command was: "},
    {WASM2C, "babble-fail", NULL, "'wasm2c' exited with status 1",
     "the command was: "},
    {WASM2C, "nothing", "", "wasm2c wrote no usable 'wasm2c.c': ", ""},
    {WASM2C, "garbage", "", "wasm2c wrote C of a shape that is not known: ",
     "f4e-build knows wasm2c 1.0.32 to 1.0.42"},
    {WASM2C, "no-version", "", "'" F4E_FAKE_TOOLS "/wasm2c --version' prints",
     "sudo apt install wabt"},
    {WASM2C, "no-c", "", "wasm2c wrote no usable 'wasm2c.c': ", ""},
    {CC, "fail",
     "first line: it is broken\n  second line: 'quoted' $(touch x)\n",
     "'clang-fake' exited with status 7",
     "the command was: " F4E_FAKE_TOOLS "/clang-fake -O0 -std=c17 "},
    {CC, "die", "about to die\n",
     "'clang-fake' was killed by signal 11 (Segmentation fault)",
     "the command was: "},
    {CC, "babble-fail", NULL, "'clang-fake' exited with status 1",
     "the command was: "},
    {CC, "nothing", "", "'clang-fake' wrote no program", "the command was: "},
    {CC, "garbage", "", "'clang-fake' wrote no program", "the command was: "},
};

START_TEST(a_tool_that_fails_is_quoted_and_leaves_nothing)
{
    char *fake = text("F4E_FAKE=%s", faked[_i].fake);
    fill_folder();
    size_t files = directory_count(builder_work);
    builder_environment[0] = fake;
    struct child child =
        RUN("p.wasm", "-q", "-O0", faked[_i].option, faked[_i].tool);
    ck_assert_msg(child.status == 3, "%s: status %d:\n%.2000s", fake,
                  child.status, child.err);
    const char *own = strstr(child.err, "f4e-build: ");
    ck_assert_ptr_nonnull(own);
    size_t length = (size_t)(own - child.err);
    if (faked[_i].output == NULL) {
        ck_assert_msg(length >= MEBIBYTE, "%s: %zu bytes", fake, length);
    } else {
        ck_assert_msg(length == strlen(faked[_i].output) &&
                          memcmp(child.err, faked[_i].output, length) == 0,
                      "%s: %s", fake, child.err);
    }
    char *expected = text("f4e-build: %s", faked[_i].error);
    ck_assert_msg(strncmp(own, expected, strlen(expected)) == 0, "%s: %s", fake,
                  own);
    char *hint = text("\nf4e-build: hint: %s", faked[_i].hint);
    ck_assert_msg(faked[_i].hint[0] == '\0' || strstr(own, hint) != NULL,
                  "%s: %s", fake, own);
    ck_assert_uint_eq(own_lines(child.err), faked[_i].hint[0] == '\0' ? 1 : 2);
    free(hint);
    free(expected);
    child_free(&child);
    check_folder(files, fake);
    free(fake);
}
END_TEST

START_TEST(a_tool_may_talk_as_long_as_it_works)
{
    fill_folder();
    builder_environment[0] = "F4E_FAKE=babble";
    struct child child = BUILD("p.wasm", "-q", "--out", "0=16", "--emit",
                               "object", "-o", "p.o", WASM2C, CC);
    ck_assert_str_eq(child.err, "");
    child_free(&child);
    builder_environment[0] = NULL;
    child = RUN_PROGRAM("nm", "p.o");
    ck_assert_msg(strstr(child.out, " p_patch_process\n") != NULL, "%s",
                  child.out);
    child_free(&child);
}
END_TEST

static const struct {
    const char *option;
    const char *tool;
    bool is_emitting;
} hanging[] = {{WASM2C, false}, {CC, false}, {CC, true}};

/* The tool would take five minutes, and f4e-build end with its status. */
START_TEST(interrupt_ends_a_tool_that_hangs)
{
    fill_folder();
    size_t files = directory_count(builder_work);
    builder_environment[0] = "F4E_FAKE=hang";
    builder_signal_after_ms = 700;
    struct child child =
        RUN("p.wasm", "-q", hanging[_i].option, hanging[_i].tool,
            hanging[_i].is_emitting ? "--emit-c" : "-q",
            hanging[_i].is_emitting ? "new folder" : "-q");
    ck_assert_int_eq(child.signal, SIGINT);
    ck_assert_str_eq(child.err, "");
    child_free(&child);
    if (!hanging[_i].is_emitting) { /* what was emitted stays */
        check_folder(files, hanging[_i].tool);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("failures");
    TCase *tcase = tcase_create("failures");
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_set_timeout(tcase, 600);
    tcase_add_loop_test(tcase, every_exit_code_has_its_reasons, 0,
                        sizeof(rows) / sizeof(rows[0]));
    tcase_add_test(tcase, names_a_temporary_directory_that_is_not_there);
    tcase_add_test(tcase, names_a_data_directory_that_is_not_there);
    tcase_add_test(tcase, names_the_packages_when_path_is_empty);
    tcase_add_loop_test(tcase, a_tool_that_fails_is_quoted_and_leaves_nothing,
                        0, sizeof(faked) / sizeof(faked[0]));
    tcase_add_test(tcase, a_tool_may_talk_as_long_as_it_works);
    tcase_add_loop_test(tcase, interrupt_ends_a_tool_that_hangs, 0,
                        sizeof(hanging) / sizeof(hanging[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
