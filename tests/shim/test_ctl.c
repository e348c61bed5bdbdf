/* SPDX-License-Identifier: MIT */
#include "channel/ctl.h"

#include "channel/listener.h"
#include "channel/unescape.h"
#include "fake_patch.h"
#include "program.h"
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[LISTENER_PATH_MAX];

/* An empty folder of this test's for the sockets. */
static void setup(void)
{
    char here[LISTENER_PATH_MAX];
    program_setup();
    ck_assert_ptr_nonnull(getcwd(here, sizeof(here) - 16));
    ck_assert_int_eq(setenv("XDG_RUNTIME_DIR", here, 1), 0);
    ck_assert(listener_folder(folder, sizeof(folder)));
}

/* A patch that plays, and listens where 'where' says. */
static pid_t play(const char *where)
{
    char arguments[256];
    (void)snprintf(arguments, sizeof(arguments),
                   "--dummy --rt-prio 0 --seconds 600 --control %s "
                   "--dump-memory m",
                   where);
    pid_t pid = program_start(NULL, NULL, arguments);
    program_wait_for("policy");
    return pid;
}

static void end(pid_t pid)
{
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
}

START_TEST(asks_and_sets)
{
    pid_t pid = play("unix");
    struct program_result result =
        program_run(NULL, NULL, "ctl set keys:note 77");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_str_eq(result.out, "");
    result = program_run(NULL, NULL, "ctl get keys:note");
    ck_assert_str_eq(result.out, "keys:note 77\n");
    result = program_run(NULL, NULL, "ctl --json get keys:note");
    ck_assert_str_eq(result.out,
                     "{\"ok\":true,\"values\":{\"keys:note\":77}}\n");
    result = program_run(NULL, NULL, "ctl quit");
    ck_assert_int_eq(result.status, 0);
    result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_int_eq(program_dumped("m", FAKE_LAST_NOTE), 77);
}
END_TEST

/* The status and the message are those of the patch. */
START_TEST(fails_as_the_patch_does)
{
    pid_t pid = play("unix:s");
    struct program_result result =
        program_run(NULL, NULL, "ctl --socket s set keys:nte 7");
    ck_assert_int_eq(result.status, 2);
    ck_assert_ptr_nonnull(strstr(result.err, "has no variable 'keys:nte'\n"));
    ck_assert_ptr_nonnull(strstr(result.err, "hint: did you mean keys:note?"));
    ck_assert_str_eq(result.out, "");
    result = program_run(NULL, NULL, "ctl --socket=s load drum:data missing");
    ck_assert_int_eq(result.status, 9);
    result = program_run(NULL, NULL, "ctl --json --socket=s get nothing");
    ck_assert_int_eq(result.status, 2);
    ck_assert_ptr_nonnull(strstr(result.out, "{\"ok\":false,\"error\":"));
    result = program_run(NULL, NULL, "ctl --socket=s list keys:*");
    ck_assert_ptr_nonnull(strstr(result.out, "\nkeys:note   0xc "));
    end(pid);
}
END_TEST

static const struct {
    const char *arguments;
    int status;
    const char *message;
} wrong[] = {
    {"ctl", 2, "ctl needs a command"},
    {"ctl --json", 2, "ctl needs a command"},
    {"ctl --socket", 2, "--socket of ctl needs a value"},
    {"ctl --timeout", 2, "--timeout of ctl needs a value"},
    {"ctl --loud get x", 2, "unknown option '--loud' of ctl"},
    {"ctl --timeout x get x", 2, "--timeout is 0 to 86400 whole seconds"},
    {"ctl --timeout=86401 get x", 2, "not '86401'"},
    {"ctl --timeoutx get x", 2, "unknown option '--timeoutx' of ctl"},
    {"ctl get x", 9, "no copy of 'fake \"ramp\"' listens in "},
    {"ctl --socket nothing get x", 9, "cannot connect to 'nothing'"},
    {"--dummy --control unix:/", 9, "cannot listen at '/'"},
    {"--dummy --control unix:", 9, "the path of a socket has 1 to 107 bytes"},
    {"--dummy --control unix:nothing/s", 9, "cannot listen at 'nothing/s'"},
};

