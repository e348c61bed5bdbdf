/* SPDX-License-Identifier: MIT */
/*
 * The CRC-32 of zip, PNG and Ethernet: polynomial 0x04c11db7, reflected. Any
 * thread.
 */
#ifndef F4E_CRC32_H
#define F4E_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Go on with 'bytes' more bytes; 0 begins. */
uint32_t crc32_add(uint32_t crc, const void *data, size_t bytes);

#endif
