/* SPDX-License-Identifier: MIT */
/* Declared in control/command.h. */
#include "control/command.h"

#include "common/key_codes.h"
#include "common/number.h"
#include "common/words.h"
#include "optional.h"
#include "rt/keyboard.h"

#include <string.h>

F4E_OPTIONAL(key_from_name);

static const struct {
    char name[5];
    enum keyboard_action action;
} actions[] = {
    {"down", KEYBOARD_DOWN}, {"up", KEYBOARD_UP}, {"blur", KEYBOARD_BLUR}};

/* "KeyA", "4" or "0x04". */
static bool parse_key(const char *word, unsigned *key, struct failure *failure)
{
    uint64_t number = 0;
    if (key_from_name(word, key)) {
        return true;
    }
    if (!number_in_range(word, NUMBER_HEX, 0, KEYBOARD_KEYS - 1, &number)) {
        (void)failure_set(failure, STATUS_USAGE, "no key is called '%s'", word);
        return failure_hint(failure,
                            "names such as KeyA, Digit1, Space or "
                            "ArrowUp, or numbers below %d",
                            KEYBOARD_KEYS);
    }
    *key = (unsigned)number;
    return true;
}

bool command_key(const struct command_reader *reader, char *rest,
                 uint64_t block, struct event_list *list,
                 struct failure *failure)
{
    const struct f4e_keyboard *places = &reader->patch->keyboard;
    const char *word = words_next(&rest);
    size_t i = 0;
    unsigned key = 0;
    while (i < sizeof(actions) / sizeof(*actions) &&
           (word == NULL || strcmp(word, actions[i].name) != 0)) {
        i++;
    }
    if (i == sizeof(actions) / sizeof(*actions)) {
        return failure_set(failure, STATUS_USAGE,
                           "key needs down, up or blur, such as: key down "
                           "KeyA");
    }
    if (places->code_address == 0 && places->pressed_address == 0) {
        return failure_set(failure, STATUS_USAGE,
                           "the patch has no memory for keys");
    }
    if (actions[i].action != KEYBOARD_BLUR) {
        word = words_next(&rest);
        if (word == NULL) {
            return failure_set(failure, STATUS_USAGE, "key %s needs a key",
                               actions[i].name);
        }
        if (!parse_key(word, &key, failure)) {
            return false;
        }
    }
    if (!words_end(rest, failure)) {
        return false;
    }
    struct change *event = event_list_add(list, block, CHANGE_KEY, 0, failure);
    if (event == NULL) {
        return false;
    }
    event->key.action = (uint8_t)actions[i].action;
    event->key.key = (uint8_t)key;
    return true;
}
