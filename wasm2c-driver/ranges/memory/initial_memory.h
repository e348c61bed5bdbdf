/* SPDX-License-Identifier: MIT */
/*
 * The memories before the first block: zeros, active segments, initDefaults,
 * then the assets. They are known exactly where initDefaults is what the 8f4e
 * compiler emits: a straight line of stores, fills and segment copies with
 * constant operands. It is idempotent, so the host may call it at any time.
 */
#ifndef F4E_INITIAL_MEMORY_H
#define F4E_INITIAL_MEMORY_H

#include "patch.h"
#include "ranges/domain/range.h"
#include "wasm/body.h"

enum { INITIAL_BLOCK_WORDS = 64 };

/* The bytes from 'size' up to 'limit', the end of the memory, are zero. */
struct initial_bytes {
    uint8_t *bytes;
    uint64_t size; /* a multiple of 4 */
    uint64_t limit;
    struct range *blocks; /* joins of INITIAL_BLOCK_WORDS words each */
};

struct partly_written {
    uint32_t memory;
    uint64_t start; /* multiples of 4 */
    uint64_t end;
};

struct initial_memory {
    struct initial_bytes *memories; /* as many as the module has */
    uint32_t memory_count;
    /* The join of the words under each asset: initDefaults restores them. */
    struct range *below_assets;
    /* Words of which initDefaults writes some bytes: when it runs again, the
     * others are what the patch has left there. */
    struct partly_written *partly_written;
    uint32_t partly_written_count;
    uint32_t partly_written_capacity;
};

/* False, with '*reason' (static), when the memories are not known. Arrays are
 * in 'arena'. */
bool initial_memory_eval(struct initial_memory *initial,
                         const struct patch *patch,
                         const struct wasm_bodies *bodies, const char **reason,
                         struct arena *arena);

/* The join of the words in [start, end), byte addresses, multiples of 4, not
 * empty. */
struct range initial_memory_join(const struct initial_memory *initial,
                                 uint32_t memory, uint64_t start, uint64_t end);

/* The join of the little-endian numbers of 'bytes' (1 or 2) bytes at 'start'
 * and every 'stride' bytes after it that lie in [start, end), which has room
 * for one. */
struct range initial_memory_join_parts(const struct initial_memory *initial,
                                       uint32_t memory, uint64_t start,
                                       uint64_t end, uint64_t stride,
                                       uint32_t bytes, bool is_signed);

#endif
