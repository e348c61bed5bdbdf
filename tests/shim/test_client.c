/* SPDX-License-Identifier: MIT */
/* Clients by sockets: answers, events, and what nobody can make the patch do.
 */
#include "channel_bench.h"

#include "channel/client.h"
#include "fake_patch.h"
#include "json_check.h"
#include "program.h"
#include "suite.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

static const char *ask_at(uint64_t now_ns, int fd, const char *text)
{
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    pump(now_ns);
    return heard(fd);
}

static const char *ask(int fd, const char *text)
{
    return ask_at(1, fd, text);
}

/* Who has sent parts of lines is read again. */
static const uint64_t LATER_NS = 20000000;

#define ID_64       "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
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
    {"load drum:data missing\n", ERROR("cannot read 'missing'")},
    {"list keys:note\n",
     "{\"ok\":true,\"items\":[{\"name\":\"keys:note\",\"type\":\"int\","
     "\"element\":\"i32\",\"memory\":0,\"address\":12,\"count\":1,"
     "\"default\":0,\"current\":0}]}\n"},
    {"params panel:cut\n",
     "{\"ok\":true,\"params\":[{\"item\":\"panel:cut\",\"kind\":\"slider\","
     "\"min\":0,\"max\":1,\"step\":0.25,\"module\":\"panel\",\"order\":0,"
     "\"current\":0}]}\n"},
    {"views panel:steps\n",
     "{\"ok\":true,\"views\":[{\"kind\":\"watch\",\"item\":\"panel:steps\","
     "\"element\":\"i32\",\"format\":\"binary\",\"rows\":1,"
     "\"module\":\"panel\",\"order\":10,\"address\":2604,\"count\":1,"
     "\"text\":\"0\",\"current\":[0]}]}\n"},
    {"views x*\n", ERROR("no view matches 'x*'")},
    {"piano table:i32 60 down\n", "{\"ok\":true}\n"},
    {"piano amp:gain 60 down\n", ERROR("no piano plays 'amp:gain'")},
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
    {"unsubscribe # all\n", "{\"ok\":true}\n"},
    {"unsubscribe all\n", ERROR("'all' is one word too many")},
    {"quit now\n", ERROR("'now' is one word too many")},
    {"describe it\n", ERROR("'it' is one word too many")},
    {"stats block\n", ERROR("'block' is one word too many")},
    {"list keys:note amp:gain\n", ERROR("'amp:gain' is one word too many")},
    {"params panel:cut x\n", ERROR("'x' is one word too many")},
    {"views panel:steps x\n", ERROR("'x' is one word too many")},
    {"key blur KeyA\n", ERROR("'KeyA' is one word too many")},
    {"key down KeyA KeyB\n", ERROR("'KeyB' is one word too many")},
    {"piano table:i32 60 down up\n", ERROR("'up' is one word too many")},
    {"set keys:note 1 2\n", ERROR("value '2' is one too many")},
    {"set amp:gain 1 over 1s 2s\n", ERROR("'2s' follows the time")},
    {"text\n", ERROR("there is no request")},
    {"#1 text # rest\n", "{\"id\":\"1\",\"ok\":false,"},
    {"describe\n", "{\"ok\":true,\"name\":"},
    {"\xff\xfe \x80\n", ERROR("expected one of set")},
    {"get \xff\xc0\n", ERROR("the patch has no variable '\\ufffd\\ufffd'")},
    {"get keys:note note keys:note table:i32[1] table:i32[1] @0xc:i32\n",
     "{\"ok\":true,\"values\":{\"keys:note\":0,\"table:i32[1]\":0,"
     "\"@0xc:i32\":0}}\n"},
    {"subscribe 10 keys:note k*:note note keys:note\n",
     "{\"ok\":true,\"names\":1}\n"},
    {"call\n", ERROR("call needs a function, such as: call main\",\"status\"")},
    {"call leval\n", ERROR("the patch exports no function 'leval'\",\"hint\":"
                           "\"did you mean level?\"")},
    {"#" ID_64 " get keys:note\n", "{\"id\":\"" ID_64 "\",\"ok\":true"},
    {"#" ID_64 "5 get keys:note\n",
     "{\"id\":\"" ID_64 "\",\"ok\":false,\"error\":\"the ID has 65 bytes, "
     "more than 64\""},
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

