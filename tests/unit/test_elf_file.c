/* SPDX-License-Identifier: MIT */
/* Symbols of objects, true and damaged. */
#include "compile/elf_file.h"

#include "suite.h"

#include <elf.h>
#include <stdlib.h>

enum { MAX_FILE = 1024 };

static const char strings[] =
    "\0f4e_import_a\0f4e_import_b\0other\0f4e_import_c";

/* Of both classes: offset of the name, section. */
static const struct {
    uint32_t name;
    uint16_t section;
} symbols[] = {
    {0, SHN_UNDEF},        /* the first is empty */
    {1, SHN_UNDEF},        /* a */
    {14, 1},               /* b is defined */
    {27, SHN_UNDEF},       /* another name */
    {33, SHN_UNDEF},       /* c */
    {4000, SHN_UNDEF},     /* beyond the strings */
    {UINT32_MAX, SHN_ABS}, /* not asked for */
};

enum { SYMBOLS = sizeof(symbols) / sizeof(symbols[0]) };

/* Class by class: the same object in the layout of either. */
#define DEFINE_MAKE(BITS)                                                     \
    static size_t make_##BITS(uint8_t *file, bool is_counted_apart)           \
    {                                                                         \
        Elf##BITS##_Ehdr header = {.e_machine = EM_X86_64, .e_type = ET_REL}; \
        Elf##BITS##_Sym rows[SYMBOLS] = {{0}};                                \
        Elf##BITS##_Shdr sections[3] = {{0}};                                 \
        memcpy(header.e_ident, ELFMAG, SELFMAG);                              \
        header.e_ident[EI_CLASS] = ELFCLASS##BITS;                            \
        header.e_ident[EI_DATA] = ELFDATA2LSB;                                \
        for (size_t i = 0; i < SYMBOLS; i++) {                                \
            rows[i].st_name = symbols[i].name;                                \
            rows[i].st_shndx = symbols[i].section;                            \
        }                                                                     \
        sections[1].sh_type = SHT_SYMTAB;                                     \
        sections[1].sh_link = 2;                                              \
        sections[1].sh_offset = sizeof(header);                               \
        sections[1].sh_size = sizeof(rows);                                   \
        sections[2].sh_type = SHT_STRTAB;                                     \
        sections[2].sh_offset = sizeof(header) + sizeof(rows);                \
        sections[2].sh_size = sizeof(strings);                                \
        sections[0].sh_size = is_counted_apart ? 3 : 0;                       \
        header.e_shnum = is_counted_apart ? 0 : 3;                            \
        header.e_shoff = sizeof(header) + sizeof(rows) + sizeof(strings);     \
        memcpy(file, &header, sizeof(header));                                \
        memcpy(file + sizeof(header), rows, sizeof(rows));                    \
        memcpy(file + sizeof(header) + sizeof(rows), strings,                 \
               sizeof(strings));                                              \
        memcpy(file + header.e_shoff, sections, sizeof(sections));            \
        return header.e_shoff + sizeof(sections);                             \
    }

DEFINE_MAKE(32)
DEFINE_MAKE(64)

static const struct {
    const char *name;
    size_t (*make)(uint8_t *file, bool is_counted_apart);
    bool is_counted_apart; /* section 0 has their number */
} rows[] = {
    {"32 bits", make_32, false},
    {"64 bits", make_64, false},
    {"32 bits, many sections", make_32, true},
    {"64 bits, many sections", make_64, true},
};

static struct diag diag;

static void setup(void)
{
    diag_init(&diag, NULL);
}

START_TEST(finds_what_is_undefined)
{
    uint8_t bytes[MAX_FILE];
    struct elf_file file;
    uint64_t cursor = 0;
    size_t size = rows[_i].make(bytes, rows[_i].is_counted_apart);
    ck_assert_msg(elf_file_open(&file, bytes, size, &diag), "%s",
                  rows[_i].name);
    static const char *const names[] = {"f4e_import_a", "f4e_import_c"};
    for (size_t i = 0; i < 2; i++) {
        const char *name =
            elf_file_next_undefined(&file, "f4e_import_", &cursor);
        ck_assert_msg(name != NULL, "%s: no %s", rows[_i].name, names[i]);
        ck_assert_str_eq(name, names[i]);
    }
    ck_assert_ptr_null(elf_file_next_undefined(&file, "f4e_import_", &cursor));
}
END_TEST

static void look_at_all(const uint8_t *bytes, size_t size)
{
    struct elf_file file;
    uint64_t cursor = 0;
    if (elf_file_open(&file, bytes, size, &diag)) {
        const char *name = NULL;
        while ((name = elf_file_next_undefined(&file, "", &cursor)) != NULL) {
            ck_assert(name >= (const char *)bytes &&
                      name + strlen(name) < (const char *)bytes + size);
        }
    }
}

/* Every prefix and every byte changed: nothing outside the file is read. */
START_TEST(survives_damage)
{
    uint8_t bytes[MAX_FILE];
    size_t size = rows[_i].make(bytes, rows[_i].is_counted_apart);
    for (size_t cut = 0; cut <= size; cut++) {
        uint8_t *part = malloc(cut + 1);
        memcpy(part, bytes, cut);
        look_at_all(part, cut);
        free(part);
    }
    uint8_t *copy = malloc(size);
    for (size_t i = 0; i < size; i++) {
        for (unsigned mask = 1; mask <= 0xff; mask = mask * 2 + 1) {
            memcpy(copy, bytes, size);
            copy[i] ^= (uint8_t)mask;
            look_at_all(copy, size);
        }
    }
    free(copy);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("elf_file");
    TCase *tcase = tcase_create("symbols");
    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_loop_test(tcase, finds_what_is_undefined, 0,
                        sizeof(rows) / sizeof(rows[0]));
    tcase_add_loop_test(tcase, survives_damage, 0,
                        sizeof(rows) / sizeof(rows[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
