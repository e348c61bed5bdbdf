/* SPDX-License-Identifier: MIT */
/* Declared in jack/jack_internal.h. */
#include "jack/jack_internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static void name_port(struct jack *jack, struct libjack_port *port,
                      const char *text, unsigned number, unsigned count)
{
    char alias[128];
    static const char *const sides[2] = {"left", "right"};
    if (count == 2) {
        (void)snprintf(alias, sizeof(alias), "%s:%s %s", jack->name, text,
                       sides[number]);
    } else if (count == 1) {
        (void)snprintf(alias, sizeof(alias), "%s:%s", jack->name, text);
    } else {
        (void)snprintf(alias, sizeof(alias), "%s:%s %u", jack->name, text,
                       number + 1);
    }
    (void)jack->lib.port_set_alias(port, alias);
}

static void name_midi_out(struct jack *jack, unsigned first)
{
    const unsigned count = atomic_load(&jack->midi_out.port_count);
    for (unsigned k = first; k < count; k++) {
        char text[32];
        (void)snprintf(text, sizeof(text), "MIDI out %u", k);
        name_port(jack, jack->midi_out.ports[k].port, text, 0, 1);
    }
}

void jack_name_ports(struct jack *jack)
{
    const unsigned out_count = jack->audio->patch->output_count;
    for (unsigned k = 0; k < out_count; k++) {
        name_port(jack, jack->out_ports[k], "Output", k, out_count);
    }
    for (unsigned k = 0; k < jack->in_count; k++) {
        name_port(jack, jack->in_ports[k], "Input", k, jack->in_count);
    }
    for (unsigned k = 0; k < jack->midi.port_count; k++) {
        char text[32];
        (void)snprintf(text, sizeof(text), "MIDI port %u",
                       jack->midi.ports[k].target);
        name_port(jack, jack->midi.ports[k].port, text, 0, 1);
    }
    name_midi_out(jack, 0);
}

static void wire(struct jack *jack, const char *from, const char *to)
{
    if (jack->lib.connect(jack->client, from, to) == 0 &&
        jack->wire_count < JACK_WIRES_MAX) {
        struct jack_wire *made = &jack->wires[jack->wire_count++];
        (void)snprintf(made->from, sizeof(made->from), "%s", from);
        (void)snprintf(made->to, sizeof(made->to), "%s", to);
    }
}

static unsigned count_names(const char *const *names)
{
    unsigned count = 0;
    while (names != NULL && names[count] != NULL) {
        count++;
    }
    return count;
}

/* A single output plays on both speakers, as on a card. */
static void connect_outputs(struct jack *jack, const char *const *speakers)
{
    const struct f4e_patch *patch = jack->audio->patch;
    const struct channel_map *map = &jack->audio->options->out_map;
    const unsigned count = count_names(speakers);
    for (unsigned i = 0; i < map->count; i++) {
        if (map->pairs[i].device < count) {
            wire(jack,
                 jack->lib.port_name(jack->out_ports[map->pairs[i].patch]),
                 speakers[map->pairs[i].device]);
        }
    }
    for (unsigned k = 0; map->count == 0 && k < patch->output_count; k++) {
        const char *name = jack->lib.port_name(jack->out_ports[k]);
        if (k < count) {
            wire(jack, name, speakers[k]);
        }
        if (patch->output_count == 1 && patch->is_mono_duplicated &&
            count > 1) {
            wire(jack, name, speakers[1]);
        }
    }
}

/* One microphone feeds every input. */
static void connect_inputs(struct jack *jack, const char *const *microphones)
{
    const struct channel_map *map = &jack->audio->options->in_map;
    const unsigned count = count_names(microphones);
    for (unsigned i = 0; i < map->count; i++) {
        if (map->pairs[i].device < count &&
            map->pairs[i].patch < jack->in_count) {
            wire(jack, microphones[map->pairs[i].device],
                 jack->lib.port_name(jack->in_ports[map->pairs[i].patch]));
        }
    }
    for (unsigned k = 0; map->count == 0 && k < jack->in_count; k++) {
        const char *name = jack->lib.port_name(jack->in_ports[k]);
        if (k < count) {
            wire(jack, microphones[k], name);
        } else if (count == 1) {
            wire(jack, microphones[0], name);
        }
    }
}

static bool contains(const char *text, const char *part)
{
    const size_t length = strlen(part);
    for (; *text != '\0'; text++) {
        if (strncasecmp(text, part, length) == 0) {
            return true;
        }
    }
    return false;
}