/* A call is answered when it was made; what follows goes on meanwhile. */
START_TEST(says_when_a_call_has_trapped)
{
    start_channel();
    int fd = join(TRUST_LOCAL);
    ck_assert_str_eq(ask(fd, "#0 set keys:note 1\n#1 call level 0.5\n"
                             "#2 call fail\n#3 set keys:note 2\n"
                             "#4 midi 0 144 60 100\n#5 call fail\n"),
                     "{\"id\":\"0\",\"ok\":true}\n");
    ck_assert_int_gt(channel_wait_ms(&channel, 1000), 0);
    ck_assert_int_lt(channel_wait_ms(&channel, 1000), 10);
    play(1);
    pump(2);
    ck_assert_str_eq(heard(fd),
                     "{\"id\":\"1\",\"ok\":true}\n"
                     "{\"id\":\"2\",\"ok\":false,\"error\":\"the call is "
                     "dropped: it trapped "
                     "(memory access out of bounds)\",\"status\":6}\n"
                     "{\"id\":\"3\",\"ok\":true}\n"
                     "{\"id\":\"4\",\"ok\":true}\n"
                     "{\"id\":\"5\",\"ok\":false,\"error\":\"the call is "
                     "dropped: it trapped "
                     "(memory access out of bounds)\",\"status\":6}\n");
    ck_assert_int_eq(engine.state, ENGINE_RUNNING);
    ck_assert_uint_eq(engine.dropped_calls.count, 2);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 100);
    stop(fd);
}
END_TEST

/* More than are awaited at the same time, one of which traps. */
START_TEST(answers_many_calls_in_order)
{
    enum { CALLS = 3 * CLIENT_AWAITED_MAX, BAD = CLIENT_AWAITED_MAX + 3 };
    char wanted[64];
    start_channel();
    int fd = join(TRUST_LOCAL);
    unsigned asked = 0;
    for (; asked < CALLS; asked++) {
        int length = snprintf(wanted, sizeof(wanted), "#%u call %s\n", asked,
                              asked == BAD ? "fail" : "level 1");
        ck_assert_int_eq(write(fd, wanted, (size_t)length), length);
    }
    unsigned answered = 0;
    for (uint64_t now = 1; answered < CALLS && now < 100; now++) {
        pump(now);
        play(1);
        pump(now);
        const char *line = heard(fd);
        for (const char *feed; (feed = strchr(line, '\n')) != NULL;
             line = feed + 1) {
            (void)snprintf(wanted, sizeof(wanted), "{\"id\":\"%u\",\"ok\":%s",
                           answered, answered == BAD ? "false" : "true");
            ck_assert_msg(strncmp(line, wanted, strlen(wanted)) == 0,
                          "%s in place of %s", line, wanted);
            answered++;
        }
    }
    ck_assert_uint_eq(answered, CALLS);
    stop(fd);
}
END_TEST

/* A device that is lost makes nobody wait for ever; the call is made later. */
START_TEST(answers_a_call_when_the_patch_does_not_run)
{
    start_channel();
    int fd = join(TRUST_LOCAL);
    ck_assert_str_eq(ask(fd, "call level 0.5\n"), "");
    pump(UINT64_C(400000000));
    ck_assert_str_eq(heard(fd), "");
    pump(UINT64_C(600000000));
    ck_assert_str_eq(heard(fd), "{\"ok\":true}\n");
    ck_assert_int_eq(cell(FAKE_FLOAT_ARG), 0);
    play(1);
    ck_assert_int_eq(cell(FAKE_FLOAT_ARG), 0x3f000000);
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
    ck_assert_str_eq(ask_at(LATER_NS, fd, "te\n#2 set keys:note 4"),
                     "{\"id\":\"1\",\"ok\":true,"
                     "\"values\":{\"keys:note\":0}}\n");
    ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
    pump(LATER_NS + 1);
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 0);
    ck_assert_ptr_null(channel.clients[0]);
    stop(fd);
}
END_TEST

