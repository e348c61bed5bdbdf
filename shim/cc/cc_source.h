/* SPDX-License-Identifier: MIT */
/* What of a MIDI stream moves a variable. Any thread. */
#ifndef F4E_CC_SOURCE_H
#define F4E_CC_SOURCE_H

#include "common/failure.h"
#include "midi/midi_parser.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cc_kind { CC_CONTROL, CC_PAIR, CC_BEND, CC_PRESSURE, CC_NOTE };

enum {
    CC_CHANNELS = 16,
    CC_CONTROLS = 120, /* from there on controllers are modes of a channel */
    CC_NOTES = 128,
    CC_SOURCE_TEXT_MAX = 24,
};

struct cc_source {
    enum cc_kind kind;
    uint8_t number;  /* of the controller or note; of a pair the coarse one */
    uint8_t fine;    /* of a pair */
    uint8_t channel; /* 1 to 16; 0: any */
};

/* "74", "74@16", "1+33", "bend", "pressure", "note60". STATUS_USAGE. */
F4E_MUST_CHECK bool cc_source_parse(const char *text, struct cc_source *source,
                                    struct failure *failure);

/* The same text again. */
void cc_source_format(const struct cc_source *source,
                      char text[CC_SOURCE_TEXT_MAX]);

/* Are number, fine part and channel possible for its kind? */
bool cc_source_is_valid(const struct cc_source *source);

/*
 * Whether a message is of this source, and its position, 0 to 1. '*coarse'
 * keeps the coarse part of a pair, 0 at the beginning.
 */
bool cc_source_hear(const struct cc_source *source,
                    const struct midi_message *message, uint8_t *coarse,
                    double *position);

/* The source that a message is of: a controller, bend or pressure. */
bool cc_source_learn(const struct midi_message *message,
                     struct cc_source *source);

#endif
