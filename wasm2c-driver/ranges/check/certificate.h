/* SPDX-License-Identifier: MIT */
/*
 * A certificate (certificate_format.h), parsed. The text is not trusted: what
 * is malformed, or names what the module does not have, is rejected; and no
 * claim is believed before the replay has verified it.
 */
#ifndef F4E_CERTIFICATE_H
#define F4E_CERTIFICATE_H

#include "base/u64map.h"
#include "ranges/check/interval.h"
#include "wasm/body.h"

/* An invariant of words between calls. Keys are memory << 32 | address,
 * multiples of 4. */
struct certificate_words {
    uint64_t start;
    uint64_t end;
    struct interval interval;
};

/* The claims on a site (wasm/body.h). */
struct certificate_site {
    uint32_t opcode; /* of the module, not of the text */
    bool has_address;
    bool has_value;
    struct interval address;
    struct interval value;
};

/* A place that a loop changes: slot or word 'at' holds 'value', an index into
 * the loop's values. */
struct certificate_place {
    uint64_t at;
    uint32_t value;
};

/* A call, or a loop of the innermost call. */
struct certificate_path {
    uint32_t parent;
    uint32_t at;             /* byte of the module */
    struct interval *values; /* of a loop, as all that follows */
    uint32_t value_count;
    struct certificate_place *slots; /* ascending */
    uint32_t slot_count;
    struct certificate_place *words; /* ascending */
    uint32_t word_count;
};

struct certificate {
    const struct wasm_module *module;
    struct certificate_words *words; /* ascending, disjoint */
    uint32_t word_count;
    struct certificate_site *sites; /* by site number */
    uint32_t site_count;
    struct certificate_path *paths; /* [0]: the host */
    uint32_t path_count;
    struct u64map path_index; /* by parent and offset */
};

/* False for a text that is no certificate of the module of 'bodies', which must
 * outlive the result. Arrays are in 'arena'. */
bool certificate_read(struct certificate *certificate, const char *text,
                      const struct wasm_bodies *bodies, struct arena *arena);

/* No path: the certificate has nothing on it. */
#define CERTIFICATE_NO_PATH UINT32_MAX

/* The path that leads on from 'parent' at byte 'at'. */
uint32_t certificate_follow(const struct certificate *certificate,
                            uint32_t parent, uint64_t at);

/* The join of the invariants of all words in [start, end), not empty; top when
 * one of them has none. */
struct interval certificate_interval(const struct certificate *certificate,
                                     uint64_t start, uint64_t end);

/* Whether the invariants allow each word in [start, end) to be 'what'. */
bool certificate_allows(const struct certificate *certificate, uint64_t start,
                        uint64_t end, const struct interval *what);

#endif
