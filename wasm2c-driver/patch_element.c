/* SPDX-License-Identifier: MIT */
#include "patch_element.h"

#include <float.h>

static const struct {
    const char *name;
    const char *symbol;
    uint32_t bytes;
    double min, max;
} elements[PATCH_ELEMENTS] = {
    [F4E_I8] = {"i8", "F4E_I8", 1, INT8_MIN, INT8_MAX},
    [F4E_U8] = {"u8", "F4E_U8", 1, 0, UINT8_MAX},
    [F4E_I16] = {"i16", "F4E_I16", 2, INT16_MIN, INT16_MAX},
    [F4E_U16] = {"u16", "F4E_U16", 2, 0, UINT16_MAX},
    [F4E_I32] = {"i32", "F4E_I32", 4, INT32_MIN, INT32_MAX},
    [F4E_F32] = {"f32", "F4E_F32", 4, -(double)FLT_MAX, (double)FLT_MAX},
    [F4E_F64] = {"f64", "F4E_F64", 8, -DBL_MAX, DBL_MAX},
};

static const struct {
    const char *name;
    const char *symbol;
} kinds[PATCH_PARAM_KINDS] = {
    [F4E_SLIDER] = {"slider", "F4E_SLIDER"},
    [F4E_BUTTON] = {"button", "F4E_BUTTON"},
    [F4E_SWITCH] = {"switch", "F4E_SWITCH"},
    [F4E_CROSSFADE] = {"crossfade", "F4E_CROSSFADE"},
};

const char *patch_element_name(enum f4e_element element)
{
    return elements[element].name;
}

const char *patch_element_symbol(enum f4e_element element)
{
    return elements[element].symbol;
}

uint32_t patch_element_bytes(enum f4e_element element)
{
    return elements[element].bytes;
}

double patch_element_max(enum f4e_element element)
{
    return elements[element].max;
}

double patch_element_min(enum f4e_element element)
{
    return elements[element].min;
}

const char *patch_param_name(enum f4e_param_kind kind)
{
    return kinds[kind].name;
}

const char *patch_param_symbol(enum f4e_param_kind kind)
{
    return kinds[kind].symbol;
}
