/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channel/client.h"
#include "control/list.h"
#include "fake_patch.h"
#include "load.h"
#include "program.h"
#include "rt/engine.h"
#include "suite.h"

static struct channel channel;
static struct engine engine;
static struct stats stats;
static struct levels levels;
static uint8_t *defaults;
static char *answers;
static char *errors;
static size_t answers_size;
static size_t errors_size;
static float left[FAKE_BLOCK_FRAMES];
static float right[FAKE_BLOCK_FRAMES];
static float *const out[] = {left, right};

/* A patch that plays when the test says so. */
static void start_channel(void)
{
    struct failure failure = {0};
    engine_init(&engine, &f4e_patch, TRAP_STOP, load_stack_bytes(&f4e_patch));
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
    memset(&channel, 0, sizeof(channel));
    memset(&levels, 0, sizeof(levels));
    levels.stats = &stats;
    levels.channels = 2;
    channel.reader =
        (struct command_reader){.patch = &f4e_patch, .program = "fake"};
    channel.engine = &engine;
    channel.levels = &levels;
    defaults = list_remember(&f4e_patch, &failure);
    channel.defaults = defaults;
    channel.answers = open_memstream(&answers, &answers_size);
    channel.errors = open_memstream(&errors, &errors_size);
    ck_assert_msg(channel_init(&channel, &failure), "%s", failure.text);
    engine_attach(&engine, &channel.sender.inbox);
}

/* And a pipe to it. */
static int start(void)
{
    struct failure failure = {0};
    start_channel();
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    ck_assert_msg(channel_listen(&channel, "pipe", &failure), "%s",
                  failure.text);
    int fd = open("pipe", O_WRONLY);
    ck_assert_int_ge(fd, 0);
    return fd;
}

static void stop(int fd)
{
    (void)close(fd);
    free(defaults);
    channel_close(&channel);
    (void)fclose(channel.answers);
    (void)fclose(channel.errors);
    free(answers);
    free(errors);
}

/* Until nothing is left that could be done at once. */
static void pump(uint64_t now_ns)
{
    do {
        channel_pump(&channel, now_ns);
    } while (channel.has_work);
    (void)fflush(channel.answers);
    (void)fflush(channel.errors);
}

/* Some client waits for the patch. */
static bool is_held(void)
{
    for (unsigned i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        if (channel.clients[i] != NULL && channel.clients[i]->held_ns != 0) {
            return true;
        }
    }
    return false;
}

static void say(int fd, const char *text)
{
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    pump(1);
}

static void play(unsigned blocks)
{
    while (blocks-- > 0) {
        ck_assert(engine_process(&engine, NULL, out));
    }
}

static int32_t cell(unsigned address)
{
    int32_t value;
    memcpy(&value, f4e_patch.memories[0].data + address, sizeof value);
    return value;
}

START_TEST(changes_at_the_next_block)
{
    int fd = start();
    say(fd, "set keys:note 5\n# nothing\n\n  set table:i32 1,2,3 # rest\n");
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 0);
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 5);
    ck_assert_int_eq(cell(FAKE_TABLE + 264), 3);
    say(fd, "midi 0 144 60 100\nset panel:play toggle\ncall level 0.5\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 100);
    ck_assert_int_eq(cell(FAKE_FLOAT_ARG), 0x3f000000);
    ck_assert_int_eq(cell(FAKE_PANEL + 12), 3);
    say(fd, "get keys:note table:i32[1] table:i8 drum:data\n");
    ck_assert_str_eq(answers, "keys:note 100\ntable:i32[1] 2\n"
                              "table:i8 0 0 0 0 0 0 0 0\n"
                              "drum:data 97 115 115 101 116 0 0 0\n");
    ck_assert_str_eq(errors, "");
    stop(fd);
}
END_TEST

START_TEST(waits_for_the_end_of_a_line)
{
    int fd = start();
    say(fd, "set keys");
    say(fd, ":note 6\nset keys:note 7");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 6);
    say(fd, "\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 7);
    stop(fd);
}
END_TEST

/* A question is answered when the patch has what was said before it. */
START_TEST(answers_what_was_just_set)
{
    int fd = start();
    say(fd, "set keys:note 9\nget keys:note\nset keys:note 10\n");
    ck_assert_str_eq(answers, "");
    ck_assert(is_held());
    pump(2);
    play(1);
    say(fd, "");
    ck_assert_str_eq(answers, "keys:note 9\n");
    ck_assert(!is_held());
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 10);
    stop(fd);
}
END_TEST

