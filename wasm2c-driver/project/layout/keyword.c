/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

/* Pointers are 32-bit integers whatever they point to. */
#define SCALAR(name, element, bytes) {name, element, bytes, false, 0, F4E_I32}
#define POINTERS(name, element)                  \
    {name "*", F4E_I32, 4, false, 1, element},   \
    {                                            \
        name "**", F4E_I32, 4, false, 2, F4E_I32 \
    }
#define ARRAY(name, element, bytes) \
    {name "[]", element, bytes, true, 0, F4E_I32}
#define POINTER_ARRAYS(name, element)             \
    {name "*[]", F4E_I32, 4, true, 1, element},   \
    {                                             \
        name "**[]", F4E_I32, 4, true, 2, F4E_I32 \
    }

static const struct keyword keywords[] = {
    SCALAR("int", F4E_I32, 4),          SCALAR("float", F4E_F32, 4),
    SCALAR("float64", F4E_F64, 8),      POINTERS("int", F4E_I32),
    POINTERS("int8", F4E_I8),           POINTERS("int8u", F4E_U8),
    POINTERS("int16", F4E_I16),         POINTERS("int16u", F4E_U16),
    POINTERS("float", F4E_F32),         POINTERS("float64", F4E_F64),
    ARRAY("int", F4E_I32, 4),           ARRAY("int32", F4E_I32, 4),
    ARRAY("int8", F4E_I8, 1),           ARRAY("int8u", F4E_U8, 1),
    ARRAY("int16", F4E_I16, 2),         ARRAY("int16u", F4E_U16, 2),
    ARRAY("float", F4E_F32, 4),         ARRAY("float64", F4E_F64, 8),
    POINTER_ARRAYS("int", F4E_I32),     POINTER_ARRAYS("float", F4E_F32),
    POINTER_ARRAYS("float64", F4E_F64),
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
