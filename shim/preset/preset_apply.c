/* SPDX-License-Identifier: MIT */
#include "preset/preset_apply.h"

#include "common/element.h"
#include "control/command.h"
#include "control/element_text.h"
#include "control/names.h"
#include "message/message.h"
#include "panel/param_value.h"

#include <stdlib.h>
#include <string.h>

enum { TOLD_MAX = 5, WORD_BYTES = 2 * ELEMENT_TEXT_MAX };

/* The item that has exactly this name. */
static bool find_item(const struct f4e_patch *patch, const char *name,
                      struct place *place)
{
    struct failure ignored = {0};
    return names_has(patch, name) && names_find(patch, name, place, &ignored) &&
           place->item != NULL;
}

/* {"value": 0.5}, or {"value": [1, 2]} of an array. NULL: no memory. */
static char *format_value(const struct f4e_patch *patch,
                          const struct place *place)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL) {
        return NULL;
    }
    const bool is_list = place->item->is_array;
    (void)fputs(is_list ? "{\"value\": [" : "{\"value\": ", file);
    for (uint32_t i = 0; i < place->count; i++) {
        uint8_t bytes[ELEMENT_BYTES_MAX];
        char word[ELEMENT_TEXT_MAX];
        element_peek(place->element, names_at(patch, place, i), bytes);
        element_text_format_json(place->element, bytes, word);
        (void)fprintf(file, "%s%s", i > 0 ? ", " : "", word);
    }
    (void)fputs(is_list ? "]}" : "}", file);
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static bool capture_item(struct preset *preset, const struct f4e_patch *patch,
                         unsigned item, struct failure *failure)
{
    struct place place;
    const char *name = patch->items[item].name;
    if (!find_item(patch, name, &place) || place.count == 0) {
        return true;
    }
    char *text = format_value(patch, &place);
    bool is_good = text != NULL && preset_put(preset, name, text);
    free(text);
    return is_good ||
           failure_set(failure, STATUS_INTERNAL,
                       "no room for more than %zu variables", preset->count);
}

static bool is_known(const void *context, const char *name)
{
    return names_has(context, name);
}

/* A pattern that is played into: the keys, and how many of them count. What a
 * pointer leads to may be elsewhere in the next build. */
static bool capture_piano(struct preset *preset, const struct f4e_patch *patch,
                          const struct f4e_view *view, struct failure *failure)
{
    return view->kind != F4E_PIANO || view->is_pointee ||
           (capture_item(preset, patch, view->item, failure) &&
            (view->count_item == F4E_NO_ITEM ||
             capture_item(preset, patch, view->count_item, failure)));
}

bool preset_capture(struct preset *preset, const struct f4e_patch *patch,
                    bool is_all, struct failure *failure)
{
    bool is_good = true;
    preset_drop(preset, is_known, patch);
    for (unsigned i = 0; is_good && is_all && i < patch->item_count; i++) {
        is_good = capture_item(preset, patch, i, failure);
    }
    for (unsigned i = 0; is_good && !is_all && i < patch->param_count; i++) {
        const struct f4e_param *param = &patch->params[i];
        is_good = param->kind == F4E_BUTTON ||
                  (capture_item(preset, patch, param->item, failure) &&
                   (param->kind != F4E_CROSSFADE ||
                    capture_item(preset, patch, param->item2, failure)));
    }
    for (unsigned i = 0; is_good && !is_all && i < patch->view_count; i++) {
        is_good = capture_piano(preset, patch, &patch->views[i], failure);
    }
    return is_good;
}

/* A number, or a string for what JSON has no number for, as words have it. */
static bool read_word(struct json_read *read, char text[WORD_BYTES])
{
    struct json_span span;
    if (json_read_type(read) == JSON_STRING) {
        return json_read_string(read, text, WORD_BYTES);
    }
    if (!json_read_number(read, &span) || span.length >= WORD_BYTES) {
        return false;
    }
    memcpy(text, span.start, span.length);
    text[span.length] = '\0';
    return true;
}

