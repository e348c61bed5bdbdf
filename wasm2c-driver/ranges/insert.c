/* SPDX-License-Identifier: MIT */
#include "insert.h"

#include <string.h>

enum { SCRATCH_TYPES = 4 }; /* of the value that a store keeps aside */

static const uint8_t scratch_types[SCRATCH_TYPES] = {WASM_I32, WASM_I64,
                                                     WASM_F32, WASM_F64};

struct insertion {
    struct insert_target *target;
    const struct analysis *analysis;
    struct arena *arena;
    struct wasm_edit *edits; /* the new ones */
    size_t count;
    size_t capacity;
    uint32_t range_function; /* its index, and how far others have moved */
    uint32_t clone_shift;    /* from a function's old index to its clone's */
};

static void add_edit(struct insertion *insertion, struct wasm_edit edit)
{
    if (insertion->count == insertion->capacity) {
        insertion->capacity =
            insertion->capacity == 0 ? 256 : 2 * insertion->capacity;
        struct wasm_edit *grown =
            arena_alloc(insertion->arena, insertion->capacity, sizeof(*grown));
        if (insertion->count > 0) {
            memcpy(grown, insertion->edits, insertion->count * sizeof(*grown));
        }
        insertion->edits = grown;
    }
    insertion->edits[insertion->count++] = edit;
}

/* The type of the value that a store takes. */
static uint8_t store_type(const struct wasm_insn *insn)
{
    return (uint8_t)wasm_letter_type(insn->opcode->type[1]);
}

/* The local that keeps a store's value while its address is passed on: one of
 * each type behind the function's own. */
static uint32_t scratch_local(const struct wasm_insn *insn, uint32_t first)
{
    uint32_t at = 0;
    while (scratch_types[at] != store_type(insn)) {
        at++;
    }
    return first + at;
}

static void write_constant(struct buf *out, uint32_t value)
{
    buf_byte(out, CODE_I32_CONST);
    wasm_write_s32(out, (int32_t)value);
}

static void write_indexed(struct buf *out, unsigned code, uint32_t index)
{
    buf_byte(out, code);
    wasm_write_u32(out, index);
}

static void write_range(const struct insertion *insertion, struct buf *out,
                        uint32_t first, uint32_t last, uint32_t bits)
{
    enum { MAX_BITS = 3 }; /* beyond 8 bytes, alignment tells nothing */
    bits = bits > MAX_BITS ? MAX_BITS : bits;
    write_constant(out, first);
    write_constant(out, last);
    write_constant(out, (UINT32_C(1) << bits) - 1);
    write_indexed(out, CODE_CALL, insertion->range_function);
}

/* The access whose address is on the stack, below the value of a store. */
static void add_access(struct insertion *insertion, uint32_t function,
                       const struct code_step *step, uint32_t first_scratch)
{
    const struct range *address =
        &insertion->analysis->sites[step->site].address;
    uint32_t lo = 0;
    uint32_t hi = 0;
    struct buf out;
    if (!analysis_proves(insertion->analysis, step->site, &lo, &hi)) {
        return;
    }
    bool is_store = code_is_store(step->insn.code);
    buf_init(&out, insertion->arena);
    if (is_store) {
        write_indexed(&out, CODE_LOCAL_SET,
                      scratch_local(&step->insn, first_scratch));
    }
    write_range(insertion, &out, lo, hi, address->bits);
    if (is_store) {
        write_indexed(&out, CODE_LOCAL_GET,
                      scratch_local(&step->insn, first_scratch));
    }
    add_edit(insertion, (struct wasm_edit){.function = function,
                                           .offset = step->insn.offset,
                                           .bytes = out.bytes,
                                           .size = out.length});
}

/* The value on the stack at 'offset': what a load gave, or a condition. */
static void add_value(struct insertion *insertion, uint32_t function,
                      size_t offset, const struct range *value)
{
    struct buf out;
    buf_init(&out, insertion->arena);
    write_range(insertion, &out, (uint32_t)value->lo, (uint32_t)value->hi,
                value->bits);
    add_edit(insertion, (struct wasm_edit){.function = function,
                                           .offset = offset,
                                           .bytes = out.bytes,
                                           .size = out.length});
}

static void add_facts(struct insertion *insertion, uint32_t function,
                      const struct code_step *step, uint32_t first_scratch)
{
    const struct walk_site *site = &insertion->analysis->sites[step->site];
    bool is_load = code_is_load(step->insn.code);
    if (is_load || code_is_store(step->insn.code)) {
        add_access(insertion, function, step, first_scratch);
        if (is_load && site->has_value && !range_is_top(&site->value)) {
            add_value(insertion, function, step->insn.end, &site->value);
        }
    } else if (site->has_value && range_is_constant(&site->value)) {
        add_value(insertion, function, step->insn.offset, &site->value);
    }
}

static void add_call(struct insertion *insertion, uint32_t function,
                     const struct wasm_insn *insn, uint32_t shift)
{
    struct buf out;
    if (insn->index < insertion->range_function) {
        return; /* an import */
    }
    buf_init(&out, insertion->arena);
    write_indexed(&out, CODE_CALL, insn->index + shift);
    add_edit(insertion, (struct wasm_edit){function, insn->offset,
                                           insn->end - insn->offset, out.bytes,
                                           out.length});
}

