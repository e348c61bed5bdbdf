/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4): the identity of modules, assets and cached objects. */
#ifndef F4E_SHA256_H
#define F4E_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_HEX = 65 }; /* bytes of the text: 64 digits and a NUL */

/* Lower-case digits. */
void sha256_hex(const void *bytes, size_t size, char hex[SHA256_HEX]);

#endif
