/* SPDX-License-Identifier: MIT */
/*
 * Known answers: does the compiler, with the flags of a build, compute what C
 * says? No part of a patch. f4e-build compiles it as it compiles a patch's own
 * code and runs it once for each compiler and set of flags.
 *
 * Every answer is asked for twice: of constants, which the compiler works out
 * or turns into instructions that hold them, and of variables that it cannot
 * see through. The answers themselves are literals.
 *
 * Prints "ok", or a line for each wrong answer: "NAME: 0x.. instead of 0x..".
 */
#include "rt/wasm_num.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned wrong;

_Noreturn void f4e_trap(enum f4e_trap kind, const char *function)
{
    (void)printf("%s: trap %d instead of a number\n", function, (int)kind);
    exit(1);
}

static void expect(const char *name, uint64_t got, uint64_t right)
{
    if (got != right) {
        (void)printf("%s: 0x%" PRIx64 " instead of 0x%" PRIx64 "\n", name, got,
                     right);
        wrong++;
    }
}

/*
 * Default values: constant bytes that are copied to an odd place of a memory.
 * Compilers write short ones as immediate values and vectors, in pieces of 16
 * to 64 bytes, and look for what repeats in them.
 */
enum { PLACE = 4, MEMORY_BYTES = 1024, UNTOUCHED = 0xa5 };

static unsigned char memory[MEMORY_BYTES];

static void expect_bytes(const char *name, const volatile unsigned char *bytes,
                         size_t size)
{
    const volatile unsigned char *copied = memory;
    for (size_t i = 0; i < MEMORY_BYTES; i++) {
        bool is_inside = i >= PLACE && i - PLACE < size;
        unsigned right = is_inside ? bytes[i - PLACE] : UNTOUCHED;
        if (copied[i] != right) {
            char text[64];
            (void)snprintf(text, sizeof(text), "%s, byte %zu of %zu", name,
                           i - PLACE, size);
            expect(text, copied[i], right);
            return;
        }
    }
}

#define B1(x)  x, 0, 0, 0
#define B2(x)  B1(x), B1(x)
#define B4(x)  B2(x), B2(x)
#define B8(x)  B4(x), B4(x)
#define B16(x) B8(x), B8(x)
#define D1(x)  1, x, 2, x, 3, x, 4, x
#define D2(x)  D1(x), D1(x)
#define D4(x)  D2(x), D2(x)
#define F1     0, 0, 0x80, 0x3f
#define F2     F1, F1
#define F4     F2, F2
#define Q1(x)  x, x, x, x, x, x, x, x
#define Q2(x)  Q1(x), Q1(x)
#define Q4(x)  Q2(x), Q2(x)

/* What repeats, and where it stops: the parts of 16, 32 and 64 bytes. */
#define SEGMENTS(SEGMENT)                                                      \
    SEGMENT(word_8, B2(1))                                                     \
    SEGMENT(word_16, B4(1))                                                    \
    SEGMENT(word_16_zero_16, B4(1), B4(0))                                     \
    SEGMENT(word_16_zero_16_word, B4(1), B4(0), B1(9))                         \
    SEGMENT(word_8_zero_24, B2(1), B2(0), B4(0))                               \
    SEGMENT(word_24_zero_8, B4(1), B2(1), B2(0))                               \
    SEGMENT(word_32, B8(1))                                                    \
    SEGMENT(word_32_zero_32, B8(1), B8(0))                                     \
    SEGMENT(word_48_zero_16, B8(1), B4(1), B4(0))                              \
    SEGMENT(word_16_zero_48, B4(1), B4(0), B8(0))                              \
    SEGMENT(word_32_zero_32_again, B8(1), B8(0), B8(1), B8(0))                 \
    SEGMENT(zero_16_word_16, B4(0), B4(1), B1(9))                              \
    SEGMENT(zero_32_word_32, B8(0), B8(1))                                     \
    SEGMENT(word_64, B16(7))                                                   \
    SEGMENT(word_64_and_3, B16(7), 1, 2, 3)                                    \
    SEGMENT(word_64_zero_64, B16(7), B16(0))                                   \
    SEGMENT(double_16_zero_16, D2(5), Q2(0))                                   \
    SEGMENT(double_32_zero_32, D4(5), Q4(0), 1)                                \
    SEGMENT(double_16_zero_48, D2(5), Q2(0), Q4(0))                            \
    SEGMENT(float_16_zero_16, F4, B4(0), B1(1))                                \
    SEGMENT(float_8_zero_8_twice, F2, B2(0), F2, B2(0))                        \
    SEGMENT(float_32_zero_32, F4, F4, B8(0))                                   \
    SEGMENT(ones_16_zero_16, Q2(0xff), Q2(0))                                  \
    SEGMENT(ones_32_zero_32, Q4(0xff), Q4(0))                                  \
    SEGMENT(bytes_16_zero_16, Q2(0x5a), Q2(0), 3)                              \
    SEGMENT(bytes_32_zero_32, Q4(0x5a), Q4(0), 3)                              \
    SEGMENT(bytes_8_zero_8_other_16, Q1(3), Q1(0), Q2(4))                      \
    SEGMENT(different, B1(1), B1(2), B1(3), B1(4), B1(5), B1(6), B1(7), B1(8), \
            B1(9), B1(10), B1(11), B1(12), B1(13), B1(14), B1(15))