static void connect_midi_to(struct jack *jack, const char *name,
                            unsigned target)
{
    for (unsigned k = 0; k < jack->midi.port_count; k++) {
        if (jack->midi.ports[k].target == target) {
            wire(jack, name, jack->lib.port_name(jack->midi.ports[k].port));
        }
    }
}

/*
 * Where ALSA's sequencer plays the patch, it brings the machine's MIDI ports,
 * and notes would come twice. Without one the server's are taken as it would:
 * the physical ones play the first port, or --midi-in says which play what.
 */
static void connect_midi(struct jack *jack)
{
    const struct options *options = jack->audio->options;
    const struct jack_midi *midi = &jack->midi;
    const bool has_choice = options->midi_in_count > 0;
    if (midi->port_count == 0 || midi->counts->seq.handle != NULL) {
        return;
    }
    const char **names = jack->lib.get_ports(
        jack->client, NULL, LIBJACK_MIDI,
        has_choice ? LIBJACK_IS_OUTPUT
                   : LIBJACK_IS_OUTPUT | LIBJACK_IS_PHYSICAL);
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        if (!has_choice) {
            connect_midi_to(jack, names[i], midi->ports[0].target);
        }
        for (unsigned k = 0; k < options->midi_in_count; k++) {
            const struct midi_choice *choice = &options->midi_in[k];
            if (contains(names[i], choice->text)) {
                connect_midi_to(jack, names[i],
                                choice->has_port ? choice->port
                                                 : midi->ports[0].target);
            }
        }
    }
    if (names != NULL) {
        jack->lib.free((void *)names);
    }
}

/* --midi-out names them; the others are left to a patchbay. Those of a port
 * that no version has had yet come with it. */
static void connect_midi_out(struct jack *jack, unsigned first)
{
    const struct options *options = jack->audio->options;
    const struct jack_midi_out *midi = &jack->midi_out;
    const unsigned count = atomic_load(&midi->port_count);
    jack->missing_count = 0;
    if (count == 0 || options->midi_out_count == 0) {
        return;
    }
    const char **names =
        jack->lib.get_ports(jack->client, NULL, LIBJACK_MIDI, LIBJACK_IS_INPUT);
    for (unsigned k = 0; k < options->midi_out_count; k++) {
        const struct midi_choice *choice = &options->midi_out[k];
        const unsigned before = jack->wire_count;
        const unsigned own = choice->has_port ? choice->port : 0;
        if (own < first || own >= count) {
            continue;
        }
        const char *from = jack->lib.port_name(midi->ports[own].port);
        for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
            if (contains(names[i], choice->text)) {
                wire(jack, from, names[i]);
            }
        }
        if (jack->wire_count == before) {
            jack->missing[jack->missing_count++] = choice->text;
        }
    }
    if (names != NULL) {
        jack->lib.free((void *)names);
    }
}

void jack_connect_midi_out(struct jack *jack, unsigned first)
{
    struct midi_lines *lines = &jack->midi_out.send->lines;
    name_midi_out(jack, first);
    if (jack->audio->options->is_unconnected) {
        return;
    }
    jack->wire_count = 0; /* the others have been told */
    connect_midi_out(jack, first);
    for (unsigned i = 0; i < jack->wire_count; i++) {
        midi_lines_add(lines, "wire    %s -> %s\n", jack->wires[i].from,
                       jack->wires[i].to);
    }
    for (unsigned i = 0; i < jack->missing_count; i++) {
        midi_lines_add(lines,
                       "midi    no port of the server has '%s' in its name\n",
                       jack->missing[i]);
    }
}

void jack_connect_ports(struct jack *jack)
{
    const struct libjack *lib = &jack->lib;
    jack->wire_count = 0;
    if (jack->audio->options->is_unconnected) {
        return;
    }
    const char **names = lib->get_ports(jack->client, NULL, LIBJACK_AUDIO,
                                        LIBJACK_IS_PHYSICAL | LIBJACK_IS_INPUT);
    connect_midi(jack);
    connect_midi_out(jack, 0);
    connect_outputs(jack, (const char *const *)names);
    if (names != NULL) {
        lib->free((void *)names);
    }
    if (jack->in_count == 0) {
        return;
    }
    names = lib->get_ports(jack->client, NULL, LIBJACK_AUDIO,
                           LIBJACK_IS_PHYSICAL | LIBJACK_IS_OUTPUT);
    connect_inputs(jack, (const char *const *)names);
    if (names != NULL) {
        lib->free((void *)names);
    }
}

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
