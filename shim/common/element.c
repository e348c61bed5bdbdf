/* SPDX-License-Identifier: MIT */
#include "common/element.h"

#include <math.h>
#include <string.h>

static const struct {
    char type[8];
    char code[4];
    unsigned char bytes;
    bool is_float;
    double least;
    double most;
} elements[ELEMENT_COUNT] = {
    [F4E_I8] = {"int8", "i8", 1, false, INT8_MIN, INT8_MAX},
    [F4E_U8] = {"int8u", "u8", 1, false, 0, UINT8_MAX},
    [F4E_I16] = {"int16", "i16", 2, false, INT16_MIN, INT16_MAX},
    [F4E_U16] = {"int16u", "u16", 2, false, 0, UINT16_MAX},
    [F4E_I32] = {"int", "i32", 4, false, INT32_MIN, INT32_MAX},
    [F4E_F32] = {"float", "f32", 4, true, -HUGE_VAL, HUGE_VAL},
    [F4E_F64] = {"float64", "f64", 8, true, -HUGE_VAL, HUGE_VAL},
    [F4E_I64] = {"int64", "i64", 8, false, -0x1p63, 0x1.fffffffffffffp62},
};

unsigned element_bytes(enum f4e_element element)
{
    return elements[element].bytes;
}

const char *element_type(enum f4e_element element)
{
    return elements[element].type;
}

const char *element_code(enum f4e_element element)
{
    return elements[element].code;
}

bool element_from_code(const char *code, enum f4e_element *element)
{
    for (unsigned i = 0; i < ELEMENT_COUNT; i++) {
        if (strcmp(code, elements[i].code) == 0) {
            *element = (enum f4e_element)i;
            return true;
        }
    }
    return false;
}

bool element_is_float(enum f4e_element element)
{
    return elements[element].is_float;
}

double element_least(enum f4e_element element)
{
    return elements[element].least;
}

double element_most(enum f4e_element element)
{
    return elements[element].most;
}

void element_encode(enum f4e_element element, double number, uint8_t *bytes)
{
    float single = (float)number;
    if (element == F4E_F32) {
        memcpy(bytes, &single, sizeof(single));
    } else if (element == F4E_F64) {
        memcpy(bytes, &number, sizeof(number));
    } else {
        double rest = isfinite(number) ? fmod(number, 0x1p64) : 0;
        uint64_t size = (uint64_t)fabs(rest);
        uint64_t whole = rest < 0 ? 0 - size : size;
        memcpy(bytes, &whole, element_bytes(element));
    }
}

int64_t element_decode_whole(enum f4e_element element, const uint8_t *bytes)
{
    unsigned size = element_bytes(element);
    uint64_t raw = 0;
    memcpy(&raw, bytes, size);
    uint64_t sign = (uint64_t)1 << (8 * size - 1);
    bool is_negative = elements[element].least < 0 && (raw & sign) != 0;
    int64_t value = 0;
    raw |= is_negative ? 0 - sign : 0; /* sign's own bit and those above it */
    memcpy(&value, &raw, sizeof(value));
    return value;
}

double element_decode(enum f4e_element element, const uint8_t *bytes)
{
    float single;
    double number;
    if (element == F4E_F32) {
        memcpy(&single, bytes, sizeof(single));
        return (double)single;
    }
    if (element == F4E_F64) {
        memcpy(&number, bytes, sizeof(number));
        return number;
    }
    return (double)element_decode_whole(element, bytes);
}

/* The bytes of an aligned element in one load each. */
#define LOAD(type, at) __atomic_load_n((const type *)(at), __ATOMIC_RELAXED)

void element_peek(enum f4e_element element, const uint8_t *at, uint8_t *bytes)
{
    unsigned size = element_bytes(element);
    const void *place = at;
    if (size == 1 || (uintptr_t)at % size != 0) {
        for (unsigned i = 0; i < size; i++) {
            bytes[i] = LOAD(uint8_t, at + i);
        }
    } else if (size == 2) {
        uint16_t half = LOAD(uint16_t, place);
        memcpy(bytes, &half, sizeof(half));
    } else if (size == 4) {
        uint32_t word = LOAD(uint32_t, place);
        memcpy(bytes, &word, sizeof(word));
    } else {
        uint64_t both = LOAD(uint64_t, place);
        memcpy(bytes, &both, sizeof(both));
    }
}
