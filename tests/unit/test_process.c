/* SPDX-License-Identifier: MIT */
/* Children: how they start, end, are found, quoted and killed. */
#include "base/process.h"
#include "child.h"
#include "suite.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static struct arena arena;
static struct diag diag;
static struct process process;
static char *folder;

static void setup(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
    process_init();
    folder = tmpdir_make();
}

static void teardown(void)
{
    tmpdir_remove(folder);
    arena_deinit(&arena);
}

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static const char *const *shell(const char *script)
{
    const char **argv = arena_alloc(&arena, 4, sizeof(*argv));
    argv[0] = "/bin/sh";
    argv[1] = "-c";
    argv[2] = script;
    return argv;
}

static void run(const char *script, unsigned timeout_ms)
{
    ck_assert_msg(
        process_run(&process, shell(script), NULL, timeout_ms, &arena, &diag),
        "%s", diag.text);
    ck_assert(!process.is_running);
}

/* ---- Ends ---- */

static const struct {
    const char *script;
    unsigned timeout_ms;
    const char *text; /* of the output */
    const char *end;
    bool is_success;
} ends[] = {
    {"echo out; echo err >&2", 0, "out\nerr\n", "exited with status 0", true},
    {"exit 7", 0, "", "exited with status 7", false},
    {"echo x; kill -9 $$", 0, "x\n", "was killed by signal 9 (Killed)", false},
    {"kill -11 $$", 0, "", "was killed by signal 11 (Segmentation fault)",
     false},
    {"cat", 0, "", "exited with status 0", true}, /* stdin is empty */
    {"echo before; exec sleep 30", 200, "before\n", "did not finish in time",
     false},
    /* A closed output is no end. */
    {"echo x; exec >/dev/null 2>&1; exec sleep 30", 200, "x\n",
     "did not finish in time", false},
    {"exec >/dev/null 2>&1; sleep 0.1; exit 5", 10000, "",
     "exited with status 5", false},
    /* What a child started dies with it. */
    {"sleep 30 & wait", 200, "", "did not finish in time", false},
    {"kill -0 $$; trap '' INT TERM; sleep 30; sleep 30", 200, "",
     "did not finish in time", false},
    /* What is ignored here is not there. */
    {"kill -PIPE $$", 0, "", "was killed by signal 13 (Broken pipe)", false},
    {"kill -XFSZ $$", 0, "",
     "was killed by signal 25 (File size limit exceeded)", false},
};

START_TEST(tells_how_a_child_ended)
{
    double start = seconds();
    run(ends[_i].script, ends[_i].timeout_ms);
    ck_assert_str_eq(buf_string(&process.text), ends[_i].text);
    ck_assert_str_eq(process_end_text(&process, &arena), ends[_i].end);
    ck_assert_int_eq(process_succeeded(&process), ends[_i].is_success);
    ck_assert(seconds() - start < 5);
}
END_TEST

START_TEST(runs_in_the_directory_asked)
{
    ck_assert(process_run(&process, shell("pwd -P"), folder, 0, &arena, &diag));
    char *expected = text("%s\n", folder);
    ck_assert_str_eq(buf_string(&process.text), expected);
    free(expected);
}
END_TEST

START_TEST(names_a_program_that_cannot_start)
{
    const char *const argv[] = {"/no/such/tool", NULL};
    ck_assert(!process_run(&process, argv, NULL, 0, &arena, &diag));
    ck_assert_int_eq(diag.kind, DIAG_TOOL);
    ck_assert_str_eq(diag.text,
                     "cannot run '/no/such/tool': No such file or directory");
    ck_assert(!process.is_running);
}
END_TEST

START_TEST(keeps_output_up_to_the_limit_and_drains_the_rest)
{
    run("head -c 20000000 /dev/zero | tr '\\0' x; echo; echo end", 0);
    ck_assert(process_succeeded(&process));
    ck_assert_uint_ge(process.text.length, PROCESS_OUTPUT_LIMIT);
    ck_assert_uint_lt(process.text.length, PROCESS_OUTPUT_LIMIT + 65536);
}
END_TEST

START_TEST(failure_brings_output_end_and_command)
{
    ck_assert(!process_run_ok(&process, shell("echo it is broken; exit 9"),
                              NULL, 0, &arena, &diag));
    ck_assert_int_eq(diag.kind, DIAG_TOOL);
    ck_assert_str_eq(diag.text, "'sh' exited with status 9");
    ck_assert_str_eq(diag.tool_output, "it is broken\n");
    ck_assert_str_eq(diag.hint, "the command was: /bin/sh -c "
                                "'echo it is broken; exit 9'");
}
END_TEST

