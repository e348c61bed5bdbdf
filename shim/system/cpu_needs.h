/* SPDX-License-Identifier: MIT */
/*
 * What the CPU must have that this patch was compiled for, beyond the oldest of
 * its architecture: a row for each set of instructions that a compiler writes
 * by itself, by the macro that says so; the newest first, because they bring
 * others along. What only intrinsic functions make is not here, nor what other
 * CPUs take as "do nothing": a machine that hides such a thing can play.
 * tests/cpus/macros.txt lists it, and its test finds what is in neither list.
 *
 * Only cpu.c includes this.
 */
#ifndef F4E_CPU_NEEDS_H
#define F4E_CPU_NEEDS_H

struct cpu_need {
    unsigned char word; /* where the CPU or the kernel tells of it */
    unsigned char bit;
    char name[18]; /* "" ends the list */
};

#if defined(__x86_64__)

/* A register that CPUID fills, and what the system keeps of a thread. */
enum cpu_word {
    WORD_1_ECX,
    WORD_7_EBX,
    WORD_7_ECX,
    WORD_7_EDX,
    WORD_7_1_EAX,
    WORD_7_1_EDX,
    WORD_AMD_ECX, /* 0x80000001 */
    WORD_XCR0,
};

#elif defined(__aarch64__) || defined(__arm__)

enum cpu_word { WORD_HWCAP, WORD_HWCAP2 };

#elif defined(__riscv)

enum cpu_word { WORD_HWCAP, WORD_HWPROBE };

#endif

