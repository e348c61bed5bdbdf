/* SPDX-License-Identifier: MIT */
#include "engine_protocol.h"

#include "rt/denormals.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EVENTS_MAX = 1024, NAME_BYTES = 256 };

struct event {
    char name[NAME_BYTES];
    int function;
    uint32_t arguments[3];
    unsigned long blocks; /* until the next */
};

static struct event events[EVENTS_MAX];
static size_t event_count;
static size_t event_next;
static unsigned long blocks_left; /* until it is due */

static uint64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The events that are due before a block, but none of them twice. */
static bool call_events(void)
{
    for (size_t i = 0; i < event_count && blocks_left == 0; i++) {
        const struct event *event = &events[event_next];
        if (!engine_call(event->function, event->arguments)) {
            return false;
        }
        blocks_left = event->blocks;
        event_next = (event_next + 1) % event_count;
    }
    return true;
}

static bool run(unsigned long count)
{
    if (event_count == 0) {
        return engine_run(count);
    }
    while (count > 0) {
        if (!call_events()) {
            return false;
        }
        unsigned long part = blocks_left > 0 ? blocks_left : 1;
        part = part < count ? part : count;
        if (!engine_run(part)) {
            return false;
        }
        blocks_left -= blocks_left > 0 ? part : 0;
        count -= part;
    }
    return true;
}

static uint64_t timed_blocks(unsigned long count)
{
    uint64_t start = now_ns();
    if (!run(count)) {
        exit(1);
    }
    return now_ns() - start;
}

static void start(unsigned long warmup, const char *mode)
{
    denormals_flush(strcmp(mode, "flush") == 0);
    if (!engine_start()) {
        exit(1);
    }
    uint64_t first = timed_blocks(1);
    (void)timed_blocks(warmup);
    (void)printf("ready %llu\n", (unsigned long long)first);
}

static void times(unsigned long count, const char *path)
{
    uint32_t *list = malloc(count * sizeof(*list));
    FILE *file = fopen(path, "wb");
    if (list == NULL || file == NULL) {
        exit(1);
    }
    for (unsigned long i = 0; i < count; i++) {
        uint64_t ns = timed_blocks(1);
        list[i] = ns < UINT32_MAX ? (uint32_t)ns : UINT32_MAX;
    }
    bool ok = fwrite(list, sizeof(*list), count, file) == count;
    ok = fclose(file) == 0 && ok;
    free(list);
    if (!ok) {
        exit(1);
    }
    (void)puts("ok");
}

__attribute__((weak)) void engine_poke(size_t address,
                                       const unsigned char bytes[4])
{
    size_t size = 0;
    memcpy(engine_memory(&size) + address, bytes, 4);
}

static void poke(unsigned long address, unsigned long value)
{
    size_t size = 0;
    (void)engine_memory(&size);
    if (size < 4 || address > size - 4) {
        (void)puts("no, beyond the memory");
        return;
    }
    unsigned char bytes[4];
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (unsigned char)(value >> (8 * i));
    }
    engine_poke(address, bytes);
    (void)puts("ok");
}

__attribute__((weak)) int engine_find(const char *name)
{
    (void)name;
    return -1;
}

__attribute__((weak)) bool engine_call(int function,
                                       const uint32_t arguments[3])
{
    (void)function;
    (void)arguments;
    return false;
}

/* An engine is asked once for each name. */
static int find(const char *name)
{
    for (size_t i = 0; i < event_count; i++) {
        if (strcmp(events[i].name, name) == 0) {
            return events[i].function;
        }
    }
    return engine_find(name);
}

static void add_event(struct event event)
{
    event.function = find(event.name);
    if (event_count == EVENTS_MAX) {
        (void)puts("no, too many");
    } else if (event.function < 0) {
        (void)puts("no, no such callback");
    } else {
        events[event_count++] = event;
        (void)puts("ok");
    }
}

static void end(void)
{
    size_t bytes = 0;
    const unsigned char *memory = engine_memory(&bytes);
    uint32_t hash = 0x811c9dc5u;
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ memory[i]) * 16777619u;
    }
    (void)printf("hash %08x\n", (unsigned)hash);
}

int main(void)
{
    char line[4352];
    char word[4096];
    unsigned long count = 0;
    unsigned long value = 0;
    struct event event = {.function = -1};
    while (fgets(line, sizeof(line), stdin) != NULL) {
        if (sscanf(line, "start %lu %15s", &count, word) == 2) {
            start(count, word);
        } else if (sscanf(line, "run %lu", &count) == 1) {
            (void)printf("ns %llu\n", (unsigned long long)timed_blocks(count));
        } else if (sscanf(line, "times %lu %4095[^\n]", &count, word) == 2) {
            times(count, word);
        } else if (sscanf(line, "poke %lu %lu", &count, &value) == 2) {
            poke(count, value);
        } else if (sscanf(line,
                          "event %lu %255s %" SCNu32 " %" SCNu32 " %" SCNu32,
                          &event.blocks, event.name, &event.arguments[0],
                          &event.arguments[1], &event.arguments[2]) == 5) {
            add_event(event);
        } else if (strcmp(line, "end\n") == 0) {
            end();
            return fflush(stdout) == 0 ? 0 : 1;
        } else {
            return 2;
        }
        (void)fflush(stdout);
    }
    return 1;
}
