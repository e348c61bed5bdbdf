/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    const char *fallback;
} keys[KEY_COUNT] = {
    [KEY_CARD] = {"card", ""},
    [KEY_FILE] = {"file", ""},
    [KEY_LOG] = {"log", ""},
    [KEY_STATE] = {"state", ""},
    [KEY_INPUT] = {"input", "lcg"},
    [KEY_SCRIPT] = {"script", ""},
    [KEY_IN_SCRIPT] = {"in_script", ""},
    [KEY_SPEED] = {"speed", "1"},
    [KEY_QUANTUM] = {"quantum", "0"},
    [KEY_JITTER_US] = {"jitter_us", "0"},
    [KEY_SEED] = {"seed", "1"},
    [KEY_ACCESS] = {"access", "RW_INTERLEAVED RW_NONINTERLEAVED "
                              "MMAP_INTERLEAVED MMAP_NONINTERLEAVED"},
    [KEY_FORMATS] = {"formats", "FLOAT_LE S32_LE S24_3LE S24_LE S16_LE"},
    [KEY_RATES] = {"rates", "8000-192000"},
    [KEY_CHANNELS] = {"channels", "1-8"},
    [KEY_PERIOD] = {"period", "16-16384"},
    [KEY_PERIODS] = {"periods", "2-64"},
    [KEY_BUFFER] = {"buffer", "32-131072"},
    [KEY_REFUSE] = {"refuse", ""},
    [KEY_UNDERRUNS] = {"underruns", "yes"},
    [KEY_LINKED] = {"linked", "no"},
};

static bool is_ignored(const char *id)
{
    return strcmp(id, "type") == 0 || strcmp(id, "comment") == 0 ||
           strcmp(id, "hint") == 0;
}

static int read_entry(struct settings *settings, snd_config_t *entry)
{
    const char *id;
    int error = snd_config_get_id(entry, &id);
    if (error < 0 || is_ignored(id)) {
        return error;
    }
    for (int key = 0; key < KEY_COUNT; key++) {
        if (strcmp(keys[key].name, id) == 0) {
            free(settings->text[key]);
            settings->text[key] = NULL;
            error = snd_config_get_ascii(entry, &settings->text[key]);
            if (error < 0) {
                SNDERR("fake card: '%s' is not one value", id);
            }
            return error;
        }
    }
    SNDERR("fake card: there is no key '%s'", id);
    return -EINVAL;
}

static int read_conf(struct settings *settings, snd_config_t *conf)
{
    snd_config_iterator_t at;
    snd_config_iterator_t next;
    snd_config_for_each(at, next, conf)
    {
        int error = read_entry(settings, snd_config_iterator_entry(at));
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

static const char *read_environment(const char *name)
{
    char variable[64];
    (void)snprintf(variable, sizeof(variable), "F4E_FAKE_CARD_%s", name);
    for (char *at = variable; *at != '\0'; at++) {
        *at = (char)toupper((unsigned char)*at);
    }
    return getenv(variable);
}

/* The environment, else the conf, else the default. */
static int complete(struct settings *settings)
{
    for (int key = 0; key < KEY_COUNT; key++) {
        const char *value = read_environment(keys[key].name);
        if (value == NULL && settings->text[key] != NULL) {
            continue;
        }
        free(settings->text[key]);
        settings->text[key] =
            strdup(value != NULL ? value : keys[key].fallback);
        if (settings->text[key] == NULL) {
            return -ENOMEM;
        }
    }
    return 0;
}

static int fail(const struct settings *settings, enum key key)
{
    SNDERR("fake card: '%s' cannot be '%s'", keys[key].name,
           settings->text[key]);
    return -EINVAL;
}

static bool parse_count(const char *text, unsigned long *value)
{
    char *end;
    *value = strtoul(text, &end, 10);
    return end != text && *end == '\0' && *text != '-';
}

static bool parse_speed(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*value) && *value >= 0;
}

static bool parse_yes(const char *text, bool *value)
{
    *value = strcmp(text, "yes") == 0;
    return *value || strcmp(text, "no") == 0;
}

static int access_of(const char *name)
{
    for (int k = 0; k <= SND_PCM_ACCESS_LAST; k++) {
        const char *known = snd_pcm_access_name((snd_pcm_access_t)k);
        if (known != NULL && strcmp(known, name) == 0) {
            return k;
        }
    }
    return -1;
}

static int format_of(const char *name)
{
    return (int)snd_pcm_format_value(name);
}

/* Names separated by blanks, as numbers. */
static bool parse_names(const char *text, int (*value_of)(const char *name),
                        unsigned *values, unsigned *count)
{
    *count = 0;
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        char name[32];
        size_t length = strcspn(text, " ");
        (void)snprintf(name, sizeof(name), "%.*s", (int)length, text);
        int value = length < sizeof(name) ? value_of(name) : -1;
        if (value < 0 || *count == SETTINGS_NAMES_MAX) {
            return false;
        }
        values[(*count)++] = (unsigned)value;
        text += length;
    }
    return *count > 0;
}

