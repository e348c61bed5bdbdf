/* SPDX-License-Identifier: MIT */
#include "metadata/json_text.h"

#include "base/utf8.h"

cJSON *json_text(const uint8_t *bytes, size_t size, struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena);
    buf_byte(&text, '"');
    for (size_t i = 0; i < size;) {
        size_t length = utf8_sequence(bytes + i, size - i);
        if (length == 0) {
            buf_text(&text, "\\ufffd");
            i++;
            continue;
        }
        if (length == 1 && (bytes[i] < 0x20 || bytes[i] == 0x7f)) {
            buf_format(&text, "\\u%04x", bytes[i]);
        } else if (length == 2 && bytes[i] == 0xc2 && bytes[i + 1] < 0xa0) {
            buf_format(&text, "\\u%04x", bytes[i + 1]);
        } else {
            if (bytes[i] == '"' || bytes[i] == '\\') {
                buf_byte(&text, '\\');
            }
            buf_add(&text, bytes + i, length);
        }
        i += length;
    }
    buf_byte(&text, '"');
    return cJSON_CreateRaw(buf_string(&text));
}

void json_add_text(cJSON *object, const char *key, const char *text,
                   struct arena *arena)
{
    cJSON_AddItemToObjectCS(
        object, key,
        text == NULL ? cJSON_CreateNull()
                     : json_text((const uint8_t *)text, strlen(text), arena));
}

void json_add_name(cJSON *object, const char *key, struct wasm_name name,
                   struct arena *arena)
{
    cJSON_AddItemToObjectCS(object, key,
                            json_text(name.bytes, name.length, arena));
}

void json_add_number(cJSON *object, const char *key, uint64_t number)
{
    (void)cJSON_AddNumberToObject(object, key, (double)number);
}

void json_add_double(cJSON *object, const char *key, double number)
{
    enum { FEWEST_DIGITS = 15, MOST_DIGITS = 17 };
    char text[32];
    for (int digits = FEWEST_DIGITS; digits <= MOST_DIGITS; digits++) {
        (void)snprintf(text, sizeof(text), "%.*g", digits, number);
        if (strtod(text, NULL) == number) {
            break;
        }
    }
    cJSON_AddItemToObjectCS(object, key, cJSON_CreateRaw(text));
}

void json_add_known(cJSON *object, const char *key, uint64_t number,
                    bool is_known)
{
    if (is_known) {
        json_add_number(object, key, number);
    } else {
        (void)cJSON_AddNullToObject(object, key);
    }
}

cJSON *json_add_object(cJSON *array)
{
    cJSON *object = cJSON_CreateObject();
    (void)cJSON_AddItemToArray(array, object);
    return object;
}
