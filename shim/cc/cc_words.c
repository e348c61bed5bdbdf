/* SPDX-License-Identifier: MIT */
/* Declared in cc/cc_map.h. */
#include "cc/cc_map.h"

#include "common/number.h"
#include "common/print.h"
#include "common/words.h"
#include "control/element_text.h"
#include "control/names.h"

#include <stdlib.h>
#include <string.h>

/* An entry under the variable's full name. */
static bool make_entry(const struct cc_map *map, const char *name,
                       const struct cc_setting *setting, bool is_option,
                       struct cc_entry *entry, struct failure *failure)
{
    char full[NAMES_TEXT_MAX];
    struct place place;
    *entry = (struct cc_entry){.is_option = is_option};
    if (!names_find(map->patch, name, &place, failure)) {
        return false;
    }
    names_format(map->patch, &place, full, sizeof(full));
    if (!cc_entry_resolve(entry, map->patch, full, setting, failure)) {
        return false;
    }
    entry->name = strdup(full);
    return entry->name != NULL || failure_set_memory(failure);
}

static bool parse_real(const char *word, double *number)
{
    return number_real(word, word + strlen(word), number);
}

/* "NAME[:MIN:MAX][:TAKEOVER]", parted in place. */
static void part_option(const struct f4e_patch *patch, char *text,
                        struct cc_setting *setting)
{
    struct place place;
    struct failure ignored = {0};
    char *last = strrchr(text, ':');
    if (names_find(patch, text, &place, &ignored) || last == NULL) {
        return;
    }
    if (cc_takeover_parse(last + 1, &setting->takeover)) {
        *last = '\0';
        last = strrchr(text, ':');
    }
    double max = 0.0;
    if (last == NULL || !parse_real(last + 1, &max)) {
        return;
    }
    *last = '\0';
    char *middle = strrchr(text, ':');
    if (middle == NULL || !parse_real(middle + 1, &setting->min)) {
        *last = ':';
        return;
    }
    *middle = '\0';
    setting->max = max;
    setting->has_min = true;
    setting->has_max = true;
}

bool cc_words_option(struct cc_map *map, const char *text,
                     struct failure *failure)
{
    struct cc_setting setting = {.takeover = CC_JUMP};
    struct failure inner = {0};
    struct cc_entry entry;
    char *copy = strdup(text);
    char *name = copy != NULL ? strchr(copy, '=') : NULL;
    if (copy == NULL) {
        return failure_set_memory(failure);
    }
    bool is_good = name != NULL;
    if (is_good) {
        *name++ = '\0';
        part_option(map->patch, name, &setting);
        is_good = cc_source_parse(copy, &setting.source, &inner) &&
                  make_entry(map, name, &setting, true, &entry, &inner) &&
                  cc_map_put(map, &entry, &inner);
    } else {
        (void)failure_set(&inner, STATUS_USAGE,
                          "no '=' between controller and name");
        (void)failure_hint(&inner, "--cc 74=module:variable");
    }
    free(copy);
    if (!is_good) {
        (void)failure_set(failure, inner.status, "--cc %.120s: %s", text,
                          inner.text);
        if (inner.hint[0] != '\0') {
            (void)failure_hint(failure, "%s", inner.hint);
        }
    }
    return is_good;
}

/* What was changed is kept. Where it cannot be, controllers go by it all the
 * same: on a machine that is never written to that is all one can have. */
static bool keep(struct cc_map *map, struct failure *failure)
{
    return !map->is_kept || cc_file_write(map, failure) ||
           failure_hint(failure, "it is so until the program ends; --cc-map "
                                 "FILE keeps it elsewhere, none nowhere");
}

static bool refresh(struct cc_map *map, struct failure *failure)
{
    return !map->is_kept || cc_file_refresh(map, failure);
}

static void forget_stranger(struct cc_map *map, const char *name)
{
    size_t kept = 0;
    for (size_t i = 0; i < map->stranger_count; i++) {
        if (strcmp(map->strangers[i].name, name) == 0) {
            free(map->strangers[i].name);
            free(map->strangers[i].text);
        } else {
            map->strangers[kept++] = map->strangers[i];
        }
    }
    map->stranger_count = kept;
}

