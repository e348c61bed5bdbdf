/* SPDX-License-Identifier: MIT */
#include "compile/elf_file.h"

#include <elf.h>
#include <string.h>

static size_t row_size(const struct elf_file *file)
{
    return file->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
}

/* The section headers that the file has room for. */
static uint64_t rows_in_file(const struct elf_file *file)
{
    return file->sections_at > file->size
               ? 0
               : (file->size - file->sections_at) / row_size(file);
}

/* A section header of the file's class. */
static bool read_header(struct elf_section *section,
                        const struct elf_file *file, uint64_t index)
{
    if (index >= rows_in_file(file)) {
        return false;
    }
    const uint8_t *at =
        file->bytes + file->sections_at + index * row_size(file);
    if (file->is_64) {
        Elf64_Shdr row;
        memcpy(&row, at, sizeof(row));
        *section = (struct elf_section){row.sh_type, row.sh_link, row.sh_flags,
                                        row.sh_offset, row.sh_size};
    } else {
        Elf32_Shdr row;
        memcpy(&row, at, sizeof(row));
        *section = (struct elf_section){row.sh_type, row.sh_link, row.sh_flags,
                                        row.sh_offset, row.sh_size};
    }
    return true;
}

/* What the header says, but no more than there are. */
static uint64_t count_sections(const struct elf_file *file, uint64_t said)
{
    struct elf_section first;
    /* More than 16 bits count: section 0 says how many. */
    if (said == 0 && file->sections_at != 0 && read_header(&first, file, 0)) {
        said = first.size;
    }
    return said < rows_in_file(file) ? said : rows_in_file(file);
}

bool elf_file_open(struct elf_file *file, const uint8_t *bytes, size_t size,
                   struct diag *diag)
{
    uint64_t said = 0;
    *file = (struct elf_file){.bytes = bytes, .size = size};
    if (size < sizeof(Elf64_Ehdr) || memcmp(bytes, ELFMAG, SELFMAG) != 0 ||
        bytes[EI_DATA] != ELFDATA2LSB) {
        return diag_tool(diag, "the compiler made no ELF file");
    }
    file->is_64 = bytes[EI_CLASS] == ELFCLASS64;
    if (file->is_64) {
        Elf64_Ehdr header;
        memcpy(&header, bytes, sizeof(header));
        file->machine = header.e_machine;
        file->sections_at = header.e_shoff;
        said = header.e_shnum;
    } else {
        Elf32_Ehdr header;
        memcpy(&header, bytes, sizeof(header));
        file->machine = header.e_machine;
        file->flags = header.e_flags;
        file->sections_at = header.e_shoff;
        said = header.e_shnum;
    }
    file->section_count = count_sections(file, said);
    return true;
}

bool elf_file_section(struct elf_section *section, const struct elf_file *file,
                      uint64_t index)
{
    /* The size of one without contents says something else. */
    return index < file->section_count && read_header(section, file, index) &&
           (section->type == SHT_NULL || section->type == SHT_NOBITS ||
            (section->offset <= file->size &&
             section->size <= file->size - section->offset));
}

/* The name of symbol 'index' of 'table' if it is undefined, else NULL. */
static const char *undefined_name(const struct elf_file *file,
                                  const struct elf_section *table,
                                  const struct elf_section *strings,
                                  uint64_t index)
{
    const uint8_t *at = file->bytes + table->offset;
    uint64_t name = 0;
    uint16_t section = 0;
    if (file->is_64) {
        Elf64_Sym symbol;
        memcpy(&symbol, at + index * sizeof(symbol), sizeof(symbol));
        name = symbol.st_name;
        section = symbol.st_shndx;
    } else {
        Elf32_Sym symbol;
        memcpy(&symbol, at + index * sizeof(symbol), sizeof(symbol));
        name = symbol.st_name;
        section = symbol.st_shndx;
    }
    if (section != SHN_UNDEF || name >= strings->size) {
        return NULL;
    }
    const char *text = (const char *)file->bytes + strings->offset + name;
    return memchr(text, 0, strings->size - name) != NULL ? text : NULL;
}

/* The symbols of an object that is to be linked, and their names; false when it
 * has none. */
static bool find_symbols(struct elf_section *table, struct elf_section *strings,
                         const struct elf_file *file)
{
    for (uint64_t i = 0; i < file->section_count; i++) {
        if (elf_file_section(table, file, i) && table->type == SHT_SYMTAB) {
            return elf_file_section(strings, file, table->link) &&
                   strings->type == SHT_STRTAB;
        }
    }
    return false;
}

const char *elf_file_next_undefined(const struct elf_file *file,
                                    const char *prefix, uint64_t *cursor)
{
    size_t row_bytes = file->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
    struct elf_section table;
    struct elf_section strings;
    if (!find_symbols(&table, &strings, file)) {
        return NULL;
    }
    while (*cursor < table.size / row_bytes) {
        const char *name = undefined_name(file, &table, &strings, (*cursor)++);
        if (name != NULL && strncmp(name, prefix, strlen(prefix)) == 0) {
            return name;
        }
    }
    return NULL;
}
