/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

#include "patch_element.h"

#include <float.h>
#include <math.h>

enum { MERGE_GAP_BYTES = 32 }; /* what the compiler fills with zeros */

struct builder {
    struct arena *arena;
    struct project_segment *segments;
    uint32_t count;
    uint32_t capacity;
    struct buf bytes; /* of the segment being built */
    uint32_t memory;
    uint64_t start;
    uint64_t previous_end; /* of the last piece, by its own address */
};

/* Little-endian; floats as the compiler stores them: NaN is one pattern. */
static void store(enum f4e_element element, double value, uint8_t bytes[8])
{
    uint64_t bits = number_wrap(value);
    if (element == F4E_F32) {
        float narrow = (float)value;
        uint32_t word = 0;
        memcpy(&word, &narrow, sizeof(word));
        bits = isnan(value) ? 0x7fc00000U : word;
    } else if (element == F4E_F64) {
        memcpy(&bits, &value, sizeof(bits));
        bits = isnan(value) ? UINT64_C(0x7ff8000000000000) : bits;
    }
    for (uint32_t i = 0; i < patch_element_bytes(element); i++) {
        bytes[i] = (uint8_t)(bits >> 8U * i);
    }
}

static void finish(struct builder *builder)
{
    if (builder->bytes.length == 0) {
        return;
    }
    if (builder->count == builder->capacity) {
        uint32_t capacity = 2 * builder->capacity + 16;
        struct project_segment *list =
            arena_alloc(builder->arena, capacity, sizeof(*list));
        for (uint32_t i = 0; i < builder->count; i++) {
            list[i] = builder->segments[i];
        }
        builder->segments = list;
        builder->capacity = capacity;
    }
    builder->segments[builder->count++] = (struct project_segment){
        .memory = builder->memory,
        .address = (uint32_t)builder->start,
        .bytes = (const uint8_t *)arena_copy(
            builder->arena, builder->bytes.bytes, builder->bytes.length),
        .size = (uint32_t)builder->bytes.length,
    };
    builder->bytes.length = 0;
}

/*
 * Append to the segment or begin one. Pieces that overlap, which only an array
 * of no elements brings about, are put one after the other all the same.
 */
static void add(struct builder *builder, uint64_t address, const uint8_t *bytes,
                uint32_t size)
{
    static const uint8_t zeros[MERGE_GAP_BYTES];
    bool is_near = builder->bytes.length > 0 &&
                   address <= builder->previous_end + MERGE_GAP_BYTES;
    if (!is_near) {
        finish(builder);
        builder->start = address;
    } else if (address > builder->previous_end) {
        buf_add(&builder->bytes, zeros, address - builder->previous_end);
    }
    buf_add(&builder->bytes, bytes, size);
    builder->previous_end = address + size;
}

/* Elements with no bit set are left to the zeros of memory. */
static void add_list(struct builder *builder,
                     const struct declaration *declaration,
                     const struct declaration *last)
{
    enum f4e_element element = declaration->keyword->element;
    uint32_t size = declaration->keyword->element_bytes;
    static const uint8_t zero[8];
    for (uint32_t i = 0;
         i < last->value_count && (double)i < declaration->count; i++) {
        uint8_t bytes[8] = {0};
        store(element, last->values[i], bytes);
        if (memcmp(bytes, zero, size) != 0) {
            add(builder, declaration->address + (uint64_t)i * size, bytes,
                size);
        }
    }
}

static void add_declaration(struct builder *builder,
                            const struct layout *layout,
                            const struct declaration *declaration)
{
    const struct declaration *last = collect_last(layout, declaration);
    uint8_t bytes[8] = {0};
    if (declaration->count > 1) {
        if (last->is_list) {
            add_list(builder, declaration, last);
        }
        return;
    }
    /* To the compiler an array of one element is a variable whose value is a
     * list: not a number. */
    double value = last->is_list ? (double)NAN : last->number;
    if (value != 0 || last->is_explicit) {
        store(declaration->keyword->element, value, bytes);
        add(builder, declaration->address, bytes,
            declaration->keyword->element_bytes);
    }
}

void image(struct layout *layout)
{
    struct builder builder = {.arena = layout->arena};
    buf_init(&builder.bytes, layout->arena);
    for (uint32_t memory = 0; memory < layout->project->memory_count;
         memory++) {
        builder.memory = memory;
        for (uint32_t i = 0; i < layout->module_count; i++) {
            const struct layout_module *module = &layout->modules[i];
            for (uint32_t k = 0; module->memory == memory && k < module->count;
                 k++) {
                add_declaration(&builder, layout,
                                &layout->declarations[module->first + k]);
            }
        }
        finish(&builder);
    }
    layout->project->segments = builder.segments;
    layout->project->segment_count = builder.count;
}
