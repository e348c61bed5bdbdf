/* SPDX-License-Identifier: MIT */
/* What a finished executable says about the systems that it runs on. */
#ifndef F4E_ELF_NEEDS_H
#define F4E_ELF_NEEDS_H

#include "base/arena.h"

#include <stddef.h>

struct elf_needs {
    const char *debian;   /* Debian's name of its architecture: "arm64" */
    unsigned glibc_minor; /* the newest GLIBC_2.x that it asks for; 0: none */
    bool has_alsa;        /* it is linked with libasound.so.2 */
};

/* Fails (tool) when the bytes are no little-endian ELF file of a known
 * architecture. Trusts no offset. */
F4E_MUST_CHECK bool elf_needs_read(struct elf_needs *needs,
                                   const uint8_t *bytes, size_t size,
                                   struct diag *diag);

#endif
