/* SPDX-License-Identifier: MIT */
/* Declared in cc/cc_map.h. */
#include "cc/cc_map.h"

#include "message/message.h"

#include <string.h>

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
    if (!map->options->is_quiet) {
        message(PRIORITY_WARNING, "cc      %s", failure->text);
    }
}

bool cc_map_open(struct cc_map *map, const struct f4e_patch *patch,
                 const struct options *options, struct failure *failure)
{
    const char *path = options->cc_map;
    struct failure trouble = {0};
    bool is_good = true;
    map->patch = patch;
    map->options = options;
    map->is_open = true;
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

/* One that was learnt, as a line and in the file. */
static void tell_learnt(const struct cc_map *map, unsigned index)
{
    char text[CC_SOURCE_TEXT_MAX];
    const struct cc_entry *entry = &map->entries[index];
    if (!map->options->is_quiet) {
        cc_source_format(&entry->setting.source, text);
        message(PRIORITY_INFO, "cc      %s moves %s", text, entry->name);
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
    char *name = strdup(map->entries[map->learnt].name);
    map->may_pair = false;
    (void)pthread_mutex_unlock(&map->lock);
    if (name == NULL) {
        return failure_set_memory(failure);
    }
    entry.name = name;
    bool is_good =
        cc_file_refresh(map, failure) &&
        cc_entry_resolve(&entry, map->patch, name, &setting, failure);
    if (!is_good) {
        cc_entry_free(&entry);
        return false;
    }
    return cc_map_put(map, &entry, failure) && cc_file_write(map, failure);
}

void cc_map_pump(struct cc_map *map)
{
    struct failure failure = {0};
    if (!map->is_open || !atomic_exchange(&map->has_learnt, false)) {
        return;
    }
    (void)pthread_mutex_lock(&map->lock);
    tell_learnt(map, map->learnt);
    (void)pthread_mutex_unlock(&map->lock);
    int lock = map->is_kept ? config_lock(&map->config) : -1;
    if (map->is_kept && !keep_learnt(map, &failure)) {
        tell(map, &failure);
    }
    config_unlock(lock);
}
