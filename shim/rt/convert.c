/* SPDX-License-Identifier: MIT */
#include "rt/convert.h"

#include <float.h>
#include <stdint.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "samples and linear memory are little-endian");

static const double SCALE_32 = 2147483647.0;
static const double SCALE_24 = 8388607.0;
static const double SCALE_16 = 32767.0;

size_t format_bytes(enum sample_format format)
{
    static const unsigned char bytes[FORMAT_COUNT] = {4, 4, 3, 4, 2};
    return bytes[format];
}

static inline float clean(float x, size_t *bad)
{
    /* False for NaN too. */
    if (!(x >= -FLT_MAX && x <= FLT_MAX)) {
        ++*bad;
        return 0.0F;
    }
    return x > 1.0F ? 1.0F : x < -1.0F ? -1.0F : x;
}

/* In double: a float cannot hold every 32-bit sample. */
static inline int32_t quantise(float x, double scale, size_t *bad)
{
    double value = (double)clean(x, bad) * scale;
    return (int32_t)(value < 0.0 ? value - 0.5 : value + 0.5);
}

static size_t write_f32(uint8_t *dst, size_t step, const float *src,
                        size_t frames)
{
    size_t bad = 0;
    for (size_t i = 0; i < frames; i++, dst += step) {
        float x = clean(src[i], &bad);
        memcpy(dst, &x, sizeof(x));
    }
    return bad;
}

static size_t write_s32(uint8_t *dst, size_t step, const float *src,
                        size_t frames, double scale)
{
    size_t bad = 0;
    for (size_t i = 0; i < frames; i++, dst += step) {
        int32_t x = quantise(src[i], scale, &bad);
        memcpy(dst, &x, sizeof(x));
    }
    return bad;
}

static size_t write_s24_3(uint8_t *dst, size_t step, const float *src,
                          size_t frames)
{
    size_t bad = 0;
    for (size_t i = 0; i < frames; i++, dst += step) {
        uint32_t x = (uint32_t)quantise(src[i], SCALE_24, &bad);
        dst[0] = (uint8_t)x;
        dst[1] = (uint8_t)(x >> 8);
        dst[2] = (uint8_t)(x >> 16);
    }
    return bad;
}

static size_t write_s16(uint8_t *dst, size_t step, const float *src,
                        size_t frames)
{
    size_t bad = 0;
    for (size_t i = 0; i < frames; i++, dst += step) {
        int16_t x = (int16_t)quantise(src[i], SCALE_16, &bad);
        memcpy(dst, &x, sizeof(x));
    }
    return bad;
}

/* All formats write zero as zero bytes. */
static void write_silence(uint8_t *dst, size_t step, size_t bytes,
                          size_t frames)
{
    for (size_t i = 0; i < frames; i++, dst += step) {
        memset(dst, 0, bytes);
    }
}

size_t convert_from_float(enum sample_format format, void *dst,
                          const float *const *src, unsigned channels,
                          size_t frames)
{
    size_t bytes = format_bytes(format);
    size_t step = bytes * channels;
    size_t bad = 0;
    for (unsigned k = 0; k < channels; k++) {
        uint8_t *at = (uint8_t *)dst + k * bytes;
        if (src[k] == NULL) {
            write_silence(at, step, bytes, frames);
            continue;
        }
        switch (format) {
        case FORMAT_F32:
            bad += write_f32(at, step, src[k], frames);
            break;
        case FORMAT_S32:
            bad += write_s32(at, step, src[k], frames, SCALE_32);
            break;
        case FORMAT_S24_3:
            bad += write_s24_3(at, step, src[k], frames);
            break;
        case FORMAT_S24:
            bad += write_s32(at, step, src[k], frames, SCALE_24);
            break;
        case FORMAT_S16:
            bad += write_s16(at, step, src[k], frames);
            break;
        case FORMAT_COUNT:
            break;
        }
    }
    return bad;
}

