/* SPDX-License-Identifier: MIT */
#include "cc/cc_map.h"

#include <stdlib.h>
#include <string.h>

#include "common/print.h"

/* The MIDI thread is in a hurry: who holds the lock gets its priority. */
static bool make_lock(pthread_mutex_t *lock)
{
    pthread_mutexattr_t attributes;
    if (pthread_mutexattr_init(&attributes) != 0) {
        return false;
    }
    (void)pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    bool is_good = pthread_mutex_init(lock, &attributes) == 0;
    (void)pthread_mutexattr_destroy(&attributes);
    return is_good;
}

static void tell(const struct cc_map *map, const struct failure *failure)
{
    if (map->messages != NULL) {
        (void)fprintf(map->messages, "%s: cc      ", map->program);
        print_name(failure->text, map->messages);
        (void)fputc('\n', map->messages);
    }
}

bool cc_map_open(struct cc_map *map, const struct f4e_patch *patch,
                 const struct options *options, const char *program,
                 struct failure *failure)
{
    const char *path = options->cc_map;
    struct failure trouble = {0};
    bool is_good = true;
    map->patch = patch;
    map->options = options;
    map->program = program;
    map->messages = options->is_quiet ? NULL : stderr;
    map->is_kept = path == NULL || strcmp(path, "none") != 0;
    if (!make_lock(&map->lock)) {
        return failure_set(failure, STATUS_INTERNAL, "cannot make a lock");
    }
    atomic_init(&map->has_learnt, false);
    config_init(&map->config, path, patch->name, "cc.json");
    for (unsigned i = 0; i < options->cc_count; i++) {
        if (!cc_words_option(map, options->cc[i], failure)) {
            return false;
        }
    }
    if (map->is_kept && map->config.path != NULL &&
        !cc_file_refresh(map, &trouble)) {
        is_good = path == NULL;
        if (is_good) {
            tell(map, &trouble);
        } else {
            *failure = trouble;
        }
    }
    return is_good;
}

bool cc_map_wants_midi(const struct cc_map *map)
{
    return map->count > 0 || (map->options->cc_map != NULL && map->is_kept);
}

/* Where a name is, or would be. */
static unsigned find(const struct cc_map *map, const char *name, bool *is_there)
{
    unsigned i = 0;
    int order = -1;
    while (i < map->count && (order = strcmp(map->entries[i].name, name)) < 0) {
        i++;
    }
    *is_there = i < map->count && order == 0;
    return i;
}

/* With the lock. False: there are too many. */
static bool put(struct cc_map *map, const struct cc_entry *entry,
                unsigned *index)
{
    bool is_there;
    const unsigned at = find(map, entry->name, &is_there);
    *index = at;
    if (is_there) {
        cc_entry_free(&map->entries[at]);
    } else if (map->count == CC_ENTRIES_MAX) {
        return false;
    } else {
        memmove(&map->entries[at + 1], &map->entries[at],
                (map->count - at) * sizeof(*map->entries));
        map->count++;
    }
    map->entries[at] = *entry;
    map->may_pair = false;
    return true;
}

bool cc_map_put(struct cc_map *map, struct cc_entry *entry,
                struct failure *failure)
{
    unsigned at;
    (void)pthread_mutex_lock(&map->lock);
    bool is_good = put(map, entry, &at);
    (void)pthread_mutex_unlock(&map->lock);
    if (!is_good) {
        cc_entry_free(entry);
        (void)failure_set(failure, STATUS_USAGE,
                          "controllers move %d variables already",
                          CC_ENTRIES_MAX);
    }
    return is_good;
}

/* Controllers n and n + 32 on one channel, one right after the other. */
static bool is_fine_part(const struct cc_source *coarse,
                         const struct cc_source *fine)
{
    enum { APART = 32 };
    return coarse->kind == CC_CONTROL && fine->kind == CC_CONTROL &&
           coarse->number < APART && fine->number == coarse->number + APART &&
           coarse->channel == fine->channel;
}

