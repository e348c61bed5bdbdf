/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing a manifest as JSON. The output of `f4e-build inspect
 * --json` is a manifest with more members; unknown members are ignored.
 * docs/manifest.md and docs/manifest.schema.json define the format.
 */
#ifndef F4E_MANIFEST_JSON_H
#define F4E_MANIFEST_JSON_H

#include "describe/manifest.h"

#include <cjson/cJSON.h>

enum { MANIFEST_MAX_BYTES = 64 << 20 };

/*
 * Read the text of a manifest; 'file' is its name in messages, 'source' is
 * SOURCE_MANIFEST or SOURCE_EMBEDDED. A NUL follows the bytes. Fails (input)
 * where it is not JSON, with a line, and where a member has the wrong type or
 * range, with its path: "$.items[3].count: not a whole number from 0 to …".
 * Does not compare it with the module: see manifest_check().
 */
F4E_MUST_CHECK bool manifest_read(struct manifest *manifest,
                                  const uint8_t *bytes, size_t size,
                                  const char *file, enum patch_source source,
                                  struct arena *arena, struct diag *diag);

/*
 * Add the members of a manifest to 'root'. An asset is represented by the base
 * name, size and SHA-256 of its file. 'has_origins' adds the source of each
 * value.
 */
void manifest_add(cJSON *root, const struct patch *patch, bool has_origins,
                  struct arena *arena);

/* The name of the function that renders a block; "" without one. */
struct wasm_name manifest_driver(const struct patch *patch);

#endif
