/* SPDX-License-Identifier: MIT */
#include "check_presets.h"

#include "cc/cc_json.h"
#include "preset/preset_list.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The list as a text. free() it. */
static char *write_list(const struct preset_list *list)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL) {
        abort();
    }
    preset_list_write(list, file);
    if (fclose(file) != 0) {
        abort();
    }
    return text;
}

static bool is_sorted(const struct preset_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct preset *preset = &list->presets[i];
        if (i > 0 && strcmp(preset[-1].name, preset->name) >= 0) {
            return false;
        }
        for (size_t k = 1; k < preset->count; k++) {
            if (strcmp(preset->values[k - 1].name, preset->values[k].name) >=
                0) {
                return false;
            }
        }
    }
    return true;
}

static bool is_json(const char *text, size_t size)
{
    cJSON *json = cJSON_ParseWithLength(text, size);
    cJSON_Delete(json);
    return json != NULL;
}

/* Written and read again it is the same. */
static bool comes_back(const struct preset_list *list)
{
    struct preset_list again = {0};
    struct json_read read;
    char *text = write_list(list);
    json_read_init(&read, text, strlen(text));
    bool is_same =
        preset_list_read(&again, &read) && is_json(text, strlen(text));
    char *second = is_same ? write_list(&again) : NULL;
    is_same = is_same && strcmp(text, second) == 0;
    preset_list_free(&again);
    free(text);
    free(second);
    return is_same;
}

/* A setting that is accepted is one that can be written and read again. */
static bool check_setting(const char *text)
{
    char *texts[4] = {NULL};
    size_t sizes[4];
    FILE *files[4];
    struct cc_setting settings[2];
    bool is_good = true;
    for (unsigned i = 0; i < 4; i++) {
        files[i] = open_memstream(&texts[i], &sizes[i]);
    }
    if (cc_json_read(text, &settings[0], files[0])) {
        (void)fflush(files[0]);
        cc_json_write(&settings[0], texts[0], files[1]);
        (void)fflush(files[1]);
        is_good = cc_json_read(texts[1], &settings[1], files[2]);
        (void)fflush(files[2]);
        cc_json_write(&settings[1], texts[2], files[3]);
        (void)fflush(files[3]);
        is_good = is_good && strcmp(texts[1], texts[3]) == 0;
    }
    for (unsigned i = 0; i < 4; i++) {
        (void)fclose(files[i]);
        free(texts[i]);
    }
    return is_good;
}

static bool check_list(const struct preset_list *list, const char **why)
{
    *why = "names out of order or there twice";
    if (!is_sorted(list)) {
        return false;
    }
    *why = "another text when it was written and read";
    if (!comes_back(list)) {
        return false;
    }
    *why = "a setting that is another when it was written and read";
    for (size_t i = 0; i < list->count; i++) {
        for (size_t k = 0; k < list->presets[i].count; k++) {
            if (!check_setting(list->presets[i].values[k].text)) {
                return false;
            }
        }
    }
    return true;
}

enum mutate_result check_presets(const uint8_t *bytes, size_t size,
                                 struct arena *arena, const char **why)
{
    struct preset_list list = {0};
    struct json_read read;
    unsigned line = 0;
    unsigned column = 0;
    unsigned lines = 1;
    (void)arena;
    /* Memory of this very size: a sanitizer sees a read behind it. */
    char *text = malloc(size > 0 ? size : 1);
    memcpy(text, bytes, size);
    for (size_t i = 0; i < size; i++) {
        lines += text[i] == '\n';
    }
    json_read_init(&read, text, size);
    bool is_read = preset_list_read(&list, &read);
    json_read_locate(&read, &line, &column);
    *why = "a cursor behind the end, or no reason, or a line that is not there";
    bool is_good = read.at <= size && is_read == (read.error == NULL) &&
                   read.error_at <= size && line <= lines && column > 0;
    if (is_good && is_read) {
        *why = "something that another reader does not take for JSON";
        is_good = is_json(text, size) && check_list(&list, why);
    }
    preset_list_free(&list);
    free(text);
    return !is_good  ? MUTATE_BROKEN
           : is_read ? MUTATE_ACCEPTED
                     : MUTATE_REJECTED;
}
