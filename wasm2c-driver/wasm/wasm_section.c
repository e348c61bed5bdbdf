/* SPDX-License-Identifier: MIT */
#include "wasm/wasm_section.h"

#include "wasm/wasm_code.h"

/* A list of value types, left where it stands: one byte each. */
static bool read_types(struct reader *reader, const char *things,
                       const uint8_t **types, uint32_t *count)
{
    size_t start = reader->offset;
    if (!reader_count(reader, things, 1, count)) {
        return false;
    }
    if (*count > WASM_MAX_PARAMETERS) {
        return reader_fail(reader, start, "%u %s, the limit is %d", *count,
                           things, WASM_MAX_PARAMETERS);
    }
    *types = reader->bytes + reader->offset;
    for (uint32_t i = 0; i < *count; i++) {
        enum wasm_type type = WASM_NONE;
        if (!reader_value_type(reader, &type)) {
            return false;
        }
    }
    return true;
}

static bool fail_type_form(const struct reader *reader, uint8_t form)
{
    static const struct {
        uint8_t form;
        const char *name;
    } forms[] = {
        {0x4e, "rec"},   {0x4f, "sub final"}, {0x50, "sub"},
        {0x5e, "array"}, {0x5f, "struct"},    {0x5d, "cont"},
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (forms[i].form == form) {
            return reader_fail(reader, reader->offset - 1,
                               "type form '%s' is not supported: only function "
                               "types have a native form",
                               forms[i].name);
        }
    }
    return reader_fail(reader, reader->offset - 1,
                       "0x%02x is not a form of type", form);
}

static bool read_type_section(struct wasm_module *module, struct reader *reader,
                              struct arena *arena)
{
    enum { FORM_FUNCTION = 0x60 };
    uint32_t count = 0;
    if (!reader_count(reader, "types", 1, &count)) {
        return false;
    }
    module->types = arena_alloc(arena, count, sizeof(*module->types));
    for (uint32_t i = 0; i < count; i++) {
        struct wasm_func_type *type = &module->types[i];
        uint8_t form = 0;
        if (!reader_byte(reader, "a type", &form)) {
            return false;
        }
        if (form != FORM_FUNCTION) {
            return fail_type_form(reader, form);
        }
        if (!read_types(reader, "parameters", &type->params,
                        &type->param_count) ||
            !read_types(reader, "results", &type->results,
                        &type->result_count)) {
            return false;
        }
        module->type_count++;
    }
    return true;
}

enum {
    LIMITS_HAS_MAX = 1,
    LIMITS_SHARED = 2,
    LIMITS_64 = 4,
};

static bool read_limits(struct reader *reader, const char *what,
                        unsigned allowed_flags, struct wasm_limits *limits)
{
    size_t start = reader->offset;
    uint8_t flags = 0;
    if (!reader_byte(reader, "the flags of limits", &flags)) {
        return false;
    }
    if ((flags & ~allowed_flags) != 0) {
        return reader_fail(reader, start,
                           "a %s cannot have limits flags 0x%02x", what, flags);
    }
    limits->has_max = (flags & LIMITS_HAS_MAX) != 0;
    limits->is_shared = (flags & LIMITS_SHARED) != 0;
    limits->is_64 = (flags & LIMITS_64) != 0;
    if (limits->is_shared && !limits->has_max) {
        return reader_fail(reader, start, "a shared %s must have a maximum",
                           what);
    }
    uint32_t narrow[2] = {0, 0};
    if (limits->is_64) {
        if (!reader_u64(reader, "a minimum", &limits->min) ||
            (limits->has_max &&
             !reader_u64(reader, "a maximum", &limits->max))) {
            return false;
        }
    } else {
        if (!reader_u32(reader, "a minimum", &narrow[0]) ||
            (limits->has_max && !reader_u32(reader, "a maximum", &narrow[1]))) {
            return false;
        }
        limits->min = narrow[0];
        limits->max = narrow[1];
    }
    if (limits->has_max && limits->min > limits->max) {
        return reader_fail(reader, start,
                           "a %s with minimum %llu above its maximum %llu",
                           what, (unsigned long long)limits->min,
                           (unsigned long long)limits->max);
    }
    return true;
}

static bool read_memory(struct reader *reader, struct wasm_memory *memory)
{
    memory->offset = reader->offset;
    struct wasm_limits *limits = &memory->limits;
    if (!read_limits(reader, "memory",
                     LIMITS_HAS_MAX | LIMITS_SHARED | LIMITS_64, limits)) {
        return false;
    }
    uint64_t most = limits->has_max ? limits->max : limits->min;
    if (!limits->is_64 && most > WASM_MAX_PAGES) {
        return reader_fail(reader, memory->offset,
                           "a memory of %llu pages, the limit is %d",
                           (unsigned long long)most, WASM_MAX_PAGES);
    }
    return true;
}

