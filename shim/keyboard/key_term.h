/* SPDX-License-Identifier: MIT */
/*
 * From the bytes of a terminal to keys. A terminal sends characters, not keys,
 * and nothing when a key is released, unless it speaks the kitty keyboard
 * protocol. What it sends may be anything; unknown sequences are skipped.
 */
#ifndef F4E_KEY_TERM_H
#define F4E_KEY_TERM_H

#include <stdbool.h>
#include <stddef.h>

enum key_term_kind {
    KEY_TERM_NONE,      /* nothing (yet) */
    KEY_TERM_TAP,       /* a key went down; its release will not be told */
    KEY_TERM_DOWN,      /* the release will be told */
    KEY_TERM_UP,        /* of such a one */
    KEY_TERM_BLUR,      /* the terminal lost the focus */
    KEY_TERM_INTERRUPT, /* ^C where the protocol makes it a key */
    KEY_TERM_SUSPEND,   /* ^Z likewise */
    KEY_TERM_RELEASES,  /* the terminal does speak the protocol */
};

struct key_term_event {
    enum key_term_kind kind;
    unsigned key; /* HID usage id, 0 when it has none */
};

enum { KEY_TERM_MAX = 64 }; /* bytes of a sequence; longer ones are skipped */

/* Zeroed: at the beginning. */
struct key_term {
    char bytes[KEY_TERM_MAX]; /* of an unfinished sequence */
    size_t count;
    unsigned skip; /* bytes of a UTF-8 character still to come */
};

/* One byte. */
struct key_term_event key_term_byte(struct key_term *term, unsigned char byte);

/* True while what came may be the Escape key or the start of a sequence. */
bool key_term_is_waiting(const struct key_term *term);

/* Nothing followed in time: it was the key. */
struct key_term_event key_term_timeout(struct key_term *term);

#endif
