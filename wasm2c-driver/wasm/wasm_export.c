/* SPDX-License-Identifier: MIT */
#include "wasm/wasm_section.h"

/* By name; equal ones in the order of the file. */
static int compare_exports(const void *left, const void *right)
{
    const struct wasm_export *a = left;
    const struct wasm_export *b = right;
    size_t length =
        a->name.length < b->name.length ? a->name.length : b->name.length;
    int order = memcmp(a->name.bytes, b->name.bytes, length);
    if (order == 0 && a->name.length != b->name.length) {
        order = a->name.length < b->name.length ? -1 : 1;
    }
    if (order == 0) {
        order = a->offset < b->offset ? -1 : a->offset > b->offset;
    }
    return order;
}

static bool check_export_names(const struct wasm_module *module,
                               const struct reader *reader, struct arena *arena)
{
    uint32_t count = module->export_count;
    if (count < 2) {
        return true;
    }
    struct wasm_export *sorted = arena_alloc(arena, count, sizeof(*sorted));
    memcpy(sorted, module->exports, count * sizeof(*sorted));
    qsort(sorted, count, sizeof(*sorted), compare_exports);
    const struct wasm_export *first = NULL;
    for (uint32_t i = 1; i < count; i++) {
        const struct wasm_export *a = &sorted[i - 1];
        const struct wasm_export *b = &sorted[i];
        if (a->name.length == b->name.length &&
            memcmp(a->name.bytes, b->name.bytes, a->name.length) == 0 &&
            (first == NULL || b->offset < first->offset)) {
            first = b;
        }
    }
    return first == NULL ||
           reader_fail(reader, first->offset, "export '%s' exists twice",
                       wasm_name_print(first->name, arena));
}

static bool read_export(const struct wasm_module *module, struct reader *reader,
                        struct wasm_export *export)
{
    export->offset = reader->offset;
    uint8_t kind = 0;
    if (!reader_name(reader, "the name of an export", &export->name) ||
        !reader_byte(reader, "the kind of an export", &kind)) {
        return false;
    }
    export->kind = (enum wasm_kind)kind;
    switch (kind) {
    case WASM_FUNCTION:
        return reader_index(reader, "function", module->function_count,
                            &export->index);
    case WASM_TABLE:
        return reader_index(reader, "table", module->table_count,
                            &export->index);
    case WASM_MEMORY:
        return reader_index(reader, "memory", module->memory_count,
                            &export->index);
    case WASM_GLOBAL:
        return reader_index(reader, "global", module->global_count,
                            &export->index);
    case WASM_TAG:
        return reader_index(reader, "tag", module->tag_count, &export->index);
    default:
        return reader_fail(reader, reader->offset - 1,
                           "0x%02x is not a kind of export", kind);
    }
}

bool wasm_exports_read(struct wasm_module *module, struct reader *reader,
                       struct arena *arena)
{
    uint32_t count = 0;
    if (!reader_count(reader, "exports", 3, &count)) {
        return false;
    }
    module->exports = arena_alloc(arena, count, sizeof(*module->exports));
    for (uint32_t i = 0; i < count; i++) {
        if (!read_export(module, reader, &module->exports[i])) {
            return false;
        }
        module->export_count++;
    }
    return check_export_names(module, reader, arena);
}
