/* SPDX-License-Identifier: MIT */
/*
 * The memories as the host finds them before the first block: zeros, active
 * segments, initDefaults, then the assets. Known exactly where initDefaults is
 * what the 8f4e compiler makes of it: a straight line of constant stores, fills
 * and segments. Such a function variants the same words behind
 * whatever was there before, so it may run again at any time.
 */
#ifndef F4E_RANGES_IMAGE_H
#define F4E_RANGES_IMAGE_H

#include "patch.h"
#include "ranges/analysis/range.h"
#include "wasm/body.h"

/* Bytes from 'size' on are zero up to 'limit', the end of the memory. */
struct initial_bytes {
    uint8_t *bytes;
    uint64_t size; /* a multiple of 4 */
    uint64_t limit;
    struct range *blocks; /* join of the words of each run of IMAGE_BLOCK */
};

enum { INITIAL_BLOCK_WORDS = 64 };

struct partly_written {
    uint32_t memory;
    uint64_t start; /* multiples of 4 */
    uint64_t end;
};

struct initial_memory {
    struct initial_bytes *memories; /* as many as the module has */
    uint32_t memory_count;
    /* The words below each asset: they come back when initDefaults runs. */
    struct range *below_assets;
    /* Words that initDefaults writes in part: their rest is not known then. */
    struct partly_written *partly_written;
    uint32_t partly_written_count;
    uint32_t partly_written_capacity;
};

/* False, with '*reason' why, when the image cannot be told. */
bool initial_memory_eval(struct initial_memory *initial,
                         const struct patch *patch,
                         const struct wasm_bodies *bodies, const char **reason,
                         struct arena *arena);

/* The join of the words in [start, end), both multiples of 4, not empty. */
struct range initial_memory_join(const struct initial_memory *initial,
                                 uint32_t memory, uint64_t start, uint64_t end);

/* The join of the numbers of 'bytes' (1 or 2) bytes at 'start' and each 'step'
 * after it, as far as they lie in [start, end), which has room for one. */
struct range initial_memory_join_parts(const struct initial_memory *initial,
                                       uint32_t memory, uint64_t start,
                                       uint64_t end, uint64_t stride,
                                       uint32_t bytes, bool is_signed);

#endif
