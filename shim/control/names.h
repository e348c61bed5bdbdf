/* SPDX-License-Identifier: MIT */
/*
 * Looks up names of variables in the patch's memory; docs/f4e-patch.1 has their
 * syntax. Control thread.
 */
#ifndef F4E_NAMES_H
#define F4E_NAMES_H

#include "common/failure.h"
#include "f4e_patch.h"

#include <stdbool.h>
#include <stdint.h>

/* A run of elements, all of it inside its memory. */
struct place {
    const struct f4e_item *item; /* NULL: a bare address */
    enum f4e_element element;
    uint32_t memory;  /* index */
    uint32_t address; /* bytes, of the first element */
    uint32_t first;   /* its index in the item */
    uint32_t count;   /* elements from there to the end; may be 0 */
    bool is_one;      /* only the first: a scalar, or a name with "[n]" */
};

/*
 * Find "module:id", an "id" that only one module has, either with "[n]", or
 * "@0x1c:f32", "@memory:0x1c:f32". Fails with STATUS_USAGE: an unknown name
 * with the nearest one as a hint, an ambiguous one with a list of candidates.
 */
F4E_MUST_CHECK bool names_find(const struct f4e_patch *patch, const char *name,
                               struct place *place, struct failure *failure);

/* All of an item. */
struct place names_place(const struct f4e_patch *patch, unsigned item);

/* The 32-bit word at an address: of the item that holds it, or a bare one. */
struct place names_at_address(const struct f4e_patch *patch, uint32_t memory,
                              uint32_t address);

/* Whether an item has exactly this name, "module:id". */
bool names_has(const struct f4e_patch *patch, const char *name);

/* The longest name that f4e-build allows, an index, the final 0. */
enum { NAMES_TEXT_MAX = 1024 + 16, NAMES_ADDED_MAX = 1024 };

/* "module:id", "module:id[3]" or "@0x1c:f32", which names_find() finds again.
 * Cut off at 'size' bytes; NAMES_TEXT_MAX is enough for all. */
void names_format(const struct f4e_patch *patch, const struct place *place,
                  char *text, size_t size);

/*
 * Append a place to 'count' others, which are the caller's to free(). One that
 * is among them already is left out: names of a JSON object are there once.
 * STATUS_USAGE: more than NAMES_ADDED_MAX.
 */
F4E_MUST_CHECK bool names_add(struct place **places, unsigned *count,
                              const struct place *place,
                              struct failure *failure);

/* The first byte of the n-th element. */
const uint8_t *names_at(const struct f4e_patch *patch,
                        const struct place *place, uint32_t n);

#endif