/* "[MIN MAX] [TAKEOVER]" */
static bool read_rest(char *rest, struct cc_setting *setting,
                      struct failure *failure)
{
    const char *word = words_next(&rest);
    if (word != NULL && parse_real(word, &setting->min)) {
        word = words_next(&rest);
        if (word == NULL || !parse_real(word, &setting->max)) {
            return words_fail("a second number for the range", word, failure);
        }
        setting->has_min = true;
        setting->has_max = true;
        word = words_next(&rest);
    }
    if (word != NULL && cc_takeover_parse(word, &setting->takeover)) {
        word = words_next(&rest);
    }
    return word == NULL ||
           failure_set(failure, STATUS_USAGE,
                       "expected jump, pickup or scale, not '%s'", word);
}

static bool run_set(struct cc_map *map, char *rest, FILE *answers,
                    struct failure *failure)
{
    struct cc_setting setting = {.takeover = CC_JUMP};
    struct cc_entry entry;
    const char *source = words_next(&rest);
    const char *name = words_next(&rest);
    (void)answers;
    if (name == NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "cc set needs a controller and a name, such as: cc "
                           "set 74 filter:cutoff");
    }
    if (!cc_source_parse(source, &setting.source, failure) ||
        !read_rest(rest, &setting, failure) || !refresh(map, failure) ||
        !make_entry(map, name, &setting, false, &entry, failure)) {
        return false;
    }
    forget_stranger(map, entry.name);
    return cc_map_put(map, &entry, failure) && keep(map, failure);
}

static bool run_learn(struct cc_map *map, char *rest, FILE *answers,
                      struct failure *failure)
{
    const struct cc_setting setting = {.takeover = CC_JUMP};
    struct cc_entry entry = {0};
    const char *name = words_next(&rest);
    (void)answers;
    if (name == NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "cc learn needs a name, or off");
    }
    if (!words_end(rest, failure)) {
        return false;
    }
    if (!map->is_heard) {
        (void)failure_set(failure, STATUS_MIDI,
                          "no MIDI is open to learn from");
        return failure_hint(failure, "--cc-map FILE opens it at the start");
    }
    bool is_off = strcmp(name, "off") == 0;
    if (!is_off && (!refresh(map, failure) ||
                    !make_entry(map, name, &setting, false, &entry, failure))) {
        return false;
    }
    (void)pthread_mutex_lock(&map->lock);
    struct cc_entry old = map->wanted;
    map->wanted = entry;
    map->may_pair = false;
    (void)pthread_mutex_unlock(&map->lock);
    cc_entry_free(&old);
    return true;
}

static bool run_clear(struct cc_map *map, char *rest, FILE *answers,
                      struct failure *failure)
{
    char full[NAMES_TEXT_MAX];
    struct place place;
    const char *name = words_next(&rest);
    struct failure ignored = {0};
    bool is_there = false;
    (void)answers;
    if (name == NULL) {
        return failure_set(failure, STATUS_USAGE, "cc clear needs a name");
    }
    if (!words_end(rest, failure) || !refresh(map, failure)) {
        return false;
    }
    (void)snprintf(full, sizeof(full), "%s", name);
    if (names_find(map->patch, name, &place, &ignored)) {
        names_format(map->patch, &place, full, sizeof(full));
    }
    const size_t strangers = map->stranger_count;
    forget_stranger(map, full);
    is_there = map->stranger_count < strangers;
    (void)pthread_mutex_lock(&map->lock);
    unsigned kept = 0;
    for (unsigned i = 0; i < map->count; i++) {
        if (strcmp(map->entries[i].name, full) == 0) {
            cc_entry_free(&map->entries[i]);
            is_there = true;
        } else {
            map->entries[kept++] = map->entries[i];
        }
    }
    map->count = kept;
    map->may_pair = false;
    (void)pthread_mutex_unlock(&map->lock);
    return is_there ? keep(map, failure)
                    : failure_set(failure, STATUS_USAGE,
                                  "no controller moves '%s'", name);
}

