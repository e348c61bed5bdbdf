/* SPDX-License-Identifier: MIT */
/*
 * JSON values that cJSON's constructors do not cover: text of any bytes, exact
 * and unknown numbers. Keys are not copied: they must outlive the object.
 */
#ifndef F4E_JSON_TEXT_H
#define F4E_JSON_TEXT_H

#include "wasm/wasm.h"

#include <cjson/cJSON.h>

/*
 * A JSON string of any bytes, NUL included; malformed UTF-8 becomes U+FFFD.
 * Control characters are escaped, U+0080 … U+009F too: a terminal obeys them.
 */
cJSON *json_text(const uint8_t *bytes, size_t size, struct arena *arena);

/* NULL becomes null. */
void json_add_text(cJSON *object, const char *key, const char *text,
                   struct arena *arena);
void json_add_name(cJSON *object, const char *key, struct wasm_name name,
                   struct arena *arena);
void json_add_number(cJSON *object, const char *key, uint64_t number);

/* A finite number, with enough digits to read back the same bits. */
void json_add_double(cJSON *object, const char *key, double number);

/* The number; null unless 'is_known'. */
void json_add_known(cJSON *object, const char *key, uint64_t number,
                    bool is_known);

/* A new object at the end of 'array'. */
cJSON *json_add_object(cJSON *array);

#endif
