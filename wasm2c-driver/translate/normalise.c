/* SPDX-License-Identifier: MIT */
#include "translate/normalise.h"

#include "ranges/promote/annotate.h"
#include "ranges/ranges.h"
#include "tables/made_function.h"
#include "translate/lookup.h"

enum {
    NAME_LETTERS = 32, /* of a patch's own name kept in a debug name */
};

/* A module that the rewrites change in place; its tables are copies. */
struct rewriting {
    struct wasm_module module;
    struct wasm_edit *edits;
    uint32_t edit_count;
    struct arena *arena;
};

static struct wasm_name name_from(const char *text)
{
    return (struct wasm_name){(const uint8_t *)text, strlen(text)};
}

/* Nothing in a native patch needs sharing; atomics were refused before. */
static void rewrite_shared_memories(struct rewriting *rewriting)
{
    for (uint32_t i = 0; i < rewriting->module.memory_count; i++) {
        rewriting->module.memories[i].limits.is_shared = false;
    }
}

/* A memory of the module's own becomes an import: one shape for translate. */
static void rewrite_own_memories(struct rewriting *rewriting)
{
    struct wasm_module *module = &rewriting->module;
    struct wasm_import *imports = arena_alloc(
        rewriting->arena, module->import_count + module->memory_count,
        sizeof(*imports));
    if (module->import_count > 0) {
        memcpy(imports, module->imports,
               module->import_count * sizeof(*imports));
    }
    module->imports = imports;
    for (uint32_t i = 0; i < module->memory_count; i++) {
        struct wasm_memory *memory = &module->memories[i];
        if (!memory->is_imported) {
            memory->is_imported = true;
            memory->import = module->import_count;
            imports[module->import_count++] =
                (struct wasm_import){.kind = WASM_MEMORY, .index = i};
        }
    }
}

/*
 * The size of a memory that cannot grow is its initial one. Growing modules
 * were refused, and the host grows nothing, so this holds for all that are
 * left; the compiler then folds the patch's own address guards.
 */
static void rewrite_memory_size(struct rewriting *rewriting, struct diag *diag)
{
    const struct wasm_module *module = &rewriting->module;
    uint32_t capacity = 0;
    for (uint32_t i = module->imported_function_count;
         i < module->function_count; i++) {
        const struct wasm_function *function = &module->functions[i];
        struct wasm_insn insn;
        for (size_t at = function->code_offset; at < function->end_offset;) {
            if (!wasm_insn_read(module, &at, function->end_offset, &insn,
                                diag)) {
                return;
            }
            if (insn.code != CODE_MEMORY_SIZE) {
                continue;
            }
            rewriting->edits = arena_grow(rewriting->arena, rewriting->edits,
                                          rewriting->edit_count, &capacity,
                                          sizeof(*rewriting->edits));
            struct buf constant;
            buf_init(&constant, rewriting->arena);
            buf_byte(&constant, CODE_I32_CONST);
            wasm_write_s32(&constant,
                           (int32_t)module->memories[insn.index].limits.min);
            rewriting->edits[rewriting->edit_count++] =
                (struct wasm_edit){i, insn.offset, insn.end - insn.offset,
                                   constant.bytes, constant.length};
        }
    }
}

static bool is_before(const struct wasm_edit *left,
                      const struct wasm_edit *right)
{
    return left->function != right->function ? left->function < right->function
                                             : left->offset < right->offset;
}

/* Edits that are in order go in between those that are there. */
static void merge_edits(struct rewriting *rewriting,
                        const struct wasm_edit *edits, uint32_t count)
{
    uint32_t total = rewriting->edit_count + count;
    struct wasm_edit *merged =
        arena_alloc(rewriting->arena, total, sizeof(*merged));
    uint32_t next = 0;
    uint32_t other = 0;
    for (uint32_t i = 0; i < total; i++) {
        bool is_other = other < count &&
                        (next == rewriting->edit_count ||
                         is_before(&edits[other], &rewriting->edits[next]));
        merged[i] = is_other ? edits[other++] : rewriting->edits[next++];
    }
    rewriting->edits = merged;
    rewriting->edit_count = total;
}

