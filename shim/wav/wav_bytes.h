/* SPDX-License-Identifier: MIT */
/* Numbers in a WAV file: little-endian, at any address. */
#ifndef F4E_WAV_BYTES_H
#define F4E_WAV_BYTES_H

#include <stdint.h>

static inline uint32_t wav_u16(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8;
}

static inline uint32_t wav_u32(const uint8_t *at)
{
    return wav_u16(at) | wav_u16(at + 2) << 16;
}

#endif
