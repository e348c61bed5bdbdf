/* SPDX-License-Identifier: MIT */
/* Sections and symbols of an ELF file, of which no offset is trusted. */
#ifndef F4E_ELF_FILE_H
#define F4E_ELF_FILE_H

#include "base/arena.h"

#include <stddef.h>

struct elf_file {
    const uint8_t *bytes; /* the caller's */
    size_t size;
    bool is_64;
    uint16_t machine; /* EM_... */
    uint32_t flags;   /* e_flags of a 32-bit file, else 0 */
    uint64_t sections_at;
    uint64_t section_count;
};

/* A section header, of either class. */
struct elf_section {
    uint32_t type;
    uint32_t link;
    uint64_t flags;
    uint64_t offset;
    uint64_t size;
};

/* 'bytes' must outlive 'file'. Fails (tool) when they do not start as a
 * little-endian ELF file does. */
F4E_MUST_CHECK bool elf_file_open(struct elf_file *file, const uint8_t *bytes,
                                  size_t size, struct diag *diag);

/* Section 'index'; false where there is none, or its contents do not lie
 * within the file. */
F4E_MUST_CHECK bool elf_file_section(struct elf_section *section,
                                     const struct elf_file *file,
                                     uint64_t index);

/*
 * The next undefined symbol of a relocatable file whose name begins with
 * 'prefix'; NULL after the last. '*cursor' is 0 before the first call and kept
 * between calls. The name lies in the file's bytes.
 */
const char *elf_file_next_undefined(const struct elf_file *file,
                                    const char *prefix, uint64_t *cursor);

#endif
