/* SPDX-License-Identifier: MIT */
/*
 * WebAssembly's numeric instructions where C's operators differ from them:
 * traps, wrapping, NaN and signed zero. Each function has the instruction's
 * name with '.' written '_'; what is not here (add, and, lt_u, convert, ...) is
 * a C operator or cast on the unsigned type. Pure arithmetic: needs no memory
 * and no instance. Functions that can trap take the name of the function at
 * fault and call f4e_trap().
 *
 * NaN results are quiet. abs, neg, copysign and reinterpret touch no other bit
 * than they must. Correct at every optimisation level without -ffast-math, in
 * the round-to-nearest mode.
 */
#ifndef F4E_WASM_NUM_H
#define F4E_WASM_NUM_H

#include "rt/trap.h"

#include <stdint.h>
#include <string.h>

#if !defined(__GNUC__)
# error "gcc or clang is needed"
#endif
#if defined(__FAST_MATH__)
# error "WebAssembly's arithmetic is strict: no -ffast-math"
#endif
#if __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
# error "float and double must be computed in their own precision (no x87)"
#endif

#define F4E_LIKELY(x)   __builtin_expect(!!(x), 1)
#define F4E_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define F4E_INLINE      static inline __attribute__((unused))

/* Integers. Shift and rotate counts are taken modulo the width. */
#define F4E_DEFINE_INTEGER(name, word, sword, bits, low, suffix)       \
    F4E_INLINE word name##_clz(word x)                                 \
    {                                                                  \
        return x != 0 ? (word)__builtin_clz##suffix(x) : bits;         \
    }                                                                  \
    F4E_INLINE word name##_ctz(word x)                                 \
    {                                                                  \
        return x != 0 ? (word)__builtin_ctz##suffix(x) : bits;         \
    }                                                                  \
    F4E_INLINE word name##_popcnt(word x)                              \
    {                                                                  \
        return (word)__builtin_popcount##suffix(x);                    \
    }                                                                  \
    F4E_INLINE word name##_rotl(word x, word y)                        \
    {                                                                  \
        return x << (y & (bits - 1)) | x >> ((0 - y) & (bits - 1));    \
    }                                                                  \
    F4E_INLINE word name##_rotr(word x, word y)                        \
    {                                                                  \
        return x >> (y & (bits - 1)) | x << ((0 - y) & (bits - 1));    \
    }                                                                  \
    F4E_INLINE word name##_div_u(word x, word y, const char *function) \
    {                                                                  \
        if (F4E_UNLIKELY(y == 0)) {                                    \
            f4e_trap(F4E_TRAP_DIV_BY_ZERO, function);                  \
        }                                                              \
        return x / y;                                                  \
    }                                                                  \
    F4E_INLINE word name##_rem_u(word x, word y, const char *function) \
    {                                                                  \
        if (F4E_UNLIKELY(y == 0)) {                                    \
            f4e_trap(F4E_TRAP_DIV_BY_ZERO, function);                  \
        }                                                              \
        return x % y;                                                  \
    }                                                                  \
    F4E_INLINE word name##_div_s(word x, word y, const char *function) \
    {                                                                  \
        if (F4E_UNLIKELY(y == 0)) {                                    \
            f4e_trap(F4E_TRAP_DIV_BY_ZERO, function);                  \
        }                                                              \
        if (F4E_UNLIKELY(x == (word)low && y == ~(word)0)) {           \
            f4e_trap(F4E_TRAP_INT_OVERFLOW, function);                 \
        }                                                              \
        return (word)((sword)x / (sword)y);                            \
    }                                                                  \
    F4E_INLINE word name##_rem_s(word x, word y, const char *function) \
    {                                                                  \
        if (F4E_UNLIKELY(y == 0)) {                                    \
            f4e_trap(F4E_TRAP_DIV_BY_ZERO, function);                  \
        }                                                              \
        return y == ~(word)0 ? 0 : (word)((sword)x % (sword)y);        \
    }

F4E_DEFINE_INTEGER(i32, uint32_t, int32_t, 32u, INT32_MIN, )
F4E_DEFINE_INTEGER(i64, uint64_t, int64_t, 64u, INT64_MIN, ll)
#undef F4E_DEFINE_INTEGER

/*
 * Floats. 'min' and 'max' test for "neither less nor greater" first: that one
 * rare branch takes equal numbers and NaN out of the way, and the rest is the
 * processor's own minimum. Equal numbers are equal bits, or zeros, of which
 * min wants the negative and max the positive; silence makes them common.
 */
