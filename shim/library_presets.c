/* SPDX-License-Identifier: MIT */
/*
 * Presets of a patch as a library: api.c includes this file behind library.c.
 * They are text of the host's; nothing is allocated. Reading goes twice over a
 * value: once to see whether all of it fits.
 */
#include "config/json_read.h"
#include "control/element_text.h"
#include "panel/param_value.h"

enum { LIBRARY_NAME_BYTES = 1040 };

/* Text in the caller's memory, cut off where that ends. */
struct library_text {
    char *bytes;
    size_t room;
    size_t length; /* of all of it */
};

static void library_put(struct library_text *text, const char *more)
{
    for (; *more != '\0'; more++, text->length++) {
        if (text->length + 1 < text->room) {
            text->bytes[text->length] = *more;
        }
    }
}

static void library_put_string(struct library_text *text, const char *name)
{
    library_put(text, "\"");
    for (; *name != '\0'; name++) {
        char letter[8];
        const unsigned char byte = (unsigned char)*name;
        (void)snprintf(letter, sizeof(letter),
                       byte < 0x20                   ? "\\u%04x"
                       : byte == '"' || byte == '\\' ? "\\%c"
                                                     : "%c",
                       byte);
        library_put(text, letter);
    }
    library_put(text, "\"");
}

/* Whether it is a player's: a control that stays where it is, or a piano. */
static bool library_is_kept(unsigned item)
{
    for (unsigned i = 0; i < f4e_patch.param_count; i++) {
        const struct f4e_param *param = &f4e_patch.params[i];
        if (param->kind != F4E_BUTTON &&
            (param->item == item ||
             (param->kind == F4E_CROSSFADE && param->item2 == item))) {
            return true;
        }
    }
    for (unsigned i = 0; i < f4e_patch.view_count; i++) {
        const struct f4e_view *view = &f4e_patch.views[i];
        if (view->kind == F4E_PIANO && !view->is_pointee &&
            (view->item == item || view->count_item == item)) {
            return true;
        }
    }
    return false;
}

static void library_put_value(struct library_text *text,
                              const struct f4e_item *item)
{
    const uint8_t *at = f4e_patch.memories[item->memory].data + item->address;
    library_put(text, item->is_array ? "{\"value\": [" : "{\"value\": ");
    for (uint32_t i = 0; i < item->count; i++) {
        char word[ELEMENT_TEXT_MAX];
        element_text_format_json(item->element, at, word);
        library_put(text, i > 0 ? ", " : "");
        library_put(text, word);
        at += element_bytes(item->element);
    }
    library_put(text, item->is_array ? "]}" : "}");
}

size_t LIBRARY(preset_save)(const struct LIBRARY_PATCH *patch, bool is_all,
                            char *text, size_t room)
{
    struct library_text preset = {text, room, 0};
    const char *before = "{";
    (void)patch;
    for (unsigned i = 0; i < f4e_patch.item_count; i++) {
        const struct f4e_item *item = &f4e_patch.items[i];
        if (item->count > 0 && (is_all || library_is_kept(i))) {
            library_put(&preset, before);
            library_put_string(&preset, item->name);
            library_put(&preset, ": ");
            library_put_value(&preset, item);
            before = ",\n ";
        }
    }
    library_put(&preset, *before == '{' ? "{}" : "}");
    if (room > 0) {
        text[preset.length < room ? preset.length : room - 1] = '\0';
    }
    return preset.length;
}

/* One element as JSON has it: a number, or a string for what is none. */
static bool library_read_element(struct json_read *read,
                                 enum f4e_element element, uint8_t *bytes)
{
    char word[64];
    struct json_span span;
    struct failure ignored = {0};
    if (json_read_type(read) == JSON_STRING) {
        if (!json_read_string(read, word, sizeof(word))) {
            return false;
        }
    } else if (json_read_number(read, &span) && span.length < sizeof(word)) {
        memcpy(word, span.start, span.length);
        word[span.length] = '\0';
    } else {
        return false;
    }
    return element_text_parse(element, false, word, bytes, &ignored);
}

/* Where the value of a variable stands in the text, and what it goes to. */
struct library_value {
    struct json_span text;
    const struct f4e_item *item;
    uint32_t blocks; /* until it is there */
};