#define DEFINE(name, ...) static const unsigned char name[] = {__VA_ARGS__};
SEGMENTS(DEFINE)

static __attribute__((noinline)) void clear(void)
{
    volatile unsigned char *byte = memory;
    for (size_t i = 0; i < MEMORY_BYTES; i++) {
        byte[i] = UNTOUCHED;
    }
}

#define COPY(name, ...)                                                       \
    static __attribute__((noinline)) void copy_##name(void)                   \
    {                                                                         \
        memcpy(memory + PLACE, name, sizeof(name));                           \
    }                                                                         \
    static __attribute__((noinline)) void fill_##name(void)                   \
    {                                                                         \
        memset(memory + PLACE, (int)(sizeof(name) % 3) * 0x7f, sizeof(name)); \
    }
SEGMENTS(COPY)

static __attribute__((noinline)) void expect_fill(const char *name, size_t size)
{
    unsigned char filled[MEMORY_BYTES];
    for (volatile size_t i = 0; i < size; i++) {
        filled[i] = (unsigned char)(size % 3 * 0x7f);
    }
    expect_bytes(name, filled, size);
}

static void check_segments(void)
{
#define CHECK(name, ...)                                  \
    clear();                                              \
    copy_##name();                                        \
    expect_bytes("constants " #name, name, sizeof(name)); \
    clear();                                              \
    fill_##name();                                        \
    expect_fill("fill of " #name, sizeof(name));
    SEGMENTS(CHECK)
}

/* An expression of x and y: with constants, and with
 * what the compiler cannot know. */
#define ASK(name, type, bits_of, expression, left, right_hand, answer) \
    do {                                                               \
        {                                                              \
            const type x = left;                                       \
            const type y = right_hand;                                 \
            (void)y;                                                   \
            expect(name " (constants)", bits_of(expression), answer);  \
        }                                                              \
        {                                                              \
            volatile type hidden_x = left;                             \
            volatile type hidden_y = right_hand;                       \
            const type x = hidden_x;                                   \
            const type y = hidden_y;                                   \
            (void)y;                                                   \
            expect(name " (variables)", bits_of(expression), answer);  \
        }                                                              \
    } while (0)

#define I32(name, expression, x, y, answer) \
    ASK(name, uint32_t, (uint32_t), expression, x, y, answer)
#define F32(name, expression, x, y, answer) \
    ASK(name, float, i32_reinterpret_f32, expression, x, y, answer)
#define F64(name, expression, x, y, answer) \
    ASK(name, double, i64_reinterpret_f64, expression, x, y, answer)
#define CUT(name, expression, x, answer) \
    ASK(name, float, (uint32_t), expression, x, 0, answer)

static void check_integers(void)
{
    I32("div_s", i32_div_s(x, y, "div_s"), 0xfffffff9, 2, 0xfffffffd);
    I32("rem_s", i32_rem_s(x, y, "rem_s"), 0xfffffff9, 2, 0xffffffff);
    I32("rem_s -1", i32_rem_s(x, y, "rem_s"), 0x80000000, 0xffffffff, 0);
    I32("div_u", i32_div_u(x, y, "div_u"), 0xfffffff9, 7, 0x24924923);
    I32("rotl", i32_rotl(x, y), 0x80000001, 33, 3);
    I32("add wraps", x + y, 0xffffffff, 2, 1);
    I32("mul wraps", x * y, 0x10001, 0x10001, 0x20001);
    I32("shr_s", (uint32_t)((int32_t)x >> (y & 31)), 0x80000000, 36,
        0xf8000000);
    I32("narrow", (uint32_t)(int32_t)(int8_t)x, 0x1ff, 0, 0xffffffff);
}

static void check_floats(void)
{
    /* With one rounding in place of two the answer would be 2^-46. */
    F32("a*b+c", x * x + y, 1.00000011920928955078125f,
        -1.0000002384185791015625f, 0);
    F64("a*b+c, double", x * x + y, 0x1.0000000000001p+0, -0x1.0000000000002p+0,
        0);
    F32("minus zero plus zero", x + y, -0.0f, 0.0f, 0);
    F32("zero minus x", 0.0f - x, 0.0f, 0.0f, 0);
    F32("minus zero times", x * y, -0.0f, 3.0f, 0x80000000);
    F32("min of zeros", f32_min(x, y), 0.0f, -0.0f, 0x80000000);
    F32("max of zeros", f32_max(x, y), -0.0f, 0.0f, 0);
    F32("division", x / y, 1.0f, 3.0f, 0x3eaaaaab);
    F64("division, double", x / y, 1.0, 3.0, 0x3fd5555555555555);
    F32("x/3 is no multiplication", x / y, 9.0f, 3.0f, 0x40400000);
    F32("square root", f32_sqrt(x), 2.0f, 0, 0x3fb504f3);
    F32("nearest even", f32_nearest(x), 2.5f, 0, 0x40000000);
    F32("nearest, minus", f32_nearest(x), -0.5f, 0, 0x80000000);
    F32("denormal", x * y, 0x1p-126f, 0.5f, 0x00400000);
    F32("order of sums", (x + y) - x, 16777216.0f, 1.0f, 0);
    F64("double to float", (double)(float)x, 0.1, 0, 0x3fb99999a0000000);
    CUT("cut", i32_trunc_sat_f32_s(x), -2.9f, 0xfffffffe);
    CUT("cut, too large", i32_trunc_sat_f32_s(x), 3e9f, 0x7fffffff);
    CUT("cut, too small", i32_trunc_sat_f32_s(x), -3e9f, 0x80000000);
    CUT("cut, no number", i32_trunc_sat_f32_s(x), __builtin_nanf(""), 0);
}

/* Loops that compilers turn into vectors, with an odd number of rounds. */
enum { ROUNDS = 77 };

static float lanes[ROUNDS];
static int32_t words[ROUNDS];

static void check_loops(void)
{
    volatile float hidden = 0.1f;
    float step = hidden;
    float sum = 0;
    int32_t total = 0;
    for (int i = 0; i < ROUNDS; i++) {
        lanes[i] = (float)i * step + 1.0f;
        words[i] = ((int32_t)((uint32_t)i * 1103515245U) >> 3) ^ i;
    }
    for (int i = 0; i < ROUNDS; i++) {
        sum += lanes[i] > 4.0f ? lanes[i] : -lanes[i];
        total += words[ROUNDS - 1 - i] < 0 ? 1 : words[i] & 0xff;
    }
    expect("loop of floats", i32_reinterpret_f32(sum), 0x4356999a);
    expect("loop of words", (uint32_t)total, 0x1330);
}

int main(void)
{
    check_segments();
    check_integers();
    check_floats();
    check_loops();
    if (wrong == 0) {
        (void)puts("ok");
    }
    return wrong == 0 ? 0 : 1;
}