START_TEST(goes_on_after_a_writer_has_left)
{
    int fd = start();
    say(fd, "set keys:note 6\n");
    (void)close(fd);
    pump(1);
    fd = open("pipe", O_WRONLY);
    say(fd, "set keys:note 7\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 7);
    ck_assert(!is_held());
    stop(fd);
}
END_TEST

static const struct {
    const char *line;
    const char *message;
} wrong[] = {
    {"poke 1\n",
     "fake: pipe:1: expected one of set, load, call, midi, key, get, list, "
     "params, describe, stats, subscribe, unsubscribe, save, quit, not 'poke'"
     "\n"},
    {"\n#\nsetting 1\n", "fake: pipe:3: expected one of set"},
    {"set amp:gian 1\n", "fake: pipe:1: the patch has no variable 'amp:gian'\n"
                         "fake: hint: did you mean amp:gain?\n"},
    {"get\n", "fake: pipe:1: get needs a name\n"},
    {"get y\n", "fake: pipe:1: the patch has no variable 'y'\n"},
    {"list x*\n", "fake: pipe:1: no name matches 'x*'\n"},
    {"params x*\n", "fake: pipe:1: no slider"},
    {"load drum:data missing\n", "fake: pipe:1: cannot read 'missing'"},
    {"midi 1 0x90\n", "fake: pipe:1: the patch listens to MIDI on port"},
    {"averyveryverylongverb\n", "fake: pipe:1: expected one of set"},
};

START_TEST(tells_errors_and_goes_on)
{
    int fd = start();
    say(fd, wrong[_i].line);
    ck_assert_msg(
        strncmp(errors, wrong[_i].message, strlen(wrong[_i].message)) == 0,
        "%s", errors);
    say(fd, "set keys:note 7\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 7);
    stop(fd);
}
END_TEST

START_TEST(refuses_a_byte_0)
{
    int fd = start();
    ck_assert_int_eq(write(fd, "set keys:note 5\0 6\n", 19), 19);
    say(fd, "set keys:note 7\n");
    ck_assert_msg(strstr(errors, "pipe:1: the line has a byte 0") != NULL, "%s",
                  errors);
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 7);
    stop(fd);
}
END_TEST

START_TEST(skips_a_mark_at_the_start)
{
    int fd = start();
    say(fd, "\xef\xbb\xbf"
            "set keys:note 8\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 8);
    stop(fd);
}
END_TEST

START_TEST(answers_and_quits)
{
    int fd = start();
    say(fd, "list keys:note\n");
    ck_assert_ptr_nonnull(strstr(answers, "keys:note  0xc"));
    say(fd, "params panel:cut\nlist\n");
    ck_assert_ptr_nonnull(strstr(answers, "panel:cut  slider"));
    ck_assert_ptr_nonnull(strstr(answers, "far:gain"));
    ck_assert(!channel.is_quitting);
    say(fd, "quit\nget keys:note\n");
    ck_assert(channel.is_quitting);
    ck_assert_ptr_null(strstr(answers, "keys:note 0\n"));
    stop(fd);
}
END_TEST

/* What is sent by pointer lives until the audio thread has had it. */
START_TEST(frees_what_was_taken)
{
    char text[12000];
    int fd = start();
    for (int round = 0; round < 50; ++round) {
        size_t used = (size_t)snprintf(text, sizeof text, "set big:data");
        for (int i = 0; i < 1000; ++i) {
            used += (size_t)snprintf(text + used, sizeof text - used, " %d",
                                     round + i);
        }
        (void)snprintf(text + used, sizeof text - used, "\n");
        say(fd, text);
        play(1);
    }
    say(fd, "get big:data[999]\n");
    ck_assert_str_eq(answers, "big:data[999] 1048\n");
    ck_assert_ptr_null(channel.sender.payloads);
    stop(fd);
}
END_TEST

/* A patch that does not run: nothing is lost, and nothing more is read. */
START_TEST(waits_while_the_inbox_is_full)
{
    enum { LINES = SENDER_MESSAGES + 100 };
    int fd = start();
    for (int i = 0; i < LINES; ++i) {
        char line[64];
        (void)snprintf(line, sizeof line, "set @0x5000:i32 %d\n", i);
        say(fd, line);
    }
    ck_assert(is_held());
    ck_assert_int_eq(channel_wait_ms(&channel, 1000), 5);
    ck_assert_str_eq(errors, "");
    pump(UINT64_C(600000000));
    pump(UINT64_C(700000000));
    (void)fflush(channel.errors);
    ck_assert_msg(strstr(errors, "fake: pipe:257: the patch does not run and "
                                 "256 changes wait") == errors,
                  "%s", errors);
    ck_assert_ptr_null(strstr(strchr(errors, '\n'), "wait"));
    play(1);
    ck_assert_int_eq(cell(0x5000), SENDER_MESSAGES - 1);
    pump(UINT64_C(800000000));
    ck_assert(!is_held());
    play(1);
    ck_assert_int_eq(cell(0x5000), LINES - 1);
    stop(fd);
}
END_TEST

START_TEST(skips_a_line_that_is_too_long)
{
    enum { LENGTH = 3 << 20, PART = 1 << 15 };
    static char part[PART + 1];
    int fd = start();
    memset(part, 'x', PART);
    say(fd, "set keys:note 1\n");
    for (int i = 0; i < LENGTH / PART; ++i) {
        say(fd, part);
    }
    say(fd, "\nset keys:note 8\nget nothing\n");
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 8);
    say(fd, "");
    ck_assert_str_eq(errors,
                     "fake: pipe:2: the line is longer than 1048576 bytes\n"
                     "fake: pipe:4: the patch has no variable 'nothing'\n"
                     "fake: hint: --list shows all names\n");
    stop(fd);
}
END_TEST

START_TEST(refuses_what_cannot_be_read)
{
    struct program_result result =
        program_run(NULL, NULL, "--dummy --control nothing");
    ck_assert_int_eq(result.status, 9);
    ck_assert_ptr_nonnull(strstr(result.err, "cannot read 'nothing'"));
    ck_assert_ptr_nonnull(strstr(result.err, "hint: mkfifo nothing"));
}
END_TEST

/* As a user would: a pipe, a patch that plays, and words. */
START_TEST(controls_a_program)
{
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid = program_start(NULL, NULL,
                              "--dummy --rt-prio 0 --seconds 20 --control pipe "
                              "--dump-memory m");
    FILE *pipe = fopen("pipe", "w");
    ck_assert_ptr_nonnull(pipe);
    (void)fprintf(pipe, "set keys:note 77\nwrong\n");
    (void)fflush(pipe);
    program_wait_for("pipe:2: expected one of set");
    (void)fprintf(pipe, "get keys:note\nquit\n");
    (void)fclose(pipe);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_str_eq(result.out, "keys:note 77\n");
    size_t bytes;
    unsigned char *memory = program_read_file("m", &bytes);
    ck_assert_int_eq(memory[FAKE_LAST_NOTE], 77);
    free(memory);
}
END_TEST

/* Its end is not the patch's. */
START_TEST(reads_a_plain_file_to_its_end)
{
    static const char text[] = "set keys:note 78\nload drum:data f\n"
                               "set osc:offset 0.5"; /* no line feed */
    size_t bytes;
    program_write_file("c", text, strlen(text));
    program_write_file("f", "loaded", 6);
    struct program_result result = program_run(
        NULL, NULL,
        "--dummy --rt-prio 0 --seconds 0.3 --control c --dump-memory m");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_ptr_nonnull(
        strstr(result.err, "'f': 6 bytes as they are into drum:data"));
    unsigned char *memory = program_read_file("m", &bytes);
    ck_assert_int_eq(memory[FAKE_LAST_NOTE], 78);
    ck_assert_mem_eq(memory + FAKE_ASSET, "loaded", 6);
    ck_assert_int_eq(memory[FAKE_OFFSET + 3], 0x3f);
    free(memory);
}
END_TEST

/* A client on a socket pair. */
static int join(enum trust trust)
{
    struct failure failure = {0};
    int pair[2];
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    ck_assert_msg(channel_attach(&channel, pair[0], trust, &failure), "%s",
                  failure.text);
    return pair[1];
}

/* What has arrived by now, as a string. */
static const char *heard(int fd)
{
    static char text[1 << 16];
    ssize_t bytes = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
    text[bytes > 0 ? bytes : 0] = '\0';
    return text;
}

static const char *ask(int fd, const char *text)
{
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    pump(1);
    return heard(fd);
}

#define ERROR(text) "{\"ok\":false,\"error\":\"" text
/* Requests and their answers, which begin so. */
static const struct {
    const char *line;
    const char *answer;
} answers_table[] = {
    {"get keys:note\n", "{\"ok\":true,\"values\":{\"keys:note\":0}}\n"},
    {"#7 get keys:note\n",
     "{\"id\":\"7\",\"ok\":true,\"values\":{\"keys:note\":0}}\n"},
    {"  #a\"b   get table:i32[1] # rest\r\n",
     "{\"id\":\"a\\\"b\",\"ok\":true,\"values\":{\"table:i32[1]\":0}}\n"},
    {"text get keys:note\n", "{\"ok\":true,\"text\":\"keys:note 0\\u000a\"}\n"},
    {"#x text set keys:note 1\n", "{\"id\":\"x\",\"ok\":true,\"text\":\"\"}\n"},
    {"set keys:note 5\n", "{\"ok\":true}\n"},
    {"\n# nothing\n  \n#\n", ""},
    {"#1\n", "{\"id\":\"1\",\"ok\":false,\"error\":\"there is no request\""},
    {"#1 get amp:gian\n",
     "{\"id\":\"1\",\"ok\":false,\"error\":\"the patch has no variable "
     "'amp:gian'\",\"hint\":\"did you mean amp:gain?\",\"status\":2}\n"},
    {"get keys:note nothing\n", ERROR("the patch has no variable 'nothing'")},
    {"get\n", ERROR("get needs a name\",\"status\":2}\n")},
    {"gett x\n", ERROR("expected one of set, load,")},
    {"set keys:note x\n", ERROR("")},
    {"call nothing\n", ERROR("the patch exports no function 'nothing'")},
    {"midi 0 144 60 100\n", "{\"ok\":true}\n"},
    {"load drum:data missing\n", ERROR("cannot read 'missing'")},
    {"list keys:note\n",
     "{\"ok\":true,\"items\":[{\"name\":\"keys:note\",\"type\":\"int\","
     "\"element\":\"i32\",\"memory\":0,\"address\":12,\"count\":1,"
     "\"default\":0,\"current\":0}]}\n"},
    {"params panel:cut\n",
     "{\"ok\":true,\"params\":[{\"item\":\"panel:cut\",\"kind\":\"slider\","
     "\"min\":0,\"max\":1,\"step\":0.25,\"current\":0}]}\n"},
    {"list x*\n", ERROR("no name matches 'x*'")},
    {"stats\n", ERROR("nothing is counted here")},
    {"save\n", ERROR("save needs a file")},
    {"save x\n", ERROR("nothing can be saved here")},
    {"subscribe\n", ERROR("subscribe needs a rate of 1 to 60")},
    {"subscribe 61 keys:note\n", ERROR("subscribe needs a rate")},
    {"subscribe 10\n", ERROR("subscribe needs a name")},
    {"subscribe 10 nothing\n", ERROR("the patch has no variable")},
    {"subscribe 10 x*\n", ERROR("no name matches")},
    {"unsubscribe\n", "{\"ok\":true}\n"},
    {"describe\n", "{\"ok\":true,\"name\":"},
    {"\xff\xfe \x80\n", ERROR("expected one of set")},
    {"get \xff\xc0\n", ERROR("the patch has no variable '\\ufffd\\ufffd'")},
    {"#\xff get keys:note\n", "{\"id\":\"\\ufffd\",\"ok\":true"},
};

START_TEST(answers_in_json)
{
    start_channel();
    int fd = join(TRUST_LOCAL);
    const char *answer = ask(fd, answers_table[_i].line);
    const char *wanted = answers_table[_i].answer;
    ck_assert_msg(strncmp(answer, wanted, strlen(wanted)) == 0 &&
                      (*wanted != '\0' || *answer == '\0'),
                  "%s: %s", answers_table[_i].line, answer);
    stop(fd);
}
END_TEST

/* What touches files or ends the program. */
static const char *const forbidden[] = {"load drum:data f\n", "save f\n",
                                        "quit\n"};

START_TEST(refuses_files_and_the_end_to_the_network)
{
    start_channel();
    int fd = join(TRUST_NETWORK);
    const char *answer = ask(fd, forbidden[_i]);
    ck_assert_ptr_nonnull(strstr(answer, "is not for the network"));
    ck_assert(!channel.is_quitting);
    ck_assert_ptr_null(strstr(ask(fd, "describe\n"), "\"word\":\"save\""));
    ck_assert_str_eq(ask(fd, "set keys:note 3\n"), "{\"ok\":true}\n");
    stop(fd);
}
END_TEST

START_TEST(waits_for_half_lines_and_forgets_them_at_the_end)
{
    start_channel();
    int fd = join(TRUST_LOCAL);
    ck_assert_str_eq(ask(fd, "#1 get keys:no"), "");
    ck_assert_str_eq(ask(fd, "te\n#2 set keys:note 4"),
                     "{\"id\":\"1\",\"ok\":true,"
                     "\"values\":{\"keys:note\":0}}\n");
    ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
    pump(2);
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 0);
    ck_assert_ptr_null(channel.clients[0]);
    stop(fd);
}
END_TEST

