/* SPDX-License-Identifier: MIT */
/*
 * Parses a stream of MIDI bytes into messages: running status, real-time bytes
 * inside other messages, system exclusive. The stream may begin in the middle
 * of a message and contain anything.
 */
#ifndef F4E_MIDI_PARSER_H
#define F4E_MIDI_PARSER_H

#include <stdbool.h>
#include <stdint.h>

/* Status and data; bytes that a message does not have are 0. */
struct midi_message {
    uint8_t bytes[3];
};

/* Initial state: zeroed. */
struct midi_parser {
    uint8_t status; /* of the message being read; 0: wait for one */
    uint8_t data[2];
    unsigned count;                /* of data that are there */
    struct midi_message exclusive; /* the first bytes of a system exclusive */
    unsigned exclusive_count;      /* of them; 0: none is being read */
};

/*
 * True when 'byte' completes '*message'. A system exclusive is complete at its
 * end and gives its first three bytes. Incomplete messages are dropped.
 */
bool midi_parser_byte(struct midi_parser *parser, uint8_t byte,
                      struct midi_message *message);

#endif