/* The locals of a body, with those for stores after them. */
static void add_locals(struct insertion *insertion, uint32_t function,
                       const struct wasm_function *body)
{
    struct buf groups;
    struct buf out;
    uint32_t count = SCRATCH_TYPES;
    buf_init(&groups, insertion->arena);
    for (uint32_t i = 0; i < body->local_count; count++) {
        uint32_t end = i;
        while (end < body->local_count &&
               body->local_types[end] == body->local_types[i]) {
            end++;
        }
        wasm_write_u32(&groups, end - i);
        buf_byte(&groups, body->local_types[i]);
        i = end;
    }
    for (uint32_t k = 0; k < SCRATCH_TYPES; k++) {
        wasm_write_u32(&groups, 1);
        buf_byte(&groups, scratch_types[k]);
    }
    buf_init(&out, insertion->arena);
    wasm_write_u32(&out, count);
    buf_add(&out, groups.bytes, groups.length);
    add_edit(insertion,
             (struct wasm_edit){function, body->body_offset,
                                body->code_offset - body->body_offset,
                                out.bytes, out.length});
}

/* Edits of one function, in its order: those that were there, calls to where
 * functions are now, and in a clone the ranges. */
static void edit_function(struct insertion *insertion, uint32_t old,
                          bool is_clone)
{
    const struct insert_target *target = insertion->target;
    const struct wasm_function *body = &target->module->functions[old];
    const struct code_function *code =
        &insertion->analysis->code.functions[old];
    uint32_t shift = is_clone ? insertion->clone_shift : 1;
    uint32_t first_scratch =
        wasm_function_type(target->module, old)->param_count +
        body->local_count;
    size_t next = 0;
    while (next < target->edit_count && target->edits[next].function < old) {
        next++;
    }
    if (is_clone) {
        add_locals(insertion, old + shift, body);
    }
    for (uint32_t i = 0; i < code->step_count; i++) {
        const struct code_step *step = &code->steps[i];
        if (next < target->edit_count && target->edits[next].function == old &&
            target->edits[next].offset == step->insn.offset) {
            struct wasm_edit edit = target->edits[next++];
            edit.function = old + shift;
            add_edit(insertion, edit);
        } else if (step->insn.code == CODE_CALL) {
            add_call(insertion, old + shift, &step->insn, shift);
        } else if (is_clone && step->site != CODE_NO_SITE) {
            add_facts(insertion, old + shift, step, first_scratch);
        }
    }
}

static void add_import(struct insertion *insertion)
{
    static const uint8_t params[] = {WASM_I32, WASM_I32, WASM_I32, WASM_I32};
    struct wasm_module *module = insertion->target->module;
    struct arena *arena = insertion->arena;
    const char *name = arena_format(arena, "i%u", insertion->range_function);
    struct wasm_func_type *types =
        arena_alloc(arena, module->type_count + (size_t)1, sizeof(*types));
    if (module->type_count > 0) {
        memcpy(types, module->types, module->type_count * sizeof(*types));
    }
    types[module->type_count] = (struct wasm_func_type){params, params, 4, 1};
    module->types = types;
    struct wasm_import *imports =
        arena_alloc(arena, module->import_count + (size_t)1, sizeof(*imports));
    if (module->import_count > 0) {
        memcpy(imports, module->imports,
               module->import_count * sizeof(*imports));
    }
    imports[module->import_count] =
        (struct wasm_import){.module = {(const uint8_t *)"f4e", 3},
                             .field = {(const uint8_t *)name, strlen(name)},
                             .kind = WASM_FUNCTION,
                             .index = insertion->range_function};
    module->imports = imports;
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
    struct wasm_module *module = insertion->target->module;
    uint32_t imported = insertion->range_function;
    uint32_t defined = module->function_count - imported;
    struct wasm_function *functions =
        arena_alloc(insertion->arena, imported + 1 + 2 * (size_t)defined,
                    sizeof(*functions));
    if (imported > 0) {
        memcpy(functions, module->functions, imported * sizeof(*functions));
    }
    functions[imported] =
        (struct wasm_function){.type = module->type_count++,
                               .is_imported = true,
                               .import = module->import_count++};
    for (uint32_t i = 0; i < defined; i++) {
        const struct wasm_function *old = &module->functions[imported + i];
        functions[imported + 1 + i] = *old;
        functions[imported + 1 + defined + i] = *old;
        functions[imported + 1 + defined + i].debug_name =
            clone_name(old->debug_name, insertion->arena);
    }
    module->functions = functions;
    module->function_count = imported + 1 + 2 * defined;
    module->imported_function_count = imported + 1;
}

/* Exports are functions only by now. */
static void add_export(struct insertion *insertion, uint32_t function)
{
    struct wasm_module *module = insertion->target->module;
    uint32_t count = module->export_count;
    struct wasm_export *exports =
        arena_alloc(insertion->arena, count + (size_t)1, sizeof(*exports));
    for (uint32_t i = 0; i < count; i++) {
        exports[i] = module->exports[i];
        exports[i].index +=
            exports[i].index >= insertion->range_function ? 1 : 0;
    }
    exports[count] =
        (struct wasm_export){.name = {(const uint8_t *)"y0", 2},
                             .kind = WASM_FUNCTION,
                             .index = function + insertion->clone_shift};
    module->exports = exports;
    module->export_count = count + 1;
}

void insert_ranges(struct insert_target *target,
                   const struct analysis *analysis, uint32_t function,
                   struct arena *arena)
{
    struct wasm_module *module = target->module;
    struct insertion insertion = {
        .target = target, .analysis = analysis, .arena = arena};
    uint32_t imported = module->imported_function_count;
    uint32_t count = module->function_count;
    insertion.range_function = imported;
    insertion.clone_shift = 1 + count - imported;
    for (uint32_t i = imported; i < count; i++) {
        edit_function(&insertion, i, false);
    }
    for (uint32_t i = imported; i < count; i++) {
        edit_function(&insertion, i, true);
    }
    add_import(&insertion);
    add_functions(&insertion);
    add_export(&insertion, function);
    target->edits = insertion.edits;
    target->edit_count = insertion.count;
}
