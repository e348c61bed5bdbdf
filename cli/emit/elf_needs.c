/* SPDX-License-Identifier: MIT */
#include "emit/elf_needs.h"

#include "base/strict_number.h"

#include <elf.h>

enum { ARM_HARD_FLOAT = 0x400, SEGMENT = SHF_ALLOC, MAX_MINOR = 999 };

/* A section, of both classes. */
struct section {
    uint32_t type;
    uint64_t flags;
    uint64_t offset;
    uint64_t size;
};

static const char *architecture(uint16_t machine, bool is_64, uint32_t flags)
{
    switch (machine) {
    case EM_X86_64:
        return is_64 ? "amd64" : NULL;
    case EM_386:
        return "i386";
    case EM_AARCH64:
        return "arm64";
    case EM_ARM:
        return (flags & ARM_HARD_FLOAT) != 0 ? "armhf" : "armel";
    case EM_RISCV:
        return is_64 ? "riscv64" : NULL;
    default:
        return NULL;
    }
}

/* One string of the dynamic linker's. */
static void take_string(struct elf_needs *needs, const char *text)
{
    static const char prefix[] = "GLIBC_2.";
    if (strcmp(text, "libasound.so.2") == 0) {
        needs->has_alsa = true;
    }
    if (strncmp(text, prefix, sizeof(prefix) - 1) == 0) {
        const char *digits = text + sizeof(prefix) - 1;
        uint64_t minor = 0;
        if (strict_number_u64(digits, strcspn(digits, "."), 10, MAX_MINOR,
                              &minor) &&
            minor > needs->glibc_minor) {
            needs->glibc_minor = (unsigned)minor;
        }
    }
}

/* Strings that are loaded are those of the dynamic linker. */
static void take_section(struct elf_needs *needs, const struct section *section,
                         const uint8_t *bytes, size_t size)
{
    if (section->type != SHT_STRTAB || (section->flags & SEGMENT) == 0 ||
        section->offset > size || section->size > size - section->offset) {
        return;
    }
    const char *at = (const char *)bytes + section->offset;
    const char *end = at + section->size;
    while (at < end && memchr(at, 0, (size_t)(end - at)) != NULL) {
        take_string(needs, at);
        at += strlen(at) + 1;
    }
}

/* Row 'at' of the section headers, of either class. */
static struct section read_section(const uint8_t *at, bool is_64)
{
    if (is_64) {
        Elf64_Shdr row;
        memcpy(&row, at, sizeof(row));
        return (struct section){row.sh_type, row.sh_flags, row.sh_offset,
                                row.sh_size};
    }
    Elf32_Shdr row;
    memcpy(&row, at, sizeof(row));
    return (struct section){row.sh_type, row.sh_flags, row.sh_offset,
                            row.sh_size};
}

/* 'count' headers from byte 'from' on, as far as the file has them. */
static void take_sections(struct elf_needs *needs, const uint8_t *bytes,
                          size_t size, uint64_t from, size_t count, bool is_64)
{
    size_t row_bytes = is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
    for (size_t i = 0; i < count; i++) {
        if (from > size || (i + 1) * row_bytes > size - from) {
            return;
        }
        const struct section section =
            read_section(bytes + from + i * row_bytes, is_64);
        take_section(needs, &section, bytes, size);
    }
}

bool elf_needs_read(struct elf_needs *needs, const uint8_t *bytes, size_t size,
                    struct diag *diag)
{
    *needs = (struct elf_needs){0};
    if (size < sizeof(Elf64_Ehdr) || memcmp(bytes, ELFMAG, SELFMAG) != 0 ||
        bytes[EI_DATA] != ELFDATA2LSB) {
        return diag_tool(diag, "the compiler made no ELF file");
    }
    bool is_64 = bytes[EI_CLASS] == ELFCLASS64;
    Elf32_Ehdr header;
    memcpy(&header, bytes, sizeof(header));
    needs->debian =
        architecture(header.e_machine, is_64, is_64 ? 0 : header.e_flags);
    if (needs->debian == NULL) {
        return diag_tool(diag,
                         "no Debian architecture is known for ELF machine %u",
                         header.e_machine);
    }
    if (is_64) {
        Elf64_Ehdr wide;
        memcpy(&wide, bytes, sizeof(wide));
        take_sections(needs, bytes, size, wide.e_shoff, wide.e_shnum, true);
    } else {
        take_sections(needs, bytes, size, header.e_shoff, header.e_shnum,
                      false);
    }
    return true;
}