/* Something in the background holds its output: it is not waited for. */
START_TEST(does_not_wait_for_what_a_child_leaves)
{
    const char *const argv[] = {"/bin/sh", "-c", "sleep 1000 & echo $!", NULL};
    ck_assert(process_run(&process, argv, NULL, 300000, &arena, &diag));
    ck_assert(process.has_exited && !process.has_timed_out);
    ck_assert_int_eq(process.status, 0);
    pid_t left = (pid_t)strtol(buf_string(&process.text), NULL, 10);
    ck_assert_int_gt(left, 1);
    for (int i = 0; kill(left, 0) == 0; i++) {
        const struct timespec rest = {0, 10000000};
        char path[64];
        char state[256] = "";
        (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)left);
        FILE *file = fopen(path, "r");
        if (file != NULL) {
            (void)!fgets(state, sizeof(state), file);
            (void)fclose(file);
        }
        if (strstr(state, ") Z ") != NULL) {
            break; /* nobody here reaps it */
        }
        ck_assert_int_lt(i, 3000);
        (void)nanosleep(&rest, NULL);
    }
}
END_TEST

START_TEST(waits_for_whichever_ends_first)
{
    enum { COUNT = 3 };
    static const char *const scripts[COUNT] = {"sleep 30", "echo quick",
                                               "sleep 30"};
    struct process list[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert(
            process_start(&list[i], shell(scripts[i]), NULL, &arena, &diag));
    }
    size_t which = COUNT;
    ck_assert(process_wait_any(list, COUNT, 10000, &which, &diag));
    ck_assert_uint_eq(which, 1);
    ck_assert(process_succeeded(&list[1]));
    for (size_t i = 0; i < COUNT; i++) {
        process_kill(&list[i]);
        ck_assert(!list[i].is_running);
    }
    ck_assert(!process_wait_any(list, COUNT, 0, &which, &diag));
    ck_assert_int_eq(diag.kind, DIAG_SYSTEM);
}
END_TEST

static void say(int output, void *user)
{
    const char *words = user;
    (void)!write(output, words, strlen(words));
    (void)fprintf(stderr, "this goes nowhere\n");
    if (strcmp(words, "hang") == 0) {
        (void)pause();
    }
}

START_TEST(forked_body_speaks_through_the_pipe)
{
    char words[] = "words";
    size_t which = 0;
    ck_assert(process_fork(&process, say, words, &arena, &diag));
    ck_assert(process_wait_any(&process, 1, 10000, &which, &diag));
    ck_assert(process_succeeded(&process));
    ck_assert_str_eq(buf_string(&process.text), "words");
}
END_TEST

START_TEST(forked_body_is_killed_in_time)
{
    char words[] = "hang";
    size_t which = 0;
    ck_assert(process_fork(&process, say, words, &arena, &diag));
    ck_assert(process_wait_any(&process, 1, 100, &which, &diag));
    ck_assert(process.has_timed_out);
    ck_assert_str_eq(buf_string(&process.text), "hang");
}
END_TEST

/* ---- Signals to us ---- */

static const int stops[] = {SIGINT, SIGTERM, SIGHUP};

START_TEST(signal_kills_the_children_and_their_children)
{
    double start = seconds();
    char *script = text("(sleep 0.2; kill -%d %ld) & sleep 30 & "
                        "sleep 30; wait",
                        stops[_i], (long)getpid());
    run(script, 0);
    free(script);
    ck_assert(seconds() - start < 5);
    ck_assert_int_eq(process.signal, SIGKILL);
    ck_assert_int_eq(process_interrupted(), stops[_i]);
    ck_assert(!process_run(&process, shell("true"), NULL, 0, &arena, &diag));
    ck_assert_int_eq(diag.kind, DIAG_SYSTEM);
    ck_assert_str_eq(diag.text, "interrupted");
    char words[] = "x";
    ck_assert(!process_fork(&process, say, words, &arena, &diag));
}
END_TEST

START_TEST(reraise_dies_by_the_signal)
{
    process_reraise(); /* nothing happened yet */
    ck_assert_int_eq(raise(SIGTERM), 0);
    process_reraise();
}
END_TEST

START_TEST(ignored_signals_stay_ignored)
{
    (void)signal(SIGHUP, SIG_IGN);
    process_init();
    ck_assert_int_eq(raise(SIGHUP), 0);
    ck_assert_int_eq(process_interrupted(), 0);
}
END_TEST

/* ---- find ---- */

