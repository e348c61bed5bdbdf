/* SPDX-License-Identifier: MIT */
/*
 * Denormal numbers: kept (IEEE 754) or flushed to zero, as browsers do in
 * their audio thread. The mode belongs to the calling thread.
 */
#ifndef F4E_DENORMALS_H
#define F4E_DENORMALS_H

#include "rt/realtime.h"

#include <stdbool.h>
#include <stdint.h>

/* RISC-V keeps denormals, whatever is asked of it. */
enum {
#if defined(__SSE2__) || defined(__aarch64__) || \
    (defined(__arm__) && defined(__ARM_FP))
    DENORMALS_CAN_FLUSH = 1
#else
    DENORMALS_CAN_FLUSH = 0
#endif
};

/*
 * Set the calling thread's mode. On 32-bit ARM this governs scalar code only:
 * its vector unit always flushes, and the compiler does not use it for floats.
 */
F4E_REALTIME static inline void denormals_flush(bool is_flushed)
{
#if defined(__SSE2__)
    enum { FTZ_AND_DAZ = 0x8040 };
    unsigned mode = __builtin_ia32_stmxcsr() & ~(unsigned)FTZ_AND_DAZ;
    __builtin_ia32_ldmxcsr(is_flushed ? mode | FTZ_AND_DAZ : mode);
#elif defined(__aarch64__)
    const uint64_t fz = UINT64_C(1) << 24;
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    mode = is_flushed ? mode | fz : mode & ~fz;
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#elif defined(__arm__) && defined(__ARM_FP)
    const uint32_t fz = UINT32_C(1) << 24;
    uint32_t mode;
    __asm__ volatile("vmrs %0, fpscr" : "=r"(mode));
    mode = is_flushed ? mode | fz : mode & ~fz;
    __asm__ volatile("vmsr fpscr, %0" : : "r"(mode));
#else
    (void)is_flushed;
#endif
}

#endif
