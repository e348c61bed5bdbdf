/* SPDX-License-Identifier: MIT */
/*
 * Members of a JSON object that cJSON's own functions cannot make: text of any
 * bytes, unknown numbers. Keys are not copied.
 */
#ifndef F4E_JSON_TEXT_H
#define F4E_JSON_TEXT_H

#include "wasm/wasm.h"

#include <cjson/cJSON.h>

/*
 * A JSON string of any bytes; what is not UTF-8 becomes U+FFFD. cJSON's own
 * take C strings; names may hold NUL, and the output may go to a terminal,
 * which takes U+0080 … U+009F as commands.
 */
cJSON *json_text(const uint8_t *bytes, size_t size, struct arena *arena);

/* NULL becomes null. */
void json_add_text(cJSON *object, const char *key, const char *text,
                   struct arena *arena);
void json_add_name(cJSON *object, const char *key, struct wasm_name name,
                   struct arena *arena);
void json_add_number(cJSON *object, const char *key, uint64_t number);

/* A finite number that reads back as the same bits; cJSON's own are cut to 15
 * digits where that is nearly the same. */
void json_add_double(cJSON *object, const char *key, double number);

/* Or null when 'is_known' is false. */
void json_add_known(cJSON *object, const char *key, uint64_t number,
                    bool is_known);

/* A new object at the end of 'array'. */
cJSON *json_add_object(cJSON *array);

#endif