#define F4E_DEFINE_FLOAT(name, real, word, int_name, quiet_bit, f)   \
    F4E_INLINE word int_name##_reinterpret_##name(real x)            \
    {                                                                \
        word bits;                                                   \
        memcpy(&bits, &x, sizeof(bits));                             \
        return bits;                                                 \
    }                                                                \
    F4E_INLINE real name##_reinterpret_##int_name(word bits)         \
    {                                                                \
        real x;                                                      \
        memcpy(&x, &bits, sizeof(x));                                \
        return x;                                                    \
    }                                                                \
    F4E_INLINE real name##_quiet_nan(real nan)                       \
    {                                                                \
        return name##_reinterpret_##int_name(                        \
            int_name##_reinterpret_##name(nan) | (word)(quiet_bit)); \
    }                                                                \
    F4E_INLINE real name##_quiet(real x)                             \
    {                                                                \
        return F4E_UNLIKELY(x != x) ? name##_quiet_nan(x) : x;       \
    }                                                                \
    F4E_INLINE real name##_abs(real x)                               \
    {                                                                \
        return __builtin_fabs##f(x);                                 \
    }                                                                \
    F4E_INLINE real name##_sqrt(real x)                              \
    {                                                                \
        return F4E_SQRT(f, x);                                       \
    }                                                                \
    F4E_INLINE real name##_min(real x, real y)                       \
    {                                                                \
        if (F4E_LIKELY(__builtin_islessgreater(x, y))) {             \
            return x < y ? x : y;                                    \
        }                                                            \
        if (x == y) {                                                \
            return name##_reinterpret_##int_name(                    \
                int_name##_reinterpret_##name(x) |                   \
                int_name##_reinterpret_##name(y));                   \
        }                                                            \
        return name##_quiet_nan(x != x ? x : y);                     \
    }                                                                \
    F4E_INLINE real name##_max(real x, real y)                       \
    {                                                                \
        if (F4E_LIKELY(__builtin_islessgreater(x, y))) {             \
            return x > y ? x : y;                                    \
        }                                                            \
        if (x == y) {                                                \
            return name##_reinterpret_##int_name(                    \
                int_name##_reinterpret_##name(x) &                   \
                int_name##_reinterpret_##name(y));                   \
        }                                                            \
        return name##_quiet_nan(x != x ? x : y);                     \
    }

/* clang's generic square root never sets errno, so it is one instruction
 * whatever the flags; for gcc that takes -fno-math-errno. */
#if defined(__clang__) && __clang_major__ >= 17
# define F4E_SQRT(f, x) __builtin_elementwise_sqrt(x)
#else
# define F4E_SQRT(f, x) __builtin_sqrt##f(x)
#endif
F4E_DEFINE_FLOAT(f32, float, uint32_t, i32, 0x400000, f)
F4E_DEFINE_FLOAT(f64, double, uint64_t, i64, 0x8000000000000, )
#undef F4E_DEFINE_FLOAT
#undef F4E_SQRT

/*
 * Rounding to whole numbers: one instruction where the processor has it; else
 * arithmetic, because a call to the C library costs more. 'whole' is the
 * magnitude from which every number is whole (and NaN fails the test).
 */
#if defined(__SSE4_1__) || defined(__aarch64__) || \
    defined(__ARM_FEATURE_DIRECTED_ROUNDING)
# define F4E_DEFINE_ROUNDING(name, real, sword, whole, f) \
     F4E_INLINE real name##_floor(real x)                 \
     {                                                    \
         return __builtin_floor##f(x);                    \
     }                                                    \
     F4E_INLINE real name##_ceil(real x)                  \
     {                                                    \
         return __builtin_ceil##f(x);                     \
     }                                                    \
     F4E_INLINE real name##_trunc(real x)                 \
     {                                                    \
         return __builtin_trunc##f(x);                    \
     }                                                    \
     F4E_INLINE real name##_nearest(real x)               \
     {                                                    \
         return __builtin_nearbyint##f(x);                \
     }
