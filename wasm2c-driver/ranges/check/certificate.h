/* SPDX-License-Identifier: MIT */
/*
 * A written proof (ranges/proof.h has the format), read. A text is not
 * trusted: what is no proof, or speaks of what the module does not have, is
 * refused, and no claim is believed before replay.h has seen that it holds.
 */
#ifndef F4E_CHECK_CERTIFICATE_H
#define F4E_CHECK_CERTIFICATE_H

#include "base/u64map.h"
#include "ranges/check/interval.h"
#include "wasm/body.h"

/* Words of a memory: keys are memory << 32 | address, multiples of 4. */
struct certificate_words {
    uint64_t start;
    uint64_t end;
    struct interval interval;
};

/* Of a load, a store, an `if`, a `br_if` or a `select`; by its number. */
struct certificate_site {
    uint32_t opcode; /* of the module, not of the text */
    bool has_address;
    bool has_value;
    struct interval address;
    struct interval value;
};

/* A place that a loop changes, at its head: slot or word 'at' holds 'value', an
 * index into the loop's values. */
struct certificate_place {
    uint64_t at;
    uint32_t value;
};

/* How execution got here: calls inside calls, or a loop in the last of them. */
struct certificate_path {
    uint32_t parent;
    uint32_t at;             /* offset of the call or the loop in the file */
    struct interval *values; /* the rest is of a loop */
    uint32_t value_count;
    struct certificate_place *slots; /* ascending */
    uint32_t slot_count;
    struct certificate_place *words; /* ascending */
    uint32_t word_count;
};

struct certificate {
    const struct wasm_module *module;
    struct certificate_words *words; /* between calls; ascending, disjoint */
    uint32_t word_count;
    struct certificate_site *sites; /* as many as struct wasm_bodies has */
    uint32_t site_count;
    struct certificate_path *paths; /* [0]: the host */
    uint32_t path_count;
    struct u64map path_index; /* of paths, by parent and offset */
};

/* False for a text that is no proof about the module of 'code'. */
bool certificate_read(struct certificate *certificate, const char *text,
                      const struct wasm_bodies *bodies, struct arena *arena);

/* No path: nothing is said of what happens on it. */
#define CERTIFICATE_NO_PATH UINT32_MAX

/* The path that goes on from 'parent' at 'at', or CERTIFICATE_NO_PATH. */
uint32_t certificate_follow(const struct certificate *certificate,
                            uint32_t parent, uint64_t at);

/* What every word in [start, end) holds, not empty; any number for words that
 * the proof does not mention. */
struct interval certificate_interval(const struct certificate *certificate,
                                     uint64_t start, uint64_t end);

/* Whether each word in [start, end) may be 'what' as far as the proof goes. */
bool certificate_allows(const struct certificate *certificate, uint64_t start,
                        uint64_t end, const struct interval *what);

#endif