START_TEST(tells_what_is_wrong)
{
    struct program_result result = program_run(NULL, NULL, wrong[_i].arguments);
    ck_assert_int_eq(result.status, wrong[_i].status);
    ck_assert_msg(strstr(result.err, wrong[_i].message) != NULL, "%s",
                  result.err);
}
END_TEST

START_TEST(gives_two_patches_two_names)
{
    char path[2 * LISTENER_PATH_MAX];
    struct stat status;
    pid_t first = play("unix");
    pid_t second = play("unix");
    (void)snprintf(path, sizeof(path), "%s/fake__ramp_-2.sock", folder);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    ck_assert_int_eq(stat(folder, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0700);
    struct program_result result = program_run(NULL, NULL, "ctl stats");
    ck_assert_int_eq(result.status, 2);
    ck_assert_ptr_nonnull(strstr(result.err, "2 copies of 'fake \"ramp\"'"));
    ck_assert_ptr_nonnull(strstr(result.err, path));
    end(first);
    result = program_run(NULL, NULL, "ctl get keys:note");
    ck_assert_int_eq(result.status, 0);
    end(second);
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

/* What a killed patch left is replaced, what a living one has is not. */
START_TEST(replaces_stale_sockets_only)
{
    pid_t pid = play("unix:s");
    struct program_result result =
        program_run(NULL, NULL, "--dummy --control unix:s --seconds 1");
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(
        strstr(result.err, "cannot listen at 's': a patch that plays does"));
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    (void)program_wait(pid);
    ck_assert_int_eq(access("s", F_OK), 0);
    pid = play("unix:s");
    result = program_run(NULL, NULL, "ctl --socket s get keys:note");
    ck_assert_int_eq(result.status, 0);
    end(pid);
    ck_assert_int_ne(access("s", F_OK), 0);
}
END_TEST

START_TEST(leaves_other_files_alone)
{
    program_write_file("s", "mine", 4);
    struct program_result result =
        program_run(NULL, NULL, "--dummy --control unix:s --seconds 1");
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "it is there and no socket"));
    ck_assert(program_has_file("s"));
}
END_TEST

/* A folder that others can write to is not trusted. */
START_TEST(refuses_a_folder_of_others)
{
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    ck_assert_int_eq(chmod(folder, 0777), 0);
    struct program_result result =
        program_run(NULL, NULL, "--dummy --control unix --seconds 1");
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "only you can write to"));
    result = program_run(NULL, NULL, "ctl list");
    ck_assert_int_eq(result.status, 9);
    ck_assert_int_eq(chmod(folder, 0700), 0);
}
END_TEST

/* Neither side finds another place without being told. */
START_TEST(says_that_a_folder_is_too_long)
{
    static const char *const arguments[] = {
        "--dummy --control unix --seconds 1", "ctl list"};
    char here[128];
    memset(here, 'x', sizeof(here) - 1);
    here[0] = '/';
    here[sizeof(here) - 1] = '\0';
    ck_assert_int_eq(setenv("XDG_RUNTIME_DIR", here, 1), 0);
    struct program_result result = program_run(NULL, NULL, arguments[_i]);
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "has more than 107 bytes\n"));
    ck_assert_ptr_nonnull(strstr(result.err, "hint: --control unix:PATH"));
}
END_TEST

/* The shell's quotes are enough for a name with blanks; others stay. */
START_TEST(takes_names_from_a_shell)
{
    static const char script[] = "ctl=\"$FAKE_STEREO ctl --socket s\"\n"
                                 "$ctl preset save 'warm \"and\" \\wide'\n"
                                 "$ctl preset save '\"quoted too\"' all\n"
                                 "$ctl preset save '#3'\n"
                                 "$ctl preset rename '#3' plain\n"
                                 "$ctl 'preset load \"quoted too\"'\n"
                                 "$ctl preset list\n"
                                 "$ctl preset save ''\n";
    program_write_file("names.sh", script, sizeof(script) - 1);
    pid_t pid = play("unix:s --presets p.json");
    struct program_result result = program_run("/bin/sh", NULL, "names.sh");
    ck_assert_str_eq(result.out,
                     "0 plain\n1 quoted too\n2 warm \"and\" \\wide\n");
    ck_assert_int_eq(result.status, 2);
    ck_assert_ptr_nonnull(strstr(result.err, "preset save needs a name"));
    end(pid);
}
END_TEST

