/* SPDX-License-Identifier: MIT */
#include "wasm/wasm_section.h"

#include "wasm/wasm_code.h"

enum {
    ELEMENT_NOT_ACTIVE = 1,
    ELEMENT_HAS_INDEX = 2, /* declared only, when it is not active */
    ELEMENT_EXPRESSIONS = 4,
};

static bool read_element_type(struct reader *reader, uint32_t flags,
                              enum wasm_type *type)
{
    uint8_t byte = 0;
    *type = WASM_FUNCREF;
    if ((flags & (ELEMENT_NOT_ACTIVE | ELEMENT_HAS_INDEX)) == 0) {
        return true;
    }
    if (!reader_byte(reader, "the type of an element segment", &byte)) {
        return false;
    }
    bool fits = (flags & ELEMENT_EXPRESSIONS) == 0
                    ? byte == 0
                    : byte == WASM_FUNCREF || byte == WASM_EXTERNREF;
    if ((flags & ELEMENT_EXPRESSIONS) != 0) {
        *type = (enum wasm_type)byte;
    }
    return fits || reader_fail(reader, reader->offset - 1,
                               "0x%02x is not a type of element segment", byte);
}

/* The table and the index that an active segment fills from. */
static bool read_element_place(const struct wasm_module *module,
                               struct reader *reader, bool has_index,
                               struct wasm_element *element)
{
    if (has_index) {
        if (!reader_index(reader, "table", module->table_count,
                          &element->table)) {
            return false;
        }
    } else if (module->table_count == 0) {
        return reader_fail(reader, element->offset,
                           "an element segment but no table to fill");
    }
    element->expression_offset = reader->offset;
    if (!wasm_expression_read(module, reader)) {
        return false;
    }
    element->expression_end = reader->offset;
    return true;
}

static bool read_element(struct wasm_module *module, struct reader *reader,
                         struct wasm_element *element)
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
    element->offset = start;
    element->is_active = (flags & ELEMENT_NOT_ACTIVE) == 0;
    element->has_expressions = (flags & ELEMENT_EXPRESSIONS) != 0;
    if (element->is_active &&
        !read_element_place(module, reader, (flags & ELEMENT_HAS_INDEX) != 0,
                            element)) {
        return false;
    }
    if (!read_element_type(reader, flags, &element->type) ||
        !reader_count(reader, "elements", 1, &element->count)) {
        return false;
    }
    element->items_offset = reader->offset;
    for (uint32_t i = 0; i < element->count; i++) {
        if (element->has_expressions
                ? !wasm_expression_read(module, reader)
                : !reader_index(reader, "function", module->function_count,
                                &index)) {
            return false;
        }
    }
    return true;
}

bool wasm_elements_read(struct wasm_module *module, struct reader *reader,
                        struct arena *arena)
{
    uint32_t count = 0;
    if (!reader_count(reader, "element segments", 2, &count)) {
        return false;
    }
    module->elements = arena_alloc(arena, count, sizeof(*module->elements));
    for (uint32_t i = 0; i < count; i++) {
        if (!read_element(module, reader, &module->elements[i])) {
            return false;
        }
        module->element_count++;
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
