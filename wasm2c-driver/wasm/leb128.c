/* SPDX-License-Identifier: MIT */
#include "wasm/leb128.h"

#include <stdbool.h>

/*
 * The bytes of a number of 'bits' bits. The last byte a number may have holds
 * the bits that are left over; those above them must repeat the sign (zero for
 * unsigned numbers), and it must not ask for another byte.
 */
static size_t read_bits(const uint8_t *bytes, size_t size, unsigned bits,
                        bool is_signed, uint64_t *value)
{
    size_t most = (bits + 6) / 7;
    uint64_t sum = 0;
    for (size_t i = 0; i < size && i < most; i++) {
        unsigned byte = bytes[i];
        unsigned shift = (unsigned)i * 7;
        unsigned payload = byte & 0x7f;
        sum |= (uint64_t)payload << shift;
        if ((byte & 0x80) != 0) {
            continue;
        }
        bool is_negative = is_signed && (payload & 0x40) != 0;
        if (i + 1 == most) {
            unsigned kept = bits - shift - (is_signed ? 1 : 0);
            if (payload >> kept != (is_negative ? 0x7fU >> kept : 0)) {
                return 0;
            }
        }
        if (is_negative && shift + 7 < 64) {
            sum |= UINT64_MAX << (shift + 7);
        }
        *value = sum;
        return i + 1;
    }
    return 0;
}

size_t leb128_read_u32(const uint8_t *bytes, size_t size, uint32_t *value)
{
    uint64_t wide = 0;
    size_t used = read_bits(bytes, size, 32, false, &wide);
    if (used != 0) {
        *value = (uint32_t)wide;
    }
    return used;
}

size_t leb128_read_u64(const uint8_t *bytes, size_t size, uint64_t *value)
{
    return read_bits(bytes, size, 64, false, value);
}

size_t leb128_read_s32(const uint8_t *bytes, size_t size, int32_t *value)
{
    uint64_t wide = 0;
    size_t used = read_bits(bytes, size, 32, true, &wide);
    if (used != 0) {
        *value = (int32_t)(int64_t)wide;
    }
    return used;
}

size_t leb128_read_s33(const uint8_t *bytes, size_t size, int64_t *value)
{
    uint64_t wide = 0;
    size_t used = read_bits(bytes, size, 33, true, &wide);
    if (used != 0) {
        *value = (int64_t)wide;
    }
    return used;
}

size_t leb128_read_s64(const uint8_t *bytes, size_t size, int64_t *value)
{
    uint64_t wide = 0;
    size_t used = read_bits(bytes, size, 64, true, &wide);
    if (used != 0) {
        *value = (int64_t)wide;
    }
    return used;
}
