/* SPDX-License-Identifier: MIT */
/*
 * Samples: 32-bit floats, one array per channel, to and from interleaved
 * little-endian samples of a device or a file. Integers are scaled by
 * 2^(n-1) - 1 both ways, so what was written is read back as it was.
 */
#ifndef F4E_CONVERT_H
#define F4E_CONVERT_H

#include "rt/realtime.h"

#include <stddef.h>
#include <stdint.h>

enum sample_format {
    FORMAT_F32,
    FORMAT_S32,
    FORMAT_S24_3, /* 24 bits in 3 bytes */
    FORMAT_S24,   /* 24 bits, sign-extended in 4 bytes */
    FORMAT_S16,
    FORMAT_COUNT
};

/* Bytes that one sample takes. */
F4E_REALTIME size_t format_bytes(enum sample_format format);

/*
 * Write 'frames' frames of 'channels' samples to 'dst' for ears: what is not
 * finite becomes 0, the rest is clipped to +-1 and rounded to nearest. A NULL
 * channel is silence. Returns how many samples were not finite.
 */
F4E_REALTIME size_t convert_from_float(enum sample_format format, void *dst,
                                       const float *const *src,
                                       unsigned channels, size_t frames);

/*
 * The same to FORMAT_S16 with triangular dither of one bit either way, which
 * makes the noise of rounding independent of the signal. Silent channels stay
 * zero. '*random' is the generator's state, any value at first; the same
 * state gives the same samples.
 */
F4E_REALTIME size_t convert_dithered(void *dst, const float *const *src,
                                     unsigned channels, size_t frames,
                                     uint32_t *random);

/* Interleave without changing a bit; otherwise as FORMAT_F32 above. */
F4E_REALTIME size_t convert_interleave(void *dst, const float *const *src,
                                       unsigned channels, size_t frames);

/*
 * The way back: 'src' holds 'frames' frames of 'channels' samples; a channel
 * whose 'dst' is NULL is skipped. Floats are taken bit for bit; the most
 * negative integer becomes a little less than -1.
 */
F4E_REALTIME void convert_to_float(enum sample_format format, float *const *dst,
                                   const void *src, unsigned channels,
                                   size_t frames);

#endif
