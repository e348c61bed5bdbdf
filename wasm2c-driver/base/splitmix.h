/* SPDX-License-Identifier: MIT */
/* The pseudo-random generator splitmix64. Any 'state' is a seed. */
#ifndef F4E_SPLITMIX_H
#define F4E_SPLITMIX_H

#include <stdint.h>

static inline uint64_t splitmix_step(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
}

static inline uint64_t splitmix_next64(uint64_t *state)
{
    uint64_t z = splitmix_step(state);
    return z ^ (z >> 31);
}

/* The upper half, before the last xor-shift, which changes the lower only. */
static inline uint32_t splitmix_next32(uint64_t *state)
{
    return (uint32_t)(splitmix_step(state) >> 32);
}

#endif