/* Without these a switch has its own, and a crossfade all of its way. */
static bool has_ends(const struct cc_entry *entry)
{
    return (!entry->is_switch && !entry->is_fade) || entry->setting.has_min;
}

static void format_end(double end, char text[ELEMENT_TEXT_MAX], bool is_json)
{
    uint8_t bytes[ELEMENT_BYTES_MAX];
    memcpy(bytes, &end, sizeof(bytes));
    (is_json ? element_text_format_json : element_text_format)(F4E_F64, bytes,
                                                               text);
}

static void list_entry(const struct cc_entry *entry, FILE *answers)
{
    char source[CC_SOURCE_TEXT_MAX];
    const struct cc_setting *setting = &entry->setting;
    const double ends[] = {entry->low, entry->high};
    cc_source_format(&setting->source, source);
    (void)fprintf(answers, "%s ", source);
    print_name(entry->name, answers);
    for (unsigned i = 0; has_ends(entry) && i < 2; i++) {
        char text[ELEMENT_TEXT_MAX];
        format_end(ends[i], text, false);
        (void)fprintf(answers, " %s", text);
    }
    (void)fprintf(answers, " %s\n", cc_takeover_name(setting->takeover));
}

static void write_entry(const struct cc_entry *entry, struct json *json)
{
    char text[ELEMENT_TEXT_MAX];
    char source[CC_SOURCE_TEXT_MAX];
    cc_source_format(&entry->setting.source, source);
    json_open(json, '{');
    json_member_string(json, "source", source);
    json_member_string(json, "item", entry->name);
    if (has_ends(entry)) {
        format_end(entry->low, text, true);
        json_key(json, "min");
        json_raw(json, text);
        format_end(entry->high, text, true);
        json_key(json, "max");
        json_raw(json, text);
    }
    json_member_string(json, "takeover",
                       cc_takeover_name(entry->setting.takeover));
    json_close(json, '}');
}

bool cc_map_write(struct cc_map *map, struct json *json,
                  struct failure *failure)
{
    if (!refresh(map, failure)) {
        return false;
    }
    json_open_member(json, "cc", '[');
    (void)pthread_mutex_lock(&map->lock);
    for (unsigned i = 0; i < map->count; i++) {
        write_entry(&map->entries[i], json);
    }
    (void)pthread_mutex_unlock(&map->lock);
    json_close(json, ']');
    return true;
}

static bool run_list(struct cc_map *map, char *rest, FILE *answers,
                     struct failure *failure)
{
    if (!words_end(rest, failure) || !refresh(map, failure)) {
        return false;
    }
    (void)pthread_mutex_lock(&map->lock);
    for (unsigned i = 0; i < map->count; i++) {
        list_entry(&map->entries[i], answers);
    }
    (void)pthread_mutex_unlock(&map->lock);
    return true;
}

static bool run_word(void *context, char *rest, uint64_t block,
                     struct event_list *events, FILE *answers,
                     struct failure *failure)
{
    static const struct {
        char verb[6];
        bool is_kept; /* in the file, which other copies may write too */
        bool (*run)(struct cc_map *map, char *rest, FILE *answers,
                    struct failure *failure);
    } verbs[] = {{"list", false, run_list},
                 {"set", true, run_set},
                 {"learn", false, run_learn},
                 {"clear", true, run_clear}};
    struct cc_map *map = context;
    const char *verb = words_next(&rest);
    (void)block;
    (void)events;
    if (answers == NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "cc is no word of scripts: it is about live MIDI");
    }
    for (size_t i = 0; verb != NULL && i < sizeof(verbs) / sizeof(*verbs);
         i++) {
        if (strcmp(verb, verbs[i].verb) == 0) {
            int lock = verbs[i].is_kept && map->is_kept
                           ? config_lock(&map->config)
                           : -1;
            bool is_good = verbs[i].run(map, rest, answers, failure);
            config_unlock(lock);
            return is_good;
        }
    }
    return words_fail("cc list, set, learn or clear", verb, failure);
}

struct command_word cc_map_word(struct cc_map *map)
{
    return (struct command_word){"cc", run_word, map};
}
