/* SPDX-License-Identifier: MIT */
/*
 * A packet of OSC 1.0, as it came from anywhere: every length in it is judged
 * here, before anything else reads it. Pure functions.
 */
#ifndef F4E_PACKET_H
#define F4E_PACKET_H

#include "common/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PACKET_BYTES_MAX = 65507, /* of UDP */
    PACKET_DEPTH_MAX = 8,     /* bundles within bundles */
    PACKET_HEAD_BYTES = 16,   /* of a bundle: its name and its time */
    PACKET_TYPES_ROOM = 4,    /* that packet_plain() may add */
};

/* A part of a packet. */
struct packet_part {
    const uint8_t *bytes;
    size_t size;
};

/* Whether all of it is sound: messages and bundles with known types, whose
 * lengths add up, and nothing behind them. */
F4E_MUST_CHECK bool packet_is_sound(const uint8_t *bytes, size_t size);

/* The rest takes parts of packets that are sound. */

bool packet_is_bundle(const struct packet_part *part);

/* When a bundle is due: seconds since 1900, and 2^-32 of them. 1: at once. */
uint64_t packet_time(const struct packet_part *bundle);

/* The next element of a bundle; '*at' is PACKET_HEAD_BYTES at first. False:
 * there is none. */
bool packet_next(const struct packet_part *bundle, size_t *at,
                 struct packet_part *element);

/*
 * A message with its arguments in one row: types in [] count for themselves,
 * and the types are there even if there are none. 'plain' has room for
 * PACKET_TYPES_ROOM bytes more than the message; the bytes used.
 */
size_t packet_plain(const struct packet_part *message, uint8_t *plain);

#endif
