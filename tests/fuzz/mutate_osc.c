/* SPDX-License-Identifier: MIT */
/*
 * mutate.h with packets of OSC, .osc files: whatever comes, what is asked of
 * the channel are whole lines of its words, one for each answer that is waited
 * for, and nothing that is not a packet does anything.
 */
#include "f4e_patch.h"
#include "mutate.h"
#include "osc/osc.h"
#include "osc/outcome.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROWTH_BYTES = 16384, KEEP_BYTES = 1 << 20, PIECE_MAX = 512 };

static struct osc *osc;
static struct loop loop;
static struct link_config config;
static const struct link_report report;

static size_t insert(uint8_t *bytes, size_t size, size_t at, const void *piece,
                     size_t count)
{
    uint8_t copy[PIECE_MAX];
    count = count < sizeof(copy) ? count : sizeof(copy);
    memcpy(copy, piece, count);
    memmove(bytes + at + count, bytes + at, size - at);
    memcpy(bytes + at, copy, count);
    return size + count;
}

/* A file within a bundle. */
static size_t wrap(struct mutator *mutator, uint8_t *bytes, size_t size)
{
    uint8_t head[20] = "#bundle";
    uint32_t count = htonl((uint32_t)size);
    memcpy(head + 16, &count, sizeof(count));
    head[15] = (uint8_t)mutate_below(mutator, 3);
    return insert(bytes, size, 0, head, sizeof(head));
}

static size_t change(const struct mutate_format *format,
                     struct mutator *mutator, uint8_t *bytes, size_t size)
{
    size_t at = mutate_below(mutator, size);
    size_t aligned = at / 4 * 4;
    const char *word = format->words[mutate_below(mutator, format->word_count)];
    size_t file_size = 0;
    const uint8_t *file = mutate_file(mutator, &file_size);
    size_t from = mutate_below(mutator, file_size) / 4 * 4;
    switch (mutate_below(mutator, 9)) {
    case 0:
        bytes[at] = (uint8_t)(bytes[at] ^ (1 << mutate_below(mutator, 8)));
        return size;
    case 1:
        bytes[at] = (uint8_t)(' ' + mutate_below(mutator, 95));
        return size;
    case 2:
        return at;
    case 3:
        return aligned;
    case 4: /* a word over what is there */
        for (size_t i = 0; word[i] != '\0' && at + i < size; i++) {
            bytes[at + i] = (uint8_t)word[i];
        }
        return size;
    case 5:
        return insert(bytes, size, at, word, strlen(word));
    case 6:
        return insert(bytes, size, aligned, file + from,
                      file_size - from < PIECE_MAX ? file_size - from
                                                   : PIECE_MAX);
    case 7: {
        static const uint8_t sizes[][4] = {{0, 0, 0, 0},
                                           {0, 0, 0, 4},
                                           {0xff, 0xff, 0xff, 0xfc},
                                           {0x7f, 0xff, 0xff, 0xfc},
                                           {0x80, 0, 0, 0}};
        if (aligned + 4 <= size) {
            memcpy(bytes + aligned, sizes[mutate_below(mutator, 5)], 4);
        }
        return size;
    }
    default:
        return wrap(mutator, bytes, size);
    }
}

/* Lines that begin with a word of the channel, without control characters. */
static size_t count_lines(const char **why)
{
    static const char *const words[] = {
        "set ",        "get ",         "call ",
        "midi ",       "preset load ", "preset save ",
        "preset list", "subscribe ",   "unsubscribe"};
    size_t count = 0;
    if (bytes_count(&osc->out) == 0) {
        return 0;
    }
    const char *at = osc->out.data + osc->out.start;
    const char *end = at + bytes_count(&osc->out);
    while (at < end) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        bool is_known = false;
        for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
            is_known = is_known || strncmp(at, words[i], strlen(words[i])) == 0;
        }
        if (feed == NULL || !is_known) {
            *why = "a line with another word";
            return SIZE_MAX;
        }
        for (; at < feed; at++) {
            /* The fake has a name with an escape character. */
            if (((unsigned char)*at < ' ' && *at != '\033') || *at == 0x7f) {
                *why = "a control character in a line";
                return SIZE_MAX;
            }
        }
        at = feed + 1;
        count++;
    }
    return count;
}

static enum mutate_result check(const uint8_t *bytes, size_t size,
                                struct arena *arena, const char **why)
{
    struct peer from = {.four = {.sin_family = AF_INET,
                                 .sin_port = htons(9000),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
    const struct osc_counts before = osc->counts;
    bool is_sound = packet_is_sound(bytes, size);
    (void)arena;
    osc_take(osc, &from, bytes, size, 1000000000);
    size_t lines = count_lines(why);
    if (lines == SIZE_MAX) {
        return MUTATE_BROKEN;
    }
    if (lines != osc->asked_count) {
        *why = "not one line for each answer";
        return MUTATE_BROKEN;
    }
    if (!is_sound && (osc->counts.dropped != before.dropped + 1 || lines > 0)) {
        *why = "what is no packet did something";
        return MUTATE_BROKEN;
    }
    while (osc->asked_count > 0) {
        outcome_take(osc, size % 3 == 0 ? "{\"ok\":false,\"error\":\"x\"}"
                                        : "{\"ok\":true,\"values\":{\"a\":[1,"
                                          "\"nan\"]}}");
    }
    bytes_drop(&osc->out, bytes_count(&osc->out));
    struct later_bundle bundle;
    while (later_take(&osc->later, UINT64_MAX, &bundle)) {
        free(bundle.bytes);
    }
    return is_sound ? MUTATE_ACCEPTED : MUTATE_REJECTED;
}

static const char *const words[] = {
    "#bundle", "/",       "//",    "*",     "[a-z]",       "{a,b}",  "?",
    "[",       "{",       "]",     "}",     "**",          "[!-",    ",",
    ",[",      ",[[]]",   ",ifsb", ",TFNI", ",hdtScrm",    "/error", "/token",
    "\"",      "\\",      "\n",    "quit",  "%00",         "\xff",   "\177",
    "nan",     "/params", "/vars", "/info", "/normalized", ":9000",
};

int main(int argc, char **argv)
{
    static const struct mutate_format format = {
        .suffix = ".osc",
        .growth_bytes = GROWTH_BYTES,
        .keep_bytes = KEEP_BYTES,
        .is_empty_taken = true,
        .words = words,
        .word_count = sizeof(words) / sizeof(words[0]),
        .change = change,
        .check = check,
    };
    struct failure failure = {0};
    osc = calloc(1, sizeof(*osc));
    if (osc == NULL) {
        return 1;
    }
    osc->loop = &loop;
    osc->config = &config;
    osc->report = &report;
    osc->patch = &f4e_patch;
    osc->version = SPACE_UNVERSIONED;
    if (!osc_load(osc, &failure)) {
        (void)fprintf(stderr, "%s\n", failure.text);
        return 1;
    }
    osc->settle_ns = UINT64_MAX;
    osc->wire.is_open = true; /* nothing is sent: lines are looked at */
    return mutate_main(&format, argc, argv);
}
