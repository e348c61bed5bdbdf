/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_BYTES_MAX = 8 };

/* One line being parsed. */
struct parser {
    const struct f4e_patch *patch;
    const char *path;
    unsigned line;
    char *rest;    /* of the line */
    void *payload; /* what the line allocated */
    struct failure *failure;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct parser *parser,
                                                       const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return failure_set(parser->failure, STATUS_USAGE, "%s:%u: %s", parser->path,
                       parser->line, text);
}

static bool fail_memory(struct parser *parser)
{
    return failure_set(parser->failure, STATUS_INTERNAL, "out of memory");
}

/* The next word of the line, or NULL. */
static char *next_word(struct parser *parser)
{
    static const char blanks[] = " \t\r\n\v\f";
    char *word = parser->rest + strspn(parser->rest, blanks);
    if (*word == '\0' || *word == '#') {
        parser->rest = word;
        return NULL;
    }
    size_t length = strcspn(word, blanks);
    parser->rest = word + length + (word[length] != '\0');
    word[length] = '\0';
    return word;
}

/* Whole words only; strtod takes what the C locale takes, hex floats too. */
static bool parse_number(const char *word, double *value)
{
    char *end;
    *value = strtod(word, &end);
    return end != word && *end == '\0';
}

static bool parse_integer(const char *word, int64_t least, int64_t most,
                          int64_t *value)
{
    char *end;
    const char *digits = word + (*word == '-' || *word == '+');
    /* No octal: a leading zero means nothing in this language. */
    int base = digits[0] == '0' && (digits[1] | 0x20) == 'x' ? 16 : 10;
    errno = 0;
    *value = strtoll(word, &end, base);
    return end != word && *end == '\0' && errno == 0 && *value >= least &&
           *value <= most;
}

/* "12b" is a block, "12f" a frame, "1.5s" seconds. */
static bool parse_time(struct parser *parser, char *word, uint64_t *block)
{
    static const double FRAMES_MAX = 281474976710656.0; /* 2^48 */
    size_t last = strlen(word) - 1;
    char unit = word[last];
    int64_t count = 0;
    double seconds = 0.0;
    bool is_good = false;
    word[last] = '\0';
    if (unit == 'b' || unit == 'f') {
        is_good = parse_integer(word, 0, INT64_C(1) << 48, &count);
    } else if (unit == 's') {
        double frame;
        is_good = parse_number(word, &seconds);
        frame = seconds * parser->patch->sample_rate + 0.5;
        is_good = is_good && seconds >= 0.0 && frame <= FRAMES_MAX;
        count = is_good ? (int64_t)frame : 0;
    }
    word[last] = unit;
    *block = unit == 'b' ? (uint64_t)count
                         : (uint64_t)count / parser->patch->block_frames;
    return is_good || fail(parser,
                           "time '%s' is not like 12b (block), 1536f (frame) "
                           "or 1.5s",
                           word);
}

static const struct value_type {
    const char *name;
    unsigned bytes;
    bool is_float;
    int64_t least; /* of an integer, which may be written signed or not */
    int64_t most;
} types[] = {
    {"i8", 1, false, INT8_MIN, UINT8_MAX},
    {"i16", 2, false, INT16_MIN, UINT16_MAX},
    {"i32", 4, false, INT32_MIN, UINT32_MAX},
    {"f32", 4, true, 0, 0},
    {"f64", 8, true, 0, 0},
};

static bool parse_value(struct parser *parser, const struct value_type *type,
                        const char *word, uint8_t *bytes)
{
    int64_t integer = 0;
    double number = 0.0;
    char *end;
    if (!type->is_float) {
        memset(bytes, 0, VALUE_BYTES_MAX);
        if (!parse_integer(word, type->least, type->most, &integer)) {
            return fail(parser, "value '%s' is not an integer of that type",
                        word);
        }
        memcpy(bytes, &integer, sizeof integer);
        return true;
    }
    if (!parse_number(word, &number)) {
        return fail(parser, "value '%s' is not a number", word);
    }
    if (type->bytes == sizeof(float)) {
        float single = strtof(word, &end); /* rounded once */
        memcpy(bytes, &single, sizeof single);
    } else {
        memcpy(bytes, &number, sizeof number);
    }
    return true;
}

/* The values of 'set', until the line ends. */
static bool parse_values(struct parser *parser, const struct value_type *type,
                         struct engine_event *event)
{
    uint64_t room = parser->patch->memories[0].bytes - event->address;
    size_t used = 0;
    /* No word is shorter than a character and a blank. */
    uint8_t *bytes =
        malloc((strlen(parser->rest) / 2 + 1) * type->bytes + VALUE_BYTES_MAX);
    if (bytes == NULL) {
        return fail_memory(parser);
    }
    parser->payload = bytes;
    event->bytes = bytes;
    for (char *word; (word = next_word(parser)) != NULL;) {
        if (!parse_value(parser, type, word, bytes + used)) {
            return false;
        }
        used += type->bytes;
        if (used > room) {
            return fail(parser, "value '%s' lies outside memory", word);
        }
    }
    event->size = (uint32_t)used;
    return used > 0 || fail(parser, "set needs a value");
}

