/* SPDX-License-Identifier: MIT */
/*
 * Decoding of LEB128 numbers. Over-long encodings and non-zero unused bits are
 * malformed.
 */
#ifndef F4E_LEB128_H
#define F4E_LEB128_H

#include <stddef.h>
#include <stdint.h>

/* Each returns the number of bytes decoded (1 … 5 or 1 … 10); 0 when the 'size'
 * bytes do not start with a well-formed number. */
size_t leb128_read_u32(const uint8_t *bytes, size_t size, uint32_t *value);
size_t leb128_read_u64(const uint8_t *bytes, size_t size, uint64_t *value);
size_t leb128_read_s32(const uint8_t *bytes, size_t size, int32_t *value);
size_t leb128_read_s33(const uint8_t *bytes, size_t size, int64_t *value);
size_t leb128_read_s64(const uint8_t *bytes, size_t size, int64_t *value);

#endif
