/* SPDX-License-Identifier: MIT */
#include "jack/jack_arrivals.h"

#include <stdio.h>
#include <string.h>

void jack_arrivals_add(struct jack_arrivals *arrivals, uint32_t port)
{
    const size_t head =
        atomic_load_explicit(&arrivals->head, memory_order_relaxed);
    const size_t tail =
        atomic_load_explicit(&arrivals->tail, memory_order_acquire);
    if (head - tail == JACK_ARRIVALS_MAX) {
        atomic_store(&arrivals->has_more, true);
        return;
    }
    atomic_store(&arrivals->ids[head % JACK_ARRIVALS_MAX], port);
    atomic_store_explicit(&arrivals->head, head + 1, memory_order_release);
}

static void add_name(struct jack_arrivals *arrivals, const char *name)
{
    if (arrivals->count == JACK_ARRIVALS_NAMES) {
        arrivals->are_all = true;
    } else {
        (void)snprintf(arrivals->names[arrivals->count++], JACK_NAME_BYTES,
                       "%s", name);
    }
}

void jack_arrivals_take(struct jack_arrivals *arrivals,
                        const struct libjack *lib,
                        struct libjack_client *client)
{
    size_t tail = atomic_load_explicit(&arrivals->tail, memory_order_relaxed);
    arrivals->count = 0;
    arrivals->are_all = atomic_exchange(&arrivals->has_more, false);
    while (tail !=
           atomic_load_explicit(&arrivals->head, memory_order_acquire)) {
        const uint32_t id =
            atomic_load(&arrivals->ids[tail % JACK_ARRIVALS_MAX]);
        atomic_store_explicit(&arrivals->tail, ++tail, memory_order_release);
        /* It may have gone again. */
        const struct libjack_port *port = lib->port_by_id(client, id);
        const char *name = port != NULL ? lib->port_name(port) : NULL;
        if (name != NULL) {
            add_name(arrivals, name);
        }
    }
}

void jack_arrivals_take_all(struct jack_arrivals *arrivals)
{
    arrivals->count = 0;
    arrivals->are_all = true;
    atomic_store(&arrivals->has_more, false);
    atomic_store(&arrivals->tail, atomic_load(&arrivals->head));
}

bool jack_arrivals_have(const struct jack_arrivals *arrivals, const char *port)
{
    bool is_there = arrivals->are_all;
    for (unsigned i = 0; !is_there && i < arrivals->count; i++) {
        is_there = strcmp(arrivals->names[i], port) == 0;
    }
    return is_there;
}
