/* SPDX-License-Identifier: MIT */
#include "osc/liblo.h"

#include "dynlib/shared_library.h"

#define FUNCTIONS(SYMBOL)       \
    SYMBOL(message_deserialise) \
    SYMBOL(message_get_argc)    \
    SYMBOL(message_get_argv)    \
    SYMBOL(message_get_types)   \
    SYMBOL(message_new)         \
    SYMBOL(message_add_int32)   \
    SYMBOL(message_add_float)   \
    SYMBOL(message_add_double)  \
    SYMBOL(message_add_string)  \
    SYMBOL(message_length)      \
    SYMBOL(message_serialise)   \
    SYMBOL(message_free)        \
    SYMBOL(pattern_match)
#define OFFSET(name) offsetof(struct liblo, name),

bool liblo_open(struct liblo *functions, struct failure *failure)
{
    static const uint16_t offsets[] = {FUNCTIONS(OFFSET)};
    return shared_library_open(LIBRARY_LIBLO, FUNCTIONS(SHARED_NAME), offsets,
                               functions, failure);
}
