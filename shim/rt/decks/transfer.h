/* SPDX-License-Identifier: MIT */
/*
 * What of one version of a patch is what of another one: bytes of variables
 * that both know, functions, views. Made where there is time (swap/match.h);
 * here it carries values over and makes changes for one version fit the other.
 */
#ifndef F4E_TRANSFER_H
#define F4E_TRANSFER_H

#include "f4e_patch.h"
#include "rt/change.h"
#include "rt/realtime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs of at least so many bytes can be copied before the audio thread does. */
enum { TRANSFER_LARGE_BYTES = 32768 };

/* No counterpart. */
#define TRANSFER_NONE UINT32_MAX

/* A variable that both versions know, or all of a memory. */
struct transfer_run {
    uint32_t from_memory; /* index */
    uint32_t from;        /* byte address */
    uint32_t to_memory;
    uint32_t to;
    uint32_t size;   /* bytes, > 0 */
    bool is_carried; /* the value is taken over */
    bool is_pointer; /* words that hold addresses of the old layout */
};

struct transfer {
    const struct f4e_patch *from;
    const struct f4e_patch *to;
    uint32_t from_version;
    uint32_t to_version;
    struct transfer_run *runs; /* by from_memory and from, disjoint */
    size_t run_count;
    bool is_whole;     /* all variables of 'from' are carried, and what sends
                          MIDI from them is the same */
    uint32_t *exports; /* index in 'to' of each of 'from', or NONE */
    uint32_t *views;   /* likewise */
};

/* Where a run of bytes of 'from' lies in 'to'. False: nowhere. */
F4E_REALTIME bool transfer_address(const struct transfer *transfer,
                                   uint32_t *memory, uint32_t *address,
                                   uint32_t size);

/* The same change for 'to'; its payload is shared. False: there is none. */
F4E_REALTIME bool transfer_change(const struct transfer *transfer,
                                  const struct change *change,
                                  struct change *made);

/* Carry the values of one run over. */
F4E_REALTIME void transfer_run(const struct transfer *transfer,
                               const struct transfer_run *run);

/* Carry all values over; 'is_rest': but those of large runs. */
F4E_REALTIME void transfer_values(const struct transfer *transfer,
                                  bool is_rest);

static inline bool transfer_is_large(const struct transfer_run *run)
{
    return run->is_carried && !run->is_pointer &&
           run->size >= TRANSFER_LARGE_BYTES;
}

#endif
