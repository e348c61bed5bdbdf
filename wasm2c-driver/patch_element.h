/* SPDX-License-Identifier: MIT */
/* Names and properties of element types, widgets and views (shim/f4e_patch.h).
 */
#ifndef F4E_PATCH_ELEMENT_H
#define F4E_PATCH_ELEMENT_H

#include "patch.h"

#include <stdint.h>

enum {
    PATCH_ELEMENTS = F4E_I64 + 1,
    PATCH_PARAM_KINDS = F4E_CROSSFADE + 1,
    PATCH_VIEW_KINDS = F4E_PIANO + 1,
    PATCH_VIEW_FORMATS = F4E_LAST_ADDRESS + 1,
};

/* "i8", "u8", "i16", "u16", "i32", "f32", "f64", "i64". */
const char *patch_element_name(enum f4e_element element);

/* The enumerator, for generated C: "F4E_I8". */
const char *patch_element_symbol(enum f4e_element element);

/* 1, 2, 4 or 8. */
uint32_t patch_element_bytes(enum f4e_element element);

/* The range of a type: max() and min() of the format. */
double patch_element_max(enum f4e_element element);
double patch_element_min(enum f4e_element element);

/* "slider", "button", "switch", "crossfade". */
const char *patch_param_name(enum f4e_param_kind kind);

/* The enumerator, for generated C: "F4E_SLIDER". */
const char *patch_param_symbol(enum f4e_param_kind kind);

/* "watch", "meter", "plot", "bars", "wave", "piano", and the enumerator. */
const char *patch_view_name(enum f4e_view_kind kind);
const char *patch_view_symbol(enum f4e_view_kind kind);

/* Whether it has a range, and whether it has a run of elements. */
bool patch_view_has_range(enum f4e_view_kind kind);
bool patch_view_has_run(enum f4e_view_kind kind);

/* "decimal", "hex", "binary", "address", "lastAddress", and the enumerator. */
const char *patch_format_name(enum f4e_view_format format);
const char *patch_format_symbol(enum f4e_view_format format);

/* What word 'index' of a sender is called in documents: "gate", "controller";
 * NULL: it has no such word. */
const char *patch_sender_word(bool is_controller, unsigned index);

#endif
