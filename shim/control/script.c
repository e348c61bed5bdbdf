/* SPDX-License-Identifier: MIT */
#include "control/script.h"

#include "common/words.h"
#include "control/names.h"
#include "files/infile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What 'inner' says of the part of the input called 'where'. Always false. */
static bool fail_at(const char *where, const struct failure *inner,
                    struct failure *failure)
{
    (void)failure_set(failure, inner->status, "%s: %s", where, inner->text);
    return inner->hint[0] == '\0' ? false
                                  : failure_hint(failure, "%s", inner->hint);
}

/*
 * Whether to go on without what 'where' names, because a file is missing or
 * says what this patch does not understand: events that it has left are taken
 * back then. Else what 'inner' says, of 'where', is the failure.
 */
static bool can_miss(const struct command_reader *reader, const char *where,
                     const struct failure *inner, struct event_list *list,
                     size_t count, struct failure *failure)
{
    if (inner->status != STATUS_INTERNAL && reader->can_miss != NULL) {
        *failure = *inner;
        failure->status = STATUS_FILE;
        if (reader->can_miss(reader->context, where)) {
            event_list_cut(list, count);
            return true;
        }
        *failure = (struct failure){.status = STATUS_OK};
    }
    return fail_at(where, inner, failure);
}

static bool is_name(const struct f4e_patch *patch, const char *name)
{
    struct place place;
    struct failure ignored = {0};
    return names_find(patch, name, &place, &ignored);
}

/*
 * The name in "TIME:NAME", and the time's block. A name of the patch that
 * looks as if it began with a time is that name.
 */
static char *split_time(const struct f4e_patch *patch, char *text,
                        uint64_t *block, bool *is_timed)
{
    char *colon = strchr(text, ':');
    *is_timed = false;
    if (colon == NULL || is_name(patch, text)) {
        return text;
    }
    *colon = '\0';
    *is_timed = command_time(patch, text, block);
    *colon = ':';
    return *is_timed ? colon + 1 : text;
}

/*
 * Part "[TIME:]NAME=VALUE" in place. A name may contain '=': the first one
 * behind a name that the patch has is taken, else the first.
 */
static char *split_value(const struct f4e_patch *patch, char *text)
{
    char *first = strchr(text, '=');
    for (char *at = first; at != NULL; at = strchr(at + 1, '=')) {
        uint64_t block;
        bool is_timed;
        *at = '\0';
        if (is_name(patch, split_time(patch, text, &block, &is_timed))) {
            return at + 1;
        }
        *at = '=';
    }
    if (first == NULL) {
        return NULL;
    }
    *first = '\0';
    return first + 1;
}

/* Settings are there before there is a block in which they could move. */
static bool check_instant(const struct event_list *list,
                          struct failure *failure)
{
    if (list->events[list->count - 1].kind != CHANGE_RAMP) {
        return true;
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "a value that moves needs a time to begin");
    return failure_hint(failure, "--set '0b:module:variable=0.5 over 2s'");
}

bool script_read_setting(struct script *script, const struct option_setting *at,
                         const struct command_reader *reader,
                         struct failure *failure)
{
    struct failure inner = {0};
    uint64_t block = 0;
    bool is_timed = false;
    bool is_good = false;
    const char *option = at->is_load ? "--load" : "--set";
    struct event_list *list = &script->settings;
    size_t count = 0;
    size_t size = strlen(at->text) + 1;
    char *text = malloc(size);
    if (text == NULL) {
        return failure_set_memory(failure);
    }
    memcpy(text, at->text, size);
    char *value = split_value(reader->patch, text);
    if (value == NULL) {
        (void)failure_set(&inner, STATUS_USAGE, "no '=' between name and %s",
                          at->is_load ? "file" : "value");
        (void)failure_hint(&inner, at->is_load
                                       ? "--load module:buffer=sample.wav"
                                       : "--set module:variable=0.5, at a time "
                                         "--set 1.5s:module:variable=0.5");
    } else {
        const char *name = split_time(reader->patch, text, &block, &is_timed);
        list = is_timed ? &script->events : &script->settings;
        count = list->count;
        is_good = at->is_load
                      ? command_load(reader, name, value, block, list, &inner)
                      : command_set(reader, name, value, block, list, &inner) &&
                            (is_timed || check_instant(list, &inner));
    }
    if (!is_good) {
        char where[160];
        (void)snprintf(where, sizeof(where), "%s %.120s", option, at->text);
        is_good = at->is_load
                      ? can_miss(reader, where, &inner, list, count, failure)
                      : fail_at(where, &inner, failure);
    }
    free(text);
    return is_good;
}

static bool read_line(struct script *script, char *line,
                      const struct command_reader *reader,
                      struct failure *failure)
{
    uint64_t block = 0;
    const char *time = words_next(&line);
    if (time == NULL) {
        return true;
    }
    if (!command_time(reader->patch, time, &block)) {
        return failure_set(failure, STATUS_USAGE,
                           "time '%s' is not like 12b (block), 1536f (frame) "
                           "or 1.5s",
                           time);
    }
    return command_read(reader, line, block, &script->events, failure);
}

/* The next line into 'text', which has room for the longest and one more. False
 * at the end, or with '*is_long' when there is no end to it: a device. */
