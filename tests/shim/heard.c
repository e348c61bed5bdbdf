/* SPDX-License-Identifier: MIT */
#include "heard.h"

#include "program.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES_MAX = 1 << 20 };

char *heard_read_log(void)
{
    size_t bytes;
    return (char *)program_read_file("log", &bytes);
}

/* A line of the log that interests us. */
struct strike {
    char stream[16];
    char event[32];
    unsigned long frame;
    unsigned long queued;
    bool has_queued;
};

static const char *read_line(const char *at, struct strike *strike)
{
    const char *end = at + strcspn(at, "\n");
    const char *queued = strstr(at, "queued=");
    *strike = (struct strike){.has_queued = queued != NULL && queued < end};
    (void)sscanf(at, "%15s %lu %31s", strike->stream, &strike->frame,
                 strike->event);
    if (strike->has_queued) {
        strike->queued = strtoul(queued + strlen("queued="), NULL, 10);
    }
    return *end == '\n' ? end + 1 : end;
}

/* What the program wrote, and what of it is heard. */
struct heard {
    struct frame *frames;
    size_t count;
    const struct frame *render;
    size_t next; /* of the render */
    size_t limit;
    size_t silence;
    size_t lost; /* frames that the device forgot */
};

static void emit(struct heard *heard, size_t frames, bool is_heard)
{
    for (; frames > 0 && (heard->silence > 0 || heard->next < heard->limit);
         --frames) {
        struct frame frame = {0.0F, 0.0F};
        if (heard->silence > 0) {
            --heard->silence;
        } else {
            frame = heard->render[heard->next++];
        }
        if (is_heard) {
            heard->frames[heard->count++] = frame;
        }
    }
}

/*
 * The log says where the device stopped and what it forgot then; the patch
 * goes on after it, in full duplex behind a buffer of silence.
 */
static void build_heard(struct heard *heard, const char *log, size_t silence)
{
    struct strike line;
    struct strike last = {.has_queued = false};
    bool is_struck = false;
    heard->silence = silence;
    for (const char *at = log; *at != '\0';) {
        at = read_line(at, &line);
        if (strcmp(line.stream, "playback") != 0) {
            continue;
        }
        if (strcmp(line.event, "prepare") == 0 && last.has_queued) {
            emit(heard, last.frame - heard->count, true);
            emit(heard, last.queued, false);
            heard->lost += last.queued;
            heard->silence = silence;
            last.has_queued = false;
            is_struck = false;
        } else if (strcmp(line.event, "resume") == 0 ||
                   strcmp(line.event, "start") == 0) {
            last.has_queued = false;
        } else if (line.has_queued) {
            last = line;
            is_struck = strcmp(line.event, "stop") != 0 || is_struck;
        }
    }
    if (is_struck && last.has_queued) {
        /* While the end was being heard: nothing comes after it. */
        emit(heard, last.frame - heard->count, true);
        return;
    }
    emit(heard, SIZE_MAX, true);
}

size_t heard_expect(const char *name, const char *render_arguments,
                    size_t silence)
{
    size_t bytes;
    struct program_result result = program_run(NULL, NULL, render_arguments);
    ck_assert_msg(result.status == 0, "%s: %s", name, result.err);
    unsigned char *rendered = program_read_file("child.out", &bytes);
    struct heard heard = {
        .render = (const void *)rendered,
        .limit = bytes / sizeof(struct frame),
        .frames = calloc(FRAMES_MAX, sizeof(struct frame)),
    };
    ck_assert_ptr_nonnull(heard.frames);
    char *log = heard_read_log();
    build_heard(&heard, log, silence);
    unsigned char *played = program_read_file("dev.raw", &bytes);
    ck_assert_msg(bytes == heard.count * sizeof(struct frame),
                  "%s: %zu frames heard, not %zu\n%.1200s", name,
                  bytes / sizeof(struct frame), heard.count, log);
    for (size_t i = 0; i < heard.count; i++) {
        ck_assert_msg(memcmp(played + i * sizeof(struct frame),
                             &heard.frames[i], sizeof(struct frame)) == 0,
                      "%s: frame %zu differs\n%.1200s", name, i, log);
    }
    free(played);
    free(heard.frames);
    free(rendered);
    free(log);
    return heard.lost;
}

float heard_draw(uint32_t *lcg)
{
    *lcg = *lcg * 1664525U + 1013904223U;
    int32_t sample = (int32_t)(*lcg & 0xffffff00U) / 256;
    return (float)sample / 8388608.0F;
}

void heard_write_input(size_t frames)
{
    struct strike line;
    struct strike last = {.has_queued = false};
    float *samples = calloc(FRAMES_MAX, sizeof(*samples));
    float *given = calloc(FRAMES_MAX, sizeof(*given));
    char *log = heard_read_log();
    size_t count = 0;
    size_t next = 0;
    uint32_t lcg = HEARD_LCG_SEED;
    ck_assert(samples != NULL && given != NULL);
    for (size_t i = 0; i < FRAMES_MAX; i++) {
        samples[i] = heard_draw(&lcg);
    }
    for (const char *at = log; *at != '\0';) {
        at = read_line(at, &line);
        if (strcmp(line.stream, "capture") != 0) {
            continue;
        }
        if (strcmp(line.event, "prepare") == 0 && last.has_queued) {
            while (next < last.frame - last.queued) {
                given[count++] = samples[next++];
            }
            next = last.frame;
            last.has_queued = false;
        } else if (strcmp(line.event, "resume") == 0 ||
                   strcmp(line.event, "start") == 0) {
            last.has_queued = false;
        } else if (line.has_queued) {
            last = line;
        }
    }
    while (count < frames) {
        given[count++] = samples[next++];
    }
    program_write_file("in.raw", given, frames * sizeof(*given));
    free(samples);
    free(given);
    free(log);
}
