/* SPDX-License-Identifier: MIT */
#include "base/splitmix.h"
#include "wasm/leb128.h"

#include "suite.h"

#include <stdbool.h>

/* 'used' 0: refused. */
static const struct {
    const char *name;
    uint8_t bytes[11];
    size_t size;
    size_t used;
    uint64_t value;
} unsigned_cases[] = {
    {"no bytes", {0}, 0, 0, 0},
    {"zero", {0x00}, 1, 1, 0},
    {"largest of one byte", {0x7f}, 1, 1, 127},
    {"smallest of two bytes", {0x80, 0x01}, 2, 2, 128},
    {"padded zero is legal", {0x80, 0x00}, 2, 2, 0},
    {"zero padded to five bytes", {0x80, 0x80, 0x80, 0x80, 0x00}, 5, 5, 0},
    {"bytes after it do not count", {0x05, 0xff}, 2, 1, 5},
    {"cut off", {0x80}, 1, 0, 0},
    {"cut off at the fifth byte", {0xff, 0xff, 0xff, 0xff}, 4, 0, 0},
    {"largest", {0xff, 0xff, 0xff, 0xff, 0x0f}, 5, 5, UINT32_MAX},
    {"33rd bit set", {0xff, 0xff, 0xff, 0xff, 0x1f}, 5, 0, 0},
    {"35th bit set", {0x80, 0x80, 0x80, 0x80, 0x40}, 5, 0, 0},
    {"sixth byte", {0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, 6, 0, 0},
};

START_TEST(reads_u32)
{
    uint32_t value = 0;
    size_t used = leb128_read_u32(unsigned_cases[_i].bytes,
                                  unsigned_cases[_i].size, &value);
    ck_assert_msg(
        used == unsigned_cases[_i].used && value == unsigned_cases[_i].value,
        "%s: used %zu, value %u", unsigned_cases[_i].name, used, value);
}
END_TEST

static const struct {
    const char *name;
    uint8_t bytes[11];
    size_t size;
    unsigned bits;
    size_t used;
    int64_t value;
} signed_cases[] = {
    {"zero", {0x00}, 1, 32, 1, 0},
    {"minus one", {0x7f}, 1, 32, 1, -1},
    {"63", {0x3f}, 1, 32, 1, 63},
    {"-64", {0x40}, 1, 32, 1, -64},
    {"64 needs two bytes", {0xc0, 0x00}, 2, 32, 2, 64},
    {"padded minus one", {0xff, 0x7f}, 2, 32, 2, -1},
    {"largest", {0xff, 0xff, 0xff, 0xff, 0x07}, 5, 32, 5, INT32_MAX},
    {"smallest", {0x80, 0x80, 0x80, 0x80, 0x78}, 5, 32, 5, INT32_MIN},
    {"one above the largest", {0x80, 0x80, 0x80, 0x80, 0x08}, 5, 32, 0, 0},
    {"one below the smallest", {0xff, 0xff, 0xff, 0xff, 0x77}, 5, 32, 0, 0},
    {"half a sign", {0xff, 0xff, 0xff, 0xff, 0x4f}, 5, 32, 0, 0},
    {"2^31 in 33 bits", {0x80, 0x80, 0x80, 0x80, 0x08}, 5, 33, 5, 1LL << 31},
    {"largest of 33 bits",
     {0xff, 0xff, 0xff, 0xff, 0x0f},
     5,
     33,
     5,
     (1LL << 32) - 1},
    {"smallest of 33 bits",
     {0x80, 0x80, 0x80, 0x80, 0x70},
     5,
     33,
     5,
     -(1LL << 32)},
    {"34 bits", {0x80, 0x80, 0x80, 0x80, 0x10}, 5, 33, 0, 0},
    {"largest of 64 bits",
     {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00},
     10,
     64,
     10,
     INT64_MAX},
    {"smallest of 64 bits",
     {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f},
     10,
     64,
     10,
     INT64_MIN},
    {"65 bits",
     {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01},
     10,
     64,
     0,
     0},
    {"eleventh byte",
     {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00},
     11,
     64,
     0,
     0},
};

static size_t read_signed(const uint8_t *bytes, size_t size, unsigned bits,
                          int64_t *value)
{
    if (bits == 33) {
        return leb128_read_s33(bytes, size, value);
    }
    if (bits == 64) {
        return leb128_read_s64(bytes, size, value);
    }
    int32_t narrow = 0;
    size_t used = leb128_read_s32(bytes, size, &narrow);
    *value = narrow;
    return used;
}

START_TEST(reads_signed)
{
    int64_t value = 0;
    size_t used = read_signed(signed_cases[_i].bytes, signed_cases[_i].size,
                              signed_cases[_i].bits, &value);
    ck_assert_msg(used == signed_cases[_i].used &&
                      value == signed_cases[_i].value,
                  "%s: used %zu, value %lld", signed_cases[_i].name, used,
                  (long long)value);
}
END_TEST

START_TEST(reads_u64)
{
    const uint8_t largest[] = {0xff, 0xff, 0xff, 0xff, 0xff,
                               0xff, 0xff, 0xff, 0xff, 0x01};
    const uint8_t larger[] = {0xff, 0xff, 0xff, 0xff, 0xff,
                              0xff, 0xff, 0xff, 0xff, 0x03};
    uint64_t value = 0;
    ck_assert_uint_eq(leb128_read_u64(largest, sizeof(largest), &value), 10);
    ck_assert_uint_eq(value, UINT64_MAX);
    ck_assert_uint_eq(leb128_read_u64(larger, sizeof(larger), &value), 0);
}
END_TEST

/* The shortest form of 'value', written from the definition. */
static size_t encode(int64_t value, bool is_signed, uint8_t *bytes)
{
    size_t length = 0;
    for (;;) {
        uint8_t byte = (uint8_t)((uint64_t)value & 0x7f);
        value = is_signed ? value >> 7 : (int64_t)((uint64_t)value >> 7);
        bool is_last = is_signed ? (value == 0 && (byte & 0x40) == 0) ||
                                       (value == -1 && (byte & 0x40) != 0)
                                 : value == 0;
        bytes[length++] = (uint8_t)(byte | (is_last ? 0 : 0x80));
        if (is_last) {
            return length;
        }
    }
}

/* What was written is read back; every prefix of it is refused. */
START_TEST(reads_what_was_encoded)
{
    uint64_t state = 1;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits =
            splitmix_next64(&state) >> (splitmix_next64(&state) % 64);
        int64_t value = (splitmix_next64(&state) & 1) != 0 ? (int64_t)(0 - bits)
                                                           : (int64_t)bits;
        uint8_t bytes[10];
        size_t length = encode(value, true, bytes);
        int64_t wide = 0;
        ck_assert_uint_eq(leb128_read_s64(bytes, length, &wide), length);
        ck_assert_int_eq(wide, value);
        ck_assert_uint_eq(leb128_read_s64(bytes, length - 1, &wide), 0);

        bool fits = value >= INT32_MIN && value <= INT32_MAX;
        int32_t narrow = 0;
        ck_assert_uint_eq(leb128_read_s32(bytes, length, &narrow),
                          fits ? length : 0);
        ck_assert_int_eq(narrow, fits ? value : 0);

        length = encode(value, false, bytes);
        uint64_t plain = 0;
        ck_assert_uint_eq(leb128_read_u64(bytes, length, &plain), length);
        ck_assert_uint_eq(plain, (uint64_t)value);
        uint32_t small = 0;
        ck_assert_uint_eq(leb128_read_u32(bytes, length, &small),
                          plain <= UINT32_MAX ? length : 0);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("leb");
    TCase *tests = tcase_create("leb");
    tcase_add_loop_test(tests, reads_u32, 0,
                        sizeof(unsigned_cases) / sizeof(unsigned_cases[0]));
    tcase_add_loop_test(tests, reads_signed, 0,
                        sizeof(signed_cases) / sizeof(signed_cases[0]));
    tcase_add_test(tests, reads_u64);
    tcase_add_test(tests, reads_what_was_encoded);
    suite_add_tcase(suite, tests);
    return suite;
}