/* A line that comes byte by byte costs no turn for each; others do not wait. */
START_TEST(lets_who_sends_parts_of_lines_rest)
{
    static const char line[] = "#1 get keys:note\n";
    start_channel();
    int slow = join(TRUST_LOCAL);
    int other = join(TRUST_LOCAL);
    ck_assert_str_eq(ask(slow, "#1"), "");
    size_t held = channel.clients[0]->length;
    for (size_t at = 2; line[at] != '\0'; at++) {
        ck_assert_int_eq(write(slow, line + at, 1), 1);
        pump(2);
        ck_assert_uint_eq(channel.clients[0]->length, held);
    }
    struct pollfd poll_fd = {.fd = channel_fd(&channel), .events = POLLIN};
    ck_assert_int_eq(poll(&poll_fd, 1, 0), 0); /* nobody is woken for it */
    ck_assert_str_eq(ask(other, "#2 set keys:note 1\n"),
                     "{\"id\":\"2\",\"ok\":true}\n");
    ck_assert_int_le(channel_wait_ms(&channel, 1000), 3);
    play(1);
    pump(LATER_NS);
    ck_assert_str_eq(heard(slow), "{\"id\":\"1\",\"ok\":true,"
                                  "\"values\":{\"keys:note\":1}}\n");
    ck_assert_int_eq(channel_wait_ms(&channel, 1000), 1000);
    /* Who leaves meanwhile makes room at once. */
    ck_assert_str_eq(ask_at(LATER_NS + 1, slow, "set"), "");
    ck_assert_int_eq(poll(&poll_fd, 1, 0), 0);
    (void)close(slow);
    ck_assert_int_eq(poll(&poll_fd, 1, 0), 1);
    pump(LATER_NS + 2);
    ck_assert_ptr_null(channel.clients[0]);
    stop(other);
}
END_TEST