/* One element, or as many as the array has at most. */
static bool read_elements(struct json_read *read, const struct place *place,
                          uint8_t *bytes, uint32_t *count)
{
    char text[WORD_BYTES];
    struct failure ignored = {0};
    const unsigned size = element_bytes(place->element);
    bool is_list = json_read_type(read) == JSON_ARRAY;
    *count = 0;
    if (is_list != place->item->is_array ||
        (is_list && !json_read_array(read))) {
        return false;
    }
    do {
        if (is_list && !json_read_item(read)) {
            break;
        }
        if (*count == place->count || !read_word(read, text) ||
            !element_text_parse(place->element, false, text,
                                bytes + (size_t)*count * size, &ignored)) {
            return false;
        }
        ++*count;
    } while (is_list);
    return read->error == NULL && *count > 0;
}

/* Whether "value" is there and fits; other members do not matter. */
static bool read_value(const char *text, const struct place *place,
                       uint8_t *bytes, uint32_t *count)
{
    char key[PRESET_NAME_BYTES];
    struct json_read read;
    struct json_span span;
    bool is_found = false;
    json_read_init(&read, text, strlen(text));
    if (!json_read_object(&read)) {
        return false;
    }
    while (json_read_key(&read, key, sizeof(key))) {
        if (strcmp(key, "value") == 0 && !is_found) {
            is_found = read_elements(&read, place, bytes, count);
            if (!is_found) {
                return false;
            }
        } else if (!json_read_skip(&read, &span)) {
            return false;
        }
    }
    return is_found && read.error == NULL;
}

enum outcome { DONE, UNFIT, NO_MEMORY };

static enum outcome apply_value(const struct f4e_patch *patch,
                                const struct preset_value *value,
                                uint32_t blocks, uint64_t block,
                                struct event_list *list,
                                struct failure *failure)
{
    struct place place;
    uint32_t count = 0;
    if (!find_item(patch, value->name, &place)) {
        return UNFIT;
    }
    const size_t size = element_bytes(place.element);
    uint8_t *bytes = calloc((size_t)place.count + 1, size);
    if (bytes == NULL) {
        (void)failure_set_memory(failure);
        return NO_MEMORY;
    }
    enum outcome outcome = UNFIT;
    if (read_value(value->text, &place, bytes, &count)) {
        struct change *event =
            event_list_add(list, block, CHANGE_WRITE, count * size, failure);
        outcome = NO_MEMORY;
        if (event != NULL) {
            memcpy(list->payloads[list->count - 1], bytes, count * size);
            event->write.memory = place.memory;
            event->write.address = place.address;
            event->write.size = (uint32_t)(count * size);
            outcome =
                !param_moves_item(patch,
                                  (unsigned)(place.item - patch->items)) ||
                        command_move(event, place.element, blocks, failure)
                    ? DONE
                    : NO_MEMORY;
        }
    }
    free(bytes);
    return outcome;
}

/* "preset  'soft': gone:x, gone:y and 3 more do not fit this patch" */
static void tell(const struct preset *preset, const char *const *names,
                 unsigned count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL) {
        return;
    }
    for (unsigned i = 0; i < count && i < TOLD_MAX; i++) {
        (void)fprintf(file, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    if (count > TOLD_MAX) {
        (void)fprintf(file, " and %u more", count - TOLD_MAX);
    }
    if (fclose(file) == 0) {
        message(PRIORITY_WARNING, "preset  '%s': %s %s this patch",
                preset->name, text, count == 1 ? "does not fit" : "do not fit");
    }
    free(text);
}

bool preset_apply(struct preset *preset, const struct f4e_patch *patch,
                  uint32_t blocks, uint64_t block, struct event_list *list,
                  bool is_quiet, struct failure *failure)
{
    const char *names[TOLD_MAX] = {0};
    unsigned unfit = 0;
    for (size_t i = 0; i < preset->count; i++) {
        switch (apply_value(patch, &preset->values[i], blocks, block, list,
                            failure)) {
        case NO_MEMORY:
            return false;
        case UNFIT:
            if (unfit < TOLD_MAX) {
                names[unfit] = preset->values[i].name;
            }
            unfit++;
            break;
        case DONE:
            break;
        }
    }
    if (unfit > 0 && !is_quiet && !preset->is_told) {
        preset->is_told = true;
        tell(preset, names, unfit);
    }
    return true;
}