static bool take_line(FILE *file, char *text, bool *is_long, bool *has_nul)
{
    size_t length = 0;
    if (feof(file) || ferror(file)) {
        return false; /* the last line had no end */
    }
    int byte = getc(file);
    bool is_there = byte != EOF;
    for (; byte != EOF && byte != '\n'; byte = getc(file)) {
        if (length == COMMAND_LINE_MAX) {
            *is_long = true;
            return false;
        }
        *has_nul = *has_nul || byte == '\0';
        text[length++] = (char)byte;
    }
    text[length] = '\0';
    return is_there;
}

/* A line that cannot be done may be left out. */
static bool read_numbered(struct script *script, char *line, const char *path,
                          unsigned number, const struct command_reader *reader,
                          struct failure *failure)
{
    struct failure inner = {0};
    char where[192];
    const size_t count = script->events.count;
    if (read_line(script, line, reader, &inner)) {
        return true;
    }
    (void)snprintf(where, sizeof(where), "%.160s:%u", path, number);
    return can_miss(reader, where, &inner, &script->events, count, failure);
}

/* All lines of an open file. */
static bool read_lines(struct script *script, FILE *file, const char *path,
                       const struct command_reader *reader,
                       struct failure *failure)
{
    unsigned number = 1;
    bool is_long = false;
    bool has_nul = false;
    bool is_good = true;
    char *line = malloc(COMMAND_LINE_MAX + 1);
    if (line == NULL) {
        return failure_set_memory(failure);
    }
    while (is_good && take_line(file, line, &is_long, &has_nul) && !has_nul) {
        char *start = line + (number == 1 ? command_mark(line) : 0);
        is_good = read_numbered(script, start, path, number, reader, failure);
        number += is_good;
    }
    if (has_nul || is_long) {
        struct failure inner = {0};
        char where[192];
        (void)(is_long
                   ? failure_set(&inner, STATUS_USAGE,
                                 "the line is longer than %d bytes",
                                 COMMAND_LINE_MAX)
                   : failure_set(&inner, STATUS_USAGE, "%s", command_nul_text));
        (void)snprintf(where, sizeof(where), "%.160s:%u", path, number);
        is_good = fail_at(where, &inner, failure);
    }
    free(line);
    return is_good;
}

bool script_read_file(struct script *script, const char *path,
                      const struct command_reader *reader,
                      struct failure *failure)
{
    const char *name = infile_name(path);
    FILE *file = infile_open(path, failure);
    if (file == NULL) {
        return false;
    }
    bool is_good = read_lines(script, file, name, reader, failure);
    if (is_good && ferror(file)) {
        is_good =
            failure_set_errno(failure, STATUS_FILE, "cannot read '%s'", name);
    }
    (void)fclose(file);
    return is_good;
}

/* --preset: the line "preset load NAME", whatever the name is made of. */
static bool load_preset(struct script *script, const char *name,
                        const struct command_reader *reader,
                        struct failure *failure)
{
    static const char verb[] = "load \"";
    const struct command_word *word = command_find_word(reader, "preset");
    char *line = malloc(sizeof(verb) + 2 * strlen(name) + 2);
    if (word == NULL || line == NULL) {
        free(line);
        return failure_set(failure, STATUS_INTERNAL, "no room for a preset");
    }
    memcpy(line, verb, sizeof(verb));
    char *to = line + sizeof(verb) - 1;
    for (; *name != '\0'; name++) {
        if (*name == '"' || *name == '\\') {
            *to++ = '\\';
        }
        *to++ = *name;
    }
    memcpy(to, "\"", 2);
    bool is_good =
        word->run(word->context, line, 0, &script->settings, NULL, failure);
    free(line);
    return is_good;
}

/* --script, all of it or, where it can be missed, nothing. */
static bool load_script(struct script *script, const char *path,
                        const struct command_reader *reader,
                        struct failure *failure)
{
    const size_t count = script->events.count;
    if (path == NULL || script_read_file(script, path, reader, failure)) {
        return true;
    }
    const enum exit_status status = failure->status;
    if (status == STATUS_INTERNAL || reader->can_miss == NULL) {
        return false;
    }
    failure->status = STATUS_FILE;
    if (!reader->can_miss(reader->context, "--script")) {
        failure->status = status;
        return false;
    }
    event_list_cut(&script->events, count);
    return true;
}

bool script_load(struct script *script, const struct options *options,
                 const struct command_reader *reader, struct failure *failure)
{
    bool is_good = true;
    *script = (struct script){0};
    if (options->preset != NULL) {
        is_good = load_preset(script, options->preset, reader, failure) ||
                  (reader->can_miss != NULL &&
                   reader->can_miss(reader->context, "--preset"));
    }
    for (unsigned i = 0; is_good && i < options->setting_count; i++) {
        is_good =
            script_read_setting(script, &options->settings[i], reader, failure);
    }
    is_good = is_good &&
              load_script(script, options->script, reader, failure) &&
              event_list_sort(&script->events, failure);
    if (!is_good) {
        script_free(script);
    }
    return is_good;
}

void script_free(struct script *script)
{
    event_list_free(&script->settings);
    event_list_free(&script->events);
}