/* What was looked at once is not looked at again, nor is an end overlooked. */
START_TEST(finds_the_end_of_a_line_in_parts)
{
    static char line[200000];
    start_channel();
    int fd = join(TRUST_LOCAL);
    uint64_t now_ns = 0;
    memset(line, ' ', sizeof(line) - 1);
    memcpy(line, "get keys:note", strlen("get keys:note"));
    memcpy(line + sizeof(line) - 14, "\nget keys:no", 12);
    for (size_t at = 0, part; at < sizeof(line) - 2; at += part) {
        part = sizeof(line) - 2 - at < 50000 ? sizeof(line) - 2 - at : 50000;
        ck_assert_int_eq(write(fd, line + at, part), (ssize_t)part);
        pump(now_ns += LATER_NS);
    }
    ck_assert_str_eq(heard(fd), "{\"ok\":true,\"values\":{\"keys:note\":0}}\n");
    ck_assert_str_eq(ask_at(now_ns + LATER_NS, fd, "te\n"),
                     "{\"ok\":true,\"values\":{\"keys:note\":0}}\n");
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

/* How often 'text' is in what has arrived, all of which is taken. */
static unsigned count_heard(int fd, const char *text)
{
    unsigned count = 0;
    const char *part;
    while (*(part = heard(fd)) != '\0') {
        while ((part = strstr(part, text)) != NULL) {
            part += strlen(text);
            count++;
        }
    }
    return count;
}

/* The next value is sent when it has changed, and only then. */
START_TEST(sends_what_has_changed)
{
    start_channel();
    int fd = join(TRUST_LOCAL);
    ck_assert_str_eq(ask(fd, "subscribe 50 keys:note table:i32[1]\n"),
                     "{\"ok\":true,\"names\":2}\n"
                     "{\"event\":\"values\",\"time\":0.000,\"values\":"
                     "{\"keys:note\":0,\"table:i32[1]\":0}}\n");
    pump(UINT64_C(15000000));
    ck_assert_str_eq(heard(fd), "");
    pump(UINT64_C(25000000));
    ck_assert_str_eq(heard(fd), "");
    ck_assert_str_eq(ask(fd, "set keys:note 8\n"), "{\"ok\":true}\n");
    play(1);
    pump(UINT64_C(50000000));
    ck_assert_str_eq(heard(fd), "{\"event\":\"values\",\"time\":0.000,"
                                "\"values\":{\"keys:note\":8}}\n");
    ck_assert_str_eq(ask(fd, "unsubscribe\n"), "{\"ok\":true}\n");
    pump(UINT64_C(90000000));
    ck_assert_str_eq(heard(fd), "");
    stop(fd);
}
END_TEST

/* Every client has the peak since its own last event. */
START_TEST(gives_peaks_to_all_who_ask)
{
    static const float loud[4] = {0.0F, -0.75F, 0.5F, 0.25F};
    start_channel();
    int fds[2] = {join(TRUST_LOCAL), join(TRUST_NETWORK)};
    (void)ask(fds[0], "subscribe 10 levels\n");
    (void)ask(fds[1], "text subscribe 10 levels\n");
    stats_output(&stats, 0, loud, 4);
    pump(UINT64_C(200000000));
    ck_assert_ptr_nonnull(
        strstr(heard(fds[0]), "\"levels\":[0.75000,0.00000]"));
    ck_assert_ptr_nonnull(
        strstr(heard(fds[1]), " levels 0.7500 0.0000\\u000a"));
    (void)close(fds[1]);
    stop(fds[0]);
}
END_TEST

/* Who reads too slowly loses events, is told how many, and gets every answer
 * in its order. */
START_TEST(keeps_answers_for_slow_readers_and_drops_events)
{
    enum { REQUESTS = 400 };
    char wanted[32];
    start_channel();
    int fd = join(TRUST_LOCAL);
    static char lines[REQUESTS * 24 + 64];
    size_t length = (size_t)snprintf(lines, sizeof(lines),
                                     "subscribe 60 big:data levels\n");
    for (int i = 0; i < REQUESTS; i++) {
        length += (size_t)snprintf(lines + length, sizeof(lines) - length,
                                   "#n%d get big:data\n", i);
    }
    ck_assert_int_eq(write(fd, lines, length), (ssize_t)length);
    for (uint64_t ms = 0; ms < 5000; ms += 20) {
        pump(ms * 1000000);
    }
    const struct client *client = channel.clients[0];
    ck_assert_uint_lt(client->output_end - client->output_start,
                      CLIENT_OUTPUT_LOW + 100000);
    ck_assert_uint_gt(client->subscription.lost, 100);
    unsigned answered = 0;
    bool is_told = false;
    static char all[1 << 21];
    size_t used = 0;
    for (uint64_t ms = 6000; answered < REQUESTS && ms < 60000; ms += 20) {
        pump(ms * 1000000);
        const char *part = heard(fd);
        size_t bytes = strlen(part);
        ck_assert_uint_lt(used + bytes, sizeof(all));
        memcpy(all + used, part, bytes + 1);
        used += bytes;
        char *line = all;
        for (char *feed; (feed = strchr(line, '\n')) != NULL; line = feed + 1) {
            *feed = '\0';
            ck_assert_ptr_null(json_check(line));
            is_told = is_told || strstr(line, "\"lost\":") != NULL;
            (void)snprintf(wanted, sizeof(wanted),
                           "{\"id\":\"n%u\",\"ok\":true", answered);
            if (strncmp(line, "{\"id\":", 6) == 0) {
                ck_assert_msg(strncmp(line, wanted, strlen(wanted)) == 0,
                              "%.40s in place of %s", line, wanted);
                answered++;
            }
        }
        used = strlen(line);
        memmove(all, line, used + 1);
    }
    ck_assert_uint_eq(answered, REQUESTS);
    ck_assert(is_told);
    stop(fd);
}
END_TEST

/* One who never stops talking does not keep others waiting. */
START_TEST(serves_others_during_a_flood)
{
    static char flood[1 << 16];
    start_channel();
    int loud = join(TRUST_LOCAL);
    int quiet = join(TRUST_LOCAL);
    for (size_t i = 0; i + 16 < sizeof(flood); i += 16) {
        memcpy(flood + i, "set keys:note 1\n", 16);
    }
    for (int round = 0; round < 50; round++) {
        (void)send(loud, flood, sizeof(flood) - 16, MSG_DONTWAIT);
        (void)send(quiet, "#1 get amp:gain\n", 16, 0);
        channel_pump(&channel, 1 + (uint64_t)round);
        const char *answer = heard(quiet);
        if (*answer == '\0') {
            /* The turn was over before; it is the first in the next one. */
            channel_pump(&channel, 1 + (uint64_t)round);
            answer = heard(quiet);
        }
        ck_assert_str_eq(answer, "{\"id\":\"1\",\"ok\":true,"
                                 "\"values\":{\"amp:gain\":1}}\n");
        ck_assert_uint_le(sender_pending(&channel.sender), SENDER_MESSAGES);
        play(1);
        (void)count_heard(loud, "ok");
    }
    (void)close(loud);
    stop(quiet);
}
END_TEST

/* More come than there is room for: told, sent away, nothing else happens. */
START_TEST(turns_away_the_thousandth_client)
{
    enum { CLIENTS = 1000 };
    static int fds[CLIENTS];
    struct failure failure = {0};
    start_channel();
    ck_assert_msg(channel_listen(&channel, "unix:s", &failure), "%s",
                  failure.text);
    unsigned refused = 0;
    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = listener_connect("s", 0);
        ck_assert_int_ge(fds[i], 0);
        pump((uint64_t)i * 1000000);
        if (i >= CHANNEL_CLIENTS_MAX) {
            refused +=
                strstr(heard(fds[i]), "64 clients are here already") != NULL;
        }
    }
    ck_assert_uint_eq(refused, CLIENTS - CHANNEL_CLIENTS_MAX);
    for (int i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        ck_assert_str_eq(ask(fds[i], "set keys:note 1\n"), "{\"ok\":true}\n");
    }
    for (int i = 0; i < CLIENTS; i++) {
        (void)close(fds[i]);
    }
    pump(2);
    for (int i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        ck_assert_ptr_null(channel.clients[i]);
    }
    int fd = listener_connect("s", 0);
    ck_assert_int_ge(fd, 0);
    pump(2 + LATER_NS);
    ck_assert_str_eq(ask(fd, "set keys:note 2\n"), "{\"ok\":true}\n");
    stop(fd);
    ck_assert_int_ne(access("s", F_OK), 0);
}
END_TEST

