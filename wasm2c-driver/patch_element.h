/* SPDX-License-Identifier: MIT */
/* Names and properties of element types and widgets (shim/f4e_patch.h). */
#ifndef F4E_PATCH_ELEMENT_H
#define F4E_PATCH_ELEMENT_H

#include <stdint.h>

#include "patch.h"

enum { PATCH_ELEMENTS = F4E_F64 + 1, PATCH_PARAM_KINDS = F4E_CROSSFADE + 1 };

/* "i8", "u8", "i16", "u16", "i32", "f32", "f64". */
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

#endif
