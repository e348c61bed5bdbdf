/* SPDX-License-Identifier: MIT */
#include "project/config/setting.h"

#include <math.h>

enum { MAX_PARTS = 32 }; /* of a path; the longest known one has 4 */

enum setting_kind {
    SETTING_TEXT,
    SETTING_RATE,     /* a finite number of 1 or more */
    SETTING_ADDRESS,  /* word address or memory name */
    SETTING_MEMORY,   /* memory name, literally */
    SETTING_INTEGER,  /* 0 or more */
    SETTING_POSITIVE, /* integer, 1 or more */
    SETTING_SIZE,     /* number of 1 or more, or N% */
    SETTING_CALLBACK, /* an identifier */
    SETTING_CHOICE,
    SETTING_IGNORED,
    SETTING_OBJECT, /* only what is below it has a value */
};

/* '*' stands for one part of a path, '**' at the end for one or more. The
 * first that fits counts. */
static const struct setting_rule {
    const char *path;
    enum setting_kind kind;
    const char *choices; /* separated by blanks */
} rules[] = {
    {"runtime", SETTING_CHOICE,
     "AudioWorkletRuntime WebWorkerRuntime MainThreadRuntime"},
    {"audioRuntime.sampleRate", SETTING_RATE, NULL},
    {"audioRuntime.audioOutBufferLAddress", SETTING_ADDRESS, NULL},
    {"audioRuntime.audioOutBufferRAddress", SETTING_ADDRESS, NULL},
    {"audioRuntime.audioInBufferLAddress", SETTING_ADDRESS, NULL},
    {"workerRuntime.sampleRate", SETTING_RATE, NULL},
    {"mainThreadRuntime.sampleRate", SETTING_RATE, NULL},
    {"bin.*.memory", SETTING_MEMORY, NULL},
    {"bin.*.memories.*", SETTING_MEMORY, NULL},
    {"bin.*.memories", SETTING_OBJECT, NULL},
    {"bin.*.**", SETTING_TEXT, NULL},
    {"keyboard.keyCodeMemory", SETTING_MEMORY, NULL},
    {"keyboard.keyPressedMemory", SETTING_MEMORY, NULL},
    {"midi.inputs.*.port", SETTING_INTEGER, NULL},
    {"midi.inputs.*.callback", SETTING_CALLBACK, NULL},
    {"export.fileName", SETTING_TEXT, NULL},
    {"webUI.background.entry", SETTING_TEXT, NULL},
    {"webUI.background.target", SETTING_TEXT, NULL},
    {"webUI.background.width", SETTING_POSITIVE, NULL},
    {"webUI.background.height", SETTING_POSITIVE, NULL},
    {"webUI.background.size", SETTING_SIZE, NULL},
    {"webUI.background.filter", SETTING_CHOICE, "nearest linear"},
    {"webUI.background.objectFit", SETTING_CHOICE, "fill cover contain none"},
    {"recompileDebounceDelay", SETTING_INTEGER, NULL},
    {"font", SETTING_IGNORED, NULL},
    {"color.**", SETTING_IGNORED, NULL},
};

/* Cut the part before the next '.' off 'rest'; false at the end. */
static bool next_part(struct span *rest, bool *is_more, struct span *part)
{
    if (!*is_more) {
        return false;
    }
    const char *dot =
        rest->length == 0 ? NULL : memchr(rest->bytes, '.', rest->length);
    size_t length = dot == NULL ? rest->length : (size_t)(dot - rest->bytes);
    *part = span_first(*rest, length);
    *is_more = dot != NULL;
    *rest = span_from(*rest, dot == NULL ? length : length + 1);
    return true;
}

static bool path_fits(struct span path, const char *pattern)
{
    struct span rest = span_of(pattern);
    bool is_more = true;
    bool is_pattern_more = true;
    bool is_tail = false; /* within a '**' */
    struct span part;
    struct span expected;
    while (next_part(&path, &is_more, &part)) {
        if (part.length == 0) {
            return false;
        }
        if (is_tail) {
            continue;
        }
        if (!next_part(&rest, &is_pattern_more, &expected)) {
            return false;
        }
        is_tail = span_equals(expected, "**");
        if (!is_tail && !span_equals(expected, "*") &&
            !span_same(part, expected)) {
            return false;
        }
    }
    return !is_pattern_more;
}

