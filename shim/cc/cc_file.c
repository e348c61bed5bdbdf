/* SPDX-License-Identifier: MIT */
/* Declared in cc/cc_map.h. */
#include "cc/cc_map.h"

#include "cc/cc_json.h"
#include "common/print.h"
#include "control/names.h"
#include "message/message.h"

#include <stdlib.h>
#include <string.h>

static const char what[] = "a map of controllers";

/* What is read, before it takes the place of what was. */
struct fresh {
    struct cc_map *map;
    struct cc_entry *entries; /* CC_ENTRIES_MAX */
    unsigned count;
    struct cc_stranger *strangers;
    size_t stranger_count;
    size_t unfit; /* strangers that nothing is known of */
};

static void free_fresh(struct fresh *fresh)
{
    for (unsigned i = 0; i < fresh->count; i++) {
        cc_entry_free(&fresh->entries[i]);
    }
    for (size_t i = 0; i < fresh->stranger_count; i++) {
        free(fresh->strangers[i].name);
        free(fresh->strangers[i].text);
    }
    free(fresh->entries);
    free(fresh->strangers);
}

static bool is_option(struct cc_map *map, const char *name)
{
    bool is_there = false;
    (void)pthread_mutex_lock(&map->lock);
    for (unsigned i = 0; i < map->count; i++) {
        is_there = is_there || (map->entries[i].is_option &&
                                strcmp(map->entries[i].name, name) == 0);
    }
    (void)pthread_mutex_unlock(&map->lock);
    return is_there;
}

/* An entry if it fits the patch. */
static bool add_entry(struct fresh *fresh, const char *name, const char *text)
{
    struct cc_setting setting;
    struct failure ignored = {0};
    struct cc_entry entry = {0};
    size_t size = 0;
    FILE *rest = open_memstream(&entry.rest, &size);
    if (rest == NULL) {
        return false;
    }
    bool is_good = cc_json_read(text, &setting, rest);
    is_good =
        fclose(rest) == 0 && is_good && fresh->count < CC_ENTRIES_MAX &&
        cc_entry_resolve(&entry, fresh->map->patch, name, &setting, &ignored);
    entry.name = is_good ? strdup(name) : NULL;
    if (entry.name == NULL) {
        cc_entry_free(&entry);
        return false;
    }
    fresh->entries[fresh->count++] = entry;
    return true;
}

/* Takes 'text'. False: no memory. */
static bool add_stranger(struct fresh *fresh, const char *name, char *text)
{
    struct cc_stranger *larger =
        realloc(fresh->strangers,
                (fresh->stranger_count + 1) * sizeof(*fresh->strangers));
    char *copy = strdup(name);
    fresh->strangers = larger != NULL ? larger : fresh->strangers;
    if (larger == NULL || copy == NULL) {
        free(copy);
        free(text);
        return false;
    }
    fresh->strangers[fresh->stranger_count++] =
        (struct cc_stranger){copy, text};
    return true;
}

static bool has_name(const struct fresh *fresh, const char *name)
{
    bool is_there = false;
    for (unsigned i = 0; i < fresh->count; i++) {
        is_there = is_there || strcmp(fresh->entries[i].name, name) == 0;
    }
    for (size_t i = 0; i < fresh->stranger_count; i++) {
        is_there = is_there || strcmp(fresh->strangers[i].name, name) == 0;
    }
    return is_there;
}

static bool read_all(struct fresh *fresh, struct json_read *read)
{
    enum { MEMBERS_MAX = 4096 };
    char key[NAMES_TEXT_MAX];
    struct json_span span;
    if (!json_read_object(read)) {
        return false;
    }
    while (json_read_key(read, key, sizeof(key))) {
        const size_t key_at = read->key_at;
        if (has_name(fresh, key)) {
            return json_read_fail(read, key_at, "a name that is there twice");
        }
        if (fresh->stranger_count == MEMBERS_MAX) {
            return json_read_fail(read, key_at, "more names than 4096");
        }
        if (!json_read_skip(read, &span)) {
            return false;
        }
        char *text = json_span_flatten(&span);
        bool is_hidden = is_option(fresh->map, key);
        if (text == NULL) {
            return json_read_fail(read, key_at, "out of memory");
        }
        if (!is_hidden && add_entry(fresh, key, text)) {
            free(text);
        } else if (add_stranger(fresh, key, text)) {
            fresh->unfit += !is_hidden;
        } else {
            return json_read_fail(read, key_at, "out of memory");
        }
    }
    return json_read_end(read);
}

static void tell_unfit(struct cc_map *map, size_t unfit)
{
    if (unfit > 0 && !map->options->is_quiet && !map->is_told) {
        map->is_told = true;
        message(PRIORITY_WARNING,
                "cc      %zu of '%s' do not fit this patch: %s%s", unfit,
                map->config.path, map->strangers[0].name,
                map->stranger_count > 1 ? " and others" : "");
    }
}