/* Read the elements, and with a 'patch' write them. */
static bool library_take_elements(const struct library_value *value,
                                  struct LIBRARY_PATCH *patch)
{
    const struct f4e_item *item = value->item;
    const unsigned size = element_bytes(item->element);
    struct json_read read;
    uint32_t count = 0;
    json_read_init(&read, value->text.start, value->text.length);
    if (item->is_array && !json_read_array(&read)) {
        return false;
    }
    while (!item->is_array || json_read_item(&read)) {
        uint8_t bytes[ELEMENT_BYTES_MAX];
        if (count == item->count ||
            !library_read_element(&read, item->element, bytes)) {
            return false;
        }
        const struct change change = {
            .kind = value->blocks > 1 ? CHANGE_RAMP : CHANGE_WRITE,
            .element = item->element,
            .blocks = value->blocks,
            .write = {.memory = item->memory,
                      .address = item->address + count * size,
                      .size = size,
                      .bytes = bytes}};
        if (patch != NULL) {
            (void)engine_change(&patch->engine, &change);
        }
        count++;
        if (!item->is_array) {
            break;
        }
    }
    return read.error == NULL && count > 0;
}

/* The "value" of the object that comes next; its other members do not matter.
 */
static bool library_read_value(struct json_read *read, struct json_span *text)
{
    char key[LIBRARY_NAME_BYTES];
    struct json_span span;
    bool is_found = false;
    if (json_read_type(read) != JSON_OBJECT) {
        (void)json_read_skip(read, &span);
        return false;
    }
    (void)json_read_object(read);
    while (json_read_key(read, key, sizeof(key))) {
        if (!json_read_skip(read, &span)) {
            return false;
        }
        if (!is_found && strcmp(key, "value") == 0) {
            *text = span;
            is_found = true;
        }
    }
    return is_found;
}

/* Is the text JSON, to its end? Then 'read' is at its beginning. */
static bool library_open(struct json_read *read, const char *text)
{
    struct json_span all;
    json_read_init(read, text, strlen(text));
    bool is_good = json_read_skip(read, &all) && json_read_end(read);
    json_read_init(read, text, strlen(text));
    return is_good && json_read_type(read) == JSON_OBJECT;
}

/* Enter the preset of that name; NULL: the text is one preset. */
static bool library_enter(struct json_read *read, const char *name)
{
    char key[LIBRARY_NAME_BYTES];
    struct json_span span;
    (void)json_read_object(read);
    if (name == NULL) {
        return true;
    }
    while (json_read_key(read, key, sizeof(key))) {
        if (strcmp(key, name) == 0) {
            return json_read_type(read) == JSON_OBJECT &&
                   json_read_object(read);
        }
        if (!json_read_skip(read, &span)) {
            return false;
        }
    }
    return false;
}

/* The item of exactly this name, or none. */
static const struct f4e_item *library_item_called(const char *name,
                                                  unsigned *index)
{
    for (*index = 0; *index < f4e_patch.item_count; ++*index) {
        if (strcmp(f4e_patch.items[*index].name, name) == 0) {
            return &f4e_patch.items[*index];
        }
    }
    return NULL;
}

int LIBRARY(preset_load)(struct LIBRARY_PATCH *patch, const char *text,
                         const char *name, uint32_t blocks)
{
    char key[LIBRARY_NAME_BYTES];
    struct json_read read;
    int count = 0;
    if (!library_open(&read, text) || !library_enter(&read, name)) {
        return -1;
    }
    while (json_read_key(&read, key, sizeof(key))) {
        unsigned index;
        struct library_value value = {.item = library_item_called(key, &index)};
        if (library_read_value(&read, &value.text) && value.item != NULL &&
            library_take_elements(&value, NULL)) {
            value.blocks = param_moves_item(&f4e_patch, index) ? blocks : 0;
            count += library_take_elements(&value, patch);
        }
    }
    return count;
}

int LIBRARY(preset_name)(const char *text, unsigned preset, char *name,
                         size_t room)
{
    char key[LIBRARY_NAME_BYTES];
    struct json_read read;
    unsigned count = 0;
    if (room > 0) {
        name[0] = '\0';
    }
    if (!library_open(&read, text)) {
        return -1;
    }
    (void)json_read_object(&read);
    while (json_read_key(&read, key, sizeof(key))) {
        struct json_span span;
        if (count++ == preset && room > 0) {
            (void)snprintf(name, room, "%s", key);
        }
        (void)json_read_skip(&read, &span);
    }
    return read.error == NULL ? (int)count : -1;
}
