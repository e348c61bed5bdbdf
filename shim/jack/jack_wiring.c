/* SPDX-License-Identifier: MIT */
/* Declared in jack/jack_internal.h. */
#include "jack/jack_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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

/* 'far' is the end of it that is not ours. */
static void wire(struct jack *jack, const char *from, const char *to,
                 const char *far)
{
    if (!jack_arrivals_have(&jack->arrivals, far)) {
        return;
    }
    const int error = jack->lib.connect(jack->client, from, to);
    if (error == 0) {
        jack->wire_count++;
        midi_lines_add(&jack->lines, "wire    %s -> %s", from, to);
    } else if (error != EEXIST) {
        jack->failed_count++;
    }
}

/* A patch does not play itself. */
static bool is_ours(const struct jack *jack, const char *port)
{
    const size_t length = strlen(jack->name);
    return strncmp(port, jack->name, length) == 0 && port[length] == ':';
}

static unsigned count_names(const char *const *names)
{
    unsigned count = 0;
    while (names != NULL && names[count] != NULL) {
        count++;
    }
    return count;
}

/* --out-map or --in-map names a channel that the server has not, at the start.
 */
static void tell_short(struct jack *jack, const char *option, unsigned channel,
                       unsigned count)
{
    if (jack->is_first) {
        midi_lines_add(&jack->lines,
                       "wire    --%s names channel %u, counted from 0; the "
                       "server has %u",
                       option, channel, count);
    }
}

/* A single output plays on both speakers, as on a card. */
static void connect_outputs(struct jack *jack, const char *const *speakers)
{
    const struct f4e_patch *patch = jack->audio->patch;
    const struct channel_map *map = &jack->audio->options->out_map;
    const unsigned count = count_names(speakers);
    for (unsigned i = 0; i < map->count; i++) {
        if (map->pairs[i].device >= count) {
            tell_short(jack, "out-map", map->pairs[i].device, count);
        } else {
            const char *speaker = speakers[map->pairs[i].device];
            wire(jack,
                 jack->lib.port_name(jack->out_ports[map->pairs[i].patch]),
                 speaker, speaker);
        }
    }
    for (unsigned k = 0; map->count == 0 && k < patch->output_count; k++) {
        const char *name = jack->lib.port_name(jack->out_ports[k]);
        if (k < count) {
            wire(jack, name, speakers[k], speakers[k]);
        }
        if (patch->output_count == 1 && patch->is_mono_duplicated &&
            count > 1) {
            wire(jack, name, speakers[1], speakers[1]);
        }
    }
}

/* One microphone feeds every input. */
static void connect_inputs(struct jack *jack, const char *const *microphones)
{
    const struct channel_map *map = &jack->audio->options->in_map;
    const unsigned count = count_names(microphones);
    for (unsigned i = 0; i < map->count; i++) {
        if (map->pairs[i].device >= count) {
            tell_short(jack, "in-map", map->pairs[i].device, count);
        } else if (map->pairs[i].patch < jack->in_count) {
            const char *microphone = microphones[map->pairs[i].device];
            wire(jack, microphone,
                 jack->lib.port_name(jack->in_ports[map->pairs[i].patch]),
                 microphone);
        }
    }
    for (unsigned k = 0; map->count == 0 && k < jack->in_count; k++) {
        const char *name = jack->lib.port_name(jack->in_ports[k]);
        if (k < count) {
            wire(jack, microphones[k], name, microphones[k]);
        } else if (count == 1) {
            wire(jack, microphones[0], name, microphones[0]);
        }
    }
}

/* What was named and is not there, at the start. */
static void tell_missing(struct jack *jack, const char *use, const char *text)
{
    if (jack->is_first) {
        midi_lines_add(&jack->lines,
                       "midi    no port of the server %s has '%s' in its name "
                       "yet",
                       use, text);
    }
}

static void connect_midi_to(struct jack *jack, const char *name,
                            unsigned target)
{
    for (unsigned k = 0; k < jack->midi.port_count; k++) {
        if (jack->midi.ports[k].target == target) {
            wire(jack, name, jack->lib.port_name(jack->midi.ports[k].port),
                 name);
        }
    }
}

/* --midi-in names what plays; a port of the patch that is not named is its
 * first. */
static void connect_midi_choice(struct jack *jack,
                                const struct midi_choice *choice,
                                const char *const *names)
{
    bool is_found = false;
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        if (!is_ours(jack, names[i]) &&
            jack_names_match(&jack->lib, jack->client, names[i],
                             choice->text)) {
            is_found = true;
            connect_midi_to(jack, names[i],
                            choice->has_port ? choice->port
                                             : jack->midi.ports[0].target);
        }
    }
    if (!is_found) {
        tell_missing(jack, "to play from", choice->text);
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
    for (unsigned k = 0; k < options->midi_in_count; k++) {
        connect_midi_choice(jack, &options->midi_in[k],
                            (const char *const *)names);
    }
    for (size_t i = 0; !has_choice && names != NULL && names[i] != NULL; i++) {
        connect_midi_to(jack, names[i], midi->ports[0].target);
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
    if (count == 0 || options->midi_out_count == 0) {
        return;
    }
    const char **names =
        jack->lib.get_ports(jack->client, NULL, LIBJACK_MIDI, LIBJACK_IS_INPUT);
    for (unsigned k = 0; k < options->midi_out_count; k++) {
        const struct midi_choice *choice = &options->midi_out[k];
        const unsigned own = choice->has_port ? choice->port : 0;
        bool is_found = false;
        if (own < first || own >= count) {
            continue;
        }
        const char *from = jack->lib.port_name(midi->ports[own].port);
        for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
            if (!is_ours(jack, names[i]) &&
                jack_names_match(&jack->lib, jack->client, names[i],
                                 choice->text)) {
                is_found = true;
                wire(jack, from, names[i], names[i]);
            }
        }
        if (!is_found) {
            tell_missing(jack, "to send to", choice->text);
        }
    }
    if (names != NULL) {
        jack->lib.free((void *)names);
    }
}

void jack_connect_midi_out(struct jack *jack, unsigned first)
{
    name_midi_out(jack, first);
    if (!jack->audio->options->is_unconnected) {
        jack->arrivals.are_all = true; /* nobody can have parted these */
        connect_midi_out(jack, first);
    }
}

/* What counts as a far end is said by jack->arrivals. */
static void connect_ends(struct jack *jack)
{
    const struct libjack *lib = &jack->lib;
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

void jack_connect_ports(struct jack *jack)
{
    jack->wire_count = 0;
    jack->failed_count = 0;
    jack->tries = 0;
    if (!jack->audio->options->is_unconnected) {
        jack_arrivals_take_all(&jack->arrivals);
        jack->is_first = true;
        connect_ends(jack);
        jack->is_first = false;
    }
}

void jack_connect_arrivals(void *context)
{
    struct jack *jack = context;
    const bool is_again = jack->failed_count > 0;
    jack_arrivals_take(&jack->arrivals, &jack->lib, jack->client);
    /* Which of them were refused is not remembered. */
    jack->arrivals.are_all = jack->arrivals.are_all || is_again;
    jack->failed_count = 0;
    connect_ends(jack);
    jack->tries = jack->failed_count > 0 ? jack->tries + 1 : 0;
}
