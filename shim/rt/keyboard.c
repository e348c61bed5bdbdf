/* SPDX-License-Identifier: MIT */
#include "rt/keyboard.h"

static void release(struct keyboard *keyboard, unsigned key)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < keyboard->count; i++) {
        if (keyboard->held[i] != key) {
            keyboard->held[kept++] = keyboard->held[i];
        }
    }
    keyboard->count = kept;
}

struct keyboard_view keyboard_act(struct keyboard *keyboard,
                                  enum keyboard_action action, unsigned key)
{
    release(keyboard, key);
    if (action == KEYBOARD_BLUR) {
        keyboard->count = 0;
    } else if (action == KEYBOARD_DOWN) {
        keyboard->held[keyboard->count++] = (unsigned char)key;
    }
    bool is_down = keyboard->count > 0;
    return (struct keyboard_view){
        .has_code = is_down,
        .code = is_down ? keyboard->held[keyboard->count - 1] : 0,
        .pressed = is_down,
    };
}
