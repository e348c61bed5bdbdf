/* SPDX-License-Identifier: MIT */
/* Declared in control/command.h. */
#include "control/command.h"

#include "common/element.h"
#include "common/number.h"
#include "common/words.h"
#include "control/names.h"

#include <inttypes.h>
#include <string.h>

/* By enum piano_action. */
static const char actions[][8] = {"down", "up", "toggle"};

enum { ACTIONS = sizeof(actions) / sizeof(*actions) };

/* The first piano whose array, or whose number of keys, is called so. */
static const struct f4e_view *find(const struct f4e_patch *patch,
                                   const char *name, struct failure *failure)
{
    struct place place;
    if (!names_find(patch, name, &place, failure)) {
        return NULL;
    }
    for (unsigned i = 0; i < patch->view_count; i++) {
        const struct f4e_view *view = &patch->views[i];
        if (view->kind == F4E_PIANO && place.item != NULL &&
            (place.item == &patch->items[view->item] ||
             place.item == &patch->items[view->count_item])) {
            return view;
        }
    }
    (void)failure_set(failure, STATUS_USAGE, "no piano plays '%s'", name);
    (void)failure_hint(failure, "--views lists what is what");
    return NULL;
}

/* A number that the array can hold. */
static bool parse_key(const char *word, enum f4e_element element, uint8_t *key,
                      struct failure *failure)
{
    double number = 0.0;
    bool is_whole = number_real(word, word + strlen(word), &number) &&
                    number >= INT32_MIN && number <= INT32_MAX &&
                    number == (double)(int32_t)number;
    if (!is_whole || number < element_least(element) ||
        number > element_most(element)) {
        return failure_set(failure, STATUS_USAGE,
                           "'%s' is no number of a key for an array of %s",
                           word, element_type(element));
    }
    element_encode(element, number, key);
    return true;
}

bool command_piano(const struct command_reader *reader, char *rest,
                   uint64_t block, struct event_list *list,
                   struct failure *failure)
{
    const char *name = words_next(&rest);
    const char *number = words_next(&rest);
    const char *word = words_next(&rest);
    uint8_t key[ELEMENT_BYTES_MAX] = {0};
    size_t i = 0;
    while (i < ACTIONS && (word == NULL || strcmp(word, actions[i]) != 0)) {
        i++;
    }
    if (i == ACTIONS) {
        return failure_set(failure, STATUS_USAGE,
                           "piano needs a name, a key and down, up or toggle, "
                           "such as: piano panel:keys 60 down");
    }
    const struct f4e_view *view = find(reader->patch, name, failure);
    if (view == NULL || !parse_key(number, view->element, key, failure) ||
        !words_end(rest, failure)) {
        return false;
    }
    struct change *event =
        event_list_add(list, block, CHANGE_PIANO, 0, failure);
    if (event == NULL) {
        return false;
    }
    event->piano.view = view;
    event->piano.action = (enum piano_action)i;
    memcpy(event->piano.key, key, sizeof(event->piano.key));
    return true;
}