/* Who comes and goes all the time does not keep the program busy. */
START_TEST(lets_a_crowd_wait)
{
    struct failure failure = {0};
    start_channel();
    ck_assert_msg(channel_listen(&channel, "unix:s", &failure), "%s",
                  failure.text);
    struct pollfd poll_fd = {.fd = channel_fd(&channel), .events = POLLIN};
    int came = 0;
    for (; channel.pause_ns == 0 && came < 1000; came++) {
        (void)close(listener_connect("s", 0));
        pump(1);
    }
    ck_assert_int_eq(came, 64);
    pump(1); /* the last one has left */
    int fd = listener_connect("s", 0);
    ck_assert_int_eq(poll(&poll_fd, 1, 0), 0); /* nobody is woken */
    ck_assert_int_le(channel_wait_ms(&channel, 1000), 11);
    ck_assert_str_eq(ask(fd, "get keys:note\n"), "");
    pump(LATER_NS); /* reported again */
    pump(LATER_NS); /* accepted */
    pump(LATER_NS);
    ck_assert_ptr_nonnull(strstr(heard(fd), "\"ok\":true"));
    stop(fd);
}
END_TEST

/* What a client said before it was gone is done. */
START_TEST(does_what_a_killed_client_said)
{
    start_channel();
    int fd = join(TRUST_LOCAL);
    ck_assert_int_eq(
        write(fd, "set keys:note 1\nset keys:note 2\nset keys:no", 44), 44);
    (void)close(fd);
    pump(1);
    pump(2);
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 2);
    ck_assert_ptr_null(channel.clients[0]);
    stop(-1);
}
END_TEST

