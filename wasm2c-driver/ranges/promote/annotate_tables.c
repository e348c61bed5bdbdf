/* SPDX-License-Identifier: MIT */
#include "ranges/promote/annotate_internal.h"

#include <string.h>

/* Room for 'more' entries behind a copy of the table. */
static void *extend(struct arena *arena, const void *table, uint32_t count,
                    uint32_t more, size_t size)
{
    char *copy = arena_alloc(arena, count + (size_t)more, size);
    if (count > 0) {
        memcpy(copy, table, count * size);
    }
    return copy;
}

enum { NEW_TYPES = 2 };

/* The types of range() and of the functions for kept words, one after the
 * other. */
static void add_types(struct insertion *insertion)
{
    static const uint8_t params[] = {WASM_I32, WASM_I32, WASM_I32, WASM_I32};
    struct wasm_module *module = insertion->target->module;
    module->types = extend(insertion->arena, module->types, module->type_count,
                           NEW_TYPES, sizeof(*module->types));
    module->types[module->type_count] =
        (struct wasm_func_type){params, params, 4, 1};
    module->types[module->type_count + 1] = (struct wasm_func_type){0};
    module->type_count += NEW_TYPES;
}

static void add_import(struct insertion *insertion)
{
    struct wasm_module *module = insertion->target->module;
    struct arena *arena = insertion->arena;
    const char *name = arena_format(arena, "i%u", insertion->range_function);
    module->imports = extend(arena, module->imports, module->import_count, 1,
                             sizeof(*module->imports));
    module->imports[module->import_count++] =
        (struct wasm_import){.module = {(const uint8_t *)"f4e", 3},
                             .field = {(const uint8_t *)name, strlen(name)},
                             .kind = WASM_FUNCTION,
                             .index = insertion->range_function};
}

/* "fn3_main" → "fn3_rmain": told apart, and still function 3. */
static struct wasm_name clone_name(struct wasm_name name, struct arena *arena)
{
    size_t letters = 0;
    while (letters < name.length && name.bytes[letters] != '_') {
        letters++;
    }
    size_t rest = letters < name.length ? letters + 1 : letters;
    const char *text = arena_format(
        arena, "%.*s_r%.*s", (int)letters, (const char *)name.bytes,
        (int)(name.length - rest), (const char *)name.bytes + rest);
    return (struct wasm_name){(const uint8_t *)text, strlen(text)};
}

static void add_functions(struct insertion *insertion)
{
    static const char *const keepers[] = {"fill", "put_back"};
    struct wasm_module *module = insertion->target->module;
    uint32_t imported = insertion->range_function;
    uint32_t defined = module->function_count - imported;
    struct wasm_function *functions =
        arena_alloc(insertion->arena, insertion->fill_function + (size_t)2,
                    sizeof(*functions));
    if (imported > 0) {
        memcpy(functions, module->functions, imported * sizeof(*functions));
    }
    functions[imported] =
        (struct wasm_function){.type = module->type_count - NEW_TYPES,
                               .is_imported = true,
                               .import = module->import_count - 1};
    for (uint32_t i = 0; i < defined; i++) {
        const struct wasm_function *old = &module->functions[imported + i];
        functions[imported + 1 + i] = *old;
        functions[imported + 1 + defined + i] = *old;
        functions[imported + 1 + defined + i].debug_name =
            clone_name(old->debug_name, insertion->arena);
    }
    for (uint32_t i = 0; i < 2; i++) {
        struct wasm_function *keeper = &functions[insertion->fill_function + i];
        *keeper = module->functions[imported]; /* its body is replaced */
        keeper->type = module->type_count - 1;
        keeper->debug_name =
            (struct wasm_name){(const uint8_t *)keepers[i], strlen(keepers[i])};
    }
    module->functions = functions;
    module->function_count = insertion->fill_function + 2;
    module->imported_function_count = imported + 1;
}

