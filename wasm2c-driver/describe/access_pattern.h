/* SPDX-License-Identifier: MIT */
/*
 * What blocks of a running patch leave on memory 0: for every aligned or
 * unaligned 32-bit word, when within the block it was written and read. Audio
 * buffers show by that alone. Two clocks tell the time:
 *
 *   - calls of main within the block, where `buffer` calls main again and
 *     again: element i of a buffer is touched at call i;
 *   - order, for accesses made elsewhere (a loop in `buffer` itself, code
 *     unrolled by a compiler, a copy at the end of the block): element i is
 *     touched first after element i - 1, and never again after i + 1.
 */
#ifndef F4E_ACCESS_PATTERN_H
#define F4E_ACCESS_PATTERN_H

#include "interp/interp.h"

/* A run of 'block_frames' words that behaves like an audio buffer. */
struct access_pattern_buffer {
    uint32_t address; /* bytes */
    bool is_f32;      /* touched by f32.load or f32.store */
};

struct access_pattern_chunk;

struct access_pattern {
    struct arena *arena;
    struct access_pattern_chunk **chunks; /* NULL where nothing was touched */
    uint32_t chunk_count;
    uint32_t block;       /* being recorded, from 1; 0: not recording */
    uint32_t block_count; /* complete */
    uint32_t call_count;  /* of main in this block */
    uint32_t depth;       /* of main inside main */
    bool is_main_clock;   /* main is called again and again */
};

/* For a memory of 'memory_bytes'. Uses little until it is touched. */
void access_pattern_init(struct access_pattern *pattern, uint64_t memory_bytes,
                         struct arena *arena);

/* Around each block; an incomplete last block just has no end. */
void access_pattern_begin_block(struct access_pattern *pattern);
void access_pattern_end_block(struct access_pattern *pattern);

/* Hooks for struct interp_watch; 'user' is the struct access_pattern. */
void access_pattern_access(void *user, const struct interp_access *access);
void access_pattern_enter(void *user);
void access_pattern_leave(void *user);

/*
 * Runs of 'block_frames' words written (or only read) in every complete block,
 * element by element, in ascending order of address. 'main_calls' is how often
 * main was called in a block. Returns the number found, of which at most
 * 'capacity' are stored.
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