static bool parse_set(struct parser *parser, struct engine_event *event)
{
    char *word = next_word(parser);
    int64_t address = 0;
    uint64_t memory =
        parser->patch->memory_count > 0 ? parser->patch->memories[0].bytes : 0;
    if (word == NULL || !parse_integer(word, 0, UINT32_MAX, &address)) {
        return fail(parser, "set needs a byte address, not '%s'",
                    word != NULL ? word : "");
    }
    if ((uint64_t)address >= memory) {
        return fail(parser,
                    "address %s lies outside memory, which has %" PRIu64
                    " bytes",
                    word, memory);
    }
    event->address = (uint32_t)address;
    word = next_word(parser);
    for (size_t i = 0; word != NULL && i < sizeof types / sizeof *types; ++i) {
        if (strcmp(word, types[i].name) == 0) {
            return parse_values(parser, &types[i], event);
        }
    }
    return fail(parser, "type '%s' is not one of i8, i16, i32, f32, f64",
                word != NULL ? word : "");
}

/*
 * As a JavaScript host calls: surplus arguments are dropped, missing integers
 * are 0 and missing floats NaN.
 */
static bool parse_call(struct parser *parser, struct engine_event *event)
{
    const struct f4e_patch *patch = parser->patch;
    const char *name = next_word(parser);
    for (unsigned i = 0; name != NULL && i < patch->export_count; ++i) {
        if (strcmp(name, patch->exports[i].name) == 0) {
            event->function = &patch->exports[i];
            break;
        }
    }
    if (event->function == NULL) {
        return fail(parser, "the patch exports no function '%s'",
                    name != NULL ? name : "");
    }
    unsigned params = event->function->params;
    double *args = calloc(params + 1U, sizeof *args);
    if (args == NULL) {
        return fail_memory(parser);
    }
    parser->payload = args;
    event->args = args;
    for (unsigned i = 0; i < params; ++i) {
        char type = event->function->signature[i];
        args[i] = type == 'f' || type == 'd' ? (double)NAN : 0.0;
    }
    unsigned given = 0;
    for (char *word; (word = next_word(parser)) != NULL; ++given) {
        double value;
        if (!parse_number(word, &value)) {
            return fail(parser, "argument '%s' is not a number", word);
        }
        if (given < params) {
            args[given] = value;
        }
    }
    return true;
}

static bool parse_event(struct parser *parser, char *time,
                        struct engine_event *event)
{
    if (!parse_time(parser, time, &event->block)) {
        return false;
    }
    char *verb = next_word(parser);
    if (verb != NULL && strcmp(verb, "set") == 0) {
        return parse_set(parser, event);
    }
    if (verb != NULL && strcmp(verb, "call") == 0) {
        return parse_call(parser, event);
    }
    return fail(parser, "expected set or call after the time, not '%s'",
                verb != NULL ? verb : "");
}

static bool append_event(struct script *script, struct parser *parser,
                         size_t *capacity, char *time)
{
    if (script->count == *capacity) {
        size_t larger = *capacity == 0 ? 16 : *capacity * 2;
        struct engine_event *events =
            realloc(script->events, larger * sizeof *events);
        if (events == NULL) {
            return fail_memory(parser);
        }
        script->events = events;
        void **payloads = (void **)realloc((void *)script->payloads,
                                           larger * sizeof *payloads);
        if (payloads == NULL) {
            return fail_memory(parser);
        }
        script->payloads = payloads;
        *capacity = larger;
    }
    struct engine_event *event = &script->events[script->count];
    *event = (struct engine_event){0};
    parser->payload = NULL;
    bool is_good = parse_event(parser, time, event);
    script->payloads[script->count++] = parser->payload;
    return is_good;
}

static bool parse_file(struct script *script, struct parser *parser, FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    size_t capacity = 0;
    bool is_good = true;
    while (is_good && getline(&line, &size, file) >= 0) {
        parser->line++;
        parser->rest = line;
        char *time = next_word(parser);
        is_good = time == NULL || append_event(script, parser, &capacity, time);
    }
    free(line);
    return is_good &&
           (!ferror(file) ||
            failure_set(parser->failure, STATUS_FILE, "cannot read '%s': %s",
                        parser->path, strerror(errno)));
}

/* Merge sort, from the bottom up: it keeps the order of equal blocks. */
static bool sort_events(struct script *script)
{
    size_t count = script->count;
    struct engine_event *from = script->events;
    struct engine_event *to = malloc((count + 1) * sizeof *to);
    if (to == NULL) {
        return false;
    }
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = middle + width < count ? middle + width : count;
            size_t left = start;
            size_t right = middle;
            for (size_t i = start; i < end; ++i) {
                bool is_left =
                    left < middle &&
                    (right == end || from[left].block <= from[right].block);
                to[i] = from[is_left ? left++ : right++];
            }
        }
        struct engine_event *swapped = from;
        from = to;
        to = swapped;
    }
    script->events = from;
    free(to);
    return true;
}

bool script_load(struct script *script, const char *path,
                 const struct f4e_patch *patch, struct failure *failure)
{
    *script = (struct script){0};
    struct parser parser = {.patch = patch, .path = path, .failure = failure};
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return failure_set(failure, STATUS_FILE, "cannot read '%s': %s", path,
                           strerror(errno));
    }
    bool is_good = parse_file(script, &parser, file);
    (void)fclose(file);
    if (is_good && !sort_events(script)) {
        is_good = fail_memory(&parser);
    }
    if (!is_good) {
        script_free(script);
    }
    return is_good;
}

void script_free(struct script *script)
{
    for (size_t i = 0; i < script->count; ++i) {
        free(script->payloads[i]);
    }
    free((void *)script->payloads);
    free(script->events);
    *script = (struct script){0};
}
