/* SPDX-License-Identifier: MIT */
#include "wasm/wasm_write.h"

enum section {
    SECTION_CUSTOM = 0,
    SECTION_TYPE = 1,
    SECTION_IMPORT = 2,
    SECTION_FUNCTION = 3,
    SECTION_MEMORY = 5,
    SECTION_GLOBAL = 6,
    SECTION_EXPORT = 7,
    SECTION_START = 8,
    SECTION_CODE = 10,
    SECTION_DATA = 11,
    SECTION_DATA_COUNT = 12,
    NAME_FUNCTIONS = 1, /* subsection of the name section */
    TYPE_FUNCTION = 0x60,
};

static void write_u64(struct buf *out, uint64_t value)
{
    do {
        unsigned byte = value & 0x7f;
        value >>= 7;
        buf_byte(out, value != 0 ? byte | 0x80 : byte);
    } while (value != 0);
}

void wasm_write_u32(struct buf *out, uint32_t value)
{
    write_u64(out, value);
}

void wasm_write_s32(struct buf *out, int32_t value)
{
    int64_t rest = value;
    for (;;) {
        unsigned byte = (unsigned)rest & 0x7f;
        rest = (rest - (int64_t)byte) / 128; /* exact: an arithmetic shift */
        bool is_last = (rest == 0 && (byte & 0x40) == 0) ||
                       (rest == -1 && (byte & 0x40) != 0);
        buf_byte(out, is_last ? byte : byte | 0x80);
        if (is_last) {
            return;
        }
    }
}

static void write_name(struct buf *out, struct wasm_name name)
{
    wasm_write_u32(out, (uint32_t)name.length);
    buf_add(out, name.bytes, name.length);
}

static void write_section(struct buf *out, enum section id,
                          const struct buf *payload)
{
    buf_byte(out, (unsigned)id);
    wasm_write_u32(out, (uint32_t)payload->length);
    buf_add(out, payload->bytes, payload->length);
}

static void write_types(struct buf *out, const struct wasm_module *module)
{
    wasm_write_u32(out, module->type_count);
    for (uint32_t i = 0; i < module->type_count; i++) {
        const struct wasm_func_type *type = &module->types[i];
        buf_byte(out, TYPE_FUNCTION);
        wasm_write_u32(out, type->param_count);
        buf_add(out, type->params, type->param_count);
        wasm_write_u32(out, type->result_count);
        buf_add(out, type->results, type->result_count);
    }
}

static void write_limits(struct buf *out, const struct wasm_limits *limits)
{
    buf_byte(out, (limits->has_max ? 1u : 0u) | (limits->is_shared ? 2u : 0u) |
                      (limits->is_64 ? 4u : 0u));
    write_u64(out, limits->min);
    if (limits->has_max) {
        write_u64(out, limits->max);
    }
}

/* Tables, tags and imported globals are refused before anything is written. */
static void write_imports(struct buf *out, const struct wasm_module *module)
{
    wasm_write_u32(out, module->import_count);
    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct wasm_import *import = &module->imports[i];
        write_name(out, import->module);
        write_name(out, import->field);
        buf_byte(out, (unsigned)import->kind);
        if (import->kind == WASM_FUNCTION) {
            wasm_write_u32(out, module->functions[import->index].type);
        } else {
            write_limits(out, &module->memories[import->index].limits);
        }
    }
}

static void write_functions(struct buf *out, const struct wasm_module *module)
{
    wasm_write_u32(out,
                   module->function_count - module->imported_function_count);
    for (uint32_t i = module->imported_function_count;
         i < module->function_count; i++) {
        wasm_write_u32(out, module->functions[i].type);
    }
}

static uint32_t own_memories(const struct wasm_module *module)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < module->memory_count; i++) {
        count += module->memories[i].is_imported ? 0 : 1;
    }
    return count;
}

static void write_memories(struct buf *out, const struct wasm_module *module)
{
    wasm_write_u32(out, own_memories(module));
    for (uint32_t i = 0; i < module->memory_count; i++) {
        if (!module->memories[i].is_imported) {
            write_limits(out, &module->memories[i].limits);
        }
    }
}

/* The constant expression of a number that is 0. */
static void write_zero(struct buf *out, enum wasm_type type)
{
    static const uint8_t zeros[sizeof(uint64_t)];
    if (type == WASM_I32 || type == WASM_I64) {
        buf_byte(out, type == WASM_I32 ? CODE_I32_CONST : CODE_I64_CONST);
        buf_byte(out, 0);
    } else {
        buf_byte(out, type == WASM_F32 ? CODE_F32_CONST : CODE_F64_CONST);
        buf_add(out, zeros,
                type == WASM_F32 ? sizeof(uint32_t) : sizeof(uint64_t));
    }
    buf_byte(out, CODE_END);
}

static void write_globals(struct buf *out, const struct wasm_module *module)
{
    wasm_write_u32(out, module->global_count);
    for (uint32_t i = 0; i < module->global_count; i++) {
        const struct wasm_global *global = &module->globals[i];
        buf_byte(out, (unsigned)global->type);
        buf_byte(out, global->is_mutable ? 1 : 0);
        if (global->init_offset == global->end_offset) {
            write_zero(out, global->type);
        } else {
            buf_add(out, module->bytes + global->init_offset,
                    global->end_offset - global->init_offset);
        }
    }
}

