/* SPDX-License-Identifier: MIT */
/*
 * The reference vectors (tests/data/vectors) for test programs, and modules
 * written as text. Everything lives in the arena; what goes wrong fails the
 * test that asked.
 */
#ifndef F4E_TEST_VECTOR_H
#define F4E_TEST_VECTOR_H

#include "vector_list.h"
#include "wasm/wasm.h"

#include <cjson/cJSON.h>

/* The name of every vector. */
extern const char *const vector_names[VECTOR_COUNT];

/* The index of a name. */
unsigned vector_index(const char *name);

/* A file of a vector, or NULL when it has none of that name. */
const uint8_t *vector_file(const char *vector, const char *file, size_t *size,
                           struct arena *arena);

/* A JSON file of a vector, or NULL. cJSON_Delete() it. */
cJSON *vector_json(const char *vector, const char *file, struct arena *arena);

/* Its module, read and validated: plain.wasm, or shared.wasm when 'is_shared'
 * or when there is no other. */
void vector_module(struct wasm_module *module, const char *vector,
                   bool is_shared, struct arena *arena);

/* A module from text through wat2wasm with every feature on, read; validated
 * when it is supported. */
void wat_module(struct wasm_module *module, const char *text,
                struct arena *arena);

/* FNV-1a, 32 bits, as in ref.json. */
uint32_t fnv1a(const uint8_t *bytes, size_t size);

#endif