/* All that was said is done and answered, then the client is let go. */
START_TEST(answers_everything_after_the_last_request)
{
    start_channel();
    int fd = join(TRUST_LOCAL);
    ck_assert_int_eq(write(fd, "#1 set keys:note 4\n#2 get keys:note\n", 36),
                     36);
    ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
    pump(1);
    ck_assert_str_eq(heard(fd), "{\"id\":\"1\",\"ok\":true}\n");
    play(1);
    pump(2);
    ck_assert_str_eq(heard(fd), "{\"id\":\"2\",\"ok\":true,"
                                "\"values\":{\"keys:note\":4}}\n");
    ck_assert_ptr_null(channel.clients[0]);
    stop(fd);
}
END_TEST

/* Whose changes wait is told, when that lasts; others are not concerned. */
START_TEST(tells_a_client_that_the_patch_does_not_run)
{
    start_channel();
    int fd = join(TRUST_LOCAL);
    int other = join(TRUST_LOCAL);
    ck_assert_str_eq(ask(fd, "set keys:note 4\nget keys:note\n"),
                     "{\"ok\":true}\n");
    ck_assert_str_eq(ask(other, "get keys:note\n"),
                     "{\"ok\":true,\"values\":{\"keys:note\":0}}\n");
    pump(UINT64_C(600000000));
    ck_assert_str_eq(heard(fd), ERROR("the patch does not run: 1 changes wait "
                                      "for it\",\"status\":1}\n"));
    (void)close(other);
    stop(fd);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("channel");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, changes_at_the_next_block);
    tcase_add_test(tcase, waits_for_the_end_of_a_line);
    tcase_add_test(tcase, answers_what_was_just_set);
    tcase_add_test(tcase, goes_on_after_a_writer_has_left);
    tcase_add_loop_test(tcase, tells_errors_and_goes_on, 0,
                        sizeof wrong / sizeof *wrong);
    tcase_add_test(tcase, refuses_a_byte_0);
    tcase_add_test(tcase, skips_a_mark_at_the_start);
    tcase_add_test(tcase, answers_and_quits);
    tcase_add_test(tcase, frees_what_was_taken);
    tcase_add_test(tcase, waits_while_the_inbox_is_full);
    tcase_add_test(tcase, skips_a_line_that_is_too_long);
    tcase_add_test(tcase, refuses_what_cannot_be_read);
    tcase_add_test(tcase, controls_a_program);
    tcase_add_test(tcase, reads_a_plain_file_to_its_end);
    tcase_add_loop_test(tcase, answers_in_json, 0,
                        sizeof(answers_table) / sizeof(*answers_table));
    tcase_add_loop_test(tcase, refuses_files_and_the_end_to_the_network, 0,
                        sizeof(forbidden) / sizeof(*forbidden));
    tcase_add_test(tcase, waits_for_half_lines_and_forgets_them_at_the_end);
    tcase_add_test(tcase, answers_everything_after_the_last_request);
    tcase_add_test(tcase, tells_a_client_that_the_patch_does_not_run);
    suite_add_tcase(suite, tcase);
    return suite;
}