/* The map gets what is fresh, and 'fresh' what the map had. */
static void exchange(struct cc_map *map, struct fresh *fresh)
{
    struct failure ignored = {0};
    struct cc_stranger *strangers = map->strangers;
    const size_t stranger_count = map->stranger_count;
    unsigned kept = 0;
    (void)pthread_mutex_lock(&map->lock);
    for (unsigned i = 0; i < map->count; i++) {
        if (map->entries[i].is_option) {
            map->entries[kept++] = map->entries[i];
        } else {
            cc_entry_free(&map->entries[i]);
        }
    }
    map->count = kept;
    map->may_pair = false;
    (void)pthread_mutex_unlock(&map->lock);
    for (unsigned i = 0; i < fresh->count; i++) {
        (void)cc_map_put(map, &fresh->entries[i], &ignored);
    }
    fresh->count = 0;
    map->strangers = fresh->strangers;
    map->stranger_count = fresh->stranger_count;
    fresh->strangers = strangers;
    fresh->stranger_count = stranger_count;
}

bool cc_file_refresh(struct cc_map *map, struct failure *failure)
{
    char *text = NULL;
    size_t size = 0;
    struct json_read read;
    struct fresh fresh = {.map = map};
    if (map->is_read && !config_has_changed(&map->config)) {
        return true;
    }
    map->is_read = false;
    if (!config_read(&map->config, what, &text, &size, failure)) {
        return false;
    }
    fresh.entries = calloc(CC_ENTRIES_MAX, sizeof(*fresh.entries));
    json_read_init(&read, text, size);
    bool is_good = fresh.entries != NULL
                       ? text == NULL || read_all(&fresh, &read) ||
                             config_fail(&map->config, &read, failure)
                       : failure_set_memory(failure);
    if (is_good) {
        const size_t unfit = fresh.unfit;
        exchange(map, &fresh);
        tell_unfit(map, unfit);
    }
    map->is_read = is_good;
    free_fresh(&fresh);
    free(text);
    return is_good;
}

static int compare(const void *a, const void *b)
{
    const struct cc_stranger *left = a;
    const struct cc_stranger *right = b;
    return strcmp(left->name, right->name);
}

/* Entries and strangers, by name. */
static bool write_all(struct cc_map *map, struct cc_stranger *lines, FILE *file)
{
    size_t count = 0;
    for (size_t i = 0; i < map->stranger_count; i++) {
        lines[count++] = map->strangers[i];
    }
    for (unsigned i = 0; i < map->count; i++) {
        if (!map->entries[i].is_option) {
            lines[count++] = (struct cc_stranger){map->entries[i].name, NULL};
        }
    }
    qsort(lines, count, sizeof(*lines), compare);
    (void)fputc('{', file);
    for (size_t i = 0; i < count; i++) {
        (void)fputs(i > 0 ? ",\n  " : "\n  ", file);
        print_json_string(lines[i].name, file);
        (void)fputs(": ", file);
        if (lines[i].text != NULL) {
            (void)fputs(lines[i].text, file);
        }
        for (unsigned k = 0; lines[i].text == NULL && k < map->count; k++) {
            if (map->entries[k].name == lines[i].name) {
                cc_json_write(&map->entries[k].setting, map->entries[k].rest,
                              file);
            }
        }
    }
    (void)fputs(count > 0 ? "\n}\n" : "}\n", file);
    return !ferror(file);
}

bool cc_file_write(struct cc_map *map, struct failure *failure)
{
    struct outfile out;
    char *text = NULL;
    size_t size = 0;
    if (!map->is_read && !cc_file_refresh(map, failure)) {
        return false; /* nothing malformed is written over */
    }
    FILE *file = open_memstream(&text, &size);
    struct cc_stranger *lines =
        calloc(map->stranger_count + CC_ENTRIES_MAX, sizeof(*lines));
    bool is_good = false;
    if (file != NULL && lines != NULL) {
        (void)pthread_mutex_lock(&map->lock);
        is_good = write_all(map, lines, file);
        (void)pthread_mutex_unlock(&map->lock);
    }
    is_good = file != NULL && fclose(file) == 0 && is_good;
    free(lines);
    if (!is_good) {
        free(text);
        return failure_set_memory(failure);
    }
    is_good = config_begin(&map->config, what, &out, failure);
    if (is_good) {
        is_good = outfile_write(&out, text, size, failure);
        if (is_good) {
            is_good = config_end(&map->config, &out, failure);
        } else {
            outfile_discard(&out);
        }
    }
    free(text);
    return is_good;
}