/* Copies of a patch have one file for presets, and one for controllers. */
START_TEST(loses_nothing_of_two_writers)
{
    static const char script[] =
        "for copy in a b; do\n"
        "  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do\n"
        "    echo \"preset save $copy$i\"\n"
        "    [ $copy = a ] && echo \"cc set $i table:i32[$((i % 3))]\" ||\n"
        "      echo \"cc set $i table:i8[$((i % 8))]\"\n"
        "  done > $copy\n"
        "done\n"
        "for copy in a b; do\n"
        "  (cat $copy; echo quit) | $FAKE_STEREO --dummy --rt-prio 0 \\\n"
        "    --control - --presets p.json --cc-map c.json 2> /dev/null &\n"
        "done\n"
        "wait\n"
        "grep -c '^  \"[ab]' p.json\n"
        "grep -c '^  \"table' c.json\n";
    program_write_file("two.sh", script, sizeof(script) - 1);
    struct program_result result = program_run("/bin/sh", NULL, "two.sh");
    ck_assert_msg(strcmp(result.out, "40\n11\n") == 0, "%s%s", result.out,
                  result.err);
}
END_TEST

/* Where the patch runs is not where its user is. */
START_TEST(takes_files_from_where_it_runs)
{
    static const char script[] = "mkdir here\n"
                                 "printf '\\005\\006' > 'here/two bytes'\n"
                                 "cd here && ctl=\"$FAKE_STEREO ctl\"\n"
                                 "$ctl load drum:data 'two bytes'\n"
                                 "$ctl get drum:data\n"
                                 "$ctl load drum:data \"$PWD/two bytes\"\n"
                                 "$ctl load 'drum:data two'\n"
                                 "$ctl save state && ls\n";
    program_write_file("files.sh", script, sizeof(script) - 1);
    pid_t pid = play("unix");
    struct program_result result = program_run("/bin/sh", NULL, "files.sh");
    ck_assert_str_eq(result.out, "drum:data 5 6 115 101 116 0 0 0\n"
                                 "state\ntwo bytes\n");
    ck_assert_ptr_nonnull(strstr(result.err, "cannot read 'two': No such"));
    ck_assert_int_eq(result.status, 0);
    end(pid);
}
END_TEST

START_TEST(lists_its_commands)
{
    struct program_result result = program_run(NULL, NULL, "ctl --json --help");
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_nonnull(strstr(result.out, "\n  set NAME VALUE... [over "));
    ck_assert_ptr_nonnull(strstr(result.out, "\n  quit\n"));
    ck_assert_ptr_nonnull(strstr(result.out, "\n  preset load NAME [over"));
    ck_assert_str_eq(program_run(NULL, NULL, "ctl -h").out, result.out);
}
END_TEST

/* A patch of which the kernel alone is left: it takes connections. */
static int listen_as_patch(int backlog)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "half"};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(
        bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    ck_assert_int_eq(listen(listener, backlog), 0);
    return listener;
}

/* Neither a long request nor one that comes too late to be taken waits. */
START_TEST(waits_for_no_stopped_patch)
{
    static const char command[] = "ctl --socket half --timeout 1 get keys:note";
    /* More than a socket takes. */
    static const char script[] =
        "head -c 1000000 /dev/zero | tr '\\0' x |\n"
        "exec \"$FAKE_STEREO\" ctl --socket half --timeout 1 -\n";
    program_write_file("long.sh", script, sizeof(script) - 1);
    int listener = listen_as_patch(0);
    struct program_result result = program_run(NULL, NULL, command);
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(
        result.err, "at half is there, but has not answered within 1 s"));
    ck_assert_ptr_nonnull(strstr(result.err, "hint: ctl --timeout 60"));
    (void)close(accept(listener, NULL, NULL));
    result = program_run("/bin/sh", NULL, "long.sh");
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "has not answered"));
    int waiting = listener_connect("half", 1);
    result = program_run(NULL, NULL, command);
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "has not answered"));
    (void)close(waiting);
    (void)close(listener);
}
END_TEST

