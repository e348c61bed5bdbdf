/* SPDX-License-Identifier: MIT */
/*
 * mutate_text.h with requests of the channel, on a patch that plays a block
 * now and then: every request gets one answer, each a JSON object on a line,
 * whatever else was sent.
 */
#include "channel/channel.h"
#include "channel/client.h"
#include "control/list.h"
#include "fake_patch.h"
#include "json_check.h"
#include "load/load.h"
#include "mutate_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEARD_MAX = 1 << 22 };

static struct channel channel;
static struct engine engine;
static struct stats stats;
static struct levels levels;
static char heard[HEARD_MAX + 1];
static size_t heard_bytes;

static void play(void)
{
    static float samples[2][FAKE_BLOCK_FRAMES];
    static float *const out[] = {samples[0], samples[1]};
    static const int32_t never = -1;
    /* A request may have asked the fake to trap or to sleep. */
    memcpy(f4e_patch.memories[0].data + FAKE_TRAP_AT, &never, sizeof(never));
    memset(f4e_patch.memories[0].data + FAKE_SLEEP_US, 0, 4);
    if (!engine_process(&engine, NULL, out)) {
        (void)engine_restart(&engine, NULL);
        engine.state = ENGINE_RUNNING;
    }
}

static bool start(void)
{
    struct failure failure = {0};
    engine_init(&engine, &f4e_patch, TRAP_RESET, load_stack_bytes(&f4e_patch));
    f4e_patch.instantiate();
    (void)engine_restart(&engine, NULL);
    levels = (struct levels){.stats = &stats, .channels = 2};
    channel = (struct channel){
        .reader = {.patch = &f4e_patch},
        .engine = &engine,
        .levels = &levels,
        .defaults = list_remember(&f4e_patch, &failure),
        .answers = stdout,
    };
    if (channel.defaults == NULL || !channel_init(&channel, &failure)) {
        return false;
    }
    engine_attach(&engine, &channel.sender.inbox);
    return true;
}

/* How many answers these bytes ask for. */
static size_t count_requests(const uint8_t *bytes, size_t size)
{
    static const char blanks[] = " \t\r\v\f";
    size_t count = 0;
    bool is_first = true;
    for (size_t at = 0; at < size;) {
        const uint8_t *feed = memchr(bytes + at, '\n', size - at);
        if (feed == NULL) {
            break; /* half a line */
        }
        size_t end = (size_t)(feed - bytes);
        bool has_nul = memchr(bytes + at, '\0', end - at) != NULL;
        at += is_first && end - at >= 3 &&
                      memcmp(bytes + at, "\xef\xbb\xbf", 3) == 0
                  ? 3
                  : 0;
        is_first = false;
        while (at < end && strchr(blanks, bytes[at]) != NULL) {
            at++;
        }
        bool is_comment =
            at < end && bytes[at] == '#' &&
            (at + 1 == end || strchr(blanks, bytes[at + 1]) != NULL);
        count += has_nul || (at < end && !is_comment);
        at = end + 1;
    }
    return count;
}

static void hear(int fd)
{
    ssize_t bytes;
    while (heard_bytes < HEARD_MAX &&
           (bytes = recv(fd, heard + heard_bytes, HEARD_MAX - heard_bytes,
                         MSG_DONTWAIT)) > 0) {
        heard_bytes += (size_t)bytes;
    }
}

/* Send all, and let go when all is answered. */
static void talk(int fd, const uint8_t *bytes, size_t size)
{
    uint64_t now_ns = 1;
    size_t sent = 0;
    bool is_sent = false;
    heard_bytes = 0;
    while (channel.clients[0] != NULL) {
        ssize_t written =
            send(fd, bytes + sent, size - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        sent += written > 0 ? (size_t)written : 0;
        if (sent == size && !is_sent) {
            is_sent = true;
            (void)shutdown(fd, SHUT_WR);
        }
        channel_pump(&channel, now_ns);
        channel.is_quitting = false;
        hear(fd);
        play();
        now_ns += UINT64_C(3000000);
    }
    hear(fd);
    heard[heard_bytes] = '\0';
}

/* Answers among the lines heard; -1 when one is no JSON. */
static long count_answers(void)
{
    long count = 0;
    for (char *line = heard; *line != '\0';) {
        char *feed = strchr(line, '\n');
        if (feed == NULL) {
            return -1;
        }
        *feed = '\0';
        if (json_check(line) != NULL) {
            return -1;
        }
        count += strncmp(line, "{\"event\":", strlen("{\"event\":")) != 0;
        line = feed + 1;
    }
    return count;
}

static enum mutate_result check(const uint8_t *bytes, size_t size,
                                struct arena *arena, const char **why)
{
    struct failure failure = {0};
    int pair[2];
    (void)arena;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 ||
        !channel_attach(&channel, pair[0],
                        size % 2 == 0 ? TRUST_LOCAL : TRUST_NETWORK,
                        &failure)) {
        *why = "no client";
        return MUTATE_BROKEN;
    }
    talk(pair[1], bytes, size);
    (void)close(pair[1]);
    long answers = count_answers();
    if (answers < 0) {
        *why = "a line that is no JSON";
        return MUTATE_BROKEN;
    }
    if ((size_t)answers != count_requests(bytes, size)) {
        *why = "not one answer for each request";
        return MUTATE_BROKEN;
    }
    return strstr(heard, "\"ok\":true") != NULL ? MUTATE_ACCEPTED
                                                : MUTATE_REJECTED;
}

static const char *const words[] = {
    "#1 ",
    "#",
    "text ",
    "get ",
    "set ",
    "list ",
    "params",
    "describe",
    "stats",
    "subscribe 60 ",
    "unsubscribe",
    "quit",
    "save x",
    "load ",
    "call level ",
    "midi 0 ",
    "key down ",
    "keys:note",
    "table:i32",
    "big:data",
    "[4294967295]",
    "[-1]",
    "@0xffff:f64",
    "@scratch:0:i8",
    "levels",
    "*",
    "nan",
    "1e999",
    "0x",
    "\"",
    "\\",
    "\r",
    "\xef\xbb\xbf",
    "\xff",
    "\xf0\x9f\x98\x80",
    "\t",
    " ",
    "\n",
    ",",
    "&keys:note",
};

int main(int argc, char **argv)
{
    static const struct mutate_text text = {
        .suffix = ".txt",
        .words = words,
        .word_count = sizeof(words) / sizeof(words[0]),
        .check = check,
    };
    return start() ? mutate_text_main(&text, argc, argv) : 1;
}
