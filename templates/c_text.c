/* SPDX-License-Identifier: MIT */
#include "c_text.h"

const char *c_text_bytes(struct wasm_name text, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena);
    buf_byte(&out, '"');
    for (size_t i = 0; i < text.length; i++) {
        uint8_t c = text.bytes[i];
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '?') {
            buf_format(&out, "\\%03o", c);
        } else {
            buf_byte(&out, c);
        }
    }
    buf_byte(&out, '"');
    return buf_string(&out);
}

const char *c_text_string(const char *text, struct arena *arena)
{
    return c_text_bytes((struct wasm_name){(const uint8_t *)text, strlen(text)},
                        arena);
}

const char *c_text_number(double number, struct arena *arena)
{
    return arena_format(arena, "%a", number);
}
