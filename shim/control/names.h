/* SPDX-License-Identifier: MIT */
/*
 * From a name to a place in the patch's memory. docs/f4e-patch.1, NAMES, says
 * what a name may look like.
 */
#ifndef F4E_NAMES_H
#define F4E_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/failure.h"
#include "f4e_patch.h"

/* A run of elements, all of it inside its memory. */
struct place {
    const struct f4e_item *item; /* NULL: a bare address */
    enum f4e_element element;
    uint32_t memory;  /* index */
    uint32_t address; /* bytes, of the first element */
    uint32_t first;   /* its index in the item */
    uint32_t count;   /* elements from there to the end; may be 0 */
    bool is_one;      /* means its first element: a scalar, or by "[n]" */
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

/* An item has exactly this name, "module:id". */
bool names_has(const struct f4e_patch *patch, const char *name);

/* A name as f4e-build lets it through, an index, the end. */
enum { NAMES_TEXT_MAX = 1024 + 16 };

/* "module:id", "module:id[3]" or "@0x1c:f32": what names_find() finds. Cut off
 * at 'size'; nothing is when that is NAMES_TEXT_MAX. */
void names_format(const struct f4e_patch *patch, const struct place *place,
                  char *text, size_t size);

/* The first byte of the n-th element. */
const uint8_t *names_at(const struct f4e_patch *patch,
                        const struct place *place, uint32_t n);

#endif
