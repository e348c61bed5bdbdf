/* SPDX-License-Identifier: MIT */
/* What the editor's widgets make of numbers, and back. Any thread. */
#ifndef F4E_PARAM_VALUE_H
#define F4E_PARAM_VALUE_H

#include "f4e_patch.h"

#include <stdbool.h>
#include <stdint.h>

/* "slider", "button", "switch" or "crossfade". */
const char *param_kind(const struct f4e_param *param);

/* The value of a slider or crossfade at 'share' of its range, 0 to 1. */
double param_at(const struct f4e_param *param, double share);

/* The type in which the widget reads and writes the item. */
enum f4e_element param_element(const struct f4e_patch *patch,
                               const struct f4e_param *param);

/* Whether it is a button or a switch: it knows two values. */
bool param_is_switch(const struct f4e_param *param);

/*
 * Where it stands, 0 to 1: the share of a slider's range, of a crossfade what
 * its right side gets. A button or a switch is 1 when it is on, and 0 at any
 * other value. Also while the patch plays.
 */
double param_share(const struct f4e_patch *patch,
                   const struct f4e_param *param);

/*
 * Does a morph take this item there in steps, or is there nothing between two
 * values of it? Sliders, crossfades and single floats move; of switches and
 * buttons nothing does.
 */
bool param_moves_item(const struct f4e_patch *patch, unsigned item);

struct param_value {
    unsigned item;
    double value;
};

/* The one or two numbers that move it to 'share', 0 to 1; half of it and more
 * turns a switch on. Each is written in the type of param_element(). */
unsigned param_values(const struct f4e_param *param, double share,
                      struct param_value values[2]);

#endif
