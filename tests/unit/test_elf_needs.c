/* SPDX-License-Identifier: MIT */
/* Executables, true and damaged. */
#include "emit/elf_needs.h"

#include "base/file.h"
#include "fixture.h"
#include "suite.h"

#include <elf.h>

static struct elf_needs needs;

START_TEST(reads_this_program)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    ck_assert(
        file_read("/proc/self/exe", 1 << 30, &bytes, &size, &arena, &diag));
    ck_assert(elf_needs_read(&needs, bytes, size, &diag));
#if defined(__x86_64__)
    ck_assert_str_eq(needs.debian, "amd64");
#endif
    ck_assert_uint_ge(needs.glibc_minor, 2);
    ck_assert_uint_le(needs.glibc_minor, 99);
    ck_assert(!needs.has_alsa);
}
END_TEST

/* Every prefix, and every byte of the header turned over: no crash (asan). */
START_TEST(survives_damage)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    ck_assert(
        file_read("/proc/self/exe", 1 << 30, &bytes, &size, &arena, &diag));
    for (size_t cut = 0; cut < size; cut += cut < 200 ? 1 : size / 50) {
        uint8_t *part = malloc(cut + 1);
        memcpy(part, bytes, cut);
        bool ok = elf_needs_read(&needs, part, cut, &diag);
        ck_assert(!ok || needs.debian != NULL);
        free(part);
    }
    uint8_t *copy = malloc(size);
    for (size_t i = 0; i < sizeof(Elf64_Ehdr); i++) {
        memcpy(copy, bytes, size);
        copy[i] ^= 0xff;
        bool ok = elf_needs_read(&needs, copy, size, &diag);
        ck_assert(!ok || needs.debian != NULL);
    }
    free(copy);
}
END_TEST

static const struct {
    uint16_t machine;
    uint8_t class;
    uint32_t flags;
    const char *debian;
} machines[] = {
    {EM_X86_64, ELFCLASS64, 0, "amd64"},
    {EM_386, ELFCLASS32, 0, "i386"},
    {EM_AARCH64, ELFCLASS64, 0, "arm64"},
    {EM_ARM, ELFCLASS32, 0x5000400, "armhf"},
    {EM_ARM, ELFCLASS32, 0x5000200, "armel"},
    {EM_RISCV, ELFCLASS64, 5, "riscv64"},
    {EM_RISCV, ELFCLASS32, 5, NULL},
    {EM_X86_64, ELFCLASS32, 0, NULL},
    {EM_S390, ELFCLASS64, 0, NULL},
};

/* A header and one table of dynamic strings. */
static size_t make_file(uint8_t *file, int row, const char *strings,
                        size_t length)
{
    if (machines[row].class == ELFCLASS64) {
        Elf64_Ehdr header = {.e_machine = machines[row].machine,
                             .e_flags = machines[row].flags,
                             .e_shoff = sizeof(header) + length,
                             .e_shnum = 1};
        const Elf64_Shdr section = {.sh_type = SHT_STRTAB,
                                    .sh_flags = SHF_ALLOC,
                                    .sh_offset = sizeof(header),
                                    .sh_size = length};
        memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        memcpy(file, &header, sizeof(header));
        memcpy(file + sizeof(header), strings, length);
        memcpy(file + sizeof(header) + length, &section, sizeof(section));
        return sizeof(header) + length + sizeof(section);
    }
    Elf32_Ehdr header = {.e_machine = machines[row].machine,
                         .e_flags = machines[row].flags,
                         .e_shoff = (Elf32_Off)(sizeof(header) + length),
                         .e_shnum = 1};
    const Elf32_Shdr section = {.sh_type = SHT_STRTAB,
                                .sh_flags = SHF_ALLOC,
                                .sh_offset = sizeof(header),
                                .sh_size = (Elf32_Word)length};
    memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS32;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    memcpy(file, &header, sizeof(header));
    memcpy(file + sizeof(header), strings, length);
    memcpy(file + sizeof(header) + length, &section, sizeof(section));
    return sizeof(header) + length + sizeof(section);
}

START_TEST(knows_debians_architectures)
{
    static const char strings[] =
        "\0libasound.so.2\0GLIBC_2.4\0GLIBC_2.28\0GLIBC_2.7\0GLIBC_2.99999";
    uint8_t file[512];
    size_t size = make_file(file, _i, strings, sizeof(strings));
    bool ok = elf_needs_read(&needs, file, size, &diag);
    ck_assert_int_eq(ok, machines[_i].debian != NULL);
    if (ok) {
        ck_assert_str_eq(needs.debian, machines[_i].debian);
        ck_assert_uint_eq(needs.glibc_minor, 28);
        ck_assert(needs.has_alsa);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("elf_needs");
    TCase *tcase = tcase_create("elf");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, reads_this_program);
    tcase_add_test(tcase, survives_damage);
    tcase_add_loop_test(tcase, knows_debians_architectures, 0,
                        sizeof(machines) / sizeof(machines[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
