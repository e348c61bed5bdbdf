/* SPDX-License-Identifier: MIT */
#include "preset/preset_list.h"

#include "common/print.h"

#include <stdlib.h>
#include <string.h>

/* Where a preset of this name is, or would be. */
static size_t find_preset(const struct preset_list *list, const char *name,
                          bool *is_there)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(list->presets[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *is_there = low < list->count && strcmp(list->presets[low].name, name) == 0;
    return low;
}

/* The same for a value. */
static size_t find_value(const struct preset *preset, const char *name,
                         bool *is_there)
{
    size_t low = 0;
    size_t high = preset->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(preset->values[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *is_there =
        low < preset->count && strcmp(preset->values[low].name, name) == 0;
    return low;
}

/* Room for one more. */
static bool grow_list(struct preset_list *list)
{
    const size_t larger = list->capacity * 2 + 8;
    if (list->presets != NULL && list->count < list->capacity) {
        return true;
    }
    struct preset *moved =
        realloc(list->presets, larger * sizeof(*list->presets));
    if (moved == NULL) {
        return false;
    }
    list->presets = moved;
    list->capacity = larger;
    return true;
}

static bool grow_preset(struct preset *preset)
{
    const size_t larger = preset->capacity * 2 + 8;
    if (preset->values != NULL && preset->count < preset->capacity) {
        return true;
    }
    struct preset_value *moved =
        realloc(preset->values, larger * sizeof(*preset->values));
    if (moved == NULL) {
        return false;
    }
    preset->values = moved;
    preset->capacity = larger;
    return true;
}

static void free_values(struct preset *preset)
{
    for (size_t i = 0; i < preset->count; i++) {
        free(preset->values[i].name);
        free(preset->values[i].text);
    }
    free(preset->values);
    free(preset->name);
}

struct preset *preset_list_find(const struct preset_list *list,
                                const char *name)
{
    bool is_there;
    const size_t at = find_preset(list, name, &is_there);
    return is_there ? &list->presets[at] : NULL;
}

struct preset *preset_list_make(struct preset_list *list, const char *name)
{
    bool is_there;
    const size_t at = find_preset(list, name, &is_there);
    if (is_there) {
        return &list->presets[at];
    }
    char *copy = list->count < PRESETS_MAX ? strdup(name) : NULL;
    if (copy == NULL || !grow_list(list)) {
        free(copy);
        return NULL;
    }
    memmove(&list->presets[at + 1], &list->presets[at],
            (list->count - at) * sizeof(*list->presets));
    list->count++;
    list->presets[at] = (struct preset){.name = copy};
    return &list->presets[at];
}

void preset_list_remove(struct preset_list *list, struct preset *preset)
{
    const size_t at = (size_t)(preset - list->presets);
    free_values(preset);
    list->count--;
    memmove(preset, preset + 1, (list->count - at) * sizeof(*preset));
}

bool preset_put(struct preset *preset, const char *name, const char *text)
{
    bool is_there;
    const size_t at = find_value(preset, name, &is_there);
    char *text_copy = strdup(text);
    if (text_copy == NULL) {
        return false;
    }
    struct preset_value *old = is_there ? &preset->values[at] : NULL;
    if (old != NULL) {
        free(old->text);
        old->text = text_copy;
        return true;
    }
    char *name_copy = preset->count < PRESET_VALUES_MAX ? strdup(name) : NULL;
    if (name_copy == NULL || !grow_preset(preset)) {
        free(name_copy);
        free(text_copy);
        return false;
    }
    memmove(&preset->values[at + 1], &preset->values[at],
            (preset->count - at) * sizeof(*preset->values));
    preset->count++;
    preset->values[at] = (struct preset_value){name_copy, text_copy};
    return true;
}

void preset_drop(struct preset *preset,
                 bool (*is_wanted)(const void *context, const char *name),
                 const void *context)
{
    size_t kept = 0;
    for (size_t i = 0; i < preset->count; i++) {
        struct preset_value *value = &preset->values[i];
        if (is_wanted(context, value->name)) {
            free(value->name);
            free(value->text);
        } else {
            preset->values[kept++] = *value;
        }
    }
    preset->count = kept;
}

static bool read_value(struct preset *preset, const char *name,
                       struct json_read *read)
{
    struct json_span span;
    bool is_there;
    const size_t key_at = read->key_at;
    (void)find_value(preset, name, &is_there);
    if (is_there) {
        return json_read_fail(read, key_at, "a variable that is there twice");
    }
    if (!json_read_skip(read, &span)) {
        return false;
    }
    char *text = json_span_flatten(&span);
    bool is_good = text != NULL && preset_put(preset, name, text);
    free(text);
    return is_good ||
           json_read_fail(read, key_at,
                          "more variables than a preset can hold, 16384");
}

static bool read_preset(struct preset_list *list, const char *name,
                        struct json_read *read)
{
    char key[PRESET_NAME_BYTES];
    if (preset_list_find(list, name) != NULL) {
        return json_read_fail(read, read->key_at,
                              "a preset that is there twice");
    }
    struct preset *preset = preset_list_make(list, name);
    if (preset == NULL) {
        return json_read_fail(read, read->key_at, "more presets than 4096");
    }
    if (!json_read_object(read)) {
        return false;
    }
    while (json_read_key(read, key, sizeof(key)) &&
           read_value(preset, key, read)) {
    }
    return read->error == NULL;
}

bool preset_list_read(struct preset_list *list, struct json_read *read)
{
    char key[PRESET_NAME_BYTES];
    if (!json_read_object(read)) {
        return false;
    }
    while (json_read_key(read, key, sizeof(key)) &&
           read_preset(list, key, read)) {
    }
    return json_read_end(read);
}

void preset_list_write(const struct preset_list *list, FILE *file)
{
    (void)fputc('{', file);
    for (size_t i = 0; i < list->count; i++) {
        const struct preset *preset = &list->presets[i];
        (void)fputs(i > 0 ? ",\n  " : "\n  ", file);
        print_json_string(preset->name, file);
        (void)fputs(": {", file);
        for (size_t k = 0; k < preset->count; k++) {
            (void)fputs(k > 0 ? ",\n    " : "\n    ", file);
            print_json_string(preset->values[k].name, file);
            (void)fprintf(file, ": %s", preset->values[k].text);
        }
        (void)fputs(preset->count > 0 ? "\n  }" : "}", file);
    }
    (void)fputs(list->count > 0 ? "\n}\n" : "}\n", file);
}

void preset_list_free(struct preset_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free_values(&list->presets[i]);
    }
    free(list->presets);
    *list = (struct preset_list){0};
}
