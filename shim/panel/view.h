/* SPDX-License-Identifier: MIT */
/*
 * From a view of the patch (struct f4e_view) to the elements that it shows just
 * now. This is the one place that follows pointers and lengths which live in
 * memory; whatever they hold, what comes out lies inside the memory. Any
 * thread, also while the patch plays: each element is an old or a new value.
 */
#ifndef F4E_VIEW_H
#define F4E_VIEW_H

#include "f4e_patch.h"

#include <stdbool.h>
#include <stdint.h>

/* Instead of an element: the wave has no cursor, or nothing is shown. */
#define VIEW_NO_CURSOR UINT32_MAX

struct view_run {
    enum f4e_element element;
    uint32_t memory;     /* index */
    uint32_t address;    /* bytes, as the view has it; may lie outside */
    uint32_t count;      /* elements from there on, all inside the memory */
    const uint8_t *data; /* the first one; of no use when count is 0 */
    uint32_t cursor;     /* an element of the run, or VIEW_NO_CURSOR */
};

/* Of a watch of an address 'address' is the value; count is 0 then. */
struct view_run view_run(const struct f4e_patch *patch,
                         const struct f4e_view *view);

/* Element 'index' of a run, below its count. */
double view_element(const struct view_run *run, uint32_t index);

/* The length of a meter's bar for a value, 0 to 1: the share of the range or,
 * where that goes through 0, of the larger bound. */
double view_level(const struct f4e_view *view, double value);

/* "watch", "meter", "plot", "bars", "wave" or "piano". */
const char *view_kind(const struct f4e_view *view);

/* "decimal", "hex", "binary", "address" or "lastAddress". */
const char *view_format(const struct f4e_view *view);

#endif
