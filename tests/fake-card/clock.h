/* SPDX-License-Identifier: MIT */
/*
 * The time of a card, shared by all PCMs of one process that name the same
 * card: CLOCK_MONOTONIC times a speed, or virtual: it stands still until
 * somebody waits. Nanoseconds, from 0 when the card is first opened.
 */
#ifndef F4E_FAKE_CARD_CLOCK_H
#define F4E_FAKE_CARD_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_STREAMS_MAX = 8, CLOCK_NAME_MAX = 64 };
#define CLOCK_NEVER UINT64_MAX

struct stream;

struct card_clock {
    char name[CLOCK_NAME_MAX]; /* empty: shared with nobody */
    double speed;              /* 0: virtual */
    uint64_t epoch_ns;         /* CLOCK_MONOTONIC when the card's time is 0 */
    uint64_t virtual_ns;
    bool is_held;
    uint64_t held_at_ns;    /* where the card's time stands */
    uint64_t held_until_ns; /* by CLOCK_MONOTONIC; CLOCK_NEVER: for good */
    struct stream *streams[CLOCK_STREAMS_MAX];
    unsigned users;
    struct card_clock *next;
};

/* All of this module, and whatever streams share, under one lock. */
void clock_lock(void);
void clock_unlock(void);

/* Returns 0, -ENOMEM, or -EINVAL: the card runs at another speed. */
int clock_open(struct card_clock **clock, const char *name, double speed,
               struct stream *stream);
void clock_close(struct card_clock *clock, const struct stream *stream);

uint64_t clock_now(struct card_clock *clock);

/* When CLOCK_MONOTONIC must reach for 'card_ns' to have come; CLOCK_NEVER. */
uint64_t clock_real(struct card_clock *clock, uint64_t card_ns);

/* A virtual clock moves on to 'card_ns', never back; not while held. */
void clock_advance(struct card_clock *clock, uint64_t card_ns);

/* Stand still at 'card_ns' for so many real ms; 0: for good. */
void clock_hold(struct card_clock *clock, uint64_t card_ns, unsigned long ms);

/* Rounded down, so that a frame is over when its time has passed. */
uint64_t clock_frames(uint64_t ns, unsigned rate_hz);
/* Rounded up: the inverse. */
uint64_t clock_ns(uint64_t frames, unsigned rate_hz);

#endif
