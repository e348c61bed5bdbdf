/* SPDX-License-Identifier: MIT */
/* The run-time requirements of an executable, from its ELF file. */
#ifndef F4E_ELF_NEEDS_H
#define F4E_ELF_NEEDS_H

#include "base/arena.h"

#include <stddef.h>

struct elf_needs {
    const char *debian;   /* Debian's name of its architecture: "arm64" */
    unsigned glibc_minor; /* highest GLIBC_2.x symbol version needed; 0: none */
    bool has_alsa;        /* linked with libasound.so.2 */
};

/* Parse 'bytes', of which no offset is trusted. Fails (tool) when they are not
 * a little-endian ELF file of a known architecture. */
F4E_MUST_CHECK bool elf_needs_read(struct elf_needs *needs,
                                   const uint8_t *bytes, size_t size,
                                   struct diag *diag);

#endif