static const struct setting_rule *find_rule(struct span path)
{
    size_t parts = 1;
    for (size_t i = 0; i < path.length; i++) {
        parts += path.bytes[i] == '.';
    }
    if (parts > MAX_PARTS) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (path_fits(path, rules[i].path)) {
            return &rules[i];
        }
    }
    return NULL;
}

static bool is_identifier(struct span value)
{
    for (size_t i = 0; i < value.length; i++) {
        char byte = value.bytes[i];
        bool is_letter = (byte >= 'a' && byte <= 'z') ||
                         (byte >= 'A' && byte <= 'Z') || byte == '_';
        if (!is_letter && (i == 0 || byte < '0' || byte > '9')) {
            return false;
        }
    }
    return value.length > 0;
}

static bool is_choice(struct span value, const char *choices)
{
    struct span rest = span_of(choices);
    for (struct span word = span_word(&rest); word.length > 0;
         word = span_word(&rest)) {
        if (span_same(word, value)) {
            return true;
        }
    }
    return false;
}

/* 'name' or 'module:name'; a name alone gets its module. */
static bool read_memory(struct setting *setting, struct span value,
                        const char *owner, struct arena *arena,
                        const char **why)
{
    const char *colon = memchr(value.bytes, ':', value.length);
    if (colon == NULL) {
        *why = "a name without its module, outside of a module";
        if (owner == NULL) {
            return false;
        }
        setting->text = arena_format(arena, "%s:%.*s", owner, (int)value.length,
                                     value.bytes);
        return true;
    }
    size_t before = (size_t)(colon - value.bytes);
    struct span after = span_from(value, before + 1);
    *why = "a name is NAME or MODULE:NAME";
    setting->text = span_copy(value, arena);
    return before > 0 && after.length > 0 && !span_has(after, ":");
}

static bool read_number(struct setting *setting, struct span value,
                        double minimum, bool is_integer)
{
    setting->is_number =
        number_js(value, &setting->number) && isfinite(setting->number) &&
        setting->number >= minimum &&
        (!is_integer || setting->number == trunc(setting->number));
    return setting->is_number;
}

static bool read_size(struct setting *setting, struct span value,
                      struct arena *arena)
{
    double percent = 0;
    if (!span_ends(value, "%")) {
        return read_number(setting, value, 1, false);
    }
    setting->text = span_copy(value, arena);
    return number_js(span_first(value, value.length - 1), &percent) &&
           isfinite(percent) && percent > 0;
}

bool setting_read(struct setting *setting, struct span path, struct span value,
                  const char *owner, struct arena *arena, const char **why)
{
    const struct setting_rule *rule = find_rule(path);
    *setting = (struct setting){.path = path};
    if (rule == NULL) {
        *why = "there is no such setting";
        return false;
    }
    switch (rule->kind) {
    case SETTING_IGNORED:
        setting->is_ignored = true;
        return true;
    case SETTING_OBJECT:
        *why = "there is no such setting";
        return false;
    case SETTING_TEXT:
        setting->text = span_copy(value, arena);
        return true;
    case SETTING_RATE:
        *why = "a number of 1 or more is needed";
        return read_number(setting, value, 1, false);
    case SETTING_INTEGER:
        *why = "an integer of 0 or more is needed";
        return read_number(setting, value, 0, true);
    case SETTING_POSITIVE:
        *why = "an integer of 1 or more is needed";
        return read_number(setting, value, 1, true);
    case SETTING_SIZE:
        *why = "a number of 1 or more, or a percentage, is needed";
        return read_size(setting, value, arena);
    case SETTING_CALLBACK:
        *why = "a function's name is needed";
        setting->text = span_copy(value, arena);
        return is_identifier(value);
    case SETTING_CHOICE:
        *why = arena_format(arena, "one of these is needed: %s", rule->choices);
        setting->text = span_copy(value, arena);
        return is_choice(value, rule->choices);
    case SETTING_ADDRESS:
        return read_number(setting, value, 0, true) ||
               read_memory(setting, value, owner, arena, why);
    case SETTING_MEMORY:
        return read_memory(setting, value, owner, arena, why);
    }
    return false;
}
