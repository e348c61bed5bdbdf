/* SPDX-License-Identifier: MIT */
#include "jack/libjack.h"

#include "dynlib/shared_library.h"

#include <stdatomic.h>
#include <stdio.h>

#define FUNCTIONS(SYMBOL)                  \
    SYMBOL(client_open)                    \
    SYMBOL(client_close)                   \
    SYMBOL(get_client_name)                \
    SYMBOL(activate)                       \
    SYMBOL(get_sample_rate)                \
    SYMBOL(get_buffer_size)                \
    SYMBOL(on_shutdown)                    \
    SYMBOL(on_info_shutdown)               \
    SYMBOL(set_process_callback)           \
    SYMBOL(set_buffer_size_callback)       \
    SYMBOL(set_sample_rate_callback)       \
    SYMBOL(set_xrun_callback)              \
    SYMBOL(set_freewheel_callback)         \
    SYMBOL(set_latency_callback)           \
    SYMBOL(set_port_registration_callback) \
    SYMBOL(set_error_function)             \
    SYMBOL(set_info_function)              \
    SYMBOL(set_thread_creator)             \
    SYMBOL(get_xrun_delayed_usecs)         \
    SYMBOL(frames_since_cycle_start)       \
    SYMBOL(port_register)                  \
    SYMBOL(port_by_name)                   \
    SYMBOL(port_by_id)                     \
    SYMBOL(port_name)                      \
    SYMBOL(port_name_size)                 \
    SYMBOL(port_uuid)                      \
    SYMBOL(port_get_aliases)               \
    SYMBOL(port_set_alias)                 \
    SYMBOL(port_get_buffer)                \
    SYMBOL(port_get_latency_range)         \
    SYMBOL(port_set_latency_range)         \
    SYMBOL(port_connected)                 \
    SYMBOL(connect)                        \
    SYMBOL(get_ports)                      \
    SYMBOL(get_property)                   \
    SYMBOL(free)                           \
    SYMBOL(midi_get_event_count)           \
    SYMBOL(midi_event_get)                 \
    SYMBOL(midi_clear_buffer)              \
    SYMBOL(midi_event_write)
#define OFFSET(name) offsetof(struct libjack, name),

/* Any thread of the library may speak; the first one is kept. */
static char message[240];
static atomic_int message_state; /* 0: none, 1: being written, 2: there */

static void keep_message(const char *text)
{
    int none = 0;
    if (atomic_compare_exchange_strong(&message_state, &none, 1)) {
        (void)snprintf(message, sizeof(message), "%s", text);
        atomic_store(&message_state, 2);
    }
}

static void drop_message(const char *text)
{
    (void)text;
}

bool libjack_open(struct libjack *functions, struct failure *failure)
{
    static const uint16_t offsets[] = {FUNCTIONS(OFFSET)};
    if (!shared_library_open(LIBRARY_JACK, FUNCTIONS(SHARED_NAME), offsets,
                             functions, failure)) {
        return false;
    }
    functions->set_error_function(keep_message);
    functions->set_info_function(drop_message);
    return true;
}

void libjack_capture(void)
{
    int there = 2;
    (void)atomic_compare_exchange_strong(&message_state, &there, 0);
}

void libjack_detail(struct failure *failure)
{
    if (atomic_load(&message_state) == 2 && failure->detail[0] == '\0') {
        (void)snprintf(failure->detail, sizeof(failure->detail), "libjack: %s",
                       message);
    }
}
