/* SPDX-License-Identifier: MIT */
#include "ranges/promote/annotate_internal.h"

enum { TYPES = 4 };

/* In the order that instructions have them. A store keeps its value aside in a
 * local of its type. */
static const enum wasm_type types[TYPES] = {WASM_I32, WASM_I64, WASM_F32,
                                            WASM_F64};

unsigned insertion_type_index(enum wasm_type type)
{
    unsigned at = 0;
    while (types[at] != type) {
        at++;
    }
    return at;
}

void insertion_add_edit(struct insertion *insertion, struct wasm_edit edit)
{
    insertion->edits =
        arena_grow(insertion->arena, insertion->edits, insertion->count,
                   &insertion->capacity, sizeof(*insertion->edits));
    insertion->edits[insertion->count++] = edit;
}

void insertion_write_constant(struct buf *out, uint32_t value)
{
    buf_byte(out, CODE_I32_CONST);
    wasm_write_s32(out, (int32_t)value);
}

void insertion_write_indexed(struct buf *out, unsigned code, uint32_t index)
{
    buf_byte(out, code);
    wasm_write_u32(out, index);
}

static void write_range(const struct insertion *insertion, struct buf *out,
                        uint32_t first, uint32_t last, uint32_t bits)
{
    enum { MAX_BITS = 3 }; /* beyond 8 bytes, alignment tells nothing */
    bits = bits > MAX_BITS ? MAX_BITS : bits;
    insertion_write_constant(out, first);
    insertion_write_constant(out, last);
    insertion_write_constant(out, (UINT32_C(1) << bits) - 1);
    insertion_write_indexed(out, CODE_CALL, insertion->range_function);
}

static void write_cast(struct buf *out, enum wasm_type from, enum wasm_type to)
{
    if (from != to) {
        buf_byte(out, CODE_I32_REINTERPRET_F32 + insertion_type_index(to));
    }
}

static void add_replacement(struct insertion *insertion, uint32_t function,
                            size_t offset, size_t length, const struct buf *out)
{
    insertion_add_edit(insertion, (struct wasm_edit){.function = function,
                                                     .offset = offset,
                                                     .length = length,
                                                     .bytes = out->bytes,
                                                     .size = out->length});
}

static bool is_proven(const struct insertion *insertion,
                      const struct code_step *step)
{
    uint32_t lo = 0;
    uint32_t hi = 0;
    return analysis_proves(insertion->analysis, step->site, &lo, &hi);
}

/* The address on the stack passes through range(). */
static void write_address(const struct insertion *insertion, struct buf *out,
                          const struct code_step *step)
{
    const struct analysis *analysis = insertion->analysis;
    uint32_t lo = 0;
    uint32_t hi = 0;
    (void)analysis_proves(analysis, step->site, &lo, &hi);
    write_range(insertion, out, lo, hi,
                analysis->sites[step->site].address.bits);
}

/* Beyond its guard an address may be that of a kept word, or trap: 'scratch'
 * has it meanwhile. */
static void write_guard(const struct insertion *insertion, struct buf *out,
                        const struct keep_guard *guard, uint32_t scratch)
{
    enum { NO_RESULT = 0x40 };
    insertion_write_indexed(out, CODE_LOCAL_TEE, scratch);
    insertion_write_constant(out, guard->first);
    buf_byte(out, CODE_I32_SUB);
    insertion_write_constant(out, guard->last - guard->first);
    buf_byte(out, CODE_I32_GT_U);
    buf_byte(out, CODE_IF);
    buf_byte(out, NO_RESULT);
    insertion_write_back(insertion, out);
    buf_byte(out, CODE_END);
    insertion_write_indexed(out, CODE_LOCAL_GET, scratch);
}

/* A load with a proven address or a guard; of a kept word when 'cell' is not
 * NULL. */
static void add_load(struct insertion *insertion, uint32_t function,
                     const struct code_step *step, const struct keep_cell *cell,
                     uint32_t global, uint32_t first_scratch)
{
    const struct keep *keep = insertion->analysis->keep;
    const struct wasm_insn *insn = &step->insn;
    struct buf out;
    buf_init(&out, insertion->arena);
    if (is_proven(insertion, step)) {
        write_address(insertion, &out, step);
    }
    if (keep != NULL && keep->guards[step->site].is_guarded) {
        write_guard(insertion, &out, &keep->guards[step->site],
                    first_scratch + insertion_type_index(WASM_I32));
    }
    if (cell != NULL) {
        buf_byte(&out, CODE_DROP);
        insertion_write_indexed(&out, CODE_GLOBAL_GET, global);
        write_cast(&out, cell->type, code_value_type(insn));
    }
    if (out.length > 0) {
        add_replacement(insertion, function, insn->offset,
                        cell != NULL ? insn->end - insn->offset : 0, &out);
    }
}

