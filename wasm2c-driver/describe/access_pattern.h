/* SPDX-License-Identifier: MIT */
/*
 * Detection of audio buffers from the memory accesses of a running patch: for
 * every 32-bit word of memory 0, aligned or not, when within each block it is
 * read and written. Time is measured in two ways:
 *
 *   - calls of main within the block, where `buffer` calls main repeatedly:
 *     element i of a buffer is accessed at call i;
 *   - order, for other accesses (a loop in `buffer` itself, unrolled code, a
 *     copy at the end of the block): the first access of element i follows that
 *     of element i - 1, and none follows the first access of i + 1.
 */
#ifndef F4E_ACCESS_PATTERN_H
#define F4E_ACCESS_PATTERN_H

#include "interp/interp.h"

/* 'block_frames' words that are accessed like an audio buffer. */
struct access_pattern_buffer {
    uint32_t address; /* bytes */
    bool is_f32;      /* accessed by f32.load or f32.store */
};

struct access_pattern_chunk;

struct access_pattern {
    struct arena *arena;
    struct access_pattern_chunk **chunks; /* NULL: no access there */
    uint32_t chunk_count;
    uint32_t block;       /* being recorded, from 1; 0: not recording */
    uint32_t block_count; /* complete */
    uint32_t call_count;  /* of main in this block */
    uint32_t depth;       /* of main inside main */
    bool is_main_clock;   /* main is called repeatedly */
};

/* For a memory of 'memory_bytes'. Memory is allocated on the first access of a
 * chunk. */
void access_pattern_init(struct access_pattern *pattern, uint64_t memory_bytes,
                         struct arena *arena);

/* Call around each block. A block without an end is not counted. */
void access_pattern_begin_block(struct access_pattern *pattern);
void access_pattern_end_block(struct access_pattern *pattern);

/* Hooks for struct interp_watch; 'user' is the struct access_pattern. */
void access_pattern_access(void *user, const struct interp_access *access);
void access_pattern_enter(void *user);
void access_pattern_leave(void *user);

/*
 * Runs of 'block_frames' words that every complete block writes (outputs), or
 * reads and does not write (inputs), element by element; in ascending order of
 * address. 'main_calls' is the number of calls of main in a block. Returns the
 * number found, of which at most 'capacity' are stored. Where more than two are
 * written, those that the patch reads itself are delay lines, not outputs.
 */
uint32_t access_pattern_outputs(const struct access_pattern *pattern,
                                uint32_t block_frames, uint32_t main_calls,
                                struct access_pattern_buffer *list,
                                uint32_t capacity);
uint32_t access_pattern_inputs(const struct access_pattern *pattern,
                               uint32_t block_frames, uint32_t main_calls,
                               struct access_pattern_buffer *list,
                               uint32_t capacity);

#endif
