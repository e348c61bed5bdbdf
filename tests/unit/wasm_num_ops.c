/* SPDX-License-Identifier: MIT */
#include "wasm_num_ops.h"

#include "rt/wasm_rt.h"

/*
 * The instructions, spelled as wasm2c spells them: UNARY(name, result, operand,
 * expression of x) and BINARY(name, result, operands, expression of x and y).
 * clang-format off
 */
#define INTEGER_OPS(t, T, s, mask)                             \
    UNARY(t##_clz, t, t, T##_CLZ(x))                           \
    UNARY(t##_ctz, t, t, T##_CTZ(x))                           \
    UNARY(t##_popcnt, t, t, T##_POPCNT(x))                     \
    UNARY(t##_eqz, i32, t, !(x))                               \
    UNARY(t##_extend8_s, t, t, (C_##t)(s)(s8)(u8)(x))          \
    UNARY(t##_extend16_s, t, t, (C_##t)(s)(s16)(u16)(x))       \
    UNARY(t##_trunc_f32_s, t, f32, T##_TRUNC_S_F32(x))         \
    UNARY(t##_trunc_f32_u, t, f32, T##_TRUNC_U_F32(x))         \
    UNARY(t##_trunc_f64_s, t, f64, T##_TRUNC_S_F64(x))         \
    UNARY(t##_trunc_f64_u, t, f64, T##_TRUNC_U_F64(x))         \
    UNARY(t##_trunc_sat_f32_s, t, f32, T##_TRUNC_SAT_S_F32(x)) \
    UNARY(t##_trunc_sat_f32_u, t, f32, T##_TRUNC_SAT_U_F32(x)) \
    UNARY(t##_trunc_sat_f64_s, t, f64, T##_TRUNC_SAT_S_F64(x)) \
    UNARY(t##_trunc_sat_f64_u, t, f64, T##_TRUNC_SAT_U_F64(x)) \
    BINARY(t##_eq, i32, t, x == y)                             \
    BINARY(t##_ne, i32, t, x != y)                             \
    BINARY(t##_lt_s, i32, t, (s)x < (s)y)                      \
    BINARY(t##_lt_u, i32, t, x < y)                            \
    BINARY(t##_gt_s, i32, t, (s)x > (s)y)                      \
    BINARY(t##_gt_u, i32, t, x > y)                            \
    BINARY(t##_le_s, i32, t, (s)x <= (s)y)                     \
    BINARY(t##_le_u, i32, t, x <= y)                           \
    BINARY(t##_ge_s, i32, t, (s)x >= (s)y)                     \
    BINARY(t##_ge_u, i32, t, x >= y)                           \
    BINARY(t##_add, t, t, x + y)                               \
    BINARY(t##_sub, t, t, x - y)                               \
    BINARY(t##_mul, t, t, x *y)                                \
    BINARY(t##_div_s, t, t, T##_DIV_S(x, y))                   \
    BINARY(t##_div_u, t, t, DIV_U(x, y))                       \
    BINARY(t##_rem_s, t, t, T##_REM_S(x, y))                   \
    BINARY(t##_rem_u, t, t, REM_U(x, y))                       \
    BINARY(t##_and, t, t, x &y)                                \
    BINARY(t##_or, t, t, x | y)                                \
    BINARY(t##_xor, t, t, x ^ y)                               \
    BINARY(t##_shl, t, t, x << (y & mask))                     \
    BINARY(t##_shr_s, t, t, (C_##t)((s)x >> (y & mask)))       \
    BINARY(t##_shr_u, t, t, x >> (y & mask))                   \
    BINARY(t##_rotl, t, t, T##_ROTL(x, y))                     \
    BINARY(t##_rotr, t, t, T##_ROTR(x, y))

#define FLOAT_OPS(t, f)                               \
    UNARY(t##_abs, t, t, wasm_fabs##f(x))             \
    UNARY(t##_neg, t, t, -(x))                        \
    BINARY(t##_copysign, t, t, copysign##f(x, y))     \
    UNARY(t##_ceil, t, t, wasm_ceil##f(x))            \
    UNARY(t##_floor, t, t, wasm_floor##f(x))          \
    UNARY(t##_trunc, t, t, wasm_trunc##f(x))          \
    UNARY(t##_nearest, t, t, wasm_nearbyint##f(x))    \
    UNARY(t##_sqrt, t, t, wasm_sqrt##f(x))            \
    UNARY(t##_convert_i32_s, t, i32, (C_##t)(s32)(x)) \
    UNARY(t##_convert_i32_u, t, i32, (C_##t)(x))      \
    UNARY(t##_convert_i64_s, t, i64, (C_##t)(s64)(x)) \
    UNARY(t##_convert_i64_u, t, i64, (C_##t)(x))      \
    BINARY(t##_eq, i32, t, x == y)                    \
    BINARY(t##_ne, i32, t, x != y)                    \
    BINARY(t##_lt, i32, t, x < y)                     \
    BINARY(t##_gt, i32, t, x > y)                     \
    BINARY(t##_le, i32, t, x <= y)                    \
    BINARY(t##_ge, i32, t, x >= y)                    \
    BINARY(t##_add, t, t, x + y)                      \
    BINARY(t##_sub, t, t, x - y)                      \
    BINARY(t##_mul, t, t, x *y)                       \
    BINARY(t##_div, t, t, x / y)                      \
    BINARY(t##_min, t, t, FMIN(x, y))                 \
    BINARY(t##_max, t, t, FMAX(x, y))

#define OPS                                                      \
    INTEGER_OPS(i32, I32, s32, 31)                               \
    INTEGER_OPS(i64, I64, s64, 63)                               \
    FLOAT_OPS(f32, f)                                            \
    FLOAT_OPS(f64, )                                             \
    UNARY(i32_wrap_i64, i32, i64, (u32)(x))                      \
    UNARY(i64_extend_i32_s, i64, i32, (u64)(s64)(s32)(x))        \
    UNARY(i64_extend_i32_u, i64, i32, (u64)(x))                  \
    UNARY(i64_extend32_s, i64, i64, (u64)(s64)(s32)(u32)(x))     \
    UNARY(f32_demote_f64, f32, f64, (f32)wasm_quiet(x))          \
    UNARY(f64_promote_f32, f64, f32, (f64)wasm_quietf(x))        \
    UNARY(i32_reinterpret_f32, i32, f32, i32_reinterpret_f32(x)) \
    UNARY(i64_reinterpret_f64, i64, f64, i64_reinterpret_f64(x)) \
    UNARY(f32_reinterpret_i32, f32, i32, f32_reinterpret_i32(x)) \
    UNARY(f64_reinterpret_i64, f64, i64, f64_reinterpret_i64(x))
/* clang-format on */

#define C_i32         u32
#define C_i64         u64
#define C_f32         f32
#define C_f64         f64
#define INDEX_i32     TYPE_I32
#define INDEX_i64     TYPE_I64
#define INDEX_f32     TYPE_F32
#define INDEX_f64     TYPE_F64
#define FROM_i32(b)   ((u32)(b))
#define FROM_i64(b)   (b)
#define FROM_f32(b)   f32_reinterpret_i32((u32)(b))
#define FROM_f64(b)   f64_reinterpret_i64(b)
#define RESULT_i32(v) (v)
#define RESULT_i64(v) (v)
#define RESULT_f32(v) i32_reinterpret_f32(v)
#define RESULT_f64(v) i64_reinterpret_f64(v)

#define UNARY(name, result, operand, expression)           \
    static u64 run_##name(u64 a, u64 b)                    \
    {                                                      \
        const C_##operand x = FROM_##operand(a);           \
        (void)b;                                           \
        const C_##result value = (C_##result)(expression); \
        return RESULT_##result(value);                     \
    }
#define BINARY(name, result, operand, expression)          \
    static u64 run_##name(u64 a, u64 b)                    \
    {                                                      \
        const C_##operand x = FROM_##operand(a);           \
        const C_##operand y = FROM_##operand(b);           \
        const C_##result value = (C_##result)(expression); \
        return RESULT_##result(value);                     \
    }
OPS
#undef UNARY
#undef BINARY

#define UNARY(name, result, operand, expression) \
    {#name, 1, INDEX_##result, INDEX_##operand, run_##name},
#define BINARY(name, result, operand, expression) \
    {#name, 2, INDEX_##result, INDEX_##operand, run_##name},
    /* OPS_TABLE comes with the optimisation level. */
    const struct op OPS_TABLE[WASM_NUM_OPS] = {OPS};