/* With the lock. Nothing is allocated here. */
static void learn(struct cc_map *map, const struct midi_message *message)
{
    struct cc_source source;
    if ((map->wanted.name == NULL && !map->may_pair) ||
        !cc_source_learn(message, &source)) {
        return;
    }
    if (map->wanted.name != NULL) {
        map->wanted.setting.source = source;
        if (put(map, &map->wanted, &map->learnt)) {
            map->wanted.name = NULL;
            map->wanted.rest = NULL;
            map->may_pair = true;
            atomic_store(&map->has_learnt, true);
        }
        return;
    }
    struct cc_source *learnt = &map->entries[map->learnt].setting.source;
    map->may_pair = false;
    if (is_fine_part(learnt, &source)) {
        learnt->kind = CC_PAIR;
        learnt->fine = source.number;
        atomic_store(&map->has_learnt, true);
    }
}

bool cc_map_hear(struct cc_map *map, struct inbox *inbox,
                 const struct midi_message *message)
{
    const size_t used = inbox_end(inbox) - inbox_taken(inbox);
    unsigned needed = 0;
    double position = 0.0;
    (void)pthread_mutex_lock(&map->lock);
    for (unsigned i = 0; i < map->count; i++) {
        struct cc_entry *entry = &map->entries[i];
        uint8_t coarse = entry->coarse;
        if (cc_source_hear(&entry->setting.source, message, &coarse,
                           &position)) {
            needed += entry->target_count;
        }
    }
    /* What is learnt now moves at once, by two changes at most. */
    needed += map->wanted.name != NULL || map->may_pair ? 2 : 0;
    bool has_room = needed <= inbox->capacity - used;
    if (has_room) {
        learn(map, message);
    }
    for (unsigned i = 0; has_room && i < map->count; i++) {
        struct cc_entry *entry = &map->entries[i];
        if (cc_source_hear(&entry->setting.source, message, &entry->coarse,
                           &position)) {
            cc_entry_move(entry, map->patch, inbox, position);
        }
    }
    (void)pthread_mutex_unlock(&map->lock);
    return has_room;
}

/* One that was learnt, as a line and in the file. */
static void tell_learnt(const struct cc_map *map, unsigned index)
{
    char text[CC_SOURCE_TEXT_MAX];
    const struct cc_entry *entry = &map->entries[index];
    if (map->messages != NULL) {
        cc_source_format(&entry->setting.source, text);
        (void)fprintf(map->messages, "%s: cc      %s moves ", map->program,
                      text);
        print_name(entry->name, map->messages);
        (void)fputc('\n', map->messages);
    }
}

/* The file was changed meanwhile: what was learnt comes on top of that. */
static bool keep_learnt(struct cc_map *map, struct failure *failure)
{
    struct cc_entry entry = {0};
    if (!config_has_changed(&map->config)) {
        return cc_file_write(map, failure);
    }
    (void)pthread_mutex_lock(&map->lock);
    const struct cc_setting setting = map->entries[map->learnt].setting;
    entry.name = strdup(map->entries[map->learnt].name);
    map->may_pair = false;
    (void)pthread_mutex_unlock(&map->lock);
    bool is_good = entry.name != NULL
                       ? cc_file_refresh(map, failure) &&
                             cc_entry_resolve(&entry, map->patch, entry.name,
                                              &setting, failure)
                       : failure_set(failure, STATUS_INTERNAL, "out of memory");
    if (!is_good) {
        cc_entry_free(&entry);
        return false;
    }
    return cc_map_put(map, &entry, failure) && cc_file_write(map, failure);
}

void cc_map_pump(struct cc_map *map)
{
    struct failure failure = {0};
    if (map->program == NULL || !atomic_exchange(&map->has_learnt, false)) {
        return;
    }
    (void)pthread_mutex_lock(&map->lock);
    tell_learnt(map, map->learnt);
    (void)pthread_mutex_unlock(&map->lock);
    if (map->is_kept && !keep_learnt(map, &failure)) {
        tell(map, &failure);
    }
}

void cc_map_close(struct cc_map *map)
{
    for (unsigned i = 0; i < map->count; i++) {
        cc_entry_free(&map->entries[i]);
    }
    cc_entry_free(&map->wanted);
    for (size_t i = 0; i < map->stranger_count; i++) {
        free(map->strangers[i].name);
        free(map->strangers[i].text);
    }
    free(map->strangers);
    map->strangers = NULL;
    map->stranger_count = 0;
    map->count = 0;
    config_deinit(&map->config);
    if (map->program != NULL) {
        (void)pthread_mutex_destroy(&map->lock);
        map->program = NULL;
    }
}
