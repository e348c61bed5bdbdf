/* SPDX-License-Identifier: MIT */
#include "midi/midi_seq.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_EVENTS = 2000, BUFFER_BYTES = 65536 };

/* Our port for a port of the patch, or -1. */
static int port_for(const struct midi_seq *seq, unsigned target)
{
    for (unsigned i = 0; i < seq->port_count; i++) {
        if (seq->targets[i] == target) {
            return seq->ports[i];
        }
    }
    return -1;
}

/* Connect unless it is; true, with the link, when it is new. */
static bool connect_source(struct midi_seq *seq, const struct midi_port *source,
                           unsigned target, struct midi_link *link)
{
    int port = port_for(seq, target);
    for (unsigned i = 0; i < seq->link_count; i++) {
        if (seq->links[i].client == source->client &&
            seq->links[i].port == source->port &&
            seq->links[i].target == target) {
            return false;
        }
    }
    if (port < 0 || seq->link_count == MIDI_SEQ_LINKS_MAX ||
        snd_seq_connect_from(seq->handle, port, source->client, source->port) <
            0) {
        return false;
    }
    *link = (struct midi_link){
        .client = source->client, .port = source->port, .target = target};
    memcpy(link->name, source->name, sizeof(link->name));
    seq->links[seq->link_count++] = *link;
    return true;
}

/*
 * Follow --midi-in; without it hardware plays the patch's first port. True
 * when something new plays: its last link is in '*link'.
 */
static bool connect_wanted(struct midi_seq *seq, const struct midi_port *source,
                           struct midi_link *link)
{
    const struct options *options = seq->options;
    bool is_new = false;
    if (options->midi_in_count == 0) {
        return source->is_hardware &&
               connect_source(seq, source, seq->targets[0], link);
    }
    for (unsigned i = 0; i < options->midi_in_count; i++) {
        is_new = (midi_ports_match(source, options->midi_in[i].text) &&
                  connect_source(seq, source,
                                 options->midi_in[i].has_port
                                     ? options->midi_in[i].port
                                     : seq->targets[0],
                                 link)) ||
                 is_new;
    }
    return is_new;
}

static void visit_to_connect(const struct midi_port *source, void *arg)
{
    struct midi_link link;
    (void)connect_wanted(arg, source, &link);
}

/* The kernel writes down when an event comes to the port. */
static void stamp_port(struct midi_seq *seq, int port)
{
    snd_seq_port_info_t *info = calloc(1, snd_seq_port_info_sizeof());
    if (info == NULL) {
        return;
    }
    if (snd_seq_get_port_info(seq->handle, port, info) >= 0) {
        snd_seq_port_info_set_timestamping(info, 1);
        snd_seq_port_info_set_timestamp_real(info, 1);
        snd_seq_port_info_set_timestamp_queue(info, seq->clock.queue);
        (void)snd_seq_set_port_info(seq->handle, port, info);
    }
    free(info);
}

/* One port of ours for each that the patch has bindings for, in their order. */
static bool make_ports(struct midi_seq *seq, const struct f4e_patch *patch,
                       struct failure *failure)
{
    /* Without bindings somebody else listens, on port 0. */
    const unsigned count = patch->midi_count > 0 ? patch->midi_count : 1;
    for (unsigned i = 0; i < count; i++) {
        char name[32];
        unsigned target = patch->midi_count > 0 ? patch->midi[i].port : 0;
        if (port_for(seq, target) >= 0 ||
            seq->port_count == MIDI_SEQ_PORTS_MAX) {
            continue;
        }
        (void)snprintf(name, sizeof(name), "in %u", target);
        int port = snd_seq_create_simple_port(
            seq->handle, name,
            SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE,
            SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION);
        if (port < 0) {
            return failure_set(failure, STATUS_MIDI,
                               "cannot make a MIDI port: %s",
                               snd_strerror(port));
        }
        if (seq->clock.handle != NULL) {
            stamp_port(seq, port);
        }
        seq->targets[seq->port_count] = target;
        seq->ports[seq->port_count++] = port;
    }
    midi_ports_announce(seq->handle);
    return true;
}