/* A `map` asks for one row after the other; a jump through a table does not. */
static void rewrite_lookups(struct rewriting *rewriting, struct diag *diag)
{
    struct arena *arena = rewriting->arena;
    struct wasm_edit *edits = NULL;
    uint32_t edit_count = 0;
    uint32_t capacity = 0;
    for (uint32_t i = rewriting->module.imported_function_count;
         i < rewriting->module.function_count; i++) {
        struct lookup *lookups = NULL;
        uint32_t count = 0;
        if (!lookup_find(&lookups, &count, &rewriting->module, i, arena,
                         diag)) {
            return;
        }
        for (uint32_t k = 0; k < count; k++) {
            struct buf code;
            buf_init(&code, arena);
            lookup_write(&code, &lookups[k]);
            edits =
                arena_grow(arena, edits, edit_count, &capacity, sizeof(*edits));
            edits[edit_count++] = (struct wasm_edit){
                i, lookups[k].offset, lookups[k].end - lookups[k].offset,
                code.bytes, code.length};
        }
    }
    merge_edits(rewriting, edits, edit_count);
}

static void rewrite_import_names(struct rewriting *rewriting)
{
    for (uint32_t i = 0; i < rewriting->module.import_count; i++) {
        struct wasm_import *import = &rewriting->module.imports[i];
        import->module = name_from("f4e");
        import->field = name_from(arena_format(
            rewriting->arena, "%c%u", import->kind == WASM_MEMORY ? 'm' : 'i',
            import->index));
    }
}

static void rewrite_exports(struct rewriting *rewriting)
{
    struct wasm_module *module = &rewriting->module;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind == WASM_FUNCTION) {
            struct wasm_export export = module->exports[i];
            export.name =
                name_from(arena_format(rewriting->arena, "x%u", kept));
            module->exports[kept++] = export;
        }
    }
    module->export_count = kept;
}

/* Letters and digits of 'name' that are safe in any mangling: no underscore,
 * no 'Z' (wabt 1.0.32 escapes with it). */
static size_t plain_letters(struct wasm_name name, char letters[NAME_LETTERS])
{
    size_t count = 0;
    for (size_t i = 0; i < name.length && count < NAME_LETTERS; i++) {
        uint8_t c = name.bytes[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c < 'Z') ||
            (c >= '0' && c <= '9')) {
            letters[count++] = (char)c;
        }
    }
    return count;
}

static struct wasm_name best_name(const struct wasm_module *module,
                                  uint32_t function)
{
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind == WASM_FUNCTION &&
            module->exports[i].index == function) {
            return module->exports[i].name;
        }
    }
    return module->functions[function].debug_name;
}

static struct wasm_name normal_name(uint32_t function, struct wasm_name name,
                                    struct arena *arena)
{
    char letters[NAME_LETTERS];
    size_t count = plain_letters(name, letters);
    return name_from(arena_format(arena, "fn%u%s%.*s", function,
                                  count > 0 ? "_" : "", (int)count, letters));
}

/* Whether the debug name is one of ours: then it stays. */
static bool is_normal(const struct wasm_module *module, uint32_t function,
                      struct arena *arena)
{
    struct wasm_name name = module->functions[function].debug_name;
    if (name.length == 0) {
        return false;
    }
    size_t start = 0;
    while (start < name.length && name.bytes[start] != '_') {
        start++;
    }
    start += start < name.length ? 1 : 0;
    const struct wasm_name rest = {name.bytes + start, name.length - start};
    struct wasm_name normal = normal_name(function, rest, arena);
    return normal.length == name.length &&
           memcmp(normal.bytes, name.bytes, name.length) == 0;
}

static void rewrite_function_names(struct rewriting *rewriting)
{
    struct wasm_module *module = &rewriting->module;
    uint32_t own = module->function_count - module->made_count;
    for (uint32_t i = own; i < module->function_count; i++) {
        module->functions[i].debug_name = name_from(arena_format(
            rewriting->arena, "fn%u_%s", made_function_caller(module, i),
            made_function_name(module, i, rewriting->arena)));
    }
    for (uint32_t i = module->imported_function_count; i < own; i++) {
        if (!is_normal(module, i, rewriting->arena)) {
            module->functions[i].debug_name =
                normal_name(i, best_name(module, i), rewriting->arena);
        }
    }
    for (uint32_t i = 0; i < module->imported_function_count; i++) {
        module->functions[i].debug_name = (struct wasm_name){NULL, 0};
    }
}

