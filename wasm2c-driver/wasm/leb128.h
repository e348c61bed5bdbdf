/* SPDX-License-Identifier: MIT */
/*
 * LEB128 numbers. Reading distrusts: over-long encodings and stray high bits
 * are refused, and the number of bytes used is returned so that a cursor moves
 * only on success.
 */
#ifndef F4E_LEB128_H
#define F4E_LEB128_H

#include <stddef.h>
#include <stdint.h>

/* Each returns the bytes used (1 … 5 or 1 … 10), or 0 when 'size' bytes at
 * 'bytes' do not hold a well-formed number. */
size_t leb128_read_u32(const uint8_t *bytes, size_t size, uint32_t *value);
size_t leb128_read_u64(const uint8_t *bytes, size_t size, uint64_t *value);
size_t leb128_read_s32(const uint8_t *bytes, size_t size, int32_t *value);
size_t leb128_read_s33(const uint8_t *bytes, size_t size, int64_t *value);
size_t leb128_read_s64(const uint8_t *bytes, size_t size, int64_t *value);

#endif
