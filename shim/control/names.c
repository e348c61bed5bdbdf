/* SPDX-License-Identifier: MIT */
#include "control/names.h"

#include "common/element.h"
#include "common/nearest.h"
#include "common/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What the first slider of an item writes is what the program reads. */
static bool is_float_bits(const struct f4e_patch *patch, unsigned item)
{
    for (unsigned i = 0; i < patch->param_count; i++) {
        if (patch->params[i].item == item) {
            return patch->params[i].is_float_bits;
        }
    }
    return false;
}

struct place names_place(const struct f4e_patch *patch, unsigned item)
{
    const struct f4e_item *found = &patch->items[item];
    return (struct place){
        .item = found,
        .element = !found->is_array && is_float_bits(patch, item)
                       ? F4E_F32
                       : found->element,
        .memory = found->memory,
        .address = found->address,
        .count = found->count,
        .is_one = !found->is_array,
    };
}

struct place names_at_address(const struct f4e_patch *patch, uint32_t memory,
                              uint32_t address)
{
    for (unsigned i = 0; i < patch->item_count; i++) {
        const struct f4e_item *item = &patch->items[i];
        uint32_t offset = address - item->address;
        unsigned bytes = element_bytes(item->element);
        if (item->memory == memory && address >= item->address &&
            offset < item->count * (uint64_t)bytes) {
            struct place place = names_place(patch, i);
            place.first = offset / bytes;
            place.address += place.first * bytes;
            place.count -= place.first;
            place.is_one = true;
            return place;
        }
    }
    return (struct place){.element = F4E_I32,
                          .memory = memory,
                          .address = address,
                          .count = 1,
                          .is_one = true};
}

/* 'length' characters of 'name' are the item's name, or its part after ':'. */
static bool is_named(const struct f4e_item *item, const char *name,
                     size_t length, bool is_bare)
{
    const char *own = item->name;
    const char *colon = strchr(own, ':');
    if (is_bare && colon != NULL) {
        own = colon + 1;
    }
    return strncmp(own, name, length) == 0 && own[length] == '\0';
}

/* How many items are called so; '*item' is the first of them. */
static unsigned find_items(const struct f4e_patch *patch, const char *name,
                           size_t length, bool is_bare, unsigned *item)
{
    unsigned found = 0;
    for (unsigned i = 0; i < patch->item_count; i++) {
        if (is_named(&patch->items[i], name, length, is_bare) && found++ == 0) {
            *item = i;
        }
    }
    return found;
}

bool names_has(const struct f4e_patch *patch, const char *name)
{
    unsigned item;
    return find_items(patch, name, strlen(name), false, &item) > 0;
}

static bool fail_ambiguous(const struct f4e_patch *patch, const char *name,
                           size_t length, struct failure *failure)
{
    enum { SHOWN = 6 };
    char all[256] = "";
    unsigned count = 0;
    for (unsigned i = 0; i < patch->item_count; i++) {
        size_t used = strlen(all);
        if (!is_named(&patch->items[i], name, length, true)) {
            continue;
        }
        if (count < SHOWN) {
            (void)snprintf(all + used, sizeof(all) - used, "%s%s",
                           count > 0 ? ", " : "", patch->items[i].name);
        }
        count++;
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "%u variables are called '%.*s': %s%s", count,
                      (int)length, name, all, count > SHOWN ? ", ..." : "");
    return false;
}

static bool fail_unknown(const struct f4e_patch *patch, const char *name,
                         size_t length, struct failure *failure)
{
    char word[128];
    const char *nearest = NULL;
    (void)snprintf(word, sizeof(word), "%.*s", (int)length, name);
    (void)failure_set(failure, STATUS_USAGE,
                      patch->item_count > 0
                          ? "the patch has no variable '%s'"
                          : "'%s': the patch has no variables with names",
                      word);
    if (patch->item_count == 0) {
        return failure_hint(failure, "f4e-build patch.wasm --project "
                                     "patch.8f4e, or an address: @0x1c:f32");
    }
    size_t least = nearest_limit(word) + 1;
    bool is_bare = strchr(word, ':') == NULL;
    for (unsigned i = 0; i < patch->item_count; i++) {
        const char *own = patch->items[i].name;
        const char *colon = strchr(own, ':');
        const char *compared = is_bare && colon != NULL ? colon + 1 : own;
        size_t edits = nearest_distance(word, compared);
        if (edits < least) {
            least = edits;
            nearest = own;
        }
    }
    return nearest != NULL ? failure_hint(failure, "did you mean %s?", nearest)
                           : failure_hint(failure, "--list shows all names");
}

