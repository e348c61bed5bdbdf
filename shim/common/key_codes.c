/* SPDX-License-Identifier: MIT */
#include "common/key_codes.h"

#include <linux/input-event-codes.h>
#include <stddef.h>
#include <string.h>

static const struct key {
    char name[15];
    unsigned char id;
    unsigned short linux_code;
    unsigned short character; /* or the kitty protocol's number for the key */
    char shifted;
} keys[] = {
    {"KeyA", 0x04, KEY_A, 'a', 'A'},
    {"KeyB", 0x05, KEY_B, 'b', 'B'},
    {"KeyC", 0x06, KEY_C, 'c', 'C'},
    {"KeyD", 0x07, KEY_D, 'd', 'D'},
    {"KeyE", 0x08, KEY_E, 'e', 'E'},
    {"KeyF", 0x09, KEY_F, 'f', 'F'},
    {"KeyG", 0x0a, KEY_G, 'g', 'G'},
    {"KeyH", 0x0b, KEY_H, 'h', 'H'},
    {"KeyI", 0x0c, KEY_I, 'i', 'I'},
    {"KeyJ", 0x0d, KEY_J, 'j', 'J'},
    {"KeyK", 0x0e, KEY_K, 'k', 'K'},
    {"KeyL", 0x0f, KEY_L, 'l', 'L'},
    {"KeyM", 0x10, KEY_M, 'm', 'M'},
    {"KeyN", 0x11, KEY_N, 'n', 'N'},
    {"KeyO", 0x12, KEY_O, 'o', 'O'},
    {"KeyP", 0x13, KEY_P, 'p', 'P'},
    {"KeyQ", 0x14, KEY_Q, 'q', 'Q'},
    {"KeyR", 0x15, KEY_R, 'r', 'R'},
    {"KeyS", 0x16, KEY_S, 's', 'S'},
    {"KeyT", 0x17, KEY_T, 't', 'T'},
    {"KeyU", 0x18, KEY_U, 'u', 'U'},
    {"KeyV", 0x19, KEY_V, 'v', 'V'},
    {"KeyW", 0x1a, KEY_W, 'w', 'W'},
    {"KeyX", 0x1b, KEY_X, 'x', 'X'},
    {"KeyY", 0x1c, KEY_Y, 'y', 'Y'},
    {"KeyZ", 0x1d, KEY_Z, 'z', 'Z'},
    {"Digit1", 0x1e, KEY_1, '1', '!'},
    {"Digit2", 0x1f, KEY_2, '2', '@'},
    {"Digit3", 0x20, KEY_3, '3', '#'},
    {"Digit4", 0x21, KEY_4, '4', '$'},
    {"Digit5", 0x22, KEY_5, '5', '%'},
    {"Digit6", 0x23, KEY_6, '6', '^'},
    {"Digit7", 0x24, KEY_7, '7', '&'},
    {"Digit8", 0x25, KEY_8, '8', '*'},
    {"Digit9", 0x26, KEY_9, '9', '('},
    {"Digit0", 0x27, KEY_0, '0', ')'},
    {"Enter", 0x28, KEY_ENTER, 13, 0},
    {"Escape", 0x29, KEY_ESC, 27, 0},
    {"Backspace", 0x2a, KEY_BACKSPACE, 127, 0},
    {"Tab", 0x2b, KEY_TAB, 9, 0},
    {"Space", 0x2c, KEY_SPACE, ' ', 0},
    {"Minus", 0x2d, KEY_MINUS, '-', '_'},
    {"Equal", 0x2e, KEY_EQUAL, '=', '+'},
    {"BracketLeft", 0x2f, KEY_LEFTBRACE, '[', '{'},
    {"BracketRight", 0x30, KEY_RIGHTBRACE, ']', '}'},
    {"Backslash", 0x31, KEY_BACKSLASH, '\\', '|'},
    {"Semicolon", 0x33, KEY_SEMICOLON, ';', ':'},
    {"Quote", 0x34, KEY_APOSTROPHE, '\'', '"'},
    {"Backquote", 0x35, KEY_GRAVE, '`', '~'},
    {"Comma", 0x36, KEY_COMMA, ',', '<'},
    {"Period", 0x37, KEY_DOT, '.', '>'},
    {"Slash", 0x38, KEY_SLASH, '/', '?'},
    {"CapsLock", 0x39, KEY_CAPSLOCK, 57358, 0},
    {"F1", 0x3a, KEY_F1, 0, 0},
    {"F2", 0x3b, KEY_F2, 0, 0},
    {"F3", 0x3c, KEY_F3, 0, 0},
    {"F4", 0x3d, KEY_F4, 0, 0},
    {"F5", 0x3e, KEY_F5, 0, 0},
    {"F6", 0x3f, KEY_F6, 0, 0},
    {"F7", 0x40, KEY_F7, 0, 0},
    {"F8", 0x41, KEY_F8, 0, 0},
    {"F9", 0x42, KEY_F9, 0, 0},
    {"F10", 0x43, KEY_F10, 0, 0},
    {"F11", 0x44, KEY_F11, 0, 0},
    {"F12", 0x45, KEY_F12, 0, 0},
    {"PrintScreen", 0x46, KEY_SYSRQ, 57361, 0},
    {"ScrollLock", 0x47, KEY_SCROLLLOCK, 57359, 0},
    {"Pause", 0x48, KEY_PAUSE, 57362, 0},
    {"Insert", 0x49, KEY_INSERT, 0, 0},
    {"Home", 0x4a, KEY_HOME, 0, 0},
    {"PageUp", 0x4b, KEY_PAGEUP, 0, 0},
    {"Delete", 0x4c, KEY_DELETE, 0, 0},
    {"End", 0x4d, KEY_END, 0, 0},
    {"PageDown", 0x4e, KEY_PAGEDOWN, 0, 0},
    {"ArrowRight", 0x4f, KEY_RIGHT, 0, 0},
    {"ArrowLeft", 0x50, KEY_LEFT, 0, 0},
    {"ArrowDown", 0x51, KEY_DOWN, 0, 0},
    {"ArrowUp", 0x52, KEY_UP, 0, 0},
    {"NumLock", 0x53, KEY_NUMLOCK, 57360, 0},
    {"NumpadDivide", 0x54, KEY_KPSLASH, 57410, 0},
    {"NumpadMultiply", 0x55, KEY_KPASTERISK, 57411, 0},
    {"NumpadSubtract", 0x56, KEY_KPMINUS, 57412, 0},
    {"NumpadAdd", 0x57, KEY_KPPLUS, 57413, 0},
    {"NumpadEnter", 0x58, KEY_KPENTER, 57414, 0},
    {"Numpad1", 0x59, KEY_KP1, 57400, 0},
    {"Numpad2", 0x5a, KEY_KP2, 57401, 0},
    {"Numpad3", 0x5b, KEY_KP3, 57402, 0},
    {"Numpad4", 0x5c, KEY_KP4, 57403, 0},
    {"Numpad5", 0x5d, KEY_KP5, 57404, 0},
    {"Numpad6", 0x5e, KEY_KP6, 57405, 0},
    {"Numpad7", 0x5f, KEY_KP7, 57406, 0},
    {"Numpad8", 0x60, KEY_KP8, 57407, 0},
    {"Numpad9", 0x61, KEY_KP9, 57408, 0},
    {"Numpad0", 0x62, KEY_KP0, 57399, 0},
    {"NumpadDecimal", 0x63, KEY_KPDOT, 57409, 0},
    {"IntlBackslash", 0x64, KEY_102ND, 0, 0},
    {"ContextMenu", 0x65, KEY_COMPOSE, 57363, 0},
    {"Power", 0x66, KEY_POWER, 0, 0},
    {"NumpadEqual", 0x67, KEY_KPEQUAL, 57415, 0},
    {"F13", 0x68, KEY_F13, 57376, 0},
    {"F14", 0x69, KEY_F14, 57377, 0},
    {"F15", 0x6a, KEY_F15, 57378, 0},
    {"F16", 0x6b, KEY_F16, 57379, 0},
    {"F17", 0x6c, KEY_F17, 57380, 0},
    {"F18", 0x6d, KEY_F18, 57381, 0},
    {"F19", 0x6e, KEY_F19, 57382, 0},
    {"F20", 0x6f, KEY_F20, 57383, 0},
    {"F21", 0x70, KEY_F21, 57384, 0},
    {"F22", 0x71, KEY_F22, 57385, 0},
    {"F23", 0x72, KEY_F23, 57386, 0},
    {"F24", 0x73, KEY_F24, 57387, 0},
    {"ControlLeft", 0xe0, KEY_LEFTCTRL, 57442, 0},
    {"ShiftLeft", 0xe1, KEY_LEFTSHIFT, 57441, 0},
    {"AltLeft", 0xe2, KEY_LEFTALT, 57443, 0},
    {"MetaLeft", 0xe3, KEY_LEFTMETA, 57444, 0},
    {"ControlRight", 0xe4, KEY_RIGHTCTRL, 57448, 0},
    {"ShiftRight", 0xe5, KEY_RIGHTSHIFT, 57447, 0},
    {"AltRight", 0xe6, KEY_RIGHTALT, 57449, 0},
    {"MetaRight", 0xe7, KEY_RIGHTMETA, 57450, 0},
    /* The same keys by further names. */
    {"IntlHash", 0x32, KEY_RESERVED, 0, 0},
    {"MetaLeft", 0xe3, KEY_RESERVED, 57446, 0},
    {"MetaRight", 0xe7, KEY_RESERVED, 57452, 0},
    {"Backspace", 0x2a, KEY_RESERVED, '\b', 0},
    {"Enter", 0x28, KEY_RESERVED, '\n', 0},
    /* The number pad with NumLock off, as kitty counts it. */
    {"Numpad4", 0x5c, KEY_RESERVED, 57417, 0},
    {"Numpad6", 0x5e, KEY_RESERVED, 57418, 0},
    {"Numpad8", 0x60, KEY_RESERVED, 57419, 0},
    {"Numpad2", 0x5a, KEY_RESERVED, 57420, 0},
    {"Numpad9", 0x61, KEY_RESERVED, 57421, 0},
    {"Numpad3", 0x5b, KEY_RESERVED, 57422, 0},
    {"Numpad7", 0x5f, KEY_RESERVED, 57423, 0},
    {"Numpad1", 0x59, KEY_RESERVED, 57424, 0},
    {"Numpad0", 0x62, KEY_RESERVED, 57425, 0},
    {"NumpadDecimal", 0x63, KEY_RESERVED, 57426, 0},
    {"Numpad5", 0x5d, KEY_RESERVED, 57427, 0},
};

enum { COUNT = sizeof(keys) / sizeof(*keys) };

bool key_from_name(const char *name, unsigned *id)
{
    *id = 0;
    for (size_t i = 0; i < COUNT; i++) {
        if (strcmp(keys[i].name, name) == 0) {
            *id = keys[i].id;
            return true;
        }
    }
    return false;
}

unsigned key_from_linux(unsigned code)
{
    for (size_t i = 0; code != KEY_RESERVED && i < COUNT; i++) {
        if (keys[i].linux_code == code) {
            return keys[i].id;
        }
    }
    return 0;
}

unsigned key_from_character(uint32_t character)
{
    for (size_t i = 0; character != 0 && i < COUNT; i++) {
        if (keys[i].character == character ||
            (uint32_t)(unsigned char)keys[i].shifted == character) {
            return keys[i].id;
        }
    }
    return 0;
}