static void write_exports(struct buf *out, const struct wasm_module *module)
{
    wasm_write_u32(out, module->export_count);
    for (uint32_t i = 0; i < module->export_count; i++) {
        write_name(out, module->exports[i].name);
        buf_byte(out, (unsigned)module->exports[i].kind);
        wasm_write_u32(out, module->exports[i].index);
    }
}

struct edit_list {
    const struct wasm_edit *edits;
    size_t next;
    size_t count;
};

static void write_body(struct buf *out, const struct wasm_module *module,
                       uint32_t index, struct edit_list *edits,
                       struct arena *arena)
{
    const struct wasm_function *function = &module->functions[index];
    struct buf body;
    buf_init(&body, arena);
    size_t at = function->body_offset;
    for (; edits->next < edits->count &&
           edits->edits[edits->next].function == index;
         edits->next++) {
        const struct wasm_edit *edit = &edits->edits[edits->next];
        buf_add(&body, module->bytes + at, edit->offset - at);
        buf_add(&body, edit->bytes, edit->size);
        at = edit->offset + edit->length;
    }
    buf_add(&body, module->bytes + at, function->end_offset - at);
    wasm_write_u32(out, (uint32_t)body.length);
    buf_add(out, body.bytes, body.length);
}

static void write_data(struct buf *out, const struct wasm_module *module)
{
    wasm_write_u32(out, module->data_count);
    for (uint32_t i = 0; i < module->data_count; i++) {
        const struct wasm_data *data = &module->data[i];
        if (data->is_passive) {
            buf_byte(out, 1);
        } else {
            buf_byte(out, data->memory == 0 ? 0 : 2);
            if (data->memory != 0) {
                wasm_write_u32(out, data->memory);
            }
            buf_add(out, module->bytes + data->expression_offset,
                    data->expression_end - data->expression_offset);
        }
        wasm_write_u32(out, data->size);
        buf_add(out, data->bytes, data->size);
    }
}

static void write_names(struct buf *out, const struct wasm_module *module,
                        struct arena *arena)
{
    struct buf map;
    buf_init(&map, arena);
    uint32_t count = 0;
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (module->functions[i].debug_name.length > 0) {
            wasm_write_u32(&map, i);
            write_name(&map, module->functions[i].debug_name);
            count++;
        }
    }
    struct buf subsection;
    buf_init(&subsection, arena);
    wasm_write_u32(&subsection, count);
    buf_add(&subsection, map.bytes, map.length);
    write_name(out, (struct wasm_name){(const uint8_t *)"name", 4});
    buf_byte(out, NAME_FUNCTIONS);
    wasm_write_u32(out, (uint32_t)subsection.length);
    buf_add(out, subsection.bytes, subsection.length);
}

static bool has_names(const struct wasm_module *module)
{
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (module->functions[i].debug_name.length > 0) {
            return true;
        }
    }
    return false;
}

static void section(struct buf *out, enum section id, bool is_present,
                    void (*write)(struct buf *, const struct wasm_module *),
                    const struct wasm_module *module)
{
    if (is_present) {
        struct buf payload;
        buf_init(&payload, out->arena);
        write(&payload, module);
        write_section(out, id, &payload);
    }
}

static void write_data_count(struct buf *out, const struct wasm_module *module)
{
    wasm_write_u32(out, module->data_count);
}

static void write_start(struct buf *out, const struct wasm_module *module)
{
    wasm_write_u32(out, module->start_function);
}

void wasm_write(struct buf *out, const struct wasm_module *module,
                const struct wasm_edit *edits, size_t edit_count)
{
    static const uint8_t header[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    buf_add(out, header, sizeof(header));
    uint32_t bodies = module->function_count - module->imported_function_count;
    section(out, SECTION_TYPE, module->type_count > 0, write_types, module);
    section(out, SECTION_IMPORT, module->import_count > 0, write_imports,
            module);
    section(out, SECTION_FUNCTION, bodies > 0, write_functions, module);
    section(out, SECTION_MEMORY, own_memories(module) > 0, write_memories,
            module);
    section(out, SECTION_GLOBAL, module->global_count > 0, write_globals,
            module);
    section(out, SECTION_EXPORT, module->export_count > 0, write_exports,
            module);
    section(out, SECTION_START, module->has_start, write_start, module);
    section(out, SECTION_DATA_COUNT, module->has_data_count, write_data_count,
            module);
    if (bodies > 0) {
        struct buf code;
        buf_init(&code, out->arena);
        wasm_write_u32(&code, bodies);
        struct edit_list list = {edits, 0, edit_count};
        for (uint32_t i = module->imported_function_count;
             i < module->function_count; i++) {
            write_body(&code, module, i, &list, out->arena);
        }
        write_section(out, SECTION_CODE, &code);
    }
    section(out, SECTION_DATA, module->data_count > 0, write_data, module);
    if (has_names(module)) {
        struct buf names;
        buf_init(&names, out->arena);
        write_names(&names, module, out->arena);
        write_section(out, SECTION_CUSTOM, &names);
    }
}