bool midi_seq_open(struct midi_seq *seq, const struct f4e_patch *patch,
                   const struct options *options, struct failure *failure)
{
    char name[64];
    *seq = (struct midi_seq){.options = options};
    (void)snprintf(name, sizeof(name), "f4e:%s", patch->name);
    seq->handle = midi_ports_open(name, "--midi-in none", failure);
    if (seq->handle == NULL) {
        return false;
    }
    (void)snd_seq_set_client_pool_input(seq->handle, POOL_EVENTS);
    (void)snd_seq_set_input_buffer_size(seq->handle, BUFFER_BYTES);
    bool is_good = snd_midi_event_new(MIDI_SEQ_BYTES, &seq->decoder) >= 0 ||
                   failure_set_memory(failure);
    if (is_good && options->midi_latency_ms > 0) {
        is_good = midi_clock_start(&seq->clock, seq->handle, name, 0, failure);
    }
    is_good = is_good && make_ports(seq, patch, failure);
    if (!is_good) {
        midi_seq_close(seq);
        return false;
    }
    snd_midi_event_no_status(seq->decoder, 1); /* every status is told */
    midi_ports_visit(seq->handle, MIDI_PORTS_IN, visit_to_connect, seq);
    return true;
}

unsigned midi_seq_poll_count(const struct midi_seq *seq)
{
    int count = snd_seq_poll_descriptors_count(seq->handle, POLLIN);
    return count > 0 ? (unsigned)count : 0;
}

void midi_seq_poll_fill(const struct midi_seq *seq, struct pollfd *fds,
                        unsigned count)
{
    (void)snd_seq_poll_descriptors(seq->handle, fds, count, POLLIN);
}

static void take_start(struct midi_seq *seq, const snd_seq_addr_t *addr,
                       struct midi_seq_event *event)
{
    struct midi_port source;
    if (midi_ports_find(seq->handle, MIDI_PORTS_IN, addr, &source) &&
        connect_wanted(seq, &source, &event->link)) {
        event->kind = MIDI_SEQ_LINKED;
    }
}

static void take_exit(struct midi_seq *seq, const snd_seq_addr_t *addr,
                      struct midi_seq_event *event)
{
    unsigned kept = 0;
    event->kind = MIDI_SEQ_GONE;
    event->link.name[0] = '\0';
    event->source = (struct midi_source){addr->client, addr->port};
    for (unsigned i = 0; i < seq->link_count; i++) {
        if (seq->links[i].client == addr->client &&
            seq->links[i].port == addr->port) {
            event->link = seq->links[i];
        } else {
            seq->links[kept++] = seq->links[i];
        }
    }
    seq->link_count = kept;
}

static void take_data(struct midi_seq *seq, const snd_seq_event_t *from,
                      struct midi_seq_event *event)
{
    long count = snd_midi_event_decode(seq->decoder, event->bytes,
                                       sizeof(event->bytes), from);
    for (unsigned i = 0; i < seq->port_count; i++) {
        if (seq->ports[i] == from->dest.port) {
            event->target = seq->targets[i];
            event->source =
                (struct midi_source){from->source.client, from->source.port};
            /* Not all events are MIDI; too long ones are as good as lost. */
            event->kind = count > 0          ? MIDI_SEQ_DATA
                          : count == -ENOMEM ? MIDI_SEQ_LOST
                                             : MIDI_SEQ_OTHER;
            event->count = count > 0 ? (size_t)count : 0;
            bool is_stamped = seq->clock.handle != NULL &&
                              (from->flags & SND_SEQ_TIME_STAMP_MASK) ==
                                  SND_SEQ_TIME_STAMP_REAL &&
                              from->queue == seq->clock.queue;
            event->time_ns =
                is_stamped ? midi_clock_ns(&seq->clock, &from->time.time) : 0;
        }
    }
}

void midi_seq_next(struct midi_seq *seq, struct midi_seq_event *event)
{
    snd_seq_event_t *from = NULL;
    event->kind = MIDI_SEQ_OTHER;
    int error = snd_seq_event_input(seq->handle, &from);
    if (error < 0 || from == NULL) {
        event->kind = error == -ENOSPC ? MIDI_SEQ_LOST : MIDI_SEQ_NOTHING;
    } else if (from->type == SND_SEQ_EVENT_PORT_START) {
        take_start(seq, &from->data.addr, event);
    } else if (from->type == SND_SEQ_EVENT_PORT_EXIT) {
        take_exit(seq, &from->data.addr, event);
    } else if (from->type == SND_SEQ_EVENT_PORT_UNSUBSCRIBED) {
        event->kind = MIDI_SEQ_GONE;
        event->link.name[0] = '\0';
        event->source = (struct midi_source){from->data.connect.sender.client,
                                             from->data.connect.sender.port};
    } else {
        take_data(seq, from, event);
    }
}

void midi_seq_close(struct midi_seq *seq)
{
    if (seq->decoder != NULL) {
        snd_midi_event_free(seq->decoder);
        seq->decoder = NULL;
    }
    if (seq->handle != NULL) {
        (void)snd_seq_close(seq->handle);
        seq->handle = NULL;
    }
}
