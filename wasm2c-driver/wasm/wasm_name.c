/* SPDX-License-Identifier: MIT */
#include "wasm/wasm_section.h"

#include "base/utf8.h"

enum {
    NAMES_MODULE = 0,
    NAMES_FUNCTIONS = 1,
};

static void read_function_names(struct wasm_module *module,
                                struct reader *reader)
{
    uint32_t count = 0;
    if (!reader_count(reader, "names", 2, &count)) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = 0;
        struct wasm_name name = {0};
        if (!reader_u32(reader, "an index", &index) ||
            !reader_name(reader, "a name", &name)) {
            return;
        }
        if (index < module->function_count &&
            module->functions[index].debug_name.length == 0) {
            module->functions[index].debug_name = name;
        }
    }
}

void wasm_names_read(struct wasm_module *module,
                     const struct wasm_custom *custom)
{
    struct diag ignored;
    diag_init(&ignored, NULL);
    struct reader reader = {
        .bytes = module->bytes,
        .offset = (size_t)(custom->bytes - module->bytes),
        .within = "the names",
        .function = UINT32_MAX,
        .diag = &ignored,
    };
    reader.end = reader.offset + custom->size;
    while (reader_left(&reader) > 0) {
        uint8_t id = 0;
        uint32_t size = 0;
        const uint8_t *bytes = NULL;
        if (!reader_byte(&reader, "an id", &id) ||
            !reader_u32(&reader, "a size", &size) ||
            !reader_bytes(&reader, "names", size, &bytes)) {
            return;
        }
        struct reader part = reader;
        part.end = reader.offset;
        part.offset = reader.offset - size;
        if (id == NAMES_MODULE) {
            struct wasm_name name = {0};
            if (reader_name(&part, "a name", &name)) {
                module->debug_name = name;
            }
        } else if (id == NAMES_FUNCTIONS) {
            read_function_names(module, &part);
        }
    }
}

const struct wasm_func_type *
wasm_function_type(const struct wasm_module *module, uint32_t index)
{
    return &module->types[module->functions[index].type];
}

bool wasm_name_equals(struct wasm_name name, const char *text)
{
    size_t length = strlen(text);
    return name.length == length &&
           (length == 0 || memcmp(name.bytes, text, length) == 0);
}

const struct wasm_export *wasm_find_export(const struct wasm_module *module,
                                           enum wasm_kind kind,
                                           const char *name)
{
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind == kind &&
            wasm_name_equals(module->exports[i].name, name)) {
            return &module->exports[i];
        }
    }
    return NULL;
}

const char *wasm_name_print(struct wasm_name name, struct arena *arena)
{
    return utf8_print(name.bytes, name.length, arena);
}

/* What people call function 'index': its debug name, the import's or the first
 * export's; empty when it has none. */
static struct wasm_name function_name(const struct wasm_module *module,
                                      uint32_t index)
{
    const struct wasm_function *function = &module->functions[index];
    if (function->debug_name.length > 0) {
        return function->debug_name;
    }
    if (function->is_imported) {
        return module->imports[function->import].field;
    }
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind == WASM_FUNCTION &&
            module->exports[i].index == index) {
            return module->exports[i].name;
        }
    }
    return (struct wasm_name){0};
}

const char *wasm_function_print(const struct wasm_module *module,
                                uint32_t index, struct arena *arena)
{
    struct wasm_name name = {0};
    if (index < module->function_count) {
        name = function_name(module, index);
    }
    if (name.length == 0) {
        return arena_format(arena, "function %u", index);
    }
    return arena_format(arena, "function %u '%s'", index,
                        wasm_name_print(name, arena));
}

const char *wasm_type_name(enum wasm_type type)
{
    switch (type) {
    case WASM_NONE:
        return "nothing";
    case WASM_I32:
        return "i32";
    case WASM_I64:
        return "i64";
    case WASM_F32:
        return "f32";
    case WASM_F64:
        return "f64";
    case WASM_V128:
        return "v128";
    case WASM_FUNCREF:
        return "funcref";
    case WASM_EXTERNREF:
        return "externref";
    }
    return "unknown";
}

const char *wasm_kind_name(enum wasm_kind kind)
{
    static const char *const names[] = {
        [WASM_FUNCTION] = "function", [WASM_TABLE] = "table",
        [WASM_MEMORY] = "memory",     [WASM_GLOBAL] = "global",
        [WASM_TAG] = "tag",
    };
    return names[kind];
}
