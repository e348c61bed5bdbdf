/* SPDX-License-Identifier: MIT */
/* The module's tables, of annotate_internal.h. */
#include "ranges/promote/annotate_internal.h"

#include <string.h>

/* A copy of a table with room for 'more' entries. */
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

/* The types of range() and of the two transfer functions, one after the
 * other. */
static void add_types(struct annotation *annotation)
{
    static const uint8_t params[] = {WASM_I32, WASM_I32, WASM_I32, WASM_I32};
    struct wasm_module *module = annotation->target->module;
    module->types = extend(annotation->arena, module->types, module->type_count,
                           NEW_TYPES, sizeof(*module->types));
    module->types[module->type_count] =
        (struct wasm_func_type){params, params, 4, 1};
    module->types[module->type_count + 1] = (struct wasm_func_type){0};
    module->type_count += NEW_TYPES;
}

static void add_import(struct annotation *annotation)
{
    struct wasm_module *module = annotation->target->module;
    struct arena *arena = annotation->arena;
    const char *name = arena_format(arena, "i%u", annotation->range_function);
    module->imports = extend(arena, module->imports, module->import_count, 1,
                             sizeof(*module->imports));
    module->imports[module->import_count++] =
        (struct wasm_import){.module = {(const uint8_t *)"f4e", 3},
                             .field = {(const uint8_t *)name, strlen(name)},
                             .kind = WASM_FUNCTION,
                             .index = annotation->range_function};
}

/* "fn3_main" → "fn3_rmain": unique, and still function 3. */
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

static void add_functions(struct annotation *annotation)
{
    static const char *const transfers[] = {"load_promoted", "store_promoted"};
    struct wasm_module *module = annotation->target->module;
    uint32_t imported = annotation->range_function;
    uint32_t defined = module->function_count - imported;
    struct wasm_function *functions =
        arena_alloc(annotation->arena, annotation->load_function + (size_t)2,
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
            clone_name(old->debug_name, annotation->arena);
    }
    for (uint32_t i = 0; i < 2; i++) {
        struct wasm_function *transfer =
            &functions[annotation->load_function + i];
        *transfer = module->functions[imported]; /* its body is replaced */
        transfer->type = module->type_count - 1;
        transfer->debug_name = (struct wasm_name){(const uint8_t *)transfers[i],
                                                  strlen(transfers[i])};
    }
    module->functions = functions;
    module->function_count = annotation->load_function + 2;
    module->imported_function_count = imported + 1;
}

/* All exports are functions after normalisation. */
static void add_exports(struct annotation *annotation, uint32_t function)
{
    static const char *const names[] = {"y0", "y1", "y2"};
    const uint32_t functions[] = {function + annotation->clone_shift,
                                  annotation->load_function,
                                  annotation->load_function + 1};
    struct wasm_module *module = annotation->target->module;
    uint32_t count = module->export_count;
    module->exports = extend(annotation->arena, module->exports, count, 3,
                             sizeof(*module->exports));
    for (uint32_t i = 0; i < count; i++) {
        module->exports[i].index +=
            module->exports[i].index >= annotation->range_function ? 1 : 0;
    }
    for (uint32_t i = 0; i < 3; i++) {
        module->exports[count + i] =
            (struct wasm_export){.name = {(const uint8_t *)names[i], 2},
                                 .kind = WASM_FUNCTION,
                                 .index = functions[i]};
    }
    module->export_count = count + 3;
}

static void add_globals(struct annotation *annotation)
{
    const struct promotion *promotion = annotation->promotion;
    struct wasm_module *module = annotation->target->module;
    if (promotion == NULL) {
        return;
    }
    module->globals =
        extend(annotation->arena, module->globals, module->global_count,
               promotion->word_count, sizeof(*module->globals));
    for (uint32_t i = 0; i < promotion->word_count; i++) {
        module->globals[module->global_count++] = (struct wasm_global){
            .type = promotion->words[i].type, .is_mutable = true};
    }
}

void annotation_extend_tables(struct annotation *annotation, uint32_t function)
{
    add_types(annotation);
    add_import(annotation);
    add_functions(annotation);
    add_exports(annotation, function);
    add_globals(annotation);
}

/* Load all promoted words from memory. */
static void write_load_promoted(const struct annotation *annotation,
                                struct buf *out)
{
    const struct promotion *promotion = annotation->promotion;
    for (uint32_t i = 0; promotion != NULL && i < promotion->word_count; i++) {
        const struct promoted_word *word = &promotion->words[i];
        annotation_write_constant(out, word->address);
        buf_byte(out, CODE_I32_LOAD + annotation_type_index(word->type));
        annotation_write_memarg(out, word->memory);
        annotation_write_indexed(out, CODE_GLOBAL_SET,
                                 annotation->first_global + i);
    }
}

/* Replace the body of 'function'. */
static void add_body(struct annotation *annotation, uint32_t function,
                     void (*write)(const struct annotation *, struct buf *))
{
    const struct wasm_function *body =
        &annotation->target->module->functions[annotation->range_function];
    struct buf out;
    buf_init(&out, annotation->arena);
    wasm_write_u32(&out, 0); /* no locals */
    write(annotation, &out);
    buf_byte(&out, CODE_END);
    annotation_add_edit(
        annotation,
        (struct wasm_edit){.function = function,
                           .offset = body->body_offset,
                           .length = body->end_offset - body->body_offset,
                           .bytes = out.bytes,
                           .size = out.length});
}

void annotation_add_transfers(struct annotation *annotation)
{
    add_body(annotation, annotation->load_function, write_load_promoted);
    add_body(annotation, annotation->load_function + 1,
             annotation_store_promoted);
}
