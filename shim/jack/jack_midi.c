/* SPDX-License-Identifier: MIT */
#include "jack/jack_midi.h"

#include "midi/midi_call.h"

static void add_port(struct jack_midi *midi, unsigned target)
{
    for (unsigned i = 0; i < midi->port_count; i++) {
        if (midi->ports[i].target == target) {
            return;
        }
    }
    if (midi->port_count < JACK_MIDI_PORTS_MAX) {
        midi->ports[midi->port_count++].target = target;
    }
}

bool jack_midi_is_heard(const struct jack_midi *midi)
{
    return midi->port_count > 0 && midi->counts->tap.hear != NULL;
}

void jack_midi_init(struct jack_midi *midi, const struct libjack *lib,
                    struct engine *engine, const struct options *options,
                    struct midi_in *counts)
{
    const struct f4e_patch *patch = engine->patch;
    midi->patch = patch;
    midi->lib = lib;
    midi->counts = counts;
    midi->is_notes_off = options->is_notes_off;
    for (unsigned i = 0; !options->is_midi_off && i < patch->midi_count; i++) {
        add_port(midi, patch->midi[i].port);
    }
    if (!options->is_midi_off && counts->tap.hear != NULL &&
        midi->port_count == 0) {
        add_port(midi, 0);
    }
    inbox_init(&midi->inbox, midi->slots, midi->payloads, JACK_MIDI_SLOTS);
    inbox_init(&midi->tap_inbox, midi->tap_slots, midi->tap_payloads,
               JACK_MIDI_SLOTS);
    if (midi->port_count > 0) {
        engine_attach(engine, &midi->inbox);
    }
    if (jack_midi_is_heard(midi)) {
        engine_attach(engine, &midi->tap_inbox);
    }
}

static void count(_Atomic uint64_t *counter)
{
    (void)atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* False when there is no room. */
static bool pass_on(struct jack_midi *midi, const struct midi_message *message)
{
    size_t head = atomic_load_explicit(&midi->tap_head, memory_order_relaxed);
    size_t tail = atomic_load_explicit(&midi->tap_tail, memory_order_acquire);
    if (head - tail == JACK_MIDI_TAPS) {
        return false;
    }
    midi->taps[head % JACK_MIDI_TAPS] = *message;
    atomic_store_explicit(&midi->tap_head, head + 1, memory_order_release);
    return true;
}

static void send(struct jack_midi *midi, unsigned target,
                 const struct midi_message *message)
{
    count(&midi->counts->received);
    bool is_sent = midi_call_send(midi->patch, &midi->inbox, target, message,
                                  0) == midi->patch->midi_count;
    if (midi->counts->tap.hear != NULL) {
        is_sent = pass_on(midi, message) && is_sent;
    }
    if (!is_sent) {
        count(&midi->counts->lost);
    }
}

static struct midi_source source_of(unsigned port)
{
    return (struct midi_source){-1, (int)port};
}

/* Whoever held them is gone: nobody else will end them. */
static void end_notes(struct jack_midi *midi, unsigned number)
{
    struct jack_midi_port *port = &midi->ports[number];
    struct midi_message message;
    unsigned target;
    if (!midi->is_notes_off || port->count > 0 ||
        midi->lib->port_connected(port->port) != 0) {
        return;
    }
    while (
        midi_held_release(&midi->held, source_of(number), &target, &message)) {
        send(midi, target, &message);
    }
}

void jack_midi_begin(struct jack_midi *midi, uint32_t frames)
{
    for (unsigned i = 0; i < midi->port_count; i++) {
        struct jack_midi_port *port = &midi->ports[i];
        port->buffer = midi->lib->port_get_buffer(port->port, frames);
        port->count = port->buffer != NULL
                          ? midi->lib->midi_get_event_count(port->buffer)
                          : 0;
        port->next = 0;
        end_notes(midi, i);
    }
}

static void hear(struct jack_midi *midi, unsigned number,
                 const struct midi_message *message)
{
    const unsigned target = midi->ports[number].target;
    if (midi->is_notes_off) {
        midi_held_message(&midi->held, source_of(number), target, message);
    }
    send(midi, target, message);
}

void jack_midi_send(struct jack_midi *midi, uint32_t until)
{
    struct libjack_event event;
    struct midi_message message;
    for (unsigned i = 0; i < midi->port_count; i++) {
        struct jack_midi_port *port = &midi->ports[i];
        while (port->next < port->count &&
               midi->lib->midi_event_get(&event, port->buffer, port->next) ==
                   0 &&
               event.time < until) {
            for (size_t k = 0; k < event.size; k++) {
                if (midi_parser_byte(&port->parser, event.bytes[k], &message)) {
                    hear(midi, i, &message);
                }
            }
            port->next++;
        }
    }
}

bool jack_midi_listen(struct jack_midi *midi)
{
    const struct midi_tap *tap = &midi->counts->tap;
    size_t tail = atomic_load_explicit(&midi->tap_tail, memory_order_relaxed);
    bool is_any = false;
    while (tail !=
               atomic_load_explicit(&midi->tap_head, memory_order_acquire) &&
           tap->hear(tap->context, &midi->tap_inbox,
                     &midi->taps[tail % JACK_MIDI_TAPS])) {
        atomic_store_explicit(&midi->tap_tail, ++tail, memory_order_release);
        is_any = true;
    }
    return is_any;
}
