/* SPDX-License-Identifier: MIT */
#include "config/file_name.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { HASH_BYTES = 1 + 8 }; /* of "-0123abcd" */

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/* FNV-1a of 32 bits. */
static uint32_t hash_of(const char *name)
{
    uint32_t hash = 2166136261;
    for (const char *p = name; *p != '\0'; p++) {
        hash = (hash ^ (unsigned char)*p) * 16777619;
    }
    return hash;
}

void file_name_make(char file[FILE_NAME_BYTES], const char *name)
{
    bool is_hashed = strlen(name) >= FILE_NAME_BYTES;
    for (const char *p = name; *p != '\0'; p++) {
        is_hashed = is_hashed || ((unsigned char)*p & 0x80U) != 0;
    }
    size_t most = FILE_NAME_BYTES - 1 - (is_hashed ? HASH_BYTES : 0);
    size_t length = 0;
    for (; length < most && name[length] != '\0'; length++) {
        bool stays =
            is_plain(name[length]) && (name[length] != '.' || length > 0);
        file[length] = (char)(stays ? name[length] : '_');
    }
    file[length] = '\0';
    if (is_hashed) {
        (void)snprintf(file + length, HASH_BYTES + 1, "-%08" PRIx32,
                       hash_of(name));
    }
}
