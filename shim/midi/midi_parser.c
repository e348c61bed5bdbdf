/* SPDX-License-Identifier: MIT */
#include "midi/midi_parser.h"

enum {
    STATUS_BIT = 0x80,
    EXCLUSIVE = 0xf0,
    EXCLUSIVE_END = 0xf7,
    REAL_TIME = 0xf8, /* and above */
    MESSAGE_BYTES = 3,
};

/* Data bytes that follow a status; -1 for those that mean nothing. */
static int data_bytes(uint8_t status)
{
    static const signed char system[16] = {
        [0x0] = -1, [0x1] = 1,  [0x2] = 2, [0x3] = 1,  [0x4] = -1, [0x5] = -1,
        [0x6] = 0,  [0x7] = -1, [0x8] = 0, [0x9] = -1, [0xa] = 0,  [0xb] = 0,
        [0xc] = 0,  [0xd] = -1, [0xe] = 0, [0xf] = 0,
    };
    unsigned kind = status >> 4;
    return kind == 0xf                  ? system[status & 0xf]
           : kind == 0xc || kind == 0xd ? 1
                                        : 2;
}

static void keep_exclusive(struct midi_parser *parser, uint8_t byte)
{
    if (parser->exclusive_count < MESSAGE_BYTES) {
        parser->exclusive.bytes[parser->exclusive_count++] = byte;
    }
}

static bool take_status(struct midi_parser *parser, uint8_t byte,
                        struct midi_message *message)
{
    if (byte >= REAL_TIME) {
        *message = (struct midi_message){{byte, 0, 0}};
        return data_bytes(byte) == 0;
    }
    bool is_exclusive_whole =
        byte == EXCLUSIVE_END && parser->exclusive_count > 0;
    if (is_exclusive_whole) {
        keep_exclusive(parser, byte);
        *message = parser->exclusive;
    }
    parser->exclusive_count = 0;
    parser->status = 0;
    parser->count = 0;
    if (byte == EXCLUSIVE) {
        parser->exclusive = (struct midi_message){{0}};
        keep_exclusive(parser, byte);
    } else if (data_bytes(byte) == 0) {
        *message = (struct midi_message){{byte, 0, 0}};
        return true;
    } else if (data_bytes(byte) > 0) {
        parser->status = byte;
    }
    return is_exclusive_whole;
}

bool midi_parser_byte(struct midi_parser *parser, uint8_t byte,
                      struct midi_message *message)
{
    if ((byte & STATUS_BIT) != 0) {
        return take_status(parser, byte, message);
    }
    if (parser->exclusive_count > 0) {
        keep_exclusive(parser, byte);
        return false;
    }
    if (parser->status == 0) {
        return false;
    }
    parser->data[parser->count++] = byte;
    if ((int)parser->count < data_bytes(parser->status)) {
        return false;
    }
    *message = (struct midi_message){
        {parser->status, parser->data[0],
         parser->count > 1 ? parser->data[1] : (uint8_t)0}};
    parser->count = 0;
    /* Only the messages of channels may leave their status out. */
    parser->status = parser->status < EXCLUSIVE ? parser->status : (uint8_t)0;
    return true;
}
