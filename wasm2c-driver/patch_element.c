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
    [F4E_I64] = {"i64", "F4E_I64", 8, -0x1p63, 0x1.fffffffffffffp62},
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

static const struct {
    const char *name;
    const char *symbol;
    bool has_range;
    bool has_run;
} views[PATCH_VIEW_KINDS] = {
    [F4E_WATCH] = {"watch", "F4E_WATCH", false, false},
    [F4E_METER] = {"meter", "F4E_METER", true, false},
    [F4E_PLOT] = {"plot", "F4E_PLOT", true, true},
    [F4E_BARS] = {"bars", "F4E_BARS", true, true},
    [F4E_WAVE] = {"wave", "F4E_WAVE", true, true},
    [F4E_PIANO] = {"piano", "F4E_PIANO", false, true},
};

static const struct {
    const char *name;
    const char *symbol;
} formats[PATCH_VIEW_FORMATS] = {
    [F4E_DECIMAL] = {"decimal", "F4E_DECIMAL"},
    [F4E_HEX] = {"hex", "F4E_HEX"},
    [F4E_BINARY] = {"binary", "F4E_BINARY"},
    [F4E_ADDRESS] = {"address", "F4E_ADDRESS"},
    [F4E_LAST_ADDRESS] = {"lastAddress", "F4E_LAST_ADDRESS"},
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

const char *patch_view_name(enum f4e_view_kind kind)
{
    return views[kind].name;
}

const char *patch_view_symbol(enum f4e_view_kind kind)
{
    return views[kind].symbol;
}

bool patch_view_has_range(enum f4e_view_kind kind)
{
    return views[kind].has_range;
}

bool patch_view_has_run(enum f4e_view_kind kind)
{
    return views[kind].has_run;
}

const char *patch_format_name(enum f4e_view_format format)
{
    return formats[format].name;
}

const char *patch_format_symbol(enum f4e_view_format format)
{
    return formats[format].symbol;
}

const char *patch_sender_word(bool is_controller, unsigned index)
{
    static const char *const words[2][F4E_SENDER_WORDS] = {
        {"gate", "note", "channel", "velocity", "port"},
        {"controller", "value", "channel", NULL, NULL},
    };
    return index < F4E_SENDER_WORDS ? words[is_controller][index] : NULL;
}
