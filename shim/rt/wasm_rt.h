/* SPDX-License-Identifier: MIT */
/*
 * What the C that wasm2c writes is compiled against, in place of wabt's own
 * prologue and run-time library: memories as static arrays, checked accesses,
 * and the macros of wasm2c 1.0.32 to 1.0.42. Only translated code includes it.
 *
 * Around the include the translator puts, for each memory F4E_M<k>:
 *     #define F4E_M0_BYTES 65536u     size, whole pages, 0 to 2^32; before
 *     F4E_DEFINE_MEMORY(F4E_M0)       after
 * and in the code it writes F4E_M<k> for every operand `instance->...` that
 * names memory k. Accesses paste that token into a function name, so that no
 * instance and no memory pointer is left. Other settings, all optional, before:
 *     #define F4E_RECURSIVE 1         functions check the stack
 *     #define F4E_COPY_SOURCE_FIRST 1 memory_copy() names its source first
 *     #define F4E_NO_HINTS            the compiler judges branches by itself
 *     #define F4E_UNCHECKED           loads and stores are not bounds-checked
 *
 * A trap names the C function that it happened in.
 */
#ifndef F4E_WASM_RT_H
#define F4E_WASM_RT_H

#include "rt/trap.h"
#include "rt/wasm_num.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
# error "linear memory is little-endian, and so must the target be"
#endif

/* ---- Types ---- */

#define WASM_RT_CORE_TYPES_DEFINED
typedef uint8_t u8;
typedef int8_t s8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;
typedef int64_t s64;
typedef float f32;
typedef double f64;

/* What code that does not paste sees of a memory; a constant. */
typedef struct {
    uint8_t *data;
    uint64_t pages;
    uint64_t size;
} wasm_rt_memory_t;

/* Function types and tail calls: named by the generated code, never used. */
typedef enum {
    WASM_RT_I32,
    WASM_RT_I64,
    WASM_RT_F32,
    WASM_RT_F64
} wasm_rt_type_t;
typedef const char *wasm_rt_func_type_t;
typedef struct wasm_rt_tailcallee_t {
    void (*fn)(void **instance, void *stack, struct wasm_rt_tailcallee_t *next);
} wasm_rt_tailcallee_t;
#define wasm_rt_register_func_type(...) 0
#define wasm_rt_is_initialized()        true
#define wasm_rt_memcpy                  memcpy

/* ---- Branches, as hints.c of the build tool marks them ---- */

#if defined(F4E_NO_HINTS)
# define F4E_LIKELY_IF(x) if (x)
# define F4E_RARELY_IF(x) if (x)
#else
# define F4E_LIKELY_IF(x) \
     if (__builtin_expect_with_probability((x) != 0, 1, 0.999))
# define F4E_RARELY_IF(x) \
     if (__builtin_expect_with_probability((x) != 0, 0, 0.995))
#endif

/* ---- Proven ranges, as ranges/promote/annotate.h states them ---- */

/* clang wants facts one by one, gcc as branches that cannot be taken. */
#if defined(__clang__)
# define F4E_ASSUME(x) __builtin_assume(x)
#else
# define F4E_ASSUME(x)                \
     do {                             \
         if (!(x)) {                  \
             __builtin_unreachable(); \
         }                            \
     } while (0)
#endif

/* 'value'; the other three are constants. */
F4E_INLINE u32 f4e_range(u32 value, u32 first, u32 last, u32 mask)
{
#if defined(F4E_CHECK_RANGES) && F4E_CHECK_RANGES
    /* --ranges check: look instead of believing. */
    if (F4E_UNLIKELY(value - first > last - first ||
                     ((value - first) & mask) != 0)) {
        f4e_trap(F4E_TRAP_RANGE, NULL);
    }
#else
    if (first == last) {
        return first;
    }
    if (first <= last) {
        F4E_ASSUME(value >= first);
        F4E_ASSUME(value <= last);
    } else { /* from a negative to a positive number */
        F4E_ASSUME((s32)value >= (s32)first);
        F4E_ASSUME((s32)value <= (s32)last);
    }
    if (mask != 0) {
        F4E_ASSUME(((value - first) & mask) == 0);
    }
#endif
    return value;
}