/* Uniform in [0, 1). */
static inline double draw(uint32_t *random)
{
    *random = *random * 1664525U + 1013904223U;
    return (double)(*random >> 8) / 16777216.0;
}

size_t convert_dithered(void *dst, const float *const *src, unsigned channels,
                        size_t frames, uint32_t *random)
{
    uint8_t *at = dst;
    size_t bad = 0;
    for (size_t i = 0; i < frames; i++) {
        for (unsigned k = 0; k < channels; k++, at += sizeof(int16_t)) {
            double value = 0.0;
            if (src[k] != NULL) {
                value = (double)clean(src[k][i], &bad) * SCALE_16;
                value += draw(random);
                value -= draw(random);
            }
            value = value > SCALE_16    ? SCALE_16
                    : value < -SCALE_16 ? -SCALE_16
                                        : value;
            int16_t x = (int16_t)(value < 0.0 ? value - 0.5 : value + 0.5);
            memcpy(at, &x, sizeof(x));
        }
    }
    return bad;
}

size_t convert_interleave(void *dst, const float *const *src, unsigned channels,
                          size_t frames)
{
    size_t step = sizeof(float) * channels;
    size_t bad = 0;
    for (unsigned k = 0; k < channels; k++) {
        uint8_t *at = (uint8_t *)dst + k * sizeof(float);
        if (src[k] == NULL) {
            write_silence(at, step, sizeof(float), frames);
            continue;
        }
        for (size_t i = 0; i < frames; i++, at += step) {
            /* As an integer: a float register may quieten a NaN. */
            uint32_t bits;
            memcpy(&bits, &src[k][i], sizeof(bits));
            memcpy(at, &bits, sizeof(bits));
            bad += (bits & 0x7f800000U) == 0x7f800000U;
        }
    }
    return bad;
}

static void read_f32(float *dst, const uint8_t *src, size_t step, size_t frames)
{
    for (size_t i = 0; i < frames; i++, src += step) {
        memcpy(&dst[i], src, sizeof(*dst));
    }
}

static void read_s32(float *dst, const uint8_t *src, size_t step, size_t frames,
                     double scale)
{
    for (size_t i = 0; i < frames; i++, src += step) {
        int32_t x;
        memcpy(&x, src, sizeof(x));
        dst[i] = (float)(x / scale);
    }
}

static void read_s24_3(float *dst, const uint8_t *src, size_t step,
                       size_t frames)
{
    for (size_t i = 0; i < frames; i++, src += step) {
        int32_t x = src[0] | src[1] << 8 | src[2] << 16;
        x -= (x & 0x800000) << 1;
        dst[i] = (float)(x / SCALE_24);
    }
}

static void read_s16(float *dst, const uint8_t *src, size_t step, size_t frames)
{
    for (size_t i = 0; i < frames; i++, src += step) {
        int16_t x;
        memcpy(&x, src, sizeof(x));
        dst[i] = (float)(x / SCALE_16);
    }
}

void convert_to_float(enum sample_format format, float *const *dst,
                      const void *src, unsigned channels, size_t frames)
{
    size_t bytes = format_bytes(format);
    size_t step = bytes * channels;
    for (unsigned k = 0; k < channels; k++) {
        const uint8_t *at = (const uint8_t *)src + k * bytes;
        if (dst[k] == NULL) {
            continue;
        }
        switch (format) {
        case FORMAT_F32:
            read_f32(dst[k], at, step, frames);
            break;
        case FORMAT_S32:
            read_s32(dst[k], at, step, frames, SCALE_32);
            break;
        case FORMAT_S24_3:
            read_s24_3(dst[k], at, step, frames);
            break;
        case FORMAT_S24:
            read_s32(dst[k], at, step, frames, SCALE_24);
            break;
        case FORMAT_S16:
            read_s16(dst[k], at, step, frames);
            break;
        case FORMAT_COUNT:
            break;
        }
    }
}
