/* SPDX-License-Identifier: MIT */
#include "control/command.h"

#include "common/call_args.h"
#include "common/element.h"
#include "common/nearest.h"
#include "common/number.h"
#include "common/words.h"
#include "control/element_text.h"
#include "control/names.h"
#include "control/param.h"
#include "control/sample.h"
#include "message/message.h"
#include "rt/ramp.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char command_nul_text[] =
    "the line has a byte 0: it is not text in UTF-8";

size_t command_mark(const char *line)
{
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp(line, mark, sizeof(mark) - 1) == 0 ? sizeof(mark) - 1 : 0;
}

static bool parse_real(const char *word, double *value)
{
    return number_real(word, word + strlen(word), value);
}

static bool parse_count(const char *word, uint64_t most, uint64_t *value)
{
    return number_in_range(word, NUMBER_HEX, 0, most, value);
}

static bool fail_export(const struct f4e_patch *patch, const char *name,
                        struct failure *failure)
{
    const char *nearest = NULL;
    size_t least = nearest_limit(name) + 1;
    (void)failure_set(failure, STATUS_USAGE,
                      "the patch exports no function '%s'", name);
    for (unsigned i = 0; i < patch->export_count; i++) {
        size_t edits = nearest_distance(name, patch->exports[i].name);
        if (edits < least) {
            least = edits;
            nearest = patch->exports[i].name;
        }
    }
    return nearest != NULL
               ? failure_hint(failure, "did you mean %s?", nearest)
               : failure_hint(failure, "--info lists the exported functions");
}

/* "&module:item" is its address. */
static bool parse_pointer(const struct f4e_patch *patch,
                          const struct place *place, const char *word,
                          uint8_t *bytes, struct failure *failure)
{
    struct place target;
    if (place->element != F4E_I32) {
        return failure_set(failure, STATUS_USAGE,
                           "'%s' is an address, which takes an int, not %s",
                           word, element_type(place->element));
    }
    if (!names_find(patch, word + 1, &target, failure)) {
        return false;
    }
    memcpy(bytes, &target.address, sizeof(target.address));
    return true;
}

/* Values from 'place' on, as many as there are. */
static bool set_place(const struct f4e_patch *patch, const struct place *place,
                      char *values, uint64_t block, struct event_list *list,
                      struct failure *failure)
{
    unsigned size = element_bytes(place->element);
    uint32_t room =
        place->item == NULL || place->item->is_array ? place->count : 1;
    char name[128];
    uint32_t blocks = 0;
    names_format(patch, place, name, sizeof(name));
    if (!command_take_over(patch, values, &blocks, failure) ||
        !words_check_values(values, failure)) {
        return false;
    }
    char *word = words_next_value(&values);
    if (word != NULL && param_is_word(word) &&
        words_next_value(&values) == NULL) {
        return param_move(patch, place, word, blocks, block, list, failure);
    }
    /* No value is shorter than a character and what parts it. */
    size_t most = strlen(values) / 2 + 2;
    struct change *event = event_list_add(
        list, block, CHANGE_WRITE, most * size + ELEMENT_BYTES_MAX, failure);
    if (event == NULL) {
        return false;
    }
    uint8_t *bytes = list->payloads[list->count - 1];
    event->write.memory = place->memory;
    event->write.address = place->address;
    for (; word != NULL; word = words_next_value(&values)) {
        if (event->write.size / size >= room) {
            return failure_set(failure, STATUS_USAGE,
                               place->item == NULL
                                   ? "value '%s' for %s lies outside memory"
                                   : "value '%s' is one too many for %s, which "
                                     "takes %" PRIu32,
                               word, name, room);
        }
        bool is_good =
            *word == '&'
                ? parse_pointer(patch, place, word, bytes + event->write.size,
                                failure)
                : element_text_parse(place->element, place->item == NULL, word,
                                     bytes + event->write.size, failure);
        if (!is_good) {
            return false;
        }
        event->write.size += size;
    }
    if (event->write.size == 0) {
        return failure_set(failure, STATUS_USAGE, "%s needs a value", name);
    }
    return command_move(event, place->element, blocks, failure);
}

