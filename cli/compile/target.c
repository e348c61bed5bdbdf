/* SPDX-License-Identifier: MIT */
#include "compile/target.h"

/*
 * 32-bit ARM computes floats in the scalar unit: the vector unit flushes
 * denormals whatever the mode, so the compiler is not given one.
 */
static const struct target_abi abis[] = {
    {"x86_64-linux-gnu", "amd64", "-march=x86-64", "-march", {NULL}},
    {"aarch64-linux-gnu", "arm64", "-march=armv8-a", "-mcpu", {NULL}},
    {"arm-linux-gnueabihf",
     "armhf",
     "-march=armv7-a",
     "-mcpu",
     {"-mfpu=vfpv3-d16", "-mfloat-abi=hard", NULL}},
    {"arm-linux-gnueabi",
     "armel",
     "-march=armv6",
     "-mcpu",
     {"-mfpu=vfp", "-mfloat-abi=softfp", "-marm", NULL}},
    {"riscv64-linux-gnu",
     "riscv64",
     "-march=rv64gc",
     "-mcpu",
     {"-mabi=lp64d", NULL}},
};

static const char armv6[] = "arm-linux-gnueabihf";
static const char armv7[] = "arm-linux-gnueabihf";
static const char armv8[] = "aarch64-linux-gnu";
static const char v6_cpu[] = "arm1176jzf-s";

static const struct target_machine machines[] = {
    {"armv6", armv6, v6_cpu, "-mfpu=vfp", "ARMv6 with VFP, hard float", true},
    {"rpi1", armv6, v6_cpu, "-mfpu=vfp", "Raspberry Pi 1", true},
    {"rpi-zero", armv6, v6_cpu, "-mfpu=vfp", "Raspberry Pi Zero, Zero W", true},
    {"rpi2", armv7, "cortex-a7", "-mfpu=vfpv4", "Raspberry Pi 2", false},
    {"rpi3", armv8, "cortex-a53", NULL, "Raspberry Pi 3, 64-bit", false},
    {"rpi-zero2", armv8, "cortex-a53", NULL, "Raspberry Pi Zero 2 W, 64-bit",
     false},
    {"rpi4", armv8, "cortex-a72", NULL, "Raspberry Pi 4 and 400, 64-bit",
     false},
    {"rpi5", armv8, "cortex-a76", NULL, "Raspberry Pi 5 and 500, 64-bit",
     false},
    {"beaglebone", armv7, "cortex-a8", "-mfpu=vfpv3", "BeagleBone, Bela",
     false},
    {"rock5", armv8, "cortex-a55", NULL, "Rock 5, Orange Pi 5", false},
    {"visionfive2", "riscv64-linux-gnu", "sifive-u74", NULL,
     "VisionFive 2, Star64", false},
};

enum {
    ABI_COUNT = sizeof(abis) / sizeof(abis[0]),
    MACHINE_COUNT = sizeof(machines) / sizeof(machines[0]),
};

const struct target_abi *target_abis(size_t *count)
{
    *count = ABI_COUNT;
    return abis;
}

const struct target_machine *target_machines(size_t *count)
{
    *count = MACHINE_COUNT;
    return machines;
}

/* What this program is compiled for: its own machine, whatever the kernel. */
static const char *own_triple(void)
{
#if defined(__x86_64__)
    return "x86_64-linux-gnu";
#elif defined(__aarch64__)
    return "aarch64-linux-gnu";
#elif defined(__arm__) && defined(__ARM_PCS_VFP)
    return "arm-linux-gnueabihf";
#elif defined(__arm__)
    return "arm-linux-gnueabi";
#elif defined(__riscv) && __riscv_xlen == 64
    return "riscv64-linux-gnu";
#else
# error "this architecture needs a row in the table above, and a line here"
#endif
}

/* By its triple or Debian's name for it. */
static const struct target_abi *find_abi(const char *name)
{
    for (size_t i = 0; i < ABI_COUNT; i++) {
        if (strcmp(abis[i].triple, name) == 0 ||
            strcmp(abis[i].debian, name) == 0) {
            return &abis[i];
        }
    }
    return NULL;
}

static const struct target_machine *find_machine(const char *name)
{
    for (size_t i = 0; i < MACHINE_COUNT; i++) {
        if (strcmp(machines[i].name, name) == 0) {
            return &machines[i];
        }
    }
    return NULL;
}

static const char **flags(const struct target *target,
                          const struct target_machine *machine,
                          struct arena *arena)
{
    const struct target_abi *abi = target->abi;
    const char **list = arena_alloc(arena, TARGET_FLAGS + 2, sizeof(*list));
    size_t count = 0;
    list[count++] =
        strcmp(target->cpu, "baseline") == 0
            ? abi->baseline
            : arena_format(arena, "%s=%s", abi->cpu_option, target->cpu);
    /* The compiler of this machine knows its own ABI. */
    for (size_t i = 0; target->is_cross && abi->abi[i] != NULL; i++) {
        list[count++] = i == 0 && machine != NULL && machine->fpu != NULL
                            ? machine->fpu
                            : abi->abi[i];
    }
    return list;
}

bool target_choose(struct target *target, const char *name, const char *cpu,
                   struct arena *arena, struct diag *diag)
{
    const struct target_machine *machine =
        name == NULL ? NULL : find_machine(name);
    const char *triple = machine != NULL ? machine->triple
                         : name != NULL  ? name
                                         : own_triple();
    *target = (struct target){.name = name != NULL ? name : triple,
                              .abi = find_abi(triple)};
    if (target->abi == NULL) {
        diag_usage(diag, "--target: unknown target '%s'", name);
        return diag_hint(diag, "f4e-build --target list");
    }
    target->is_cross = strcmp(target->abi->triple, own_triple()) != 0 ||
                       (machine != NULL && machine->is_armv6);
    target->needs_sysroot = machine != NULL && machine->is_armv6;
    target->cpu = cpu != NULL       ? cpu
                  : machine != NULL ? machine->cpu
                  : name != NULL    ? "baseline"
                                    : "native";
    if (name != NULL && target->is_cross &&
        strcmp(target->cpu, "native") == 0) {
        diag_usage(diag, "--cpu native is this machine's, not that of '%s'",
                   name);
        return diag_hint(diag, "leave --cpu out, or name the CPU");
    }
    target->flags = flags(target, machine, arena);
    return true;
}

const char *target_packages(const struct target *target, bool is_clang,
                            struct arena *arena)
{
    const char *debian = target->abi->debian;
    return is_clang ? arena_format(arena,
                                   "libc6-dev-%s-cross libgcc-12-dev-%s-cross",
                                   debian, debian)
                    : arena_format(arena, "gcc-%s libc6-dev-%s-cross",
                                   target->abi->triple, debian);
}

void target_print_list(FILE *stream)
{
    (void)fprintf(stream, "%-20s %-20s %-12s %s\n", "--target", "triple", "CPU",
                  "what");
    for (size_t i = 0; i < ABI_COUNT; i++) {
        (void)fprintf(stream, "%-20s %-20s %-12s Debian's %s\n", abis[i].triple,
                      abis[i].triple, "baseline", abis[i].debian);
    }
    for (size_t i = 0; i < MACHINE_COUNT; i++) {
        (void)fprintf(stream, "%-20s %-20s %-12s %s%s\n", machines[i].name,
                      machines[i].triple, machines[i].cpu, machines[i].what,
                      machines[i].is_armv6 ? "; with --sysroot" : "");
    }
}