/* Exports are functions only by now. */
static void add_exports(struct insertion *insertion, uint32_t function)
{
    static const char *const names[] = {"y0", "y1", "y2"};
    const uint32_t functions[] = {function + insertion->clone_shift,
                                  insertion->fill_function,
                                  insertion->fill_function + 1};
    struct wasm_module *module = insertion->target->module;
    uint32_t count = module->export_count;
    module->exports = extend(insertion->arena, module->exports, count, 3,
                             sizeof(*module->exports));
    for (uint32_t i = 0; i < count; i++) {
        module->exports[i].index +=
            module->exports[i].index >= insertion->range_function ? 1 : 0;
    }
    for (uint32_t i = 0; i < 3; i++) {
        module->exports[count + i] =
            (struct wasm_export){.name = {(const uint8_t *)names[i], 2},
                                 .kind = WASM_FUNCTION,
                                 .index = functions[i]};
    }
    module->export_count = count + 3;
}

static void add_globals(struct insertion *insertion)
{
    const struct keep *keep = insertion->analysis->keep;
    struct wasm_module *module = insertion->target->module;
    if (keep == NULL) {
        return;
    }
    module->globals =
        extend(insertion->arena, module->globals, module->global_count,
               keep->cell_count, sizeof(*module->globals));
    for (uint32_t i = 0; i < keep->cell_count; i++) {
        module->globals[module->global_count++] = (struct wasm_global){
            .type = keep->cells[i].type, .is_mutable = true};
    }
}

void insertion_extend_tables(struct insertion *insertion, uint32_t function)
{
    add_types(insertion);
    add_import(insertion);
    add_functions(insertion);
    add_exports(insertion, function);
    add_globals(insertion);
}

static void write_memarg(struct buf *out, uint32_t memory)
{
    enum { HAS_MEMORY = 0x40 };
    buf_byte(out, memory == 0 ? 0 : HAS_MEMORY);
    if (memory != 0) {
        wasm_write_u32(out, memory);
    }
    wasm_write_u32(out, 0);
}

/* Fill the kept words from memory. */
static void write_fill(const struct insertion *insertion, struct buf *out)
{
    const struct keep *keep = insertion->analysis->keep;
    for (uint32_t i = 0; keep != NULL && i < keep->cell_count; i++) {
        const struct keep_cell *cell = &keep->cells[i];
        insertion_write_constant(out, cell->address);
        buf_byte(out, CODE_I32_LOAD + insertion_type_index(cell->type));
        write_memarg(out, cell->memory);
        insertion_write_indexed(out, CODE_GLOBAL_SET,
                                insertion->first_global + i);
    }
}

void insertion_write_back(const struct insertion *insertion, struct buf *out)
{
    const struct keep *keep = insertion->analysis->keep;
    for (uint32_t i = 0; keep != NULL && i < keep->cell_count; i++) {
        const struct keep_cell *cell = &keep->cells[i];
        if (cell->is_written && !cell->is_through) {
            insertion_write_constant(out, cell->address);
            insertion_write_indexed(out, CODE_GLOBAL_GET,
                                    insertion->first_global + i);
            buf_byte(out, CODE_I32_STORE + insertion_type_index(cell->type));
            write_memarg(out, cell->memory);
        }
    }
}

/* A body that takes the place of another one. */
static void add_body(struct insertion *insertion, uint32_t function,
                     void (*write)(const struct insertion *, struct buf *))
{
    const struct wasm_function *body =
        &insertion->target->module->functions[insertion->range_function];
    struct buf out;
    buf_init(&out, insertion->arena);
    wasm_write_u32(&out, 0); /* no locals */
    write(insertion, &out);
    buf_byte(&out, CODE_END);
    insertion_add_edit(
        insertion,
        (struct wasm_edit){.function = function,
                           .offset = body->body_offset,
                           .length = body->end_offset - body->body_offset,
                           .bytes = out.bytes,
                           .size = out.length});
}

void insertion_add_keepers(struct insertion *insertion)
{
    add_body(insertion, insertion->fill_function, write_fill);
    add_body(insertion, insertion->fill_function + 1, insertion_write_back);
}
