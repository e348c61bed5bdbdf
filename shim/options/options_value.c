/* SPDX-License-Identifier: MIT */
/* Declared in options/options_internal.h. */
#include "options/options_internal.h"

#include "common/number.h"

#include <stdio.h>
#include <string.h>

static const struct option_choice choices[] = {
    {OPTION_FORMAT, FORMAT_F32, "f32"},
    {OPTION_FORMAT, FORMAT_S32, "s32"},
    {OPTION_FORMAT, FORMAT_S24, "s24"},
    {OPTION_FORMAT, FORMAT_S24_3, "s24_3"},
    {OPTION_FORMAT, FORMAT_S16, "s16"},
    {OPTION_DITHER, 0, "none"},
    {OPTION_DITHER, 1, "tpdf"},
    {OPTION_XRUN, XRUN_KEEP, "keep"},
    {OPTION_XRUN, XRUN_SKIP, "skip"},
    {OPTION_LATENCY, 0, "ultra"},
    {OPTION_LATENCY, 1, "low"},
    {OPTION_LATENCY, 2, "safe"},
    {OPTION_DENORMALS, 1, "flush"},
    {OPTION_DENORMALS, 0, "ieee"},
    {OPTION_ON_TRAP, TRAP_STOP, "stop"},
    {OPTION_ON_TRAP, TRAP_RESET, "reset"},
    {OPTION_ON_TRAP, TRAP_SILENCE, "silence"},
    {OPTION_COMPLETION, SHELL_BASH, "bash"},
    {OPTION_COMPLETION, SHELL_ZSH, "zsh"},
};

const struct option_choice *options_choice(enum option_id id, unsigned index)
{
    for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++) {
        if (choices[i].id == id && index-- == 0) {
            return &choices[i];
        }
    }
    return NULL;
}

bool options_value_choice(enum option_id id, const char *name, const char *text,
                          int *value, struct failure *failure)
{
    char all[64] = "";
    const struct option_choice *choice = NULL;
    for (unsigned i = 0; (choice = options_choice(id, i)) != NULL; i++) {
        if (strcmp(text, choice->name) == 0) {
            *value = choice->value;
            return true;
        }
        size_t used = strlen(all);
        (void)snprintf(all + used, sizeof(all) - used, "%s%s",
                       used > 0 ? ", " : "", choice->name);
    }
    return failure_set(failure, STATUS_USAGE, "--%s is '%s', not one of %s",
                       name, text, all);
}

bool options_value_count(const char *name, const char *text, uint64_t least,
                         uint64_t most, uint64_t *value,
                         struct failure *failure)
{
    if (!number_whole(text, text + strlen(text), NUMBER_DECIMAL, value) &&
        *value == 0) {
        return failure_set(failure, STATUS_USAGE,
                           "--%s is '%s', not a whole number", name, text);
    }
    if (*value < least || *value > most) {
        return failure_set(failure, STATUS_USAGE,
                           "--%s is %s, not between %llu and %llu", name, text,
                           (unsigned long long)least, (unsigned long long)most);
    }
    return true;
}

/* More than anybody can play; all sums with it fit. */
static const uint64_t FRAMES_MAX = UINT64_C(1) << 48;

static bool parse_seconds(const char *text, const struct f4e_patch *patch,
                          uint64_t *frames, struct failure *failure)
{
    double seconds = 0.0;
    bool is_number = number_real(text, text + strlen(text), &seconds);
    /* 1000 / tick_ms need not be whole; sample_rate is. */
    double exact = patch->tick_ms > 0 ? seconds * 1000.0 / patch->tick_ms
                                      : seconds * patch->sample_rate;
    if (!is_number || !(exact >= 0.0) || !(exact <= (double)FRAMES_MAX)) {
        return failure_set(failure, STATUS_USAGE,
                           "--seconds is '%s', not a number of seconds", text);
    }
    *frames = (uint64_t)(exact + 0.5);
    return true;
}

bool options_value_limit(struct options *options, const struct f4e_patch *patch,
                         enum option_id id, const char *text,
                         struct failure *failure)
{
    if (options->has_limit) {
        return failure_set(
            failure, STATUS_USAGE,
            "only one of --frames, --cycles, --seconds and --blocks can be "
            "given");
    }
    options->has_limit = true;
    if (id == OPTION_SECONDS) {
        return parse_seconds(text, patch, &options->frame_limit, failure);
    }
    uint64_t unit = id == OPTION_BLOCKS ? patch->block_frames : 1;
    if (!options_value_count(id == OPTION_BLOCKS   ? "blocks"
                             : id == OPTION_CYCLES ? "cycles"
                                                   : "frames",
                             text, 0, FRAMES_MAX / unit, &options->frame_limit,
                             failure)) {
        return false;
    }
    options->frame_limit *= unit;
    return true;
}

/* 'L', 'R' or a number less than 'count'; moves '*text' behind it. */
static bool parse_channel(const char **text, unsigned count,
                          unsigned char *channel)
{
    unsigned value = **text == 'R';
    if (**text == 'L' || **text == 'R') {
        ++*text;
    } else {
        size_t digits = strspn(*text, "0123456789");
        if (digits < 1 || digits > 3) {
            return false;
        }
        uint64_t number = 0;
        (void)number_whole(*text, *text + digits, NUMBER_DECIMAL, &number);
        value = (unsigned)number;
        *text += digits;
    }
    *channel = (unsigned char)value;
    return value < count;
}

/*
 * "L:2,R:3": the patch's channel, then the device's. Of the side that
 * receives, each channel can be named once.
 */
bool options_value_map(const char *name, const char *text, bool is_out,
                       unsigned channels, struct channel_map *map,
                       struct failure *failure)
{
    bool is_taken[256] = {false};
    const char *at = text;
    map->count = 0;
    do {
        unsigned char patch = 0;
        unsigned char device = 0;
        at += map->count > 0; /* the comma */
        bool is_good = parse_channel(&at, channels, &patch) && *at == ':';
        at += is_good; /* the colon */
        is_good = is_good && parse_channel(&at, MAP_MAX, &device);
        if (!is_good || (*at != ',' && *at != '\0')) {
            (void)failure_set(failure, STATUS_USAGE,
                              "--%s is '%s': pair %u is not a channel of the "
                              "patch's %u, a colon and a channel below %u",
                              name, text, map->count + 1, channels, MAP_MAX);
            return failure_hint(failure, "--%s L:2,R:3", name);
        }
        unsigned char receiver = is_out ? device : patch;
        if (is_taken[receiver] || map->count == MAP_MAX) {
            return failure_set(failure, STATUS_USAGE,
                               "--%s is '%s': channel %u of the %s is there "
                               "twice",
                               name, text, receiver,
                               is_out ? "device" : "patch");
        }
        is_taken[receiver] = true;
        map->pairs[map->count].patch = patch;
        map->pairs[map->count++].device = device;
    } while (*at != '\0');
    return true;
}
