/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum moment moment;
} faults[FAULT_COUNT] = {
    [FAULT_XRUN] = {"xrun", MOMENT_POINTER},
    [FAULT_SUSPEND] = {"suspend", MOMENT_POINTER},
    [FAULT_NODEV] = {"nodev", MOMENT_POINTER},
    [FAULT_HUP] = {"hup", MOMENT_POINTER},
    [FAULT_STALL] = {"stall", MOMENT_POINTER},
    [FAULT_SPURIOUS] = {"spurious", MOMENT_POINTER},
    [FAULT_EARLY] = {"early", MOMENT_POINTER},
    [FAULT_SHORT] = {"short", MOMENT_TRANSFER},
    [FAULT_EAGAIN] = {"eagain", MOMENT_TRANSFER},
    [FAULT_EINTR] = {"eintr", MOMENT_TRANSFER},
    [FAULT_EIO] = {"eio", MOMENT_TRANSFER},
    [FAULT_OPEN_BUSY] = {"busy", MOMENT_OPEN},
    [FAULT_OPEN_GONE] = {"gone", MOMENT_OPEN},
    [FAULT_OPEN_NODEV] = {"nodev", MOMENT_OPEN},
    [FAULT_OPEN_DENIED] = {"denied", MOMENT_OPEN},
    [FAULT_OPEN_SLOW] = {"slow", MOMENT_OPEN},
};

const char *script_fault_name(enum fault fault)
{
    return faults[fault].name;
}

/* Digits at *at, moved past them. */
static bool read_number(const char **at, uint64_t *value)
{
    char *end;
    if (**at < '0' || **at > '9') {
        return false;
    }
    *value = strtoull(*at, &end, 10);
    *at = end;
    return true;
}

static bool find_fault(const char *name, size_t length, bool is_open,
                       struct event *event)
{
    for (int fault = 0; fault < FAULT_COUNT; fault++) {
        if ((faults[fault].moment == MOMENT_OPEN) == is_open &&
            strlen(faults[fault].name) == length &&
            strncmp(faults[fault].name, name, length) == 0) {
            event->fault = (enum fault)fault;
            return true;
        }
    }
    return false;
}

static bool parse_when(const char **at, struct event *event)
{
    if (!read_number(at, &event->frame)) {
        return false;
    }
    if (**at == '+') {
        ++*at;
        if (!read_number(at, &event->every) || event->every == 0) {
            return false;
        }
        if (**at == '~') {
            ++*at;
            return read_number(at, &event->spread);
        }
    }
    return true;
}

/* One word, up to a blank or the end. */
static bool parse_event(const char *word, struct event *event)
{
    *event = (struct event){0};
    size_t length = strcspn(word, "@ ");
    const char *at = word + length;
    if (*at++ != '@') {
        return false;
    }
    bool is_open = strncmp(at, "open", 4) == 0;
    if (!find_fault(word, length, is_open, event)) {
        return false;
    }
    if (is_open) {
        at += 4;
    } else if (!parse_when(&at, event)) {
        return false;
    }
    if (*at == ':') {
        uint64_t argument;
        at++;
        if (!read_number(&at, &argument)) {
            return false;
        }
        event->argument = (unsigned long)argument;
        event->has_argument = true;
    }
    return *at == '\0' || *at == ' ';
}

int script_init(struct script *script, const char *text, uint32_t seed,
                char *bad, size_t bad_size)
{
    *script = (struct script){.random = seed};
    size_t words = 0;
    for (const char *at = text; *at != '\0'; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        words += *at != '\0';
    }
    script->events = calloc(words + 1, sizeof(*script->events));
    if (script->events == NULL) {
        return -ENOMEM;
    }
    for (const char *at = text + strspn(text, " "); *at != '\0';
         at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (!parse_event(at, &script->events[script->count++])) {
            (void)snprintf(bad, bad_size, "%.*s", (int)length, at);
            return -EINVAL;
        }
        at += length;
    }
    return 0;
}

void script_deinit(struct script *script)
{
    free(script->events);
    *script = (struct script){0};
}

struct event *script_due(const struct script *script, enum moment moment,
                         uint64_t frame)
{
    struct event *first = NULL;
    for (size_t k = 0; k < script->count; k++) {
        struct event *event = &script->events[k];
        if (!event->is_done && faults[event->fault].moment == moment &&
            event->frame <= frame &&
            (first == NULL || event->frame < first->frame)) {
            first = event;
        }
    }
    return first;
}

void script_pass(struct script *script, struct event *event)
{
    event->is_done = event->every == 0;
    event->frame += event->every;
    if (event->spread > 0) {
        script->random = script->random * 1664525u + 1013904223u;
        event->frame += (script->random >> 8) % (event->spread + 1);
    }
}

void script_skip(struct script *script, uint64_t frame)
{
    for (size_t k = 0; k < script->count; k++) {
        struct event *event = &script->events[k];
        while (faults[event->fault].moment != MOMENT_OPEN && !event->is_done &&
               event->frame <= frame) {
            script_pass(script, event);
        }
    }
}
