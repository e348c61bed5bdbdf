/* SPDX-License-Identifier: MIT */
/*
 * A patch built for a newer CPU than it runs on would die of an illegal
 * instruction, or compute something else where an older CPU reads the same
 * bytes as another one; this says so instead. It runs before main(), and is
 * itself compiled for the oldest CPU of the architecture.
 */
#define _GNU_SOURCE /* syscall */
#include <unistd.h>

#if defined(__x86_64__) || \
    (defined(__linux__) && \
     (defined(__aarch64__) || defined(__arm__) || defined(__riscv)))

# include "system/cpu_needs.h"

# include <stdbool.h>
# include <string.h>

enum { STATUS_INTERNAL = 1 };

# if defined(__x86_64__)

#  include <cpuid.h>

/*
 * A CPU that is found out ("native") reaches the compiler as a list of
 * features, too, which stay beside another CPU. Each is named where the
 * compiler knows it; those of vectors go with the first of them.
 */
#  if defined(__SSE3__)
#   define NO_VECTORS ",no-sse3"
#  else
#   define NO_VECTORS ""
#  endif
#  if defined(__BMI__)
#   define NO_BMI ",no-bmi"
#  else
#   define NO_BMI ""
#  endif
#  if defined(__BMI2__)
#   define NO_BMI2 ",no-bmi2"
#  else
#   define NO_BMI2 ""
#  endif
#  if defined(__TBM__)
#   define NO_TBM ",no-tbm"
#  else
#   define NO_TBM ""
#  endif
#  if defined(__MOVBE__)
#   define NO_MOVBE ",no-movbe"
#  else
#   define NO_MOVBE ""
#  endif
#  if defined(__EGPR__) /* clang's */
#   define NO_APX ",no-egpr,no-ndd,no-ccmp,no-nf,no-push2pop2,no-ppx"
#  elif defined(__APX_F__)
#   define NO_APX ",no-apxf"
#  else
#   define NO_APX ""
#  endif
#  define OLDEST             \
      __attribute__((target( \
          "arch=x86-64" NO_VECTORS NO_BMI NO_BMI2 NO_TBM NO_MOVBE NO_APX)))

/* Where CPUID tells of each word: leaf, its second number, and the register. */
static const struct {
    unsigned leaf;
    unsigned char second;
    unsigned char reg; /* 0 to 3: eax to edx */
} places[] = {
    [WORD_1_ECX] = {1, 0, 2},
    [WORD_7_EBX] = {7, 0, 1},
    [WORD_7_ECX] = {7, 0, 2},
    [WORD_7_EDX] = {7, 0, 3},
    [WORD_7_1_EAX] = {7, 1, 0},
    [WORD_7_1_EDX] = {7, 1, 3},
    [WORD_AMD_ECX] = {0x80000001, 0, 2},
};

/*
 * Not __builtin_cpu_supports(), whose 5 KB know the models of all makers; and
 * not the functions of <cpuid.h>, which are compiled for the patch's CPU.
 */
static OLDEST unsigned cpuid(unsigned leaf, unsigned second, unsigned reg)
{
    unsigned out[4];
    __cpuid(leaf & 0x80000000u, out[0], out[1], out[2], out[3]);
    if (leaf > out[0]) {
        return 0;
    }
    if (second > 0) {
        __cpuid_count(leaf, 0, out[0], out[1], out[2], out[3]);
        if (second > out[0]) {
            return 0;
        }
    }
    __cpuid_count(leaf, second, out[0], out[1], out[2], out[3]);
    return out[reg];
}

static OLDEST unsigned long word(unsigned which)
{
    if (which != WORD_XCR0) {
        return cpuid(places[which].leaf, places[which].second,
                     places[which].reg);
    }
    if ((cpuid(1, 0, 2) & bit_OSXSAVE) == 0) {
        return 0;
    }
    unsigned eax = 0;
    unsigned edx = 0;
    __asm__ volatile("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
    return eax;
}

# else

#  include <sys/auxv.h>

#  if defined(__aarch64__) && defined(__ARM_FEATURE_PAC_DEFAULT)
#   define OLDEST __attribute__((target("arch=armv8-a,branch-protection=none")))
#  elif defined(__aarch64__)
#   define OLDEST __attribute__((target("arch=armv8-a")))
#  elif defined(__riscv) && (defined(__clang__) || __GNUC__ >= 14)
#   define OLDEST __attribute__((target("arch=rv64gc")))
#  else /* has no instruction of its own for what is computed below */
#   define OLDEST
#  endif

#  if defined(__riscv)

enum { CALL_HWPROBE = 258, KEY_EXTENSIONS = 4 };

/* All of it, where the kernel is too old to tell. */
static OLDEST unsigned long hwprobe(void)
{
    struct {
        long long key;
        unsigned long long value;
    } pair = {KEY_EXTENSIONS, 0};
    if (syscall(CALL_HWPROBE, &pair, 1l, 0l, NULL, 0l) != 0 ||
        pair.key != KEY_EXTENSIONS) {
        return ~0ul;
    }
    return (unsigned long)pair.value;
}

static OLDEST unsigned long word(unsigned which)
{
    return which == WORD_HWPROBE ? hwprobe() : getauxval(AT_HWCAP);
}

#  else

static OLDEST unsigned long word(unsigned which)
{
    return getauxval(which == WORD_HWCAP2 ? AT_HWCAP2 : AT_HWCAP);
}

#  endif
# endif

static OLDEST void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written; /* nobody is left to hear that it failed */
}

__attribute__((constructor(101))) static OLDEST void check_cpu(void)
{
    for (const struct cpu_need *need = cpu_needs; need->name[0] != '\0';
         need++) {
        if ((word(need->word) >> need->bit & 1u) == 0) {
            say("this patch was built for a CPU with ");
            say(need->name);
            say(", which this machine lacks: build it again with "
                "--cpu baseline\n");
            _exit(STATUS_INTERNAL);
        }
    }
}

#endif