/* ---- Calls ---- */

#if defined(F4E_RECURSIVE) && F4E_RECURSIVE
# define FUNC_PROLOGUE                                            \
     do {                                                         \
         if (F4E_UNLIKELY((uintptr_t)__builtin_frame_address(0) < \
                          f4e_stack_limit)) {                     \
             f4e_trap(F4E_TRAP_EXHAUSTION, __func__);             \
         }                                                        \
     } while (0)
/* Something after the last call, lest endless recursion become a loop. */
# define FUNC_EPILOGUE __asm__ volatile("")
#else
# define FUNC_PROLOGUE ((void)0)
# define FUNC_EPILOGUE ((void)0)
#endif
#define UNREACHABLE f4e_trap_unreachable(__func__)

/*
 * to[i] = function(from[i]) for the first 'count' of eight floats; lanes.c of
 * the build tool writes it where a patch calls one function several times. In a
 * vector the other lanes compute something that nobody looks at.
 */
#if defined(__clang__) && defined(__AVX2__)
# define F4E_LANES_DONE(count) 8
# define F4E_AS_VECTOR                                            \
     _Pragma("clang loop vectorize_width(8) interleave(disable)") \
         _Pragma("clang loop unroll(disable)")
#else
# define F4E_LANES_DONE(count) (count)
# define F4E_AS_VECTOR
#endif
#define F4E_LANES(to, from, count, function, instance)         \
    F4E_AS_VECTOR                                              \
    for (int lane = 0; lane < F4E_LANES_DONE(count); lane++) { \
        (to)[lane] = function(instance, (from)[lane]);         \
    }

/* Before a loop whose rounds do not hang on each other, as stages.c of the
 * build tool writes it: the compiler sees that itself. */
#define F4E_WIDE

/* ---- Modules side by side, each in its lane ---- */

/*
 * For siblings/ of the build tool. For 4, 8 and 16 lanes: types f4e_f8, f4e_u8,
 * f4e_s8 (floats, integers without and with sign), and those of wasm_num.h's
 * functions that are no operator on vectors. Lane for lane they have the same
 * bits as there. A condition is a vector of signed integers, 0 or -1.
 *
 * F4E_SIBLINGS tells whether they are to be used: by a clang that knows the
 * built-in functions, on a CPU with vectors that pay, and not where facts are
 * looked at one by one.
 */
#if defined(__clang__) && __clang_major__ >= 17 && defined(__AVX2__) && \
    !(defined(F4E_CHECK_RANGES) && F4E_CHECK_RANGES)
# define F4E_SIBLINGS 1

