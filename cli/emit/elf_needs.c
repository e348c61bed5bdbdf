/* SPDX-License-Identifier: MIT */
#include "emit/elf_needs.h"

#include "base/strict_number.h"
#include "compile/elf_file.h"

#include <elf.h>

enum { ARM_HARD_FLOAT = 0x400, MAX_MINOR = 999 };

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
static void take_section(struct elf_needs *needs, const struct elf_file *file,
                         const struct elf_section *section)
{
    if (section->type != SHT_STRTAB || (section->flags & SHF_ALLOC) == 0) {
        return;
    }
    const char *at = (const char *)file->bytes + section->offset;
    const char *end = at + section->size;
    while (at < end && memchr(at, 0, (size_t)(end - at)) != NULL) {
        take_string(needs, at);
        at += strlen(at) + 1;
    }
}

bool elf_needs_read(struct elf_needs *needs, const uint8_t *bytes, size_t size,
                    struct diag *diag)
{
    struct elf_file file;
    *needs = (struct elf_needs){0};
    if (!elf_file_open(&file, bytes, size, diag)) {
        return false;
    }
    needs->debian = architecture(file.machine, file.is_64, file.flags);
    if (needs->debian == NULL) {
        return diag_tool(diag,
                         "no Debian architecture is known for ELF machine %u",
                         file.machine);
    }
    for (uint64_t i = 0; i < file.section_count; i++) {
        struct elf_section section;
        if (elf_file_section(&section, &file, i)) {
            take_section(needs, &file, &section);
        }
    }
    return true;
}
