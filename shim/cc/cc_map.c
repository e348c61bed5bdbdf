/* SPDX-License-Identifier: MIT */
#include "cc/cc_map.h"

#include <stdlib.h>
#include <string.h>

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
    const uint64_t used = inbox_end(inbox) - inbox_taken(inbox);
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

void cc_map_follow(struct cc_map *map, const struct f4e_patch *patch)
{
    (void)pthread_mutex_lock(&map->lock);
    map->patch = patch;
    for (unsigned i = 0; i < map->count; i++) {
        cc_entry_follow(&map->entries[i], patch);
    }
    if (map->wanted.name != NULL) {
        cc_entry_follow(&map->wanted, patch);
    }
    (void)pthread_mutex_unlock(&map->lock);
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
    if (map->is_open) {
        (void)pthread_mutex_destroy(&map->lock);
        map->is_open = false;
    }
}