__attribute__((unused)) static const struct cpu_need cpu_needs[] = {
#if defined(__x86_64__)
# if defined(__APX_F__) || defined(__EGPR__)
    {WORD_7_1_EDX, 21, "apx"},
    {WORD_XCR0, 19, "apx"},
# endif
# if defined(__AVX512FP16__)
    {WORD_7_EDX, 23, "avx512fp16"},
# endif
# if defined(__AVX512BF16__)
    {WORD_7_1_EAX, 5, "avx512bf16"},
# endif
# if defined(__AVX512VPOPCNTDQ__)
    {WORD_7_ECX, 14, "avx512vpopcntdq"},
# endif
# if defined(__AVX512BITALG__)
    {WORD_7_ECX, 12, "avx512bitalg"},
# endif
# if defined(__AVX512VNNI__)
    {WORD_7_ECX, 11, "avx512vnni"},
# endif
# if defined(__AVX512VBMI2__)
    {WORD_7_ECX, 6, "avx512vbmi2"},
# endif
# if defined(__AVX512VBMI__)
    {WORD_7_ECX, 1, "avx512vbmi"},
# endif
# if defined(__AVX512IFMA__)
    {WORD_7_EBX, 21, "avx512ifma"},
# endif
# if defined(__AVX512ER__)
    {WORD_7_EBX, 27, "avx512er"},
# endif
# if defined(__AVX512VL__)
    {WORD_7_EBX, 31, "avx512vl"},
# endif
# if defined(__AVX512DQ__)
    {WORD_7_EBX, 17, "avx512dq"},
# endif
# if defined(__AVX512BW__)
    {WORD_7_EBX, 30, "avx512bw"},
# endif
# if defined(__AVX512CD__)
    {WORD_7_EBX, 28, "avx512cd"},
# endif
# if defined(__AVX512F__)
    {WORD_7_EBX, 16, "avx512f"},
    {WORD_XCR0, 5, "avx512f"},
# endif
# if defined(__CMPCCXADD__)
    {WORD_7_1_EAX, 7, "cmpccxadd"},
# endif
# if defined(__AVXIFMA__)
    {WORD_7_1_EAX, 23, "avx-ifma"},
# endif
# if defined(__AVXVNNIINT16__)
    {WORD_7_1_EDX, 10, "avx-vnni-int16"},
# endif
# if defined(__AVXVNNIINT8__)
    {WORD_7_1_EDX, 4, "avx-vnni-int8"},
# endif
# if defined(__AVXVNNI__)
    {WORD_7_1_EAX, 4, "avx-vnni"},
# endif
# if defined(__PCLMUL__)
    {WORD_1_ECX, 1, "pclmulqdq"},
# endif
# if defined(__AVX2__)
    {WORD_7_EBX, 5, "avx2"},
# endif
# if defined(__XOP__)
    {WORD_AMD_ECX, 11, "xop"},
# endif
# if defined(__FMA4__)
    {WORD_AMD_ECX, 16, "fma4"},
# endif
# if defined(__FMA__)
    {WORD_1_ECX, 12, "fma"},
# endif
# if defined(__F16C__)
    {WORD_1_ECX, 29, "f16c"},
# endif
# if defined(__AVX__)
    {WORD_1_ECX, 28, "avx"},
    {WORD_XCR0, 2, "avx"},
# endif
# if defined(__GFNI__)
    {WORD_7_ECX, 8, "gfni"},
# endif
# if defined(__TBM__)
    {WORD_AMD_ECX, 21, "tbm"},
# endif
# if defined(__BMI2__)
    {WORD_7_EBX, 8, "bmi2"},
# endif
# if defined(__BMI__) /* so is tzcnt bsf */
    {WORD_7_EBX, 3, "bmi1"},
# endif
# if defined(__LZCNT__) /* elsewhere it is bsr, which counts otherwise */
    {WORD_AMD_ECX, 5, "lzcnt"},
# endif
# if defined(__MOVBE__)
    {WORD_1_ECX, 22, "movbe"},
# endif
# if defined(__POPCNT__)
    {WORD_1_ECX, 23, "popcnt"},
# endif
# if defined(__SSE4_2__)
    {WORD_1_ECX, 20, "sse4.2"},
# endif
# if defined(__SSE4_1__)
    {WORD_1_ECX, 19, "sse4.1"},
# endif
# if defined(__SSE4A__)
    {WORD_AMD_ECX, 6, "sse4a"},
# endif
# if defined(__SSSE3__)
    {WORD_1_ECX, 9, "ssse3"},
# endif
# if defined(__SSE3__)
    {WORD_1_ECX, 0, "sse3"},
# endif
#elif defined(__aarch64__)
# if defined(__ARM_FEATURE_LSE128)
    {WORD_HWCAP2, 47, "lse128"},
# endif
# if defined(__ARM_FEATURE_MOPS)
    {WORD_HWCAP2, 43, "mops"},
# endif
# if defined(__ARM_FEATURE_SVE2p1)
    {WORD_HWCAP2, 36, "sve2p1"},
# endif
# if defined(__ARM_FEATURE_CSSC)
    {WORD_HWCAP2, 34, "cssc"},
# endif
# if defined(__ARM_FEATURE_SVE_MATMUL_INT8)
    {WORD_HWCAP2, 9, "sve-i8mm"},
# endif
# if defined(__ARM_FEATURE_SVE2_BITPERM)
    {WORD_HWCAP2, 4, "sve2-bitperm"},
# endif
# if defined(__ARM_FEATURE_SVE2)
    {WORD_HWCAP2, 1, "sve2"},
# endif
# if defined(__ARM_FEATURE_SVE)
    {WORD_HWCAP, 22, "sve"},
# endif
# if defined(__ARM_FEATURE_BF16_VECTOR_ARITHMETIC)
    {WORD_HWCAP2, 14, "bf16"},
# endif
# if defined(__ARM_FEATURE_MATMUL_INT8)
    {WORD_HWCAP2, 13, "i8mm"},
# endif
# if defined(__ARM_FEATURE_FRINT)
    {WORD_HWCAP2, 8, "frint (ARMv8.5)"},
# endif
# if defined(__ARM_FEATURE_SHA3)
    {WORD_HWCAP, 17, "sha3"},
# endif
# if defined(__ARM_FEATURE_PAUTH) && defined(__ARM_FEATURE_PAC_DEFAULT)
    {WORD_HWCAP, 30, "pauth (ARMv8.3)"},
# endif
# if defined(__ARM_FEATURE_COMPLEX)
    {WORD_HWCAP, 14, "fcma (ARMv8.3)"},
# endif
# if defined(__ARM_FEATURE_JCVT)
    {WORD_HWCAP, 13, "jscvt (ARMv8.3)"},
# endif
# if defined(__ARM_FEATURE_DOTPROD)
    {WORD_HWCAP, 20, "dotprod"},
# endif
# if defined(__ARM_FEATURE_FP16_SCALAR_ARITHMETIC) || \
     defined(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC)
    {WORD_HWCAP, 9, "fp16"},
    {WORD_HWCAP, 10, "fp16"},
# endif
# if defined(__ARM_FEATURE_RCPC)
#  if __ARM_FEATURE_RCPC >= 3
    {WORD_HWCAP2, 46, "rcpc3"},
#  endif
#  if __ARM_FEATURE_RCPC >= 2
    {WORD_HWCAP, 26, "rcpc2"},
#  endif
    {WORD_HWCAP, 15, "rcpc"},
# endif
# if defined(__ARM_FEATURE_QRDMX)
    {WORD_HWCAP, 12, "rdm (ARMv8.1)"},
# endif
# if defined(__ARM_FEATURE_ATOMICS)
    {WORD_HWCAP, 8, "atomics (ARMv8.1)"},
# endif
# if defined(__ARM_FEATURE_CRC32)
    {WORD_HWCAP, 7, "crc32"},
# endif
#elif defined(__arm__)
# if defined(__ARM_FP)
    {WORD_HWCAP, 6, "vfp"},
# endif
# if defined(__ARM_NEON)
    {WORD_HWCAP, 12, "neon"},
# endif
# if defined(__ARM_FEATURE_FMA)
    {WORD_HWCAP, 16, "vfpv4"},
# endif
# if defined(__ARM_FEATURE_IDIV) && defined(__thumb__)
    {WORD_HWCAP, 18, "idiv"},
# elif defined(__ARM_FEATURE_IDIV)
    {WORD_HWCAP, 17, "idiv"},
# endif
# if __ARM_ARCH >= 8 && defined(__ARM_FEATURE_CRC32)
    /* All of ARMv8 has it; the name of the platform is v7 on some of them. */
    {WORD_HWCAP2, 4, "crc32 (ARMv8)"},
# endif
#elif defined(__riscv)
# if defined(__riscv_v) || defined(__riscv_zve32x)
    {WORD_HWCAP, 'V' - 'A', "vectors (V)"},
# endif
# if defined(__riscv_zba)
    {WORD_HWPROBE, 3, "zba"},
# endif
# if defined(__riscv_zbb)
    {WORD_HWPROBE, 4, "zbb"},
# endif
# if defined(__riscv_zbs)
    {WORD_HWPROBE, 5, "zbs"},
# endif
#endif
    {0, 0, ""},
};

#endif