bool command_move(struct change *event, enum f4e_element element,
                  uint32_t blocks, struct failure *failure)
{
    uint32_t count = event->write.size / element_bytes(element);
    if (blocks < 2) {
        return true;
    }
    event->kind = CHANGE_RAMP;
    event->element = element;
    event->blocks = blocks;
    return count <= RAMPS_MAX ||
           failure_set(failure, STATUS_USAGE,
                       "%" PRIu32 " values cannot move at once, only %d", count,
                       RAMPS_MAX);
}

bool command_set(const struct command_reader *reader, const char *name,
                 char *values, uint64_t block, struct event_list *list,
                 struct failure *failure)
{
    struct place place;
    return names_find(reader->patch, name, &place, failure) &&
           set_place(reader->patch, &place, values, block, list, failure);
}

/* "set 0x1c f32 0.5": memory 0, and the type as a word. */
static bool read_set(const struct command_reader *reader, char *rest,
                     uint64_t block, struct event_list *list,
                     struct failure *failure)
{
    enum f4e_element element;
    uint64_t address;
    char text[64];
    char *name = words_next(&rest);
    if (name == NULL) {
        return failure_set(failure, STATUS_USAGE, "set needs a name");
    }
    if (!parse_count(name, UINT64_MAX, &address)) {
        return command_set(reader, name, rest, block, list, failure);
    }
    const char *type = words_next(&rest);
    if (type == NULL || !element_from_code(type, &element)) {
        return failure_set(failure, STATUS_USAGE,
                           "type '%s' is not one of i8, u8, i16, u16, i32, "
                           "i64, f32, f64",
                           type != NULL ? type : "");
    }
    (void)snprintf(text, sizeof(text), "@%" PRIu64 ":%s", address, type);
    return command_set(reader, text, rest, block, list, failure);
}

bool command_load(const struct command_reader *reader, const char *name,
                  const char *path, uint64_t block, struct event_list *list,
                  struct failure *failure)
{
    struct place place;
    char *text = NULL;
    size_t size = 0;
    if (!names_find(reader->patch, name, &place, failure)) {
        return false;
    }
    FILE *messages = !reader->is_quiet ? open_memstream(&text, &size) : NULL;
    bool is_good = sample_load(reader->patch, &place, path, block, list,
                               messages, failure);
    if (messages != NULL && fclose(messages) == 0 && is_good) {
        message(PRIORITY_INFO, "%s", text);
    }
    free(text);
    return is_good;
}

/* The rest of the line is the file, blanks within it included. */
static bool read_load(const struct command_reader *reader, char *rest,
                      uint64_t block, struct event_list *list,
                      struct failure *failure)
{
    const char *name = words_next(&rest);
    char *path = rest + strspn(rest, words_blanks);
    size_t length = strlen(path);
    for (size_t i = 0; i < length; i++) {
        if (path[i] == '#' &&
            (i == 0 || strchr(words_blanks, path[i - 1]) != NULL)) {
            length = i;
        }
    }
    while (length > 0 && strchr(words_blanks, path[length - 1]) != NULL) {
        --length;
    }
    path[length] = '\0';
    if (name == NULL || length == 0) {
        return failure_set(failure, STATUS_USAGE,
                           "load needs a name and a file");
    }
    return command_load(reader, name, path, block, list, failure);
}

/* Returns its arguments, so far those of a call without any. */
static double *add_call(const struct f4e_export *function, uint64_t block,
                        struct event_list *list, struct failure *failure)
{
    unsigned params = function->params;
    struct change *event = event_list_add(list, block, CHANGE_CALL,
                                          params * sizeof(double), failure);
    if (event == NULL) {
        return NULL;
    }
    double *args = list->payloads[list->count - 1];
    event->call.function = function;
    call_args_fill(function, NULL, 0, args);
    return args;
}

static bool read_call(const struct command_reader *reader, char *rest,
                      uint64_t block, struct event_list *list,
                      struct failure *failure)
{
    static const double most = 0x1p53; /* arguments are doubles */
    const struct f4e_patch *patch = reader->patch;
    const struct f4e_export *function = NULL;
    const char *name = words_next(&rest);
    for (unsigned i = 0; name != NULL && i < patch->export_count; i++) {
        if (strcmp(name, patch->exports[i].name) == 0) {
            function = &patch->exports[i];
            break;
        }
    }
    if (function == NULL) {
        return name != NULL
                   ? fail_export(patch, name, failure)
                   : failure_set(failure, STATUS_USAGE,
                                 "call needs a function, such as: call main");
    }
    double *args = add_call(function, block, list, failure);
    unsigned given = 0;
    for (char *word; args != NULL && (word = words_next(&rest)) != NULL;
         given++) {
        double value;
        if (!parse_real(word, &value)) {
            return failure_set(failure, STATUS_USAGE,
                               "argument '%s' is not a number", word);
        }
        if (given < function->params && function->signature[given] == 'l' &&
            fabs(value) > most) {
            return failure_set(failure, STATUS_USAGE,
                               "argument '%s' is beyond 2^53, up to which "
                               "64-bit integers are passed",
                               word);
        }
        if (given < function->params) {
            args[given] = value;
        }
    }
    return args != NULL;
}