static bool read_table(struct wasm_module *module, struct reader *reader,
                       bool is_imported, struct arena *arena)
{
    enum { HAS_INITIALISER = 0x40 };
    struct wasm_limits limits = {0};
    size_t start = reader->offset;
    if (reader_left(reader) > 0 && reader->bytes[start] == HAS_INITIALISER) {
        return reader_fail(reader, start,
                           "a table with an initialiser is not supported");
    }
    enum wasm_type type = WASM_NONE;
    if (!reader_value_type(reader, &type)) {
        return false;
    }
    if (type != WASM_FUNCREF && type != WASM_EXTERNREF) {
        return reader_fail(reader, start, "a table cannot hold %s",
                           wasm_type_name(type));
    }
    if (!read_limits(reader, "table", LIMITS_HAS_MAX | LIMITS_64, &limits)) {
        return false;
    }
    module->tables =
        arena_grow(arena, module->tables, module->table_count,
                   &module->table_capacity, sizeof(*module->tables));
    module->tables[module->table_count++] =
        (struct wasm_table){type, limits, is_imported, start};
    return true;
}

static bool read_global_type(struct reader *reader, struct wasm_global *global)
{
    uint8_t mutability = 0;
    if (!reader_value_type(reader, &global->type) ||
        !reader_byte(reader, "the mutability of a global", &mutability)) {
        return false;
    }
    if (mutability > 1) {
        return reader_fail(reader, reader->offset - 1,
                           "0x%02x is not a mutability", mutability);
    }
    global->is_mutable = mutability == 1;
    return true;
}

static bool read_tag(struct wasm_module *module, struct reader *reader)
{
    uint8_t attribute = 0;
    uint32_t type = 0;
    if (!reader_byte(reader, "the attribute of a tag", &attribute)) {
        return false;
    }
    if (attribute != 0) {
        return reader_fail(reader, reader->offset - 1,
                           "0x%02x is not an attribute of a tag", attribute);
    }
    size_t start = reader->offset;
    if (!reader_index(reader, "type", module->type_count, &type)) {
        return false;
    }
    if (module->types[type].result_count != 0) {
        return reader_fail(reader, start, "a tag cannot have results");
    }
    module->tag_count++;
    return true;
}

static bool fail_memory_count(const struct reader *reader, size_t offset)
{
    return reader_fail(reader, offset, "more than %d memories",
                       WASM_MAX_MEMORIES);
}

/* Each kind has its own index space, imports first. */
static bool read_import(struct wasm_module *module, struct reader *reader,
                        uint32_t number, struct arena *arena)
{
    struct wasm_import *import = &module->imports[number];
    import->offset = reader->offset;
    uint8_t kind = 0;
    if (!reader_name(reader, "the module of an import", &import->module) ||
        !reader_name(reader, "the name of an import", &import->field) ||
        !reader_byte(reader, "the kind of an import", &kind)) {
        return false;
    }
    import->kind = (enum wasm_kind)kind;
    switch (kind) {
    case WASM_FUNCTION: {
        struct wasm_function *function =
            &module->functions[module->function_count];
        function->is_imported = true;
        function->import = number;
        import->index = module->function_count++;
        module->imported_function_count++;
        return reader_index(reader, "type", module->type_count,
                            &function->type);
    }
    case WASM_TABLE:
        import->index = module->table_count;
        return read_table(module, reader, true, arena);
    case WASM_MEMORY: {
        if (module->memory_count == WASM_MAX_MEMORIES) {
            return fail_memory_count(reader, import->offset);
        }
        struct wasm_memory *memory = &module->memories[module->memory_count];
        memory->is_imported = true;
        memory->import = number;
        import->index = module->memory_count++;
        return read_memory(reader, memory);
    }
    case WASM_GLOBAL: {
        struct wasm_global *global = &module->globals[module->global_count];
        global->is_imported = true;
        global->import = number;
        import->index = module->global_count++;
        return read_global_type(reader, global);
    }
    case WASM_TAG:
        import->index = module->tag_count;
        return read_tag(module, reader);
    default:
        return reader_fail(reader, reader->offset - 1,
                           "0x%02x is not a kind of import", kind);
    }
}

static bool read_import_section(struct wasm_module *module,
                                struct reader *reader, struct arena *arena)
{
    uint32_t count = 0;
    if (!reader_count(reader, "imports", 4, &count)) {
        return false;
    }
    module->imports = arena_alloc(arena, count, sizeof(*module->imports));
    module->functions = arena_alloc(arena, count, sizeof(*module->functions));
    module->globals = arena_alloc(arena, count, sizeof(*module->globals));
    module->memories = arena_alloc(
        arena, count < WASM_MAX_MEMORIES ? count : WASM_MAX_MEMORIES,
        sizeof(*module->memories));
    for (uint32_t i = 0; i < count; i++) {
        if (!read_import(module, reader, i, arena)) {
            return false;
        }
        module->import_count++;
    }
    return true;
}

