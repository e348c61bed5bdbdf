/* SPDX-License-Identifier: MIT */
#include "jack/jack_midi_out.h"

#include <string.h>

static const struct midi_source patch_itself = {-1, -1};

void jack_midi_out_init(struct jack_midi_out *out, const struct libjack *lib,
                        struct engine *engine, struct midi_send *send)
{
    out->lib = lib;
    out->queue = engine->midi_out;
    out->send = send;
    if (send->has_ports) {
        atomic_store(&out->port_count, engine->patch->midi_out_ports);
        atomic_store(&out->wanted, engine->patch->midi_out_ports);
        atomic_store(&out->answered, engine->patch->midi_out_ports);
        midi_queue_watch(out->queue, send->has_thread);
    }
}

void jack_midi_out_begin(struct jack_midi_out *out, uint32_t frames)
{
    const unsigned count =
        atomic_load_explicit(&out->port_count, memory_order_acquire);
    for (unsigned i = 0; i < count; i++) {
        struct jack_midi_out_port *port = &out->ports[i];
        port->buffer = out->lib->port_get_buffer(port->port, frames);
        if (port->buffer != NULL) {
            out->lib->midi_clear_buffer(port->buffer);
        }
    }
}

/* False: the server has no room for it in this period. */
static bool put(const struct jack_midi_out *out, unsigned port, uint32_t at,
                const uint8_t *bytes, unsigned count)
{
    void *buffer =
        port < atomic_load_explicit(&out->port_count, memory_order_acquire)
            ? out->ports[port].buffer
            : NULL;
    return buffer != NULL &&
           out->lib->midi_event_write(buffer, at, bytes, count) == 0;
}

/* What finds no room in this period comes in the next: a note that nobody ends
 * sounds for ever. */
static void release(struct jack_midi_out *out, uint32_t at)
{
    while (out->is_waiting ||
           midi_held_release(&out->held, patch_itself, &out->ending_port,
                             &out->ending)) {
        out->is_waiting = !put(out, out->ending_port, at, out->ending.bytes,
                               midi_queue_bytes(out->ending.bytes[0]));
        if (out->is_waiting) {
            return;
        }
        midi_send_count(out->send, true);
    }
    out->is_releasing = false;
}

void jack_midi_out_write(struct jack_midi_out *out, uint32_t at)
{
    struct midi_queue_message message;
    if (atomic_load_explicit(&out->port_count, memory_order_acquire) == 0) {
        return;
    }
    if (out->is_releasing) {
        release(out, at);
    }
    while (!out->is_releasing && midi_queue_look(out->queue, &message)) {
        if (message.count == 0) {
            out->is_releasing = true;
            release(out, at);
            continue;
        }
        struct midi_message bytes;
        memcpy(bytes.bytes, message.bytes, sizeof(bytes.bytes));
        midi_held_message(&out->held, patch_itself, message.port, &bytes);
        midi_send_count(out->send, put(out, message.port, at, message.bytes,
                                       message.count));
    }
}

void jack_midi_out_end(struct jack_midi_out *out)
{
    out->is_releasing = true;
}