#else
# define F4E_DEFINE_ROUNDING(name, real, sword, whole, f)              \
     F4E_INLINE real name##_floor(real x)                              \
     {                                                                 \
         if (F4E_UNLIKELY(!(__builtin_fabs##f(x) < whole))) {          \
             return name##_quiet(x);                                   \
         }                                                             \
         const real t = (real)(sword)x;                                \
         return __builtin_copysign##f(t > x ? t - 1 : t, x);           \
     }                                                                 \
     F4E_INLINE real name##_ceil(real x)                               \
     {                                                                 \
         if (F4E_UNLIKELY(!(__builtin_fabs##f(x) < whole))) {          \
             return name##_quiet(x);                                   \
         }                                                             \
         const real t = (real)(sword)x;                                \
         return __builtin_copysign##f(t < x ? t + 1 : t, x);           \
     }                                                                 \
     F4E_INLINE real name##_trunc(real x)                              \
     {                                                                 \
         if (F4E_UNLIKELY(!(__builtin_fabs##f(x) < whole))) {          \
             return name##_quiet(x);                                   \
         }                                                             \
         return __builtin_copysign##f((real)(sword)x, x);              \
     }                                                                 \
     F4E_INLINE real name##_nearest(real x)                            \
     {                                                                 \
         const real magnitude = __builtin_fabs##f(x);                  \
         if (F4E_UNLIKELY(!(magnitude < whole))) {                     \
             return name##_quiet(x);                                   \
         }                                                             \
         return __builtin_copysign##f((magnitude + whole) - whole, x); \
     }
#endif

F4E_DEFINE_ROUNDING(f32, float, int32_t, 0x1p23f, f)
F4E_DEFINE_ROUNDING(f64, double, int64_t, 0x1p52, )
#undef F4E_DEFINE_ROUNDING

/*
 * Float to integer, trapping and saturating. Signed: one test of the magnitude
 * is the whole fast path; 'below' is the largest number too low to convert.
 */
#define F4E_DEFINE_TRUNC_S(to, from, real, word, sword, limit, below, f) \
    F4E_INLINE word to##_trunc_##from##_s(real x, const char *function)  \
    {                                                                    \
        if (F4E_UNLIKELY(!(x > below && x < limit))) {                   \
            f4e_trap(F4E_TRAP_INVALID_CONVERSION, function);             \
        }                                                                \
        return (word)(sword)x;                                           \
    }                                                                    \
    F4E_INLINE word to##_trunc_sat_##from##_s(real x)                    \
    {                                                                    \
        if (F4E_LIKELY(__builtin_fabs##f(x) < limit)) {                  \
            return (word)(sword)x;                                       \
        }                                                                \
        const word low = (word)1 << (sizeof(word) * 8 - 1);              \
        return x != x ? 0 : x < 0 ? low : low - 1;                       \
    }
#define F4E_DEFINE_TRUNC_U(to, from, real, word, limit)                 \
    F4E_INLINE word to##_trunc_##from##_u(real x, const char *function) \
    {                                                                   \
        if (F4E_UNLIKELY(!(x > -1 && x < limit))) {                     \
            f4e_trap(F4E_TRAP_INVALID_CONVERSION, function);            \
        }                                                               \
        return (word)x;                                                 \
    }                                                                   \
    F4E_INLINE word to##_trunc_sat_##from##_u(real x)                   \
    {                                                                   \
        if (F4E_LIKELY(x > -1 && x < limit)) {                          \
            return (word)x;                                             \
        }                                                               \
        return x > 0 ? ~(word)0 : 0;                                    \
    }

F4E_DEFINE_TRUNC_S(i32, f32, float, uint32_t, int32_t, 0x1p31f, -0x1.000002p31f,
                   f)
F4E_DEFINE_TRUNC_S(i64, f32, float, uint64_t, int64_t, 0x1p63f, -0x1.000002p63f,
                   f)
F4E_DEFINE_TRUNC_S(i32, f64, double, uint32_t, int32_t, 0x1p31, -2147483649.0, )
F4E_DEFINE_TRUNC_S(i64, f64, double, uint64_t, int64_t, 0x1p63,
                   -0x1.0000000000001p63, )
F4E_DEFINE_TRUNC_U(i32, f32, float, uint32_t, 0x1p32f)
F4E_DEFINE_TRUNC_U(i64, f32, float, uint64_t, 0x1p64f)
F4E_DEFINE_TRUNC_U(i32, f64, double, uint32_t, 0x1p32)
F4E_DEFINE_TRUNC_U(i64, f64, double, uint64_t, 0x1p64)
#undef F4E_DEFINE_TRUNC_S
#undef F4E_DEFINE_TRUNC_U

/*
 * To a 32-bit integer, saturating, and back: the same bits as the two one after
 * the other. All three outcomes are floats, so that the usual one never leaves
 * the registers of floats.
 */
#define F4E_DEFINE_WHOLE(real, f)                                      \
    F4E_INLINE real real##_whole(real x)                               \
    {                                                                  \
        if (F4E_LIKELY(__builtin_fabs##f(x) < 0x1p31##f)) {            \
            return (real)(int32_t)x;                                   \
        }                                                              \
        return x != x ? 0 : x < 0 ? (real)INT32_MIN : (real)INT32_MAX; \
    }
F4E_DEFINE_WHOLE(float, f)
F4E_DEFINE_WHOLE(double, )
#undef F4E_DEFINE_WHOLE

#endif
