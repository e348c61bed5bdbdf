/* SPDX-License-Identifier: MIT */
#include "rt/convert.h"

#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The sample that each format must make of a float. */
static const struct {
    const char *name;
    float x;
    int32_t s32, s24, s16;
    float f32;
    unsigned bad;
} samples[] = {
    {"zero", 0.0F, 0, 0, 0, 0.0F, 0},
    {"minus zero", -0.0F, 0, 0, 0, -0.0F, 0},
    {"full scale", 1.0F, 2147483647, 8388607, 32767, 1.0F, 0},
    {"negative full scale", -1.0F, -2147483647, -8388607, -32767, -1.0F, 0},
    {"above", 1.5F, 2147483647, 8388607, 32767, 1.0F, 0},
    {"below", -1e30F, -2147483647, -8388607, -32767, -1.0F, 0},
    {"half", 0.5F, 1073741824, 4194304, 16384, 0.5F, 0},
    {"minus half", -0.5F, -1073741824, -4194304, -16384, -0.5F, 0},
    {"third", 0x1.555556p-2F, 715827904, 2796202, 10922, 0x1.555556p-2F, 0},
    {"just below one", 0x1.fffffep-1F, 2147483519, 8388607, 32767,
     0x1.fffffep-1F, 0},
    {"a step of 16 bits", 1.0F / 32767.0F, 65538, 256, 1, 1.0F / 32767.0F, 0},
    {"less than half a step", 0.4999F / 32767.0F, 32762, 128, 0,
     0.4999F / 32767.0F, 0},
    {"denormal", 0x1p-140F, 0, 0, 0, 0x1p-140F, 0},
    {"NaN", NAN, 0, 0, 0, 0.0F, 1},
    {"infinity", INFINITY, 0, 0, 0, 0.0F, 1},
    {"minus infinity", -INFINITY, 0, 0, 0, 0.0F, 1},
};

enum { SAMPLE_COUNT = sizeof(samples) / sizeof(samples[0]) };

static int32_t get_integer(const unsigned char *at, size_t bytes)
{
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++) {
        value |= (uint32_t)at[i] << (8 * i);
    }
    uint32_t sign = UINT32_C(1) << (8 * bytes - 1);
    return (int32_t)((value ^ sign) - sign);
}

START_TEST(converts_each_sample)
{
    const float *src[] = {&samples[_i].x};
    unsigned char at[4];
    for (unsigned f = 0; f < FORMAT_COUNT; f++) {
        enum sample_format format = (enum sample_format)f;
        size_t bytes = format_bytes(format);
        memset(at, 0xee, sizeof(at));
        size_t bad = convert_from_float(format, at, src, 1, 1);
        ck_assert_msg(bad == samples[_i].bad, "%s: %zu bad", samples[_i].name,
                      bad);
        if (format == FORMAT_F32) {
            ck_assert_msg(memcmp(at, &samples[_i].f32, 4) == 0, "%s: as float",
                          samples[_i].name);
            continue;
        }
        int32_t want = format == FORMAT_S32   ? samples[_i].s32
                       : format == FORMAT_S16 ? samples[_i].s16
                                              : samples[_i].s24;
        ck_assert_msg(get_integer(at, bytes) == want,
                      "%s: format %u is %d, not %d", samples[_i].name, f,
                      get_integer(at, bytes), want);
    }
}
END_TEST

START_TEST(interleaves_and_fills_missing_channels)
{
    const float left[] = {0.25F, -0.25F};
    const float right[] = {NAN, 1.0F};
    const float *const src[] = {left, NULL, right};
    int16_t s16[6];
    uint32_t raw[6];
    uint32_t nan_bits;
    ck_assert_uint_eq(convert_from_float(FORMAT_S16, s16, src, 3, 2), 1);
    const int16_t want[] = {8192, 0, 0, -8192, 0, 32767};
    ck_assert_mem_eq(s16, want, sizeof(want));
    ck_assert_uint_eq(convert_interleave(raw, src, 3, 2), 1);
    memcpy(&nan_bits, &right[0], 4);
    ck_assert_uint_eq(raw[2], nan_bits);
    ck_assert_uint_eq(raw[1], 0);
}
END_TEST

