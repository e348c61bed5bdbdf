/* SPDX-License-Identifier: MIT */
/*
 * A patch of tests/bench/patches written in C by hand, as somebody would who
 * knows what it does: its modules are structs, in the order of their names as
 * the language lays them out, so that memory can be compared with the patch's.
 * The arithmetic is the patch's, operation by operation, and so are the bits.
 */
#ifndef F4E_HAND_H
#define F4E_HAND_H

#include <stddef.h>
#include <stdint.h>

enum { BLOCK_FRAMES = 128 };

/* Both ends of a line of samples, and where the next ones go: byte addresses.
 * A block begins and ends at the first sample. */
struct hand_speaker {
    uint32_t in_left, in_right;
    float left[BLOCK_FRAMES], right[BLOCK_FRAMES];
    uint32_t at_left, at_right;
};

/* Each patch defines these: memory as initDefaults leaves it; one block; and
 * the memory. */
void hand_start(void);
void hand_block(void);
unsigned char *hand_memory(size_t *bytes);

static inline float hand_least(float a, float b)
{
    return a < b ? a : b;
}

static inline float hand_most(float a, float b)
{
    return a > b ? a : b;
}

static inline float hand_magnitude(float x)
{
    return __builtin_fabsf(x);
}

static const float hand_step = 0.0000208333F; /* of one turn a second */

/* A sine of whole turns, from two parabolas. */
static inline float hand_sine(float turns)
{
    float x = turns - (float)(int32_t)turns;
    x = x > 0.5F ? x - 1.0F : x;
    float y = x * 8.0F - x * 16.0F * hand_magnitude(x);
    return y * (0.775F + 0.225F * hand_magnitude(y));
}

/* In Hz, of a MIDI note. */
static inline float hand_frequency(int32_t note)
{
    int32_t n = note - 24;
    float f = 32.703196F;
    for (int i = 0; i < 8 && n >= 12; i++) {
        f *= 2.0F;
        n -= 12;
    }
    for (int i = 0; i < 12 && n > 0; i++) {
        f *= 1.0594631F;
        n--;
    }
    return f;
}

#endif
