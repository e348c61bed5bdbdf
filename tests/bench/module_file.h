/* SPDX-License-Identifier: MIT */
/* For engines that load a module: MODULE names its file. */
#ifndef F4E_MODULE_FILE_H
#define F4E_MODULE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { MODULE_MOST_BYTES = 64 * 1024 * 1024 };

/* The module; it stays, since some engines keep pointers to it. */
static unsigned char module_bytes[MODULE_MOST_BYTES];
static size_t module_size;

/* Give up: says who refused what. Always false. */
static inline bool module_fail(const char *who, const char *why)
{
    (void)fprintf(stderr, "%s: %s: %s\n", MODULE, who, why);
    return false;
}

/* Fill module_bytes. False when it cannot be read, which has been said. */
static inline bool module_read(void)
{
    FILE *file = fopen(MODULE, "rb");
    module_size =
        file != NULL ? fread(module_bytes, 1, sizeof(module_bytes), file) : 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    return (module_size > 0 && module_size < sizeof(module_bytes)) ||
           module_fail("file", "cannot be read");
}

#endif