static int parse_ranges(struct settings *settings)
{
    const struct {
        enum key key;
        struct range *range;
    } ranges[] = {
        {KEY_RATES, &settings->rates_hz},
        {KEY_CHANNELS, &settings->channels},
        {KEY_PERIOD, &settings->period_frames},
        {KEY_PERIODS, &settings->periods},
        {KEY_BUFFER, &settings->buffer_frames},
    };
    for (size_t k = 0; k < sizeof(ranges) / sizeof(*ranges); k++) {
        if (!range_parse(ranges[k].range, settings->text[ranges[k].key]) ||
            ranges[k].range->least == 0) {
            return fail(settings, ranges[k].key);
        }
    }
    return 0;
}

static int parse(struct settings *settings)
{
    char *const *text = settings->text;
    unsigned long seed;
    settings->is_quantum_period = strcmp(text[KEY_QUANTUM], "period") == 0;
    if (!parse_speed(text[KEY_SPEED], &settings->speed)) {
        return fail(settings, KEY_SPEED);
    }
    if (!settings->is_quantum_period &&
        !parse_count(text[KEY_QUANTUM], &settings->quantum_frames)) {
        return fail(settings, KEY_QUANTUM);
    }
    if (!parse_count(text[KEY_JITTER_US], &settings->jitter_us)) {
        return fail(settings, KEY_JITTER_US);
    }
    if (!parse_count(text[KEY_SEED], &seed)) {
        return fail(settings, KEY_SEED);
    }
    settings->seed = (uint32_t)seed;
    if (!parse_names(text[KEY_ACCESS], access_of, settings->access,
                     &settings->access_count)) {
        return fail(settings, KEY_ACCESS);
    }
    if (!parse_names(text[KEY_FORMATS], format_of, settings->formats,
                     &settings->format_count)) {
        return fail(settings, KEY_FORMATS);
    }
    if (!parse_yes(text[KEY_UNDERRUNS], &settings->has_underruns)) {
        return fail(settings, KEY_UNDERRUNS);
    }
    if (!parse_yes(text[KEY_LINKED], &settings->is_linked)) {
        return fail(settings, KEY_LINKED);
    }
    return parse_ranges(settings);
}

int settings_init(struct settings *settings, snd_config_t *conf)
{
    *settings = (struct settings){0};
    int error = read_conf(settings, conf);
    if (error >= 0) {
        error = complete(settings);
    }
    return error < 0 ? error : parse(settings);
}

void settings_deinit(struct settings *settings)
{
    for (int key = 0; key < KEY_COUNT; key++) {
        free(settings->text[key]);
        settings->text[key] = NULL;
    }
}

bool settings_refuse(const struct settings *settings, const char *name,
                     unsigned long value)
{
    char word[64];
    (void)snprintf(word, sizeof(word), "%s=%lu", name, value);
    size_t length = strlen(word);
    const char *text = settings->text[KEY_REFUSE];
    for (const char *at = text; (at = strstr(at, word)) != NULL; at++) {
        if ((at == text || at[-1] == ' ') &&
            (at[length] == '\0' || at[length] == ' ')) {
            return true;
        }
    }
    return false;
}