# define F4E_DEFINE_SIBLINGS(n)                                         \
     typedef float f4e_f##n __attribute__((ext_vector_type(n)));        \
     typedef u32 f4e_u##n __attribute__((ext_vector_type(n)));          \
     typedef int32_t f4e_s##n __attribute__((ext_vector_type(n)));      \
     F4E_INLINE f4e_f##n f4e_either_nan##n(f4e_f##n x, f4e_f##n y)      \
     {                                                                  \
         return (f4e_f##n)((f4e_u##n)(x != x ? x : y) | 0x400000u);     \
     }                                                                  \
     F4E_INLINE f4e_f##n f4e_min##n(f4e_f##n x, f4e_f##n y)             \
     {                                                                  \
         f4e_f##n less = x < y ? x : y;                                 \
         less = x == y ? (f4e_f##n)((f4e_u##n)x | (f4e_u##n)y) : less;  \
         return (x != x) | (y != y) ? f4e_either_nan##n(x, y) : less;   \
     }                                                                  \
     F4E_INLINE f4e_f##n f4e_max##n(f4e_f##n x, f4e_f##n y)             \
     {                                                                  \
         f4e_f##n more = x > y ? x : y;                                 \
         more = x == y ? (f4e_f##n)((f4e_u##n)x & (f4e_u##n)y) : more;  \
         return (x != x) | (y != y) ? f4e_either_nan##n(x, y) : more;   \
     }                                                                  \
     F4E_INLINE f4e_u##n f4e_trunc_sat##n(f4e_f##n x)                   \
     {                                                                  \
         f4e_s##n fits = __builtin_elementwise_abs(x) < 0x1p31f;        \
         f4e_s##n edge =                                                \
             x < 0.0f ? (f4e_s##n)(INT32_MIN) : (f4e_s##n)(INT32_MAX);  \
         edge = x != x ? (f4e_s##n)(0) : edge;                          \
         return (f4e_u##n)(fits ? __builtin_convertvector(x, f4e_s##n)  \
                                : edge);                                \
     }                                                                  \
     /* To an integer and back, as float_whole(): -0 becomes 0, too. */ \
     F4E_INLINE f4e_f##n f4e_whole##n(f4e_f##n x)                       \
     {                                                                  \
         const f4e_f##n most = (f4e_f##n)(0x1p31f);                     \
         f4e_f##n whole = __builtin_elementwise_trunc(x);               \
         whole = most < whole ? most : whole;                           \
         whole = -most > whole ? -most : whole;                         \
         return x == x ? whole + 0.0f : (f4e_f##n)(0.0f);               \
     }                                                                  \
     /* Whether it holds in one of the first 'count' lanes. */          \
     F4E_INLINE bool f4e_any##n(f4e_s##n condition, int count)          \
     {                                                                  \
         for (int i = count; i < n; i++) {                              \
             condition[i] = 0;                                          \
         }                                                              \
         return __builtin_reduce_or(condition) != 0;                    \
     }

/* What is loaded from an address that is known to be inside. */
# define F4E_SIBLING_LOAD(mem, stored, address)                      \
     __extension__({                                                 \
      stored word;                                                   \
      memcpy(&word, F4E_MEMORY_DATA(mem) + (address), sizeof(word)); \
      word;                                                          \
     })

F4E_DEFINE_SIBLINGS(4)
F4E_DEFINE_SIBLINGS(8)
F4E_DEFINE_SIBLINGS(16)
# undef F4E_DEFINE_SIBLINGS

#else
# define F4E_SIBLINGS 0
#endif

/* ---- Memories ---- */

/* The array behind a memory; an address constant. */
#define F4E_MEMORY_DATA(mem) (mem##_data)

/* 'address' is a 32-bit operand plus a 32-bit offset: it cannot wrap. */
#if defined(F4E_UNCHECKED)
# define F4E_OUTSIDE(mem, address, bytes) false
#else
# define F4E_OUTSIDE(mem, address, bytes) \
     (mem##_BYTES < (bytes) || (address) > mem##_BYTES - (bytes))
#endif

#define F4E_DEFINE_LOAD(mem, name, stored, wide, result)              \
    F4E_INLINE result name##_##mem(u64 address, const char *function) \
    {                                                                 \
        stored value;                                                 \
        if (F4E_UNLIKELY(F4E_OUTSIDE(mem, address, sizeof(value)))) { \
            f4e_trap(F4E_TRAP_OOB, function);                         \
        }                                                             \
        memcpy(&value, mem##_data + (size_t)address, sizeof(value));  \
        return (result)(wide)value;                                   \
    }
#define F4E_DEFINE_STORE(mem, name, stored, operand)                   \
    F4E_INLINE void name##_##mem(u64 address, operand value,           \
                                 const char *function)                 \
    {                                                                  \
        const stored narrow = (stored)value;                           \
        if (F4E_UNLIKELY(F4E_OUTSIDE(mem, address, sizeof(narrow)))) { \
            f4e_trap(F4E_TRAP_OOB, function);                          \
        }                                                              \
        memcpy(mem##_data + (size_t)address, &narrow, sizeof(narrow)); \
    }

#define F4E_DEFINE_MEMORY(mem)                                         \
    static _Alignas(4096)                                              \
        uint8_t mem##_data[mem##_BYTES > 0 ? mem##_BYTES : 1];         \
    static const wasm_rt_memory_t mem##_view = {                       \
        mem##_data, mem##_BYTES / 65536u, mem##_BYTES};                \
    __attribute__((unused)) static const wasm_rt_memory_t *const mem = \
        &mem##_view;                                                   \
    F4E_DEFINE_LOAD(mem, i32_load, u32, u32, u32)                      \
    F4E_DEFINE_LOAD(mem, i64_load, u64, u64, u64)                      \
    F4E_DEFINE_LOAD(mem, f32_load, f32, f32, f32)                      \
    F4E_DEFINE_LOAD(mem, f64_load, f64, f64, f64)                      \
    F4E_DEFINE_LOAD(mem, i32_load8_s, s8, s32, u32)                    \
    F4E_DEFINE_LOAD(mem, i64_load8_s, s8, s64, u64)                    \
    F4E_DEFINE_LOAD(mem, i32_load8_u, u8, u32, u32)                    \
    F4E_DEFINE_LOAD(mem, i64_load8_u, u8, u64, u64)                    \
    F4E_DEFINE_LOAD(mem, i32_load16_s, s16, s32, u32)                  \
    F4E_DEFINE_LOAD(mem, i64_load16_s, s16, s64, u64)                  \
    F4E_DEFINE_LOAD(mem, i32_load16_u, u16, u32, u32)                  \
    F4E_DEFINE_LOAD(mem, i64_load16_u, u16, u64, u64)                  \
    F4E_DEFINE_LOAD(mem, i64_load32_s, s32, s64, u64)                  \
    F4E_DEFINE_LOAD(mem, i64_load32_u, u32, u64, u64)                  \
    F4E_DEFINE_STORE(mem, i32_store, u32, u32)                         \
    F4E_DEFINE_STORE(mem, i64_store, u64, u64)                         \
    F4E_DEFINE_STORE(mem, f32_store, f32, f32)                         \
    F4E_DEFINE_STORE(mem, f64_store, f64, f64)                         \
    F4E_DEFINE_STORE(mem, i32_store8, u8, u32)                         \
    F4E_DEFINE_STORE(mem, i32_store16, u16, u32)                       \
    F4E_DEFINE_STORE(mem, i64_store8, u8, u64)                         \
    F4E_DEFINE_STORE(mem, i64_store16, u16, u64)                       \
    F4E_DEFINE_STORE(mem, i64_store32, u32, u64)

/* wasm2c up to 1.0.36 says i32_load(mem, address); later ones say
 * i32_load_default32(base, size, mem, address). */
#define i32_load(mem, a)                  i32_load_##mem(a, __func__)
#define i64_load(mem, a)                  i64_load_##mem(a, __func__)
#define f32_load(mem, a)                  f32_load_##mem(a, __func__)
#define f64_load(mem, a)                  f64_load_##mem(a, __func__)
#define i32_load8_s(mem, a)               i32_load8_s_##mem(a, __func__)
#define i64_load8_s(mem, a)               i64_load8_s_##mem(a, __func__)
#define i32_load8_u(mem, a)               i32_load8_u_##mem(a, __func__)
#define i64_load8_u(mem, a)               i64_load8_u_##mem(a, __func__)
#define i32_load16_s(mem, a)              i32_load16_s_##mem(a, __func__)
#define i64_load16_s(mem, a)              i64_load16_s_##mem(a, __func__)
#define i32_load16_u(mem, a)              i32_load16_u_##mem(a, __func__)
#define i64_load16_u(mem, a)              i64_load16_u_##mem(a, __func__)
#define i64_load32_s(mem, a)              i64_load32_s_##mem(a, __func__)
#define i64_load32_u(mem, a)              i64_load32_u_##mem(a, __func__)
#define i32_store(mem, a, v)              i32_store_##mem(a, v, __func__)
#define i64_store(mem, a, v)              i64_store_##mem(a, v, __func__)
#define f32_store(mem, a, v)              f32_store_##mem(a, v, __func__)
#define f64_store(mem, a, v)              f64_store_##mem(a, v, __func__)
#define i32_store8(mem, a, v)             i32_store8_##mem(a, v, __func__)
#define i32_store16(mem, a, v)            i32_store16_##mem(a, v, __func__)
#define i64_store8(mem, a, v)             i64_store8_##mem(a, v, __func__)
#define i64_store16(mem, a, v)            i64_store16_##mem(a, v, __func__)
#define i64_store32(mem, a, v)            i64_store32_##mem(a, v, __func__)
#define i32_load_default32(b, s, ...)     i32_load(__VA_ARGS__)
#define i64_load_default32(b, s, ...)     i64_load(__VA_ARGS__)
#define f32_load_default32(b, s, ...)     f32_load(__VA_ARGS__)
#define f64_load_default32(b, s, ...)     f64_load(__VA_ARGS__)
#define i32_load8_s_default32(b, s, ...)  i32_load8_s(__VA_ARGS__)
#define i64_load8_s_default32(b, s, ...)  i64_load8_s(__VA_ARGS__)
#define i32_load8_u_default32(b, s, ...)  i32_load8_u(__VA_ARGS__)
#define i64_load8_u_default32(b, s, ...)  i64_load8_u(__VA_ARGS__)
#define i32_load16_s_default32(b, s, ...) i32_load16_s(__VA_ARGS__)
#define i64_load16_s_default32(b, s, ...) i64_load16_s(__VA_ARGS__)
#define i32_load16_u_default32(b, s, ...) i32_load16_u(__VA_ARGS__)
#define i64_load16_u_default32(b, s, ...) i64_load16_u(__VA_ARGS__)
#define i64_load32_s_default32(b, s, ...) i64_load32_s(__VA_ARGS__)
#define i64_load32_u_default32(b, s, ...) i64_load32_u(__VA_ARGS__)
#define i32_store_default32(b, s, ...)    i32_store(__VA_ARGS__)
#define i64_store_default32(b, s, ...)    i64_store(__VA_ARGS__)
#define f32_store_default32(b, s, ...)    f32_store(__VA_ARGS__)
#define f64_store_default32(b, s, ...)    f64_store(__VA_ARGS__)
#define i32_store8_default32(b, s, ...)   i32_store8(__VA_ARGS__)
#define i32_store16_default32(b, s, ...)  i32_store16(__VA_ARGS__)
#define i64_store8_default32(b, s, ...)   i64_store8(__VA_ARGS__)
#define i64_store16_default32(b, s, ...)  i64_store16(__VA_ARGS__)
#define i64_store32_default32(b, s, ...)  i64_store32(__VA_ARGS__)

/* The rarer operations go through the view; inlined, it folds away. All check
 * before they write. */
F4E_INLINE void f4e_check(const wasm_rt_memory_t *mem, u64 address, u64 n,
                          const char *function)
{
    if (F4E_UNLIKELY(n > mem->size || address > mem->size - n)) {
        f4e_trap(F4E_TRAP_OOB, function);
    }
}

F4E_INLINE void f4e_memory_fill(const wasm_rt_memory_t *mem, u32 to, u32 value,
                                u32 n, const char *function)
{
    f4e_check(mem, to, n, function);
    memset(mem->data + to, (int)(value & 0xff), n);
}

F4E_INLINE void f4e_memory_copy(const wasm_rt_memory_t *mem,
                                const wasm_rt_memory_t *source, u32 to,
                                u32 from, u32 n, const char *function)
{
    f4e_check(mem, to, n, function);
    f4e_check(source, from, n, function);
    memmove(mem->data + to, source->data + from, n);
}

/* 'segment' is NULL when it is empty. */
F4E_INLINE void f4e_memory_init(const wasm_rt_memory_t *mem, const u8 *segment,
                                u32 size, u32 to, u32 from, u32 n,
                                const char *function)
{
    if (F4E_UNLIKELY(n > size || from > size - n)) {
        f4e_trap(F4E_TRAP_OOB, function);
    }
    f4e_check(mem, to, n, function);
    if (n > 0) {
        memcpy(mem->data + to, segment + from, n);
    }
}

/* Memories are as large as they may become. */
F4E_INLINE u32 wasm_rt_grow_memory(const wasm_rt_memory_t *mem, u32 pages)
{
    return pages == 0 ? (u32)mem->pages : UINT32_MAX;
}

#define memory_fill(mem, to, v, n) f4e_memory_fill(mem, to, v, n, __func__)
#if defined(F4E_COPY_SOURCE_FIRST) && F4E_COPY_SOURCE_FIRST
# define memory_copy(source, mem, to, from, n) \
     f4e_memory_copy(mem, source, to, from, n, __func__)
#else
# define memory_copy(mem, source, to, from, n) \
     f4e_memory_copy(mem, source, to, from, n, __func__)
#endif
#define memory_init(mem, segment, size, to, from, n) \
    f4e_memory_init(mem, segment, size, to, from, n, __func__)
#define LOAD_DATA(mem, to, segment, n) \
    f4e_memory_init(&(mem), segment, n, to, 0, n, __func__)

/* ---- Numbers, as wasm2c spells them ---- */

#define I32_CLZ(x)             i32_clz(x)
#define I32_CTZ(x)             i32_ctz(x)
#define I32_POPCNT(x)          i32_popcnt(x)
#define I32_ROTL(x, y)         i32_rotl(x, y)
#define I32_ROTR(x, y)         i32_rotr(x, y)
#define I32_DIV_S(x, y)        i32_div_s(x, y, __func__)
#define I32_REM_S(x, y)        i32_rem_s(x, y, __func__)
#define I32_TRUNC_S_F32(x)     i32_trunc_f32_s(x, __func__)
#define I32_TRUNC_SAT_S_F32(x) i32_trunc_sat_f32_s(x)
#define I32_TRUNC_U_F32(x)     i32_trunc_f32_u(x, __func__)
#define I32_TRUNC_SAT_U_F32(x) i32_trunc_sat_f32_u(x)
#define I32_TRUNC_S_F64(x)     i32_trunc_f64_s(x, __func__)
#define I32_TRUNC_SAT_S_F64(x) i32_trunc_sat_f64_s(x)
#define I32_TRUNC_U_F64(x)     i32_trunc_f64_u(x, __func__)
#define I32_TRUNC_SAT_U_F64(x) i32_trunc_sat_f64_u(x)
/* Two instructions as one, as round_trips.c of the build tool joins them. */
#define F32_WHOLE(x)           float_whole(x)
#define F64_WHOLE(x)           double_whole(x)
#define I64_CLZ(x)             i64_clz(x)
#define I64_CTZ(x)             i64_ctz(x)
#define I64_POPCNT(x)          i64_popcnt(x)
#define I64_ROTL(x, y)         i64_rotl(x, y)
#define I64_ROTR(x, y)         i64_rotr(x, y)
#define I64_DIV_S(x, y)        i64_div_s(x, y, __func__)
#define I64_REM_S(x, y)        i64_rem_s(x, y, __func__)
#define I64_TRUNC_S_F32(x)     i64_trunc_f32_s(x, __func__)
#define I64_TRUNC_SAT_S_F32(x) i64_trunc_sat_f32_s(x)
#define I64_TRUNC_U_F32(x)     i64_trunc_f32_u(x, __func__)
#define I64_TRUNC_SAT_U_F32(x) i64_trunc_sat_f32_u(x)
#define I64_TRUNC_S_F64(x)     i64_trunc_f64_s(x, __func__)
#define I64_TRUNC_SAT_S_F64(x) i64_trunc_sat_f64_s(x)
#define I64_TRUNC_U_F64(x)     i64_trunc_f64_u(x, __func__)
#define I64_TRUNC_SAT_U_F64(x) i64_trunc_sat_f64_u(x)
#define DIV_U(x, y) \
    _Generic((x), u32: i32_div_u, u64: i64_div_u)(x, y, __func__)
#define REM_U(x, y) \
    _Generic((x), u32: i32_rem_u, u64: i64_rem_u)(x, y, __func__)
#define FMIN(x, y)      _Generic((x), f32: f32_min, f64: f64_min)(x, y)
#define FMAX(x, y)      _Generic((x), f32: f32_max, f64: f64_max)(x, y)
#define wasm_fabsf      f32_abs
#define wasm_fabs       f64_abs
#define wasm_floorf     f32_floor
#define wasm_floor      f64_floor
#define wasm_ceilf      f32_ceil
#define wasm_ceil       f64_ceil
#define wasm_truncf     f32_trunc
#define wasm_trunc      f64_trunc
#define wasm_nearbyintf f32_nearest
#define wasm_nearbyint  f64_nearest
#define wasm_sqrtf      f32_sqrt
#define wasm_sqrt       f64_sqrt
#define wasm_quietf     f32_quiet
#define wasm_quiet      f64_quiet

#endif
