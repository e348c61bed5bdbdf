/* SPDX-License-Identifier: MIT */
/*
 * A patch built for a newer CPU than it runs on would die of an illegal
 * instruction; this says so instead. It runs before main(), and is itself
 * compiled for the oldest CPU of the architecture.
 */
#include <unistd.h>

enum { STATUS_INTERNAL = 1 };

#if defined(__x86_64__)

# if defined(F4E_PRETEND_OLD_CPU) /* a test */
#  define CPU_SUPPORTS(feature) 0
# else
#  define CPU_SUPPORTS(feature) __builtin_cpu_supports(feature)
# endif

# if defined(__AVX512F__)
#  define NEEDS "avx512f"
# elif defined(__AVX2__)
#  define NEEDS "avx2"
# elif defined(__AVX__)
#  define NEEDS "avx"
# elif defined(__SSE4_1__)
#  define NEEDS "sse4.1"
# endif

# if defined(NEEDS)
__attribute__((constructor(101), target("arch=x86-64"))) static void
check_cpu(void)
{
    static const char text[] =
        "this patch was built for a CPU with " NEEDS
        ", which this machine lacks: build it again with --cpu baseline\n";
    __builtin_cpu_init();
    if (!CPU_SUPPORTS(NEEDS)) {
        ssize_t written = write(STDERR_FILENO, text, sizeof(text) - 1);
        (void)written; /* nobody is left to hear that it failed */
        _exit(STATUS_INTERNAL);
    }
}
# endif

#endif