/* An array of 'have' elements made longer by 'more'. */
static void *extend(struct arena *arena, const void *elements, uint32_t have,
                    uint32_t more, size_t size)
{
    unsigned char *longer = arena_alloc(arena, (size_t)have + more, size);
    if (have > 0) {
        memcpy(longer, elements, have * size);
    }
    return longer;
}

static bool read_function_section(struct wasm_module *module,
                                  struct reader *reader, struct arena *arena)
{
    uint32_t count = 0;
    if (!reader_count(reader, "functions", 1, &count)) {
        return false;
    }
    module->functions = extend(arena, module->functions, module->function_count,
                               count, sizeof(*module->functions));
    for (uint32_t i = 0; i < count; i++) {
        if (!reader_index(reader, "type", module->type_count,
                          &module->functions[module->function_count].type)) {
            return false;
        }
        module->function_count++;
    }
    return true;
}

static bool read_table_section(struct wasm_module *module,
                               struct reader *reader, struct arena *arena)
{
    uint32_t count = 0;
    if (!reader_count(reader, "tables", 3, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!read_table(module, reader, false, arena)) {
            return false;
        }
    }
    return true;
}

static bool read_memory_section(struct wasm_module *module,
                                struct reader *reader, struct arena *arena)
{
    size_t start = reader->offset;
    uint32_t count = 0;
    if (!reader_count(reader, "memories", 2, &count)) {
        return false;
    }
    if (count > WASM_MAX_MEMORIES - module->memory_count) {
        return fail_memory_count(reader, start);
    }
    module->memories = extend(arena, module->memories, module->memory_count,
                              count, sizeof(*module->memories));
    for (uint32_t i = 0; i < count; i++) {
        if (!read_memory(reader, &module->memories[module->memory_count])) {
            return false;
        }
        module->memory_count++;
    }
    return true;
}

static bool read_tag_section(struct wasm_module *module, struct reader *reader)
{
    uint32_t count = 0;
    if (!reader_count(reader, "tags", 2, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!read_tag(module, reader)) {
            return false;
        }
    }
    return true;
}

static bool read_global_section(struct wasm_module *module,
                                struct reader *reader, struct arena *arena)
{
    uint32_t count = 0;
    if (!reader_count(reader, "globals", 3, &count)) {
        return false;
    }
    module->globals = extend(arena, module->globals, module->global_count,
                             count, sizeof(*module->globals));
    for (uint32_t i = 0; i < count; i++) {
        struct wasm_global *global = &module->globals[module->global_count];
        if (!read_global_type(reader, global)) {
            return false;
        }
        global->init_offset = reader->offset;
        if (!wasm_expression_read(module, reader)) {
            return false;
        }
        global->end_offset = reader->offset;
        module->global_count++; /* an initialiser sees those before it */
    }
    return true;
}

static bool read_start_section(struct wasm_module *module,
                               struct reader *reader)
{
    module->has_start = true;
    return reader_index(reader, "function", module->function_count,
                        &module->start_function);
}

static bool read_data_count_section(struct wasm_module *module,
                                    struct reader *reader)
{
    module->has_data_count = true;
    return reader_u32(reader, "the number of data segments",
                      &module->data_count);
}

bool wasm_section_read(struct wasm_module *module, uint8_t id,
                       struct reader *reader, struct arena *arena)
{
    switch (id) {
    case SECTION_TYPE:
        return read_type_section(module, reader, arena);
    case SECTION_IMPORT:
        return read_import_section(module, reader, arena);
    case SECTION_FUNCTION:
        return read_function_section(module, reader, arena);
    case SECTION_TABLE:
        return read_table_section(module, reader, arena);
    case SECTION_MEMORY:
        return read_memory_section(module, reader, arena);
    case SECTION_GLOBAL:
        return read_global_section(module, reader, arena);
    case SECTION_EXPORT:
        return wasm_exports_read(module, reader, arena);
    case SECTION_START:
        return read_start_section(module, reader);
    case SECTION_ELEMENT:
        return wasm_elements_read(module, reader, arena);
    case SECTION_CODE:
        return wasm_code_read(module, reader, arena);
    case SECTION_DATA:
        return wasm_data_read(module, reader, arena);
    case SECTION_DATA_COUNT:
        return read_data_count_section(module, reader);
    default:
        return read_tag_section(module, reader);
    }
}
