/* SPDX-License-Identifier: MIT */
#include "wasm/wasm_section.h"

#include "wasm/wasm_code.h"

enum {
    ELEMENT_NOT_ACTIVE = 1,
    ELEMENT_HAS_INDEX = 2, /* declared only, when it is not active */
    ELEMENT_EXPRESSIONS = 4,
};

static bool read_element_type(struct reader *reader, uint32_t flags)
{
    uint8_t byte = 0;
    if ((flags & (ELEMENT_NOT_ACTIVE | ELEMENT_HAS_INDEX)) == 0) {
        return true;
    }
    if (!reader_byte(reader, "the type of an element segment", &byte)) {
        return false;
    }
    bool fits = (flags & ELEMENT_EXPRESSIONS) == 0
                    ? byte == 0
                    : byte == WASM_FUNCREF || byte == WASM_EXTERNREF;
    return fits || reader_fail(reader, reader->offset - 1,
                               "0x%02x is not a type of element segment", byte);
}

static bool read_element(struct wasm_module *module, struct reader *reader)
{
    size_t start = reader->offset;
    uint32_t flags = 0;
    uint32_t index = 0;
    if (!reader_u32(reader, "the flags of an element segment", &flags)) {
        return false;
    }
    if (flags > 7) {
        return reader_fail(reader, start,
                           "an element segment cannot have flags 0x%x", flags);
    }
    if ((flags & ELEMENT_NOT_ACTIVE) == 0) {
        if ((flags & ELEMENT_HAS_INDEX) != 0) {
            if (!reader_index(reader, "table", module->table_count, &index)) {
                return false;
            }
        } else if (module->table_count == 0) {
            return reader_fail(reader, start,
                               "an element segment but no table to fill");
        }
        if (!wasm_expression_read(module, reader)) {
            return false;
        }
    }
    uint32_t count = 0;
    if (!read_element_type(reader, flags) ||
        !reader_count(reader, "elements", 1, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if ((flags & ELEMENT_EXPRESSIONS) != 0
                ? !wasm_expression_read(module, reader)
                : !reader_index(reader, "function", module->function_count,
                                &index)) {
            return false;
        }
    }
    module->element_count++;
    return true;
}

bool wasm_elements_read(struct wasm_module *module, struct reader *reader)
{
    uint32_t count = 0;
    if (!reader_count(reader, "element segments", 2, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!read_element(module, reader)) {
            return false;
        }
    }
    return true;
}

static bool read_data(const struct wasm_module *module, struct reader *reader,
                      struct wasm_data *data)
{
    enum { ACTIVE = 0, PASSIVE = 1, ACTIVE_IN = 2 };
    data->offset = reader->offset;
    uint32_t flags = 0;
    if (!reader_u32(reader, "the flags of a data segment", &flags)) {
        return false;
    }
    if (flags > ACTIVE_IN) {
        return reader_fail(reader, data->offset,
                           "a data segment cannot have flags 0x%x", flags);
    }
    data->is_passive = flags == PASSIVE;
    if (flags == ACTIVE_IN &&
        !reader_index(reader, "memory", module->memory_count, &data->memory)) {
        return false;
    }
    if (flags == ACTIVE && module->memory_count == 0) {
        return reader_fail(reader, data->offset,
                           "a data segment but no memory to fill");
    }
    if (!data->is_passive) {
        data->expression_offset = reader->offset;
        if (!wasm_expression_read(module, reader)) {
            return false;
        }
        data->expression_end = reader->offset;
    }
    return reader_u32(reader, "the size of a data segment", &data->size) &&
           reader_bytes(reader, "a data segment", data->size, &data->bytes);
}

bool wasm_data_read(struct wasm_module *module, struct reader *reader,
                    struct arena *arena)
{
    size_t start = reader->offset;
    uint32_t count = 0;
    if (!reader_count(reader, "data segments", 2, &count)) {
        return false;
    }
    if (module->has_data_count && module->data_count != count) {
        return reader_fail(reader, start,
                           "section 'data' has %u segments but section 'data "
                           "count' promises %u",
                           count, module->data_count);
    }
    module->data = arena_alloc(arena, count, sizeof(*module->data));
    module->data_count = count;
    for (uint32_t i = 0; i < count; i++) {
        if (!read_data(module, reader, &module->data[i])) {
            return false;
        }
    }
    return true;
}
