/* SPDX-License-Identifier: MIT */
#include "i32.h"
#include "base/splitmix.h"

#include <stdlib.h>

const uint32_t i32_codes[I32_CODES] = {
    CODE_I32_EQ,    CODE_I32_NE,    CODE_I32_LT_S,  CODE_I32_LT_U,
    CODE_I32_GT_S,  CODE_I32_GT_U,  CODE_I32_LE_S,  CODE_I32_LE_U,
    CODE_I32_GE_S,  CODE_I32_GE_U,  CODE_I32_ADD,   CODE_I32_SUB,
    CODE_I32_MUL,   CODE_I32_DIV_S, CODE_I32_DIV_U, CODE_I32_REM_S,
    CODE_I32_REM_U, CODE_I32_AND,   CODE_I32_OR,    CODE_I32_XOR,
    CODE_I32_SHL,   CODE_I32_SHR_S, CODE_I32_SHR_U};

bool i32_traps(uint32_t code, uint32_t a, uint32_t b)
{
    bool is_signed = code == CODE_I32_DIV_S;
    bool is_division = code >= CODE_I32_DIV_S && code <= CODE_I32_REM_U;
    return is_division &&
           (b == 0 || (is_signed && a == 0x80000000 && b == UINT32_MAX));
}

uint32_t i32_compute(uint32_t code, uint32_t a, uint32_t b)
{
    int32_t x = (int32_t)a;
    int32_t y = (int32_t)b;
    switch (code) {
    case CODE_I32_EQ:
        return a == b;
    case CODE_I32_NE:
        return a != b;
    case CODE_I32_LT_S:
        return x < y;
    case CODE_I32_LT_U:
        return a < b;
    case CODE_I32_GT_S:
        return x > y;
    case CODE_I32_GT_U:
        return a > b;
    case CODE_I32_LE_S:
        return x <= y;
    case CODE_I32_LE_U:
        return a <= b;
    case CODE_I32_GE_S:
        return x >= y;
    case CODE_I32_GE_U:
        return a >= b;
    case CODE_I32_ADD:
        return a + b;
    case CODE_I32_SUB:
        return a - b;
    case CODE_I32_MUL:
        return a * b;
    case CODE_I32_DIV_S:
        return (uint32_t)(x / y);
    case CODE_I32_DIV_U:
        return a / b;
    case CODE_I32_REM_S:
        return y == -1 ? 0 : (uint32_t)(x % y);
    case CODE_I32_REM_U:
        return a % b;
    case CODE_I32_AND:
        return a & b;
    case CODE_I32_OR:
        return a | b;
    case CODE_I32_XOR:
        return a ^ b;
    case CODE_I32_SHL:
        return a << (b & 31);
    case CODE_I32_SHR_S:
        return (uint32_t)(int32_t)((int64_t)x >> (b & 31));
    default:
        return a >> (b & 31);
    }
}

static uint64_t seed;

void i32_seed(void)
{
    const char *text = getenv("F4E_SEED");
    seed = text != NULL ? strtoull(text, NULL, 0) : 1;
}

uint32_t i32_bits(void)
{
    return splitmix_next32(&seed);
}

uint32_t i32_number(void)
{
    static const uint32_t edges[] = {
        0,          1,          2,          3,          4,          31,
        32,         127,        128,        65535,      65536,      0x7ffffffe,
        0x7fffffff, 0x80000000, 0x80000001, 0xfffffffc, 0xfffffffe, 0xffffffff};
    switch (i32_bits() % 3) {
    case 0:
        return edges[i32_bits() % (sizeof(edges) / sizeof(edges[0]))];
    case 1:
        return i32_bits() % 64 - 32;
    default:
        return i32_bits() >> i32_bits() % 32;
    }
}
