/* SPDX-License-Identifier: MIT */
/*
 * A patch built for a newer CPU than it runs on would die of an illegal
 * instruction; this says so instead. It runs before main(), and is itself
 * compiled for the oldest CPU of the architecture.
 */
#include <unistd.h>

enum { STATUS_INTERNAL = 1 };

#if defined(__x86_64__)

# include <cpuid.h>
# include <stdbool.h>

/*
 * Leaf and bit of CPUID, and what the system has to keep of a thread (XCR0).
 * Not __builtin_cpu_supports(), whose 5 KB know the models of all makers.
 */
# if defined(__AVX512F__)
enum { LEAF = 7, BIT = bit_AVX512F, KEPT = 0xe6 };
#  define NEEDS "avx512f"
# elif defined(__AVX2__)
enum { LEAF = 7, BIT = bit_AVX2, KEPT = 0x06 };
#  define NEEDS "avx2"
# elif defined(__AVX__)
enum { LEAF = 1, BIT = bit_AVX, KEPT = 0x06 };
#  define NEEDS "avx"
# elif defined(__SSE4_1__)
enum { LEAF = 1, BIT = bit_SSE4_1, KEPT = 0 };
#  define NEEDS "sse4.1"
# endif

# if defined(NEEDS)
#  define OLDEST __attribute__((target("arch=x86-64")))

static OLDEST bool has_cpu(void)
{
#  if defined(F4E_PRETEND_OLD_CPU) /* a test */
    return false;
#  else
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    if (__get_cpuid_count(LEAF, 0, &eax, &ebx, &ecx, &edx) == 0 ||
        ((LEAF == 7 ? ebx : ecx) & BIT) == 0) {
        return false;
    }
    if (KEPT == 0) {
        return true;
    }
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 ||
        (ecx & bit_OSXSAVE) == 0) {
        return false;
    }
    __asm__ volatile("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
    return (eax & KEPT) == KEPT;
#  endif
}

__attribute__((constructor(101))) static OLDEST void check_cpu(void)
{
    static const char text[] =
        "this patch was built for a CPU with " NEEDS
        ", which this machine lacks: build it again with --cpu baseline\n";
    if (!has_cpu()) {
        ssize_t written = write(STDERR_FILENO, text, sizeof(text) - 1);
        (void)written; /* nobody is left to hear that it failed */
        _exit(STATUS_INTERNAL);
    }
}
# endif

#elif defined(__linux__) && \
    (defined(__aarch64__) || defined(__arm__) || defined(__riscv))

# include <string.h>
# include <sys/auxv.h>

# if defined(__aarch64__)
#  define OLDEST __attribute__((target("arch=armv8-a")))
# else
#  define OLDEST
# endif

/* What the compiler was allowed to use, and the kernel's bit for it. */
static const struct {
    unsigned long bit;
    const char *name;
} needs[] = {
# if defined(__aarch64__)
#  if defined(__ARM_FEATURE_SVE)
    {1ul << 22, "sve"},
#  endif
#  if defined(__ARM_FEATURE_DOTPROD)
    {1ul << 20, "dotprod"},
#  endif
#  if defined(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC)
    {1ul << 10, "fp16"},
#  endif
#  if defined(__ARM_FEATURE_ATOMICS)
    {1ul << 8, "atomics (ARMv8.1)"},
#  endif
# elif defined(__arm__)
#  if defined(__ARM_NEON)
    {1ul << 12, "neon"},
#  endif
#  if defined(__ARM_FEATURE_FMA)
    {1ul << 16, "vfpv4"},
#  endif
#  if defined(__ARM_FEATURE_IDIV)
    {1ul << 18, "idiv"},
#  endif
#  if defined(__ARM_FP)
    {1ul << 6, "vfp"},
#  endif
# elif defined(__riscv_v)
    {1ul << ('V' - 'A'), "vectors (V)"},
# endif
    {0, NULL},
};

static OLDEST void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written; /* nobody is left to hear that it failed */
}

__attribute__((constructor(101))) static OLDEST void check_cpu(void)
{
    const unsigned long has = getauxval(AT_HWCAP);
    for (unsigned i = 0; needs[i].name != NULL; i++) {
        if ((has & needs[i].bit) == 0) {
            say("this patch was built for a CPU with ");
            say(needs[i].name);
            say(", which this machine lacks: build it again with "
                "--cpu baseline\n");
            _exit(STATUS_INTERNAL);
        }
    }
}

#endif
