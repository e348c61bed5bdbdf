/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4), for naming modules in reports. */
#ifndef F4E_SHA256_H
#define F4E_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* 'hex' takes 64 digits and a NUL. */
void sha256_hex(const void *bytes, size_t size, char hex[65]);

#endif
