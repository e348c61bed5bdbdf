/* SPDX-License-Identifier: MIT */
#include "rt/ramp.h"

#include <string.h>

/* common/element.c has the same for other threads: the audio thread may call
 * nothing outside this folder. */
static const struct {
    unsigned char bytes;
    bool is_signed;
} elements[] = {
    [F4E_I8] = {1, true},   [F4E_U8] = {1, false}, [F4E_I16] = {2, true},
    [F4E_U16] = {2, false}, [F4E_I32] = {4, true}, [F4E_F32] = {4, true},
    [F4E_F64] = {8, true},  [F4E_I64] = {8, true},
};

uint32_t ramp_element_bytes(enum f4e_element element)
{
    return elements[element].bytes;
}

static double decode(enum f4e_element element, const uint8_t *bytes)
{
    const unsigned size = elements[element].bytes;
    uint64_t raw = 0;
    float single;
    double number;
    memcpy(&raw, bytes, size);
    if (element == F4E_F32) {
        memcpy(&single, bytes, sizeof(single));
        return (double)single;
    }
    if (element == F4E_F64) {
        memcpy(&number, bytes, sizeof(number));
        return number;
    }
    const uint64_t sign = UINT64_C(1) << (8 * size - 1);
    /* What is missing from 0 first: a double holds no 2^64 - 1. */
    return elements[element].is_signed && (raw & sign) != 0
               ? -(double)(sign - (raw - sign))
               : (double)raw;
}

/* 'value' lies between two values of the type. */
static void encode(enum f4e_element element, double value, uint8_t *bytes)
{
    const float single = (float)value;
    if (element == F4E_F32) {
        memcpy(bytes, &single, sizeof(single));
    } else if (element == F4E_F64) {
        memcpy(bytes, &value, sizeof(value));
    } else {
        /* The nearest double of the highest 64-bit integer is above it. */
        const int64_t whole =
            value >= 0x1p63
                ? INT64_MAX
                : (int64_t)(value < 0.0 ? value - 0.5 : value + 0.5);
        memcpy(bytes, &whole, elements[element].bytes);
    }
}

/* isfinite() without a call: the difference of others is not a number. */
static bool is_finite(double value)
{
    return value - value == 0.0;
}

bool ramps_add(struct ramps *ramps, const struct ramp *place,
               const uint8_t *now, const uint8_t *target)
{
    struct ramp ramp = *place;
    ramp.from = decode(ramp.element, now);
    ramp.to = decode(ramp.element, target);
    ramp.size = ramp_element_bytes(ramp.element);
    if (ramp.blocks < 2 || !is_finite(ramp.to - ramp.from)) {
        return false;
    }
    if (ramps->count == RAMPS_MAX) {
        atomic_store_explicit(
            &ramps->refused,
            atomic_load_explicit(&ramps->refused, memory_order_relaxed) + 1,
            memory_order_relaxed);
        return false;
    }
    memcpy(ramp.target, target, ramp.size);
    ramp.done = 0;
    ramps->all[ramps->count++] = ramp;
    return true;
}

void ramps_end(struct ramps *ramps, uint32_t memory, uint32_t address,
               uint32_t size)
{
    const uint64_t end = (uint64_t)address + size;
    for (unsigned i = 0; i < ramps->count;) {
        const struct ramp *ramp = &ramps->all[i];
        if (ramp->memory == memory && ramp->address < end &&
            address < (uint64_t)ramp->address + ramp->size) {
            ramps->all[i] = ramps->all[--ramps->count];
        } else {
            i++;
        }
    }
}

bool ramp_step(struct ramp *ramp, uint8_t bytes[RAMP_BYTES_MAX])
{
    ramp->done++;
    if (ramp->done >= ramp->blocks) {
        memcpy(bytes, ramp->target, ramp->size);
        return true;
    }
    const double part = (double)ramp->done / (double)ramp->blocks;
    encode(ramp->element, ramp->from + (ramp->to - ramp->from) * part, bytes);
    return false;
}