/* But nothing is looked up for one who will not read it. */
START_TEST(asks_nothing_for_who_is_gone)
{
    enum { REQUESTS = 5000 };
    static char lines[REQUESTS * 5 + 32];
    size_t length = 0;
    start_channel();
    int fd = join(TRUST_LOCAL);
    for (int i = 0; i < REQUESTS; i++) {
        memcpy(lines + length, "list\n", 5);
        length += 5;
    }
    memcpy(lines + length, "set keys:note 9\n", 16);
    length += 16;
    ck_assert_int_eq(write(fd, lines, length), (ssize_t)length);
    channel_pump(&channel, 1);
    ck_assert_ptr_nonnull(channel.clients[0]);
    (void)close(fd);
    for (unsigned i = 0; i < 2 * REQUESTS / 32; i++) {
        channel_pump(&channel, 1);
    }
    play(1);
    ck_assert_int_eq(cell(FAKE_LAST_NOTE), 9);
    ck_assert_ptr_null(channel.clients[0]);
    stop(-1);
}
END_TEST

/* Clients whose lines have no end share a bounded memory. */
START_TEST(bounds_what_unfinished_lines_take)
{
    enum { PART = 1 << 16 };
    static char part[PART];
    static int fds[CHANNEL_CLIENTS_MAX];
    uint64_t now_ns = 0;
    start_channel();
    memset(part, 'x', sizeof(part));
    for (int i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        fds[i] = join(i % 2 == 0 ? TRUST_LOCAL : TRUST_NETWORK);
    }
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
            (void)send(fds[i], part, sizeof(part), MSG_DONTWAIT);
        }
        pump(now_ns += LATER_NS);
        ck_assert_uint_le(channel.input_bytes, (size_t)20 << 20);
    }
    for (int i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        const char *answer =
            ask_at(now_ns += LATER_NS, fds[i], "\n#1 set keys:note 1\n");
        ck_assert_ptr_nonnull(
            strstr(answer, ERROR("the line is longer than ")));
        ck_assert_ptr_nonnull(strstr(answer, "{\"id\":\"1\",\"ok\":true}\n"));
        ck_assert_ptr_eq(strstr(strchr(answer, '\n'), "longer"), NULL);
        (void)close(fds[i]);
    }
    stop(-1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("client");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_loop_test(tcase, answers_in_json, 0,
                        sizeof(answers_table) / sizeof(*answers_table));
    tcase_add_loop_test(tcase, refuses_files_and_the_end_to_the_network, 0,
                        sizeof(forbidden) / sizeof(*forbidden));
    tcase_add_test(tcase, waits_for_half_lines_and_forgets_them_at_the_end);
    tcase_add_test(tcase, lets_who_sends_parts_of_lines_rest);
    tcase_add_test(tcase, finds_the_end_of_a_line_in_parts);
    tcase_add_test(tcase, answers_everything_after_the_last_request);
    tcase_add_test(tcase, tells_a_client_that_the_patch_does_not_run);
    tcase_add_test(tcase, sends_what_has_changed);
    tcase_add_test(tcase, gives_peaks_to_all_who_ask);
    tcase_add_test(tcase, keeps_answers_for_slow_readers_and_drops_events);
    tcase_add_test(tcase, says_when_a_call_has_trapped);
    tcase_add_test(tcase, answers_many_calls_in_order);
    tcase_add_test(tcase, answers_a_call_when_the_patch_does_not_run);
    tcase_add_test(tcase, serves_others_during_a_flood);
    tcase_add_test(tcase, turns_away_the_thousandth_client);
    tcase_add_test(tcase, lets_a_crowd_wait);
    tcase_add_test(tcase, does_what_a_killed_client_said);
    tcase_add_test(tcase, asks_nothing_for_who_is_gone);
    tcase_add_test(tcase, bounds_what_unfinished_lines_take);
    suite_add_tcase(suite, tcase);
    return suite;
}