/* As of a patch that is killed while it answers. */
START_TEST(trusts_no_half_of_an_answer)
{
    static const char half[] = "{\"ok\":true,\"values\":{";
    int listener = listen_as_patch(1);
    pid_t pid = program_start(NULL, NULL, "ctl --socket half get keys:note");
    int client = accept(listener, NULL, NULL);
    char request[64];
    ck_assert_int_gt(read(client, request, sizeof(request)), 0);
    ck_assert_int_eq(write(client, half, sizeof(half) - 1), sizeof(half) - 1);
    (void)close(client);
    (void)close(listener);
    struct program_result result = program_wait(pid);
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "ended without an answer"));
}
END_TEST

/* The client ends when the patch does. */
START_TEST(follows_a_subscription_to_the_end)
{
    pid_t pid = program_start(
        NULL, NULL, "--dummy --rt-prio 0 --seconds 0.5 --control unix:s");
    program_wait_for("policy");
    struct program_result result =
        program_run(NULL, NULL, "ctl --socket s subscribe 20 keys:note levels");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_ptr_nonnull(strstr(result.out, " keys:note 0\n"));
    ck_assert_ptr_nonnull(strstr(result.out, " levels 0.5"));
    (void)program_wait(pid);
}
END_TEST

static const struct {
    const char *line;
    const char *text; /* NULL: there is none */
} strings[] = {
    {"{\"ok\":true,\"text\":\"a b\"}", "a b"},
    {"{\"ok\":true,\"text\":\"\"}", ""},
    {"{\"ok\":true}", NULL},
    {"{\"ok\":true,\"text\":7}", NULL},
    {"{\"ok\":true,\"text\":\"cut", NULL},
    {"{\"ok\":true,\"text\":\"cut\\", NULL},
    {"{\"ok\":true,\"text\":\"cut\\u12", NULL},
    {"{\"ok\":true,\"text\":\"\\q\"}", NULL},
    {"{\"id\":\",\\\"text\\\":\\\"\",\"text\":\"x\"}", "x"},
    {"{\"ok\":true,\"text\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
     "\"\\/\b\f\n\r\t"},
    {"{\"ok\":true,\"text\":\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"}",
     "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
    {"{\"ok\":true,\"text\":\"\\ud800\\udc00x\"}", "\xf0\x90\x80\x80x"},
    {"{\"ok\":true,\"text\":\"x\\ud800\"}", NULL},
    {"{\"ok\":true,\"text\":\"\\u0000\"}", NULL},
};

START_TEST(reads_strings)
{
    char *text = unescape_member(strings[_i].line, "text");
    if (strings[_i].text == NULL) {
        ck_assert_ptr_null(text);
    } else {
        ck_assert_ptr_nonnull(text);
        ck_assert_str_eq(text, strings[_i].text);
    }
    free(text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("ctl");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, program_teardown);
    tcase_add_test(tcase, asks_and_sets);
    tcase_add_test(tcase, fails_as_the_patch_does);
    tcase_add_loop_test(tcase, tells_what_is_wrong, 0,
                        sizeof(wrong) / sizeof(*wrong));
    tcase_add_test(tcase, gives_two_patches_two_names);
    tcase_add_test(tcase, replaces_stale_sockets_only);
    tcase_add_test(tcase, leaves_other_files_alone);
    tcase_add_test(tcase, refuses_a_folder_of_others);
    tcase_add_loop_test(tcase, says_that_a_folder_is_too_long, 0, 2);
    tcase_add_test(tcase, loses_nothing_of_two_writers);
    tcase_add_test(tcase, takes_names_from_a_shell);
    tcase_add_test(tcase, takes_files_from_where_it_runs);
    tcase_add_test(tcase, lists_its_commands);
    tcase_add_test(tcase, waits_for_no_stopped_patch);
    tcase_add_test(tcase, trusts_no_half_of_an_answer);
    tcase_add_test(tcase, follows_a_subscription_to_the_end);
    tcase_add_loop_test(tcase, reads_strings, 0,
                        sizeof(strings) / sizeof(*strings));
    suite_add_tcase(suite, tcase);
    return suite;
}