/* Tables that rewrites change, copied so that the module given stays. */
static void copy_tables(struct rewriting *rewriting,
                        const struct wasm_module *module)
{
    struct arena *arena = rewriting->arena;
    struct wasm_module *copy = &rewriting->module;
    *copy = *module;
    copy->functions =
        arena_alloc(arena, module->function_count, sizeof(*copy->functions));
    copy->memories =
        arena_alloc(arena, module->memory_count, sizeof(*copy->memories));
    copy->exports =
        arena_alloc(arena, module->export_count, sizeof(*copy->exports));
    if (module->function_count > 0) {
        memcpy(copy->functions, module->functions,
               module->function_count * sizeof(*copy->functions));
    }
    if (module->memory_count > 0) {
        memcpy(copy->memories, module->memories,
               module->memory_count * sizeof(*copy->memories));
    }
    if (module->export_count > 0) {
        memcpy(copy->exports, module->exports,
               module->export_count * sizeof(*copy->exports));
    }
}

bool wasm_normalise(struct normalised *result, const struct wasm_module *module,
                    const struct ranges *ranges, struct arena *arena,
                    struct diag *diag)
{
    struct rewriting rewriting = {.arena = arena};
    copy_tables(&rewriting, module);
    rewrite_shared_memories(&rewriting);
    rewrite_own_memories(&rewriting);
    rewrite_memory_size(&rewriting, diag);
    rewrite_lookups(&rewriting, diag);
    rewrite_function_names(&rewriting); /* before the exports lose theirs */
    rewrite_import_names(&rewriting);
    rewrite_exports(&rewriting);
    if (diag->kind != DIAG_NONE) {
        return false;
    }
    if (ranges != NULL) {
        struct annotate_target target = {&rewriting.module, rewriting.edits,
                                         rewriting.edit_count};
        annotate_ranges(&target, &ranges->analysis, ranges->promotion,
                        ranges->analysis.block_function, arena);
        rewriting.edits = target.edits;
        rewriting.edit_count = target.edit_count;
    }
    struct buf out;
    buf_init(&out, arena);
    wasm_write(&out, &rewriting.module, rewriting.edits, rewriting.edit_count);
    if (out.length > UINT32_MAX) {
        return diag_input(diag, -1,
                          "rewritten module has %zu bytes, more than %u",
                          out.length, UINT32_MAX);
    }
    *result = (struct normalised){out.bytes, out.length, ranges != NULL};
    return true;
}

/* How many edits a rewrite makes of the module as it is. */
static uint32_t count_edits(const struct wasm_module *module,
                            void (*rewrite)(struct rewriting *, struct diag *),
                            struct arena *arena)
{
    struct diag diag;
    diag_init(&diag, NULL);
    struct rewriting rewriting = {.module = *module, .arena = arena};
    rewrite(&rewriting, &diag);
    return rewriting.edit_count;
}

uint32_t normalise_plan(const struct wasm_module *module, const char ***lines,
                        struct arena *arena)
{
    const char **list =
        arena_alloc(arena, 2 * (size_t)module->memory_count + 3, sizeof(*list));
    uint32_t count = 0;
    for (uint32_t i = 0; i < module->memory_count; i++) {
        const struct wasm_memory *memory = &module->memories[i];
        if (memory->limits.is_shared) {
            list[count++] =
                arena_format(arena, "memory %u: shared becomes plain", i);
        }
        if (!memory->is_imported) {
            list[count++] = arena_format(
                arena, "memory %u: the module's own becomes an import", i);
        }
    }
    uint32_t sizes = count_edits(module, rewrite_memory_size, arena);
    if (sizes > 0) {
        list[count++] = arena_format(
            arena, "memory.size: %u instruction%s folded to a constant", sizes,
            sizes == 1 ? "" : "s");
    }
    uint32_t lookups = count_edits(module, rewrite_lookups, arena);
    if (lookups > 0) {
        list[count++] = arena_format(
            arena, "map: %u chain%s of selects become%s", lookups,
            lookups == 1 ? "" : "s", lookups == 1 ? "s a jump" : " jumps");
    }
    uint32_t others = 0;
    for (uint32_t i = 0; i < module->export_count; i++) {
        others += module->exports[i].kind != WASM_FUNCTION ? 1 : 0;
    }
    if (others > 0) {
        list[count++] = arena_format(
            arena, "exports: %u that are not functions dropped", others);
    }
    *lines = list;
    return count;
}