START_TEST(finds_programs_as_a_shell_does)
{
    char *tool = text("%s/tool", folder);
    char *plain = text("%s/plain", folder);
    spit(tool, "#!/bin/sh\n", 10);
    spit(plain, "", 0);
    ck_assert_int_eq(chmod(tool, 0755), 0);
    char *path = text("/nonexistent:%s:/bin", folder);
    ck_assert_int_eq(setenv("PATH", path, 1), 0);
    ck_assert_str_eq(process_find("tool", &arena), tool);
    ck_assert_str_eq(process_find("sh", &arena), "/bin/sh");
    ck_assert_ptr_null(process_find("plain", &arena)); /* not executable */
    ck_assert_ptr_null(process_find("none", &arena));
    ck_assert_ptr_null(process_find("", &arena));
    ck_assert_str_eq(process_find(tool, &arena), tool);
    ck_assert_ptr_null(process_find(plain, &arena));
    ck_assert_ptr_null(process_find("./sh", &arena));
    ck_assert_int_eq(unsetenv("PATH"), 0);
    ck_assert_ptr_nonnull(process_find("sh", &arena));
    free(path);
    free(tool);
    free(plain);
}
END_TEST

/* ---- quote: what a real shell makes of it is what went in ---- */

static const char *const hostile[] = {
    "plain",       "",
    " ",           "two words",
    "'",           "''",
    "'\\''",       "\"",
    "\\",          "\\\\'",
    "$HOME",       "$(touch x)",
    "`touch x`",   "a\nb",
    "\n",          "a\n",
    "\t",          "*",
    "?[a-z]{a,b}", "~",
    "~root",       "#comment",
    "!history",    "a;touch x",
    "a&&touch x",  "a|touch x",
    ">x",          "-n",
    "--",          "-",
    "=",           "A=b",
    "%s%n",        "\303\244\302\247",
    "\377\376",    "\001\033[31m",
    "if",          "\\n",
    "x\\",
};
enum { HOSTILE_COUNT = sizeof(hostile) / sizeof(hostile[0]) };

START_TEST(quoting_survives_a_shell)
{
    const char *argv[HOSTILE_COUNT + 3];
    argv[0] = "/usr/bin/printf";
    argv[1] = "%s\\037";
    struct buf expected;
    buf_init(&expected, &arena);
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        argv[i + 2] = hostile[i];
        buf_format(&expected, "%s\037", hostile[i]);
    }
    argv[HOSTILE_COUNT + 2] = NULL;
    ck_assert(process_run(&process, shell(process_quote(argv, &arena)), folder,
                          0, &arena, &diag));
    ck_assert(process_succeeded(&process));
    ck_assert_str_eq(buf_string(&process.text), buf_string(&expected));
    ck_assert_uint_eq(directory_count(folder), 0);
}
END_TEST

START_TEST(quoting_one_word_gives_one_word)
{
    const char *const argv[] = {"/usr/bin/printf", "%s", hostile[_i], NULL};
    run(process_quote(argv, &arena), 0);
    ck_assert_str_eq(buf_string(&process.text), hostile[_i]);
}
END_TEST

START_TEST(quoting_leaves_plain_words_plain)
{
    const char *const argv[] = {"/usr/bin/clang-19", "-O3",        "-std=c17",
                                "-I/a/b_c",          "x+y:z@1,2%", NULL};
    ck_assert_str_eq(process_quote(argv, &arena),
                     "/usr/bin/clang-19 -O3 -std=c17 -I/a/b_c x+y:z@1,2%");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("process");
    TCase *tcase = tcase_create("children");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 20);
    tcase_add_loop_test(tcase, tells_how_a_child_ended, 0,
                        sizeof(ends) / sizeof(ends[0]));
    tcase_add_test(tcase, runs_in_the_directory_asked);
    tcase_add_test(tcase, names_a_program_that_cannot_start);
    tcase_add_test(tcase, keeps_output_up_to_the_limit_and_drains_the_rest);
    tcase_add_test(tcase, failure_brings_output_end_and_command);
    tcase_add_test(tcase, does_not_wait_for_what_a_child_leaves);
    tcase_add_test(tcase, waits_for_whichever_ends_first);
    tcase_add_test(tcase, forked_body_speaks_through_the_pipe);
    tcase_add_test(tcase, forked_body_is_killed_in_time);
    tcase_add_loop_test(tcase, signal_kills_the_children_and_their_children, 0,
                        sizeof(stops) / sizeof(stops[0]));
    tcase_add_test(tcase, ignored_signals_stay_ignored);
    tcase_add_test(tcase, finds_programs_as_a_shell_does);
    tcase_add_test(tcase, quoting_survives_a_shell);
    tcase_add_loop_test(tcase, quoting_one_word_gives_one_word, 0,
                        HOSTILE_COUNT);
    tcase_add_test(tcase, quoting_leaves_plain_words_plain);
    suite_add_tcase(suite, tcase);
    TCase *fatal = tcase_create("fatal");
    tcase_add_test_raise_signal(fatal, reraise_dies_by_the_signal, SIGTERM);
    tcase_add_checked_fixture(fatal, process_init, NULL);
    suite_add_tcase(suite, fatal);
    return suite;
}
