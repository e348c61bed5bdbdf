/* SPDX-License-Identifier: MIT */
/* The part of JSON Schema that docs/manifest.schema.json uses. */
#ifndef F4E_TEST_SCHEMA_H
#define F4E_TEST_SCHEMA_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Does 'value' match? Knows type, const, enum, minimum, maximum, minLength,
 * maxLength, maxItems, items, required, properties; another keyword that
 * restricts fails the test. */
bool schema_matches(const cJSON *schema, const cJSON *value);

#endif
