/* SPDX-License-Identifier: MIT */
/*
 * The ports of other clients of the ALSA sequencer, by the names that users
 * give them. Control thread, and the thread that owns the handle.
 */
#ifndef F4E_MIDI_PORTS_H
#define F4E_MIDI_PORTS_H

#include "common/failure.h"
#include "common/json.h"

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stdio.h>

enum { MIDI_PORT_NAME_BYTES = 160 };

enum midi_direction {
    MIDI_PORTS_IN, /* can be played from */
    MIDI_PORTS_OUT /* can be sent to */
};

/* A port of another client, as the user names it. */
struct midi_port {
    int client;
    int port;
    bool is_hardware;
    char name[MIDI_PORT_NAME_BYTES]; /* "Client:Port" */
};

/* A client of this name that does not wait. NULL: STATUS_MIDI, with a hint;
 * 'none' is the option that does without. */
snd_seq_t *midi_ports_open(const char *name, const char *none,
                           struct failure *failure);

/* True, with the port, when it can be used that way and is not our own. */
bool midi_ports_describe(snd_seq_t *handle, enum midi_direction direction,
                         const snd_seq_port_info_t *info,
                         struct midi_port *port);

/* The same for the port of a message by which the system announces it. */
bool midi_ports_find(snd_seq_t *handle, enum midi_direction direction,
                     const snd_seq_addr_t *address, struct midi_port *port);

/* 'pattern' is its address "cid:pid", or a part of its name. */
bool midi_ports_match(const struct midi_port *port, const char *pattern);

/* All ports that are there, by client and port. */
void midi_ports_visit(snd_seq_t *handle, enum midi_direction direction,
                      void (*visit)(const struct midi_port *port, void *arg),
                      void *arg);

/* Makes a port of ours that hears what comes and goes; nobody sees it. */
void midi_ports_announce(snd_seq_t *handle);

/*
 * Ports that somebody else knows: elements of the list that is open in 'json',
 * or text when that is NULL, after 'heading' (or NULL). Returns how many there
 * are; without a file it only counts.
 */
typedef unsigned midi_ports_more(enum midi_direction direction,
                                 const char *heading, struct json *json,
                                 FILE *file);

/* --list-midi: print every port, and those of 'more'. Fails with STATUS_MIDI
 * when there is no sequencer and nothing more. */
F4E_MUST_CHECK bool midi_ports_list(bool is_json, midi_ports_more *more,
                                    FILE *file, struct failure *failure);

#endif