START_TEST(keeps_every_bit_of_raw_floats)
{
    /* A signalling NaN, a negative NaN, a denormal, a large number. */
    const uint32_t bits[] = {0x7f800001U, 0xffc12345U, 1U, 0x7f7fffffU};
    float values[4];
    uint32_t back[4];
    memcpy(values, bits, sizeof(bits));
    const float *const src[] = {values};
    ck_assert_uint_eq(convert_interleave(back, src, 1, 4), 2);
    ck_assert_mem_eq(back, bits, sizeof(bits));
    float *dst[] = {values};
    convert_to_float(FORMAT_F32, dst, bits, 1, 4);
    ck_assert_mem_eq(values, bits, sizeof(bits));
}
END_TEST

START_TEST(reads_back_what_it_wrote)
{
    static const int64_t most[FORMAT_COUNT] = {
        [FORMAT_S24_3] = 8388607, [FORMAT_S24] = 8388607, [FORMAT_S16] = 32767};
    enum sample_format format = (enum sample_format)_i;
    size_t bytes = format_bytes(format);
    int64_t step = format == FORMAT_S16 ? 1 : 127;
    if (most[_i] == 0) {
        return; /* floats cannot hold all 32-bit integers */
    }
    for (int64_t value = -most[_i]; value <= most[_i]; value += step) {
        int32_t before = (int32_t)value;
        unsigned char after[4] = {0};
        float x = 0.0F;
        float *const dst[] = {&x};
        const float *const src[] = {&x};
        convert_to_float(format, dst, &before, 1, 1);
        convert_from_float(format, after, src, 1, 1);
        ck_assert_int_eq(get_integer(after, bytes), before);
    }
}
END_TEST

/* A constant between two steps: both appear, as often as it is near them. */
START_TEST(dithers_to_the_mean)
{
    enum { FRAMES = 40000 };
    static float x[FRAMES];
    static int16_t y[FRAMES * 2];
    static int16_t again[FRAMES * 2];
    const float *const src[] = {x, NULL};
    const double value = 100.25 + 0.5 * _i;
    uint32_t random = 1;
    double sum = 0.0;
    for (size_t i = 0; i < FRAMES; i++) {
        x[i] = (float)(value / 32767.0);
    }
    ck_assert_uint_eq(convert_dithered(y, src, 2, FRAMES, &random), 0);
    for (size_t i = 0; i < FRAMES; i++) {
        ck_assert_int_ge(y[2 * i], 99);
        ck_assert_int_le(y[2 * i], 102);
        ck_assert_int_eq(y[2 * i + 1], 0);
        sum += y[2 * i];
    }
    ck_assert_double_eq_tol(sum / (double)FRAMES, value, 0.02);
    random = 1;
    (void)convert_dithered(again, src, 2, FRAMES, &random);
    ck_assert_int_eq(memcmp(again, y, sizeof(y)), 0);
}
END_TEST

START_TEST(dithers_within_full_scale)
{
    const float x[] = {1.0F, 5.0F, -1.0F, -5.0F, NAN, INFINITY};
    const float *const src[] = {x};
    int16_t y[6];
    uint32_t random = 7;
    for (unsigned round = 0; round < 100; round++) {
        ck_assert_uint_eq(convert_dithered(y, src, 1, 6, &random), 2);
        ck_assert(y[0] >= 32766 && y[1] >= 32766);
        ck_assert(y[2] <= -32766 && y[3] <= -32766);
        ck_assert(y[2] >= -32767 && y[3] >= -32767);
        ck_assert(abs(y[4]) <= 1 && abs(y[5]) <= 1);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("convert");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, converts_each_sample, 0, SAMPLE_COUNT);
    tcase_add_test(tcase, interleaves_and_fills_missing_channels);
    tcase_add_test(tcase, keeps_every_bit_of_raw_floats);
    tcase_add_loop_test(tcase, reads_back_what_it_wrote, 0, FORMAT_COUNT);
    tcase_add_loop_test(tcase, dithers_to_the_mean, 0, 2);
    tcase_add_test(tcase, dithers_within_full_scale);
    suite_add_tcase(suite, tcase);
    return suite;
}
