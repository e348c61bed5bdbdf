/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

#include <float.h>

/* Pointers are 32-bit integers whatever they point to. */
#define SCALAR(name, element, bytes) \
    {name, element, bytes, false, 0, ELEMENT_I32}
#define POINTERS(name, element)                          \
    {name "*", ELEMENT_I32, 4, false, 1, element},       \
    {                                                    \
        name "**", ELEMENT_I32, 4, false, 2, ELEMENT_I32 \
    }
#define ARRAY(name, element, bytes) \
    {name "[]", element, bytes, true, 0, ELEMENT_I32}
#define POINTER_ARRAYS(name, element)                     \
    {name "*[]", ELEMENT_I32, 4, true, 1, element},       \
    {                                                     \
        name "**[]", ELEMENT_I32, 4, true, 2, ELEMENT_I32 \
    }

static const struct keyword keywords[] = {
    SCALAR("int", ELEMENT_I32, 4),
    SCALAR("float", ELEMENT_F32, 4),
    SCALAR("float64", ELEMENT_F64, 8),
    POINTERS("int", ELEMENT_I32),
    POINTERS("int8", ELEMENT_I8),
    POINTERS("int8u", ELEMENT_U8),
    POINTERS("int16", ELEMENT_I16),
    POINTERS("int16u", ELEMENT_U16),
    POINTERS("float", ELEMENT_F32),
    POINTERS("float64", ELEMENT_F64),
    ARRAY("int", ELEMENT_I32, 4),
    ARRAY("int32", ELEMENT_I32, 4),
    ARRAY("int8", ELEMENT_I8, 1),
    ARRAY("int8u", ELEMENT_U8, 1),
    ARRAY("int16", ELEMENT_I16, 2),
    ARRAY("int16u", ELEMENT_U16, 2),
    ARRAY("float", ELEMENT_F32, 4),
    ARRAY("float64", ELEMENT_F64, 8),
    POINTER_ARRAYS("int", ELEMENT_I32),
    POINTER_ARRAYS("float", ELEMENT_F32),
    POINTER_ARRAYS("float64", ELEMENT_F64),
};

const struct keyword *keyword_find(struct span name)
{
    if (!span_starts(name, "int") && !span_starts(name, "float")) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        if (span_equals(name, keywords[i].name)) {
            return &keywords[i];
        }
    }
    return NULL;
}

static const struct {
    uint32_t bytes;
    double min, max;
} elements[] = {
    [ELEMENT_I8] = {1, INT8_MIN, INT8_MAX},
    [ELEMENT_U8] = {1, 0, UINT8_MAX},
    [ELEMENT_I16] = {2, INT16_MIN, INT16_MAX},
    [ELEMENT_U16] = {2, 0, UINT16_MAX},
    [ELEMENT_I32] = {4, INT32_MIN, INT32_MAX},
    [ELEMENT_F32] = {4, -(double)FLT_MAX, (double)FLT_MAX},
    [ELEMENT_F64] = {8, -DBL_MAX, DBL_MAX},
};

uint32_t element_bytes(enum patch_element element)
{
    return elements[element].bytes;
}

double element_max(enum patch_element element)
{
    return elements[element].max;
}

double element_min(enum patch_element element)
{
    return elements[element].min;
}
