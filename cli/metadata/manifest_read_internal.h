/* SPDX-License-Identifier: MIT */
/* A manifest while its JSON is read; inside manifest_read*.c only. */
#ifndef F4E_MANIFEST_READ_INTERNAL_H
#define F4E_MANIFEST_READ_INTERNAL_H

#include "describe/manifest.h"
#include "metadata/json_node.h"

/* Names of items that are left out, with which goes what refers to them. */
struct manifest_foreign {
    const char **names;
    uint32_t count;
    uint32_t capacity;
};

struct manifest_read_context {
    struct manifest *manifest;
    struct manifest_foreign *foreign;
    struct arena *arena;
    struct diag *diag;
};

/* Items by name; of several with one name the last is meant. */
struct named {
    const char *name;
    uint32_t item;
};

struct name_index {
    const struct patch_item *items;
    struct named *names; /* sorted */
    uint32_t count;
};

void manifest_index_make(struct name_index *index,
                         const struct manifest *manifest, struct arena *arena);

/* UINT32_MAX: there is none. */
uint32_t manifest_index_find(const struct name_index *index, const char *name);

/* The item that a member names, which has to be there. */
F4E_MUST_CHECK bool
manifest_read_item_name(const struct manifest_read_context *context,
                        const struct json_node *node, const char *key,
                        const struct name_index *index, uint32_t *item);

/* A member such as "f32"; without one '*element' stays. */
F4E_MUST_CHECK bool
manifest_read_element(const struct manifest_read_context *context,
                      const struct json_node *node, const char *key,
                      enum f4e_element *element);

/*
 * Whether an item, or a param or view ('what'), is of a later time: its element
 * is not known here, its kind is none of 'count' ones, or it refers to such an
 * item. Then it is left out, with a notice.
 */
bool manifest_item_is_foreign(const struct manifest_read_context *context,
                              const struct json_node *node);
bool manifest_widget_is_foreign(const struct manifest_read_context *context,
                                const struct json_node *node, const char *what,
                                const char *const *kinds, unsigned count);

/* Whether the value of a member, 'name', is one. */
F4E_MUST_CHECK bool manifest_check_name(const struct json_node *node,
                                        const char *key, const char *name,
                                        struct diag *diag);

/* The members params and views; items are read already. */
F4E_MUST_CHECK bool
manifest_read_widgets(const struct manifest_read_context *context,
                      const struct json_node *root,
                      const struct name_index *index);

/* The members that name things: items, params, views, midi, keyboard, assets,
 * functionNames. */
F4E_MUST_CHECK bool
manifest_read_names(const struct manifest_read_context *context,
                    const struct json_node *root);

#endif
