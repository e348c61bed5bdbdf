/* SPDX-License-Identifier: MIT */
/*
 * From a stream of MIDI bytes to messages: running status, real-time bytes in
 * the middle of others, system exclusive. The stream may begin anywhere and
 * may be anything.
 */
#ifndef F4E_MIDI_PARSER_H
#define F4E_MIDI_PARSER_H

#include <stdbool.h>
#include <stdint.h>

/* As a patch gets it: bytes that a message does not have are 0. */
struct midi_message {
    uint8_t bytes[3];
};

/* Zeroed: at the beginning. */
struct midi_parser {
    uint8_t status; /* of the message being read; 0: wait for one */
    uint8_t data[2];
    unsigned count;                /* of data that are there */
    struct midi_message exclusive; /* the first bytes of a system exclusive */
    unsigned exclusive_count;      /* of them; 0: none is being read */
};

/*
 * True when 'byte' completes '*message'. Of a system exclusive these are the
 * first three bytes, when it ends. Messages cut short by another are dropped.
 */
bool midi_parser_byte(struct midi_parser *parser, uint8_t byte,
                      struct midi_message *message);

#endif
