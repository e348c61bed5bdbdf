/* SPDX-License-Identifier: MIT */
/*
 * Parses the bytes of a terminal into key events. Terminals send characters,
 * and nothing when a key is released, unless they have the kitty keyboard
 * protocol. Unknown sequences are skipped. Key thread.
 */
#ifndef F4E_KEY_TERM_H
#define F4E_KEY_TERM_H

#include <stdbool.h>
#include <stddef.h>

enum key_term_kind {
    KEY_TERM_NONE, /* no event (yet) */
    KEY_TERM_TAP,  /* a key went down; no KEY_TERM_UP will follow */
    KEY_TERM_DOWN, /* a key went down; KEY_TERM_UP will follow */
    KEY_TERM_UP,
    KEY_TERM_BLUR,      /* the terminal lost the focus */
    KEY_TERM_INTERRUPT, /* ^C where the protocol makes it a key */
    KEY_TERM_SUSPEND,   /* ^Z likewise */
    KEY_TERM_RELEASES,  /* the terminal has the protocol */
};

struct key_term_event {
    enum key_term_kind kind;
    unsigned key; /* HID usage id, 0 when it has none */
};

enum { KEY_TERM_MAX = 64 }; /* bytes of a sequence; longer ones are skipped */

/* Initial state: zeroed. */
struct key_term {
    char bytes[KEY_TERM_MAX]; /* of an unfinished sequence */
    size_t count;
    unsigned skip; /* bytes of a UTF-8 character still to come */
};

/* Parse one byte. */
struct key_term_event key_term_byte(struct key_term *term, unsigned char byte);

/* True while the bytes may be the Escape key or the start of a sequence. */
bool key_term_is_waiting(const struct key_term *term);

/* No byte followed in time: the event of the Escape key. */
struct key_term_event key_term_timeout(struct key_term *term);

#endif
