/* SPDX-License-Identifier: MIT */
#include "cc/cc_source.h"

#include "common/number.h"

#include <stdio.h>
#include <string.h>

enum {
    NOTE_OFF = 0x80,
    NOTE_ON = 0x90,
    CONTROL = 0xb0,
    PRESSURE = 0xd0,
    BEND = 0xe0,
    FINE_MAX = 16383,
    BEND_MIDDLE = 8192,
};

bool cc_source_is_valid(const struct cc_source *source)
{
    bool is_good = source->channel <= CC_CHANNELS;
    switch (source->kind) {
    case CC_CONTROL:
        return is_good && source->number < CC_CONTROLS;
    case CC_PAIR:
        return is_good && source->number < CC_CONTROLS &&
               source->fine < CC_CONTROLS && source->number != source->fine;
    case CC_NOTE:
        return is_good && source->number < CC_NOTES;
    case CC_BEND:
    case CC_PRESSURE:
        break;
    }
    return is_good;
}

/* Digits up to 'end'. */
static bool parse_number(const char *text, const char *end, uint8_t *number)
{
    uint64_t value = 0;
    bool is_good =
        number_whole(text, end, NUMBER_DECIMAL, &value) && value <= UINT8_MAX;
    *number = (uint8_t)value;
    return is_good;
}

/* What stands before '@'. */
static bool parse_kind(const char *text, const char *end,
                       struct cc_source *source)
{
    static const char note[] = "note";
    const size_t length = (size_t)(end - text);
    const char *plus = memchr(text, '+', length);
    if (length == 4 && memcmp(text, "bend", length) == 0) {
        source->kind = CC_BEND;
        return true;
    }
    if (length == 8 && memcmp(text, "pressure", length) == 0) {
        source->kind = CC_PRESSURE;
        return true;
    }
    if (length > sizeof(note) - 1 &&
        memcmp(text, note, sizeof(note) - 1) == 0) {
        source->kind = CC_NOTE;
        return parse_number(text + sizeof(note) - 1, end, &source->number);
    }
    if (plus != NULL) {
        source->kind = CC_PAIR;
        return parse_number(text, plus, &source->number) &&
               parse_number(plus + 1, end, &source->fine);
    }
    source->kind = CC_CONTROL;
    return parse_number(text, end, &source->number);
}

bool cc_source_parse(const char *text, struct cc_source *source,
                     struct failure *failure)
{
    const char *at = strchr(text, '@');
    const char *end = text + strlen(text);
    *source = (struct cc_source){CC_CONTROL, 0, 0, 0};
    bool is_good = parse_kind(text, at != NULL ? at : end, source);
    if (is_good && at != NULL) {
        is_good =
            parse_number(at + 1, end, &source->channel) && source->channel > 0;
    }
    if (is_good && cc_source_is_valid(source)) {
        return true;
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "'%s' is no controller from 0 to %d, nor anything else "
                      "that moves",
                      text, CC_CONTROLS - 1);
    return failure_hint(failure, "74, 74@16 on channel 16, 1+33 for 14 bits, "
                                 "bend, pressure, note60");
}

void cc_source_format(const struct cc_source *source,
                      char text[CC_SOURCE_TEXT_MAX])
{
    char fine[8] = "";
    char channel[8] = "";
    char number[CC_SOURCE_TEXT_MAX / 2];
    if (source->kind == CC_PAIR) {
        (void)snprintf(fine, sizeof(fine), "+%u", source->fine);
    }
    if (source->channel > 0) {
        (void)snprintf(channel, sizeof(channel), "@%u", source->channel);
    }
    const char *name = source->kind == CC_BEND       ? "bend"
                       : source->kind == CC_PRESSURE ? "pressure"
                                                     : number;
    (void)snprintf(number, sizeof(number), "%s%u",
                   source->kind == CC_NOTE ? "note" : "", source->number);
    (void)snprintf(text, CC_SOURCE_TEXT_MAX, "%s%s%s", name, fine, channel);
}

static double part(unsigned value)
{
    enum { MOST = 127 };
    return (value < MOST ? value : MOST) / (double)MOST;
}

/* The middle is 0.5 exactly. */
static double bend(unsigned value)
{
    static const double BELOW = 2.0 * (double)BEND_MIDDLE;
    static const double ABOVE = 2.0 * (double)(FINE_MAX - BEND_MIDDLE);
    return value <= BEND_MIDDLE ? value / BELOW
                                : 0.5 + (value - BEND_MIDDLE) / ABOVE;
}

static bool hear_control(const struct cc_source *source, const uint8_t *bytes,
                         uint8_t *coarse, double *position)
{
    if (source->kind == CC_CONTROL && bytes[1] == source->number) {
        *position = part(bytes[2]);
        return true;
    }
    if (source->kind != CC_PAIR ||
        (bytes[1] != source->number && bytes[1] != source->fine)) {
        return false;
    }
    bool is_fine = bytes[1] == source->fine;
    *coarse = is_fine ? *coarse : bytes[2];
    *position =
        ((unsigned)*coarse * 128 + (is_fine ? bytes[2] : 0)) / (double)FINE_MAX;
    return true;
}

bool cc_source_hear(const struct cc_source *source,
                    const struct midi_message *message, uint8_t *coarse,
                    double *position)
{
    const uint8_t *bytes = message->bytes;
    const unsigned status = bytes[0] & 0xf0U;
    if (bytes[0] >= 0xf0 ||
        (source->channel > 0 && source->channel != (bytes[0] & 0xfU) + 1)) {
        return false;
    }
    switch (source->kind) {
    case CC_CONTROL:
    case CC_PAIR:
        return status == CONTROL &&
               hear_control(source, bytes, coarse, position);
    case CC_BEND:
        *position = bend(bytes[1] + bytes[2] * 128U);
        return status == BEND;
    case CC_PRESSURE:
        *position = part(bytes[1]);
        return status == PRESSURE;
    case CC_NOTE:
        *position = status == NOTE_ON ? part(bytes[2]) : 0.0;
        return (status == NOTE_ON || status == NOTE_OFF) &&
               bytes[1] == source->number;
    }
    return false;
}

bool cc_source_learn(const struct midi_message *message,
                     struct cc_source *source)
{
    const uint8_t *bytes = message->bytes;
    const unsigned status = bytes[0] & 0xf0U;
    *source = (struct cc_source){
        .kind = status == BEND       ? CC_BEND
                : status == PRESSURE ? CC_PRESSURE
                                     : CC_CONTROL,
        .number = status == CONTROL ? bytes[1] : (uint8_t)0,
        .channel = (uint8_t)((bytes[0] & 0xfU) + 1),
    };
    return (status == CONTROL && bytes[1] < CC_CONTROLS) || status == BEND ||
           status == PRESSURE;
}