/* A store with a proven address, which is below its value: that waits in the
 * local 'scratch'. */
static void add_store(struct insertion *insertion, uint32_t function,
                      const struct code_step *step,
                      const struct keep_cell *cell, uint32_t global,
                      uint32_t scratch)
{
    const struct wasm_insn *insn = &step->insn;
    bool is_stored = cell == NULL || cell->is_through;
    struct buf out;
    buf_init(&out, insertion->arena);
    insertion_write_indexed(&out, CODE_LOCAL_SET, scratch);
    write_address(insertion, &out, step);
    if (is_stored) {
        insertion_write_indexed(&out, CODE_LOCAL_GET, scratch);
        buf_add(&out, insertion->target->module->bytes + insn->offset,
                insn->end - insn->offset);
    } else {
        buf_byte(&out, CODE_DROP);
    }
    if (cell != NULL) {
        insertion_write_indexed(&out, CODE_LOCAL_GET, scratch);
        write_cast(&out, code_value_type(insn), cell->type);
        insertion_write_indexed(&out, CODE_GLOBAL_SET, global);
    }
    add_replacement(insertion, function, insn->offset, insn->end - insn->offset,
                    &out);
}

static void add_access(struct insertion *insertion, uint32_t function,
                       const struct code_step *step, uint32_t first_scratch)
{
    const struct keep *keep = insertion->analysis->keep;
    uint32_t index = keep != NULL ? keep->cell_of_site[step->site] : KEEP_NONE;
    const struct keep_cell *cell =
        index != KEEP_NONE ? &keep->cells[index] : NULL;
    uint32_t global = insertion->first_global + index;
    if (code_is_load(step->insn.code)) {
        add_load(insertion, function, step, cell, global, first_scratch);
    } else if (is_proven(insertion, step)) {
        add_store(insertion, function, step, cell, global,
                  first_scratch +
                      insertion_type_index(code_value_type(&step->insn)));
    }
}

/* The value on the stack at 'offset': what a load gave, or a condition. */
static void add_value(struct insertion *insertion, uint32_t function,
                      size_t offset, const struct range *value)
{
    struct buf out;
    buf_init(&out, insertion->arena);
    write_range(insertion, &out, (uint32_t)value->lo, (uint32_t)value->hi,
                value->bits);
    insertion_add_edit(insertion, (struct wasm_edit){.function = function,
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
    insertion_write_indexed(&out, CODE_CALL, insn->index + shift);
    insertion_add_edit(insertion, (struct wasm_edit){function, insn->offset,
                                                     insn->end - insn->offset,
                                                     out.bytes, out.length});
}

/* The locals of a body, with those for stores after them. */
static void add_locals(struct insertion *insertion, uint32_t function,
                       const struct wasm_function *body)
{
    struct buf groups;
    struct buf out;
    uint32_t count = TYPES;
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
    for (uint32_t k = 0; k < TYPES; k++) {
        wasm_write_u32(&groups, 1);
        buf_byte(&groups, (unsigned)types[k]);
    }
    buf_init(&out, insertion->arena);
    wasm_write_u32(&out, count);
    buf_add(&out, groups.bytes, groups.length);
    insertion_add_edit(insertion,
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
            insertion_add_edit(insertion, edit);
        } else if (step->insn.code == CODE_CALL) {
            add_call(insertion, old + shift, &step->insn, shift);
        } else if (is_clone && step->site != CODE_NO_SITE) {
            add_facts(insertion, old + shift, step, first_scratch);
        }
    }
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
    insertion.fill_function = count + insertion.clone_shift;
    insertion.first_global = module->global_count;
    for (uint32_t i = imported; i < count; i++) {
        edit_function(&insertion, i, false);
    }
    for (uint32_t i = imported; i < count; i++) {
        edit_function(&insertion, i, true);
    }
    insertion_add_keepers(&insertion);
    insertion_extend_tables(&insertion, function);
    target->edits = insertion.edits;
    target->edit_count = insertion.count;
}
