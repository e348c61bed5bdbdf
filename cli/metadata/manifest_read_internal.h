/* SPDX-License-Identifier: MIT */
/* A manifest while its JSON is read; inside manifest_read*.c only. */
#ifndef F4E_MANIFEST_READ_INTERNAL_H
#define F4E_MANIFEST_READ_INTERNAL_H

#include "describe/manifest.h"
#include "metadata/json_node.h"

struct manifest_read_context {
    struct manifest *manifest;
    struct arena *arena;
    struct diag *diag;
};

/* The members that name things: items, params, midi, keyboard, assets,
 * functionNames. */
F4E_MUST_CHECK bool
manifest_read_names(const struct manifest_read_context *context,
                    const struct json_node *root);

#endif
