/* SPDX-License-Identifier: MIT */
#include "http/microhttpd.h"

#include "dynlib/shared_library.h"

#define FUNCTIONS(SYMBOL)                 \
    SYMBOL(start_daemon)                  \
    SYMBOL(get_fdset)                     \
    SYMBOL(run_from_select)               \
    SYMBOL(get_timeout)                   \
    SYMBOL(get_connection_info)           \
    SYMBOL(lookup_connection_value)       \
    SYMBOL(get_connection_values)         \
    SYMBOL(create_response_from_buffer)   \
    SYMBOL(create_response_from_callback) \
    SYMBOL(add_response_header)           \
    SYMBOL(queue_response)                \
    SYMBOL(destroy_response)              \
    SYMBOL(suspend_connection)            \
    SYMBOL(resume_connection)
#define OFFSET(name) offsetof(struct microhttpd, name),

bool microhttpd_open(struct microhttpd *functions, struct failure *failure)
{
    static const uint16_t offsets[] = {FUNCTIONS(OFFSET)};
    return shared_library_open(LIBRARY_MICROHTTPD, FUNCTIONS(SHARED_NAME),
                               offsets, functions, failure);
}
