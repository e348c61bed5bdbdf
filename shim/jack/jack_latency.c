/* SPDX-License-Identifier: MIT */
/* Declared in jack/jack_internal.h: how long things take, for the server. */
#include "jack/jack_internal.h"

/* The least and the most of all these ports. */
static struct libjack_range range_of(const struct jack *jack,
                                     struct libjack_port *const *ports,
                                     unsigned count, int mode)
{
    struct libjack_range all = {0, 0};
    for (unsigned k = 0; k < count; k++) {
        struct libjack_range range = {0, 0};
        jack->lib.port_get_latency_range(ports[k], mode, &range);
        all.min = k == 0 || range.min < all.min ? range.min : all.min;
        all.max = range.max > all.max ? range.max : all.max;
    }
    return all;
}

void jack_set_latencies(int mode, void *context)
{
    struct jack *jack = context;
    const struct libjack *lib = &jack->lib;
    const struct f4e_patch *patch = jack->audio->patch;
    const uint32_t period = lib->get_buffer_size(jack->client);
    const uint32_t delay = jack_delay(jack, period);
    struct libjack_range range;
    if (mode == LIBJACK_CAPTURE_LATENCY) {
        range = range_of(jack, jack->in_ports, jack->in_count, mode);
        range.min += delay;
        range.max += delay;
        for (unsigned k = 0; k < patch->output_count; k++) {
            lib->port_set_latency_range(jack->out_ports[k], mode, &range);
        }
        const unsigned sent = atomic_load(&jack->midi_out.port_count);
        for (unsigned k = 0; k < sent; k++) {
            lib->port_set_latency_range(jack->midi_out.ports[k].port, mode,
                                        &range);
        }
        return;
    }
    range = range_of(jack, jack->out_ports, patch->output_count, mode);
    atomic_store(&jack->latency, range.max);
    range.min += delay;
    range.max += delay;
    for (unsigned k = 0; k < jack->in_count; k++) {
        lib->port_set_latency_range(jack->in_ports[k], mode, &range);
    }
    /* A message waits for the next block, where blocks are not the period's. */
    if (delay == 0 && period % patch->block_frames != 0) {
        range.max += patch->block_frames;
    }
    for (unsigned k = 0; k < jack->midi.port_count; k++) {
        lib->port_set_latency_range(jack->midi.ports[k].port, mode, &range);
    }
}
