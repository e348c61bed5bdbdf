/* SPDX-License-Identifier: MIT */
/*
 * What a client wants to see again and again: values of variables, the levels
 * of the outputs, counters. Control thread.
 */
#ifndef F4E_SUBSCRIPTION_H
#define F4E_SUBSCRIPTION_H

#include "common/failure.h"
#include "control/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SUBSCRIPTION_NAMES_MAX = NAMES_ADDED_MAX,
    SUBSCRIPTION_BYTES_MAX = 65536, /* of all values together */
};

struct request;

struct subscription {
    unsigned rate_hz; /* 0: nothing is wanted */
    bool is_text;
    bool has_levels; /* "levels" */
    bool has_stats;  /* "stats" */
    bool is_fresh;   /* all values are due, changed or not */
    struct place *places;
    unsigned count;
    uint8_t *seen; /* values last sent, then those read last; in a row */
    size_t bytes;  /* of one of them */
    uint64_t next_ns;
    uint64_t lost;   /* events that found no room, since the last one sent */
    uint64_t blocks; /* counted at the last event, for the load since then */
    uint64_t busy_ns;
};

/* "HZ NAME...": in place of what was wanted before. STATUS_USAGE. */
F4E_MUST_CHECK bool subscription_set(struct subscription *subscription,
                                     struct request *request,
                                     struct failure *failure);

/* The code was exchanged: the same names of another patch, as far as it has
 * them; all values are due. */
void subscription_follow(struct subscription *subscription,
                         const struct f4e_patch *from,
                         const struct f4e_patch *to);

/* Also for one that is zeroed. */
void subscription_end(struct subscription *subscription);

/* The bytes of the values of a place. */
size_t subscription_bytes(const struct place *place);

/* How long until the next event, at most 'most_ms'. */
int subscription_wait_ms(const struct subscription *subscription,
                         uint64_t now_ns, int most_ms);

#endif