static bool fail_port(const struct f4e_patch *patch, const char *port,
                      struct failure *failure)
{
    char all[64] = "";
    for (unsigned i = 0; i < patch->midi_count; i++) {
        bool is_known = false; /* ports have one function, or more */
        for (unsigned k = 0; !is_known && k < i; k++) {
            is_known = patch->midi[k].port == patch->midi[i].port;
        }
        size_t used = strlen(all);
        if (!is_known) {
            (void)snprintf(all + used, sizeof(all) - used, "%s%u",
                           used > 0 ? ", " : "", patch->midi[i].port);
        }
    }
    return failure_set(failure, STATUS_USAGE,
                       patch->midi_count > 0
                           ? "the patch listens to MIDI on port %s, not '%s'"
                           : "the patch listens to no MIDI%s, so not to '%s'",
                       all, port);
}

/* Missing bytes are 0; those after the third are dropped. */
static bool read_midi(const struct command_reader *reader, char *rest,
                      uint64_t block, struct event_list *list,
                      struct failure *failure)
{
    const struct f4e_patch *patch = reader->patch;
    uint8_t bytes[3] = {0};
    unsigned given = 0;
    uint64_t number = 0;
    const char *port = words_next(&rest);
    bool is_bound = false;
    for (char *word; (word = words_next(&rest)) != NULL; given++) {
        if (!parse_count(word, UINT8_MAX, &number)) {
            return failure_set(failure, STATUS_USAGE,
                               "'%s' is not a byte, 0 to 255", word);
        }
        if (given < 3) {
            bytes[given] = (uint8_t)number;
        }
    }
    if (given == 0 || bytes[0] < 128) {
        return failure_set(failure, STATUS_USAGE,
                           "midi needs a port and a status of 128 or more, "
                           "such as: midi 0 0x90 60 100");
    }
    bool is_number = parse_count(port, UINT32_MAX, &number);
    for (unsigned i = 0; is_number && i < patch->midi_count; i++) {
        if (patch->midi[i].port != number) {
            continue;
        }
        struct change *event =
            event_list_add(list, block, CHANGE_CALL, 0, failure);
        if (event == NULL) {
            return false;
        }
        event->is_midi = true;
        event->call.function = &patch->exports[patch->midi[i].export_index];
        memcpy(event->call.midi, bytes, sizeof(bytes));
        is_bound = true;
    }
    return is_bound || fail_port(patch, port, failure);
}

static const struct {
    char verb[6];
    bool (*read)(const struct command_reader *reader, char *rest,
                 uint64_t block, struct event_list *list,
                 struct failure *failure);
} verbs[] = {{"set", read_set},    {"load", read_load},
             {"call", read_call},  {"midi", read_midi},
             {"key", command_key}, {"piano", command_piano}};

enum { VERBS = sizeof(verbs) / sizeof(*verbs) };

const struct command_word *
command_find_word(const struct command_reader *reader, const char *verb)
{
    for (size_t i = 0; i < reader->word_count; i++) {
        if (strcmp(verb, reader->words[i].verb) == 0) {
            return &reader->words[i];
        }
    }
    return NULL;
}

bool command_read(const struct command_reader *reader, char *line,
                  uint64_t block, struct event_list *list,
                  struct failure *failure)
{
    const char *verb = words_next(&line);
    for (size_t i = 0; verb != NULL && i < VERBS; i++) {
        if (strcmp(verb, verbs[i].verb) == 0) {
            return verbs[i].read(reader, line, block, list, failure);
        }
    }
    const struct command_word *word =
        verb != NULL ? command_find_word(reader, verb) : NULL;
    if (word != NULL) {
        return word->run(word->context, line, block, list, NULL, failure);
    }
    return words_fail("set, load, call, midi, key or piano", verb, failure);
}
