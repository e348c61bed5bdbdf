/* SPDX-License-Identifier: MIT */
#include "cc/cc_json.h"

#include "common/element.h"
#include "common/print.h"
#include "config/json_read.h"
#include "control/element_text.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES = 1024 };

/* A number of JSON within a range. */
static bool read_number(struct json_read *read, double least, double most,
                        double *number)
{
    char text[64];
    struct json_span span;
    if (!json_read_number(read, &span) || span.length >= sizeof(text)) {
        return false;
    }
    memcpy(text, span.start, span.length);
    text[span.length] = '\0';
    *number = strtod(text, NULL);
    return *number >= least && *number <= most;
}

static bool read_byte(struct json_read *read, uint8_t *byte)
{
    double number = 0.0;
    if (!read_number(read, 0.0, 127.0, &number)) {
        return false;
    }
    *byte = (uint8_t)number;
    return *byte == number;
}

/* {"ctrl": 74, "chan": 16} */
static bool read_midi(struct json_read *read, struct cc_source *source)
{
    char key[32];
    unsigned kinds = 0;
    bool has_fine = false;
    if (!json_read_object(read)) {
        return false;
    }
    while (json_read_key(read, key, sizeof(key))) {
        bool is_on = true;
        bool is_good = true;
        if (strcmp(key, "chan") == 0) {
            is_good = read_byte(read, &source->channel);
        } else if (strcmp(key, "lsb") == 0) {
            has_fine = true;
            is_good = read_byte(read, &source->fine);
        } else if (strcmp(key, "ctrl") == 0) {
            kinds++;
            source->kind = CC_CONTROL;
            is_good = read_byte(read, &source->number);
        } else if (strcmp(key, "note") == 0) {
            kinds++;
            source->kind = CC_NOTE;
            is_good = read_byte(read, &source->number);
        } else {
            kinds++;
            source->kind = strcmp(key, "bend") == 0 ? CC_BEND : CC_PRESSURE;
            is_good =
                (source->kind == CC_BEND || strcmp(key, "pressure") == 0) &&
                json_read_bool(read, &is_on) && is_on;
        }
        if (!is_good) {
            return false;
        }
    }
    if (has_fine) {
        kinds += source->kind != CC_CONTROL;
        source->kind = CC_PAIR;
    }
    return read->error == NULL && kinds == 1 && cc_source_is_valid(source);
}

/* One member of an entry. 'rest' gets those that mean nothing here. */
static bool read_member(struct json_read *read, const char *key,
                        struct cc_setting *setting, bool *has_midi, FILE *rest)
{
    static const double MOST = 1e300;
    char word[16];
    struct json_span span;
    if (strcmp(key, "midi") == 0) {
        *has_midi = read_midi(read, &setting->source);
        return *has_midi;
    }
    if (strcmp(key, "min") == 0) {
        setting->has_min = true;
        return read_number(read, -MOST, MOST, &setting->min);
    }
    if (strcmp(key, "max") == 0) {
        setting->has_max = true;
        return read_number(read, -MOST, MOST, &setting->max);
    }
    if (strcmp(key, "takeover") == 0) {
        return json_read_string(read, word, sizeof(word)) &&
               cc_takeover_parse(word, &setting->takeover);
    }
    if (!json_read_skip(read, &span)) {
        return false;
    }
    (void)fputs(", ", rest);
    print_json_string(key, rest);
    (void)fprintf(rest, ": %.*s", (int)span.length, span.start);
    return true;
}

bool cc_json_read(const char *text, struct cc_setting *setting, FILE *rest)
{
    char key[KEY_BYTES];
    struct json_read read;
    bool has_midi = false;
    json_read_init(&read, text, strlen(text));
    *setting = (struct cc_setting){.takeover = CC_JUMP};
    if (!json_read_object(&read)) {
        return false;
    }
    while (json_read_key(&read, key, sizeof(key))) {
        if (!read_member(&read, key, setting, &has_midi, rest)) {
            return false;
        }
    }
    return read.error == NULL && has_midi;
}

static void write_number(const char *name, double number, FILE *file)
{
    char text[ELEMENT_TEXT_MAX];
    uint8_t bytes[ELEMENT_BYTES_MAX];
    memcpy(bytes, &number, sizeof(number));
    element_text_format(F4E_F64, bytes, text);
    (void)fprintf(file, ", \"%s\": %s", name, text);
}

void cc_json_write(const struct cc_setting *setting, const char *rest,
                   FILE *file)
{
    const struct cc_source *source = &setting->source;
    switch (source->kind) {
    case CC_CONTROL:
        (void)fprintf(file, "{\"midi\": {\"ctrl\": %u", source->number);
        break;
    case CC_PAIR:
        (void)fprintf(file, "{\"midi\": {\"ctrl\": %u, \"lsb\": %u",
                      source->number, source->fine);
        break;
    case CC_NOTE:
        (void)fprintf(file, "{\"midi\": {\"note\": %u", source->number);
        break;
    case CC_BEND:
        (void)fputs("{\"midi\": {\"bend\": true", file);
        break;
    case CC_PRESSURE:
        (void)fputs("{\"midi\": {\"pressure\": true", file);
        break;
    }
    if (source->channel > 0) {
        (void)fprintf(file, ", \"chan\": %u", source->channel);
    }
    (void)fputc('}', file);
    if (setting->has_min) {
        write_number("min", setting->min, file);
    }
    if (setting->has_max) {
        write_number("max", setting->max, file);
    }
    if (setting->takeover != CC_JUMP) {
        (void)fprintf(file, ", \"takeover\": \"%s\"",
                      cc_takeover_name(setting->takeover));
    }
    (void)fprintf(file, "%s}", rest != NULL ? rest : "");
}
