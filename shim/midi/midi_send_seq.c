/* SPDX-License-Identifier: MIT */
#include "midi/midi_send_seq.h"

#include "midi/midi_ports.h"
#include "rt/stats.h"

#include <stdio.h>
#include <string.h>

enum {
    POOL_EVENTS = 2000,
    MESSAGE_BYTES = 3,
    TIMER_HZ = 4000, /* a byte takes 320 us on a serial line */
};

/* Ours for a port of the patch, made if need be, or -1. */
static int port_for(struct midi_send_seq *seq, unsigned port)
{
    char name[32];
    if (seq->ports[port] < 0) {
        (void)snprintf(name, sizeof(name), "out %u", port);
        seq->ports[port] = snd_seq_create_simple_port(
            seq->handle, name,
            SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ,
            SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION);
    }
    return seq->ports[port];
}

/* Follow --midi-out for a port of somebody else's. */
static void connect_wanted(const struct midi_port *to, void *arg)
{
    struct midi_send_seq *seq = arg;
    const struct options *options = seq->options;
    for (unsigned i = 0; i < options->midi_out_count; i++) {
        const struct midi_choice *choice = &options->midi_out[i];
        int port = port_for(seq, choice->port);
        /* Connected already: it says so, and nothing changes. */
        if (port >= 0 && midi_ports_match(to, choice->text) &&
            snd_seq_connect_to(seq->handle, port, to->client, to->port) >= 0) {
            seq->link_count++;
            midi_lines_add(seq->lines, "midi    out %u plays '%s'",
                           choice->port, to->name);
        }
    }
}

bool midi_send_seq_open(struct midi_send_seq *seq,
                        const struct f4e_patch *patch,
                        const struct options *options, struct midi_lines *lines,
                        struct failure *failure)
{
    char name[64];
    *seq = (struct midi_send_seq){.options = options, .lines = lines};
    memset(seq->ports, -1, sizeof(seq->ports));
    (void)snprintf(name, sizeof(name), "f4e:%s", patch->name);
    seq->handle = midi_ports_open(name, "--midi-out none", failure);
    if (seq->handle == NULL) {
        return false;
    }
    (void)snd_seq_set_client_pool_output(seq->handle, POOL_EVENTS);
    bool is_good = snd_midi_event_new(MESSAGE_BYTES, &seq->encoder) >= 0 ||
                   failure_set_memory(failure);
    is_good = is_good && midi_clock_start(&seq->clock, seq->handle, name,
                                          TIMER_HZ, failure);
    if (is_good && port_for(seq, 0) < 0) {
        is_good = failure_set(failure, STATUS_MIDI,
                              "cannot make a MIDI port: "
                              "%s",
                              snd_strerror(seq->ports[0]));
    }
    if (!is_good) {
        midi_send_seq_close(seq);
        return false;
    }
    for (unsigned i = 0; i < options->midi_out_count; i++) {
        (void)port_for(seq, options->midi_out[i].port);
    }
    midi_ports_announce(seq->handle);
    midi_ports_visit(seq->handle, MIDI_PORTS_OUT, connect_wanted, seq);
    return true;
}

bool midi_send_seq_put(struct midi_send_seq *seq,
                       const struct midi_queue_message *message)
{
    snd_seq_event_t event;
    int port = port_for(seq, message->port);
    snd_seq_ev_clear(&event);
    snd_midi_event_reset_encode(seq->encoder);
    if (port < 0 || snd_midi_event_encode(seq->encoder, message->bytes,
                                          message->count, &event) < 0) {
        return false;
    }
    snd_seq_ev_set_source(&event, (unsigned char)port);
    snd_seq_ev_set_subs(&event);
    if (message->due_ns > stats_now_ns()) {
        const snd_seq_real_time_t time =
            midi_clock_time(&seq->clock, message->due_ns);
        snd_seq_ev_schedule_real(&event, (unsigned char)seq->clock.queue, 0,
                                 &time);
    } else {
        snd_seq_ev_set_direct(&event);
    }
    return snd_seq_event_output_direct(seq->handle, &event) >= 0;
}

void midi_send_seq_tick(struct midi_send_seq *seq, uint64_t now_ns)
{
    snd_seq_event_t *event = NULL;
    while (snd_seq_event_input(seq->handle, &event) >= 0 && event != NULL) {
        struct midi_port port;
        if (event->type == SND_SEQ_EVENT_PORT_START &&
            midi_ports_find(seq->handle, MIDI_PORTS_OUT, &event->data.addr,
                            &port)) {
            connect_wanted(&port, seq);
        }
    }
    midi_clock_tick(&seq->clock, now_ns);
}

void midi_send_seq_close(struct midi_send_seq *seq)
{
    if (seq->encoder != NULL) {
        snd_midi_event_free(seq->encoder);
        seq->encoder = NULL;
    }
    if (seq->handle != NULL) {
        (void)snd_seq_close(seq->handle);
        seq->handle = NULL;
    }
}