/* "@0x1c:f32", "@scratch:0x1c:f32" or "@1:28:f32". */
static bool find_address(const struct f4e_patch *patch, const char *name,
                         struct place *place, struct failure *failure)
{
    const char *type = strrchr(name, ':');
    const char *address = name + 1;
    uint64_t number = 0;
    *place = (struct place){.is_one = true};
    const char *colon = strchr(address, ':');
    if (colon != NULL && colon != type) {
        uint64_t index;
        if (!number_whole(address, colon, NUMBER_HEX, &index)) {
            index = UINT64_MAX;
        }
        size_t length = (size_t)(colon - address);
        for (unsigned i = 0; i < patch->memory_count; i++) {
            const char *own = patch->memories[i].name;
            if (strncmp(own, address, length) == 0 && own[length] == '\0') {
                index = i;
            }
        }
        if (index >= patch->memory_count) {
            return failure_set(failure, STATUS_USAGE,
                               "the patch has no memory '%.*s'", (int)length,
                               address);
        }
        place->memory = (uint32_t)index;
        address = colon + 1;
    }
    if (type == NULL || !element_from_code(type + 1, &place->element) ||
        !number_whole(address, type, NUMBER_HEX, &number)) {
        return failure_set(failure, STATUS_USAGE,
                           "'%s' is not like @0x1c:f32, an address and one of "
                           "i8, u8, i16, u16, i32, i64, f32 and f64",
                           name);
    }
    uint64_t bytes = place->memory < patch->memory_count
                         ? patch->memories[place->memory].bytes
                         : 0;
    unsigned size = element_bytes(place->element);
    if (number >= bytes || size > bytes - number) {
        return failure_set(
            failure, STATUS_USAGE,
            "address %.*s lies outside memory, which has %" PRIu64 " bytes",
            (int)(type - address), address, bytes);
    }
    place->address = (uint32_t)number;
    uint64_t count = (bytes - number) / size;
    place->count = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
    return true;
}

/* "[n]" at the end of a name; its length without that, or 0. */
static size_t split_index(const char *name, uint64_t *index)
{
    size_t length = strlen(name);
    const char *open = strrchr(name, '[');
    return open != NULL && open > name && name[length - 1] == ']' &&
                   number_whole(open + 1, name + length - 1, NUMBER_HEX, index)
               ? (size_t)(open - name)
               : 0;
}

/* The one item called so, fully or in part. */
static bool find_item(const struct f4e_patch *patch, const char *name,
                      size_t length, unsigned *item, struct failure *failure)
{
    if (find_items(patch, name, length, false, item) > 0) {
        return true;
    }
    unsigned bare = find_items(patch, name, length, true, item);
    return bare == 1  ? true
           : bare > 1 ? fail_ambiguous(patch, name, length, failure)
                      : fail_unknown(patch, name, length, failure);
}

bool names_find(const struct f4e_patch *patch, const char *name,
                struct place *place, struct failure *failure)
{
    uint64_t index = 0;
    size_t length = strlen(name);
    size_t head = split_index(name, &index);
    unsigned item = 0;
    if (*name == '@') {
        return find_address(patch, name, place, failure);
    }
    bool is_indexed = head > 0 && !names_has(patch, name);
    if (!find_item(patch, name, is_indexed ? head : length, &item, failure)) {
        return false;
    }
    *place = names_place(patch, item);
    if (!is_indexed) {
        return true;
    }
    if (index >= place->count) {
        return failure_set(failure, STATUS_USAGE,
                           "%s has %" PRIu32 " elements, the first is %s[0]",
                           place->item->name, place->count, place->item->name);
    }
    if (index == 0 && is_float_bits(patch, item)) {
        /* A widget has the first element, and that alone. */
        place->element = F4E_F32;
        place->count = 1;
    }
    place->first = (uint32_t)index;
    place->count -= place->first;
    place->address += place->first * element_bytes(place->element);
    place->is_one = true;
    return true;
}

void names_format(const struct f4e_patch *patch, const struct place *place,
                  char *text, size_t size)
{
    if (place->item == NULL) {
        (void)snprintf(text, size, "@%s%s0x%" PRIx32 ":%s",
                       place->memory > 0 ? patch->memories[place->memory].name
                                         : "",
                       place->memory > 0 ? ":" : "", place->address,
                       element_code(place->element));
    } else if (place->is_one && place->item->is_array) {
        (void)snprintf(text, size, "%s[%" PRIu32 "]", place->item->name,
                       place->first);
    } else {
        (void)snprintf(text, size, "%s", place->item->name);
    }
}

static bool is_same(const struct place *a, const struct place *b)
{
    return a->item == b->item && a->element == b->element &&
           a->memory == b->memory && a->address == b->address &&
           a->is_one == b->is_one;
}

bool names_add(struct place **places, unsigned *count,
               const struct place *place, struct failure *failure)
{
    for (unsigned i = 0; i < *count; i++) {
        if (is_same(&(*places)[i], place)) {
            return true;
        }
    }
    if (*count == NAMES_ADDED_MAX) {
        return failure_set(failure, STATUS_USAGE, "more than %d names",
                           NAMES_ADDED_MAX);
    }
    if (*count % 16 == 0) {
        struct place *more = realloc(*places, (*count + 16) * sizeof(*more));
        if (more == NULL) {
            return failure_set_memory(failure);
        }
        *places = more;
    }
    (*places)[(*count)++] = *place;
    return true;
}

const uint8_t *names_at(const struct f4e_patch *patch,
                        const struct place *place, uint32_t n)
{
    return patch->memories[place->memory].data + place->address +
           (size_t)n * element_bytes(place->element);
}
