/* SPDX-License-Identifier: MIT */
/* The table of targets: what each name chooses, and that the docs know it. */
#include "child.h"
#include "compile/target.h"
#include "fixture.h"
#include "suite.h"

#include <stdlib.h>

static const struct {
    const char *name;
    const char *cpu; /* of --cpu */
    const char *flags;
} chosen[] = {
    {"aarch64-linux-gnu", NULL, "-march=armv8-a"},
    {"arm64", NULL, "-march=armv8-a"},
    {"arm64", "cortex-a710", "-mcpu=cortex-a710"},
    {"rpi3", NULL, "-mcpu=cortex-a53"},
    {"rpi4", NULL, "-mcpu=cortex-a72"},
    {"rpi4", "baseline", "-march=armv8-a"},
    {"rpi5", NULL, "-mcpu=cortex-a76"},
    {"armhf", NULL, "-march=armv7-a -mfpu=vfpv3-d16 -mfloat-abi=hard"},
    {"armhf", "cortex-a9", "-mcpu=cortex-a9 -mfpu=vfpv3-d16 -mfloat-abi=hard"},
    {"rpi2", NULL, "-mcpu=cortex-a7 -mfpu=vfpv4 -mfloat-abi=hard"},
    {"beaglebone", NULL, "-mcpu=cortex-a8 -mfpu=vfpv3 -mfloat-abi=hard"},
    {"rpi-zero", NULL, "-mcpu=arm1176jzf-s -mfpu=vfp -mfloat-abi=hard"},
    {"armv6", NULL, "-mcpu=arm1176jzf-s -mfpu=vfp -mfloat-abi=hard"},
    {"armel", NULL, "-march=armv6 -mfpu=vfp -mfloat-abi=softfp -marm"},
    {"riscv64", NULL, "-march=rv64gc -mabi=lp64d"},
    {"visionfive2", NULL, "-mcpu=sifive-u74 -mabi=lp64d"},
    {"amd64", NULL, "-march=x86-64"},
    {"amd64", "znver3", "-march=znver3"},
};

/* The ABI is spelt out for cross builds only, so these rows are for a PC. */
START_TEST(chooses_flags)
{
#if defined(__x86_64__)
    struct target target;
    ck_assert_msg(
        target_choose(&target, chosen[_i].name, chosen[_i].cpu, &arena, &diag),
        "%s: %s", chosen[_i].name, diag.text);
    const char *flags = target.flags[0];
    for (size_t i = 1; target.flags[i] != NULL; i++) {
        flags = arena_format(&arena, "%s %s", flags, target.flags[i]);
    }
    ck_assert_msg(strcmp(flags, chosen[_i].flags) == 0, "%s: %s",
                  chosen[_i].name, flags);
#endif
}
END_TEST

START_TEST(without_a_name_it_is_this_machine)
{
    struct target target;
    ck_assert(target_choose(&target, NULL, NULL, &arena, &diag));
    ck_assert(!target.is_cross && !target.needs_sysroot);
    ck_assert_str_eq(target.cpu, "native");
    const char *triple = target.abi->triple;
    ck_assert(target_choose(&target, triple, NULL, &arena, &diag));
    ck_assert(!target.is_cross);
    ck_assert_str_eq(target.cpu, "baseline");
    ck_assert(target_choose(&target, triple, "native", &arena, &diag));
}
END_TEST

static const char *const unknown[] = {"",       "rpi",    "RPI4", "aarch64",
                                      "arm64 ", "native", "../x"};

START_TEST(refuses_unknown_names)
{
    struct target target;
    ck_assert(!target_choose(&target, unknown[_i], NULL, &arena, &diag));
    ck_assert_int_eq(diag.kind, DIAG_USAGE);
    ck_assert_str_eq(diag.hint, "f4e-build --target list");
}
END_TEST

/* Each name means one thing, and each flag list ends inside its array. */
START_TEST(tables_hang_together)
{
    size_t abi_count = 0;
    size_t count = 0;
    const struct target_abi *abis = target_abis(&abi_count);
    const struct target_machine *machines = target_machines(&count);
    for (size_t i = 0; i < abi_count; i++) {
        ck_assert_ptr_null(abis[i].abi[TARGET_FLAGS]);
        ck_assert(abis[i].baseline != NULL && abis[i].debian != NULL);
    }
    for (size_t i = 0; i < count; i++) {
        bool has_abi = false;
        for (size_t k = 0; k < abi_count; k++) {
            has_abi |= strcmp(abis[k].triple, machines[i].triple) == 0;
            ck_assert_str_ne(abis[k].triple, machines[i].name);
            ck_assert_str_ne(abis[k].debian, machines[i].name);
            /* What replaces the FPU replaces an FPU. */
            ck_assert(strcmp(abis[k].triple, machines[i].triple) != 0 ||
                      machines[i].fpu == NULL ||
                      strncmp(abis[k].abi[0], "-mfpu=", 6) == 0);
        }
        ck_assert_msg(has_abi, "%s", machines[i].name);
        for (size_t k = 0; k < i; k++) {
            ck_assert_str_ne(machines[k].name, machines[i].name);
        }
    }
}
END_TEST

START_TEST(docs_name_every_target)
{
    size_t size = 0;
    char *page = (char *)slurp(F4E_DOCS "/cross.md", &size);
    size_t count = 0;
    const struct target_abi *abis = target_abis(&count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(strstr(page, abis[i].triple) != NULL &&
                          strstr(page, abis[i].debian) != NULL &&
                          strstr(page, abis[i].baseline) != NULL,
                      "%s", abis[i].triple);
    }
    const struct target_machine *machines = target_machines(&count);
    for (size_t i = 0; i < count; i++) {
        const char *name = arena_format(&arena, "`%s`", machines[i].name);
        ck_assert_msg(strstr(page, name) != NULL, "%s", name);
    }
    free(page);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("target");
    TCase *tcase = tcase_create("target");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, chooses_flags, 0,
                        sizeof(chosen) / sizeof(chosen[0]));
    tcase_add_test(tcase, without_a_name_it_is_this_machine);
    tcase_add_loop_test(tcase, refuses_unknown_names, 0,
                        sizeof(unknown) / sizeof(unknown[0]));
    tcase_add_test(tcase, tables_hang_together);
    tcase_add_test(tcase, docs_name_every_target);
    suite_add_tcase(suite, tcase);
    return suite;
}
