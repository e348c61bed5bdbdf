/* SPDX-License-Identifier: MIT */
#include "ranges/promote/annotate.h"

#include "ranges/promote/annotate_internal.h"

static void write_range(const struct annotation *annotation, struct buf *out,
                        uint32_t first, uint32_t last, uint32_t bits)
{
    enum {
        MAX_BITS = 3
    }; /* no access gains from more alignment than 8 bytes */
    bits = bits > MAX_BITS ? MAX_BITS : bits;
    annotation_write_constant(out, first);
    annotation_write_constant(out, last);
    annotation_write_constant(out, (UINT32_C(1) << bits) - 1);
    annotation_write_indexed(out, CODE_CALL, annotation->range_function);
}

static void write_cast(struct buf *out, enum wasm_type from, enum wasm_type to)
{
    if (from != to) {
        buf_byte(out, CODE_I32_REINTERPRET_F32 + annotation_type_index(to));
    }
}

static void add_replacement(struct annotation *annotation, uint32_t function,
                            size_t offset, size_t length, const struct buf *out)
{
    annotation_add_edit(annotation, (struct wasm_edit){.function = function,
                                                       .offset = offset,
                                                       .length = length,
                                                       .bytes = out->bytes,
                                                       .size = out->length});
}

static bool is_proven(const struct annotation *annotation,
                      const struct body_op *op)
{
    uint32_t lo = 0;
    uint32_t hi = 0;
    return analysis_proves(annotation->analysis, op->site, &lo, &hi);
}

/* Pass the address on the stack through range(). */
static void write_address(const struct annotation *annotation, struct buf *out,
                          const struct body_op *op)
{
    const struct analysis *analysis = annotation->analysis;
    uint32_t lo = 0;
    uint32_t hi = 0;
    (void)analysis_proves(analysis, op->site, &lo, &hi);
    write_range(annotation, out, lo, hi,
                analysis->sites[op->site].address.bits);
}

/* Outside of its guard an address may alias a promoted word, or trap: store all
 * of them first. 'scratch' holds the address meanwhile. */
static void write_guard(const struct annotation *annotation, struct buf *out,
                        const struct promote_guard *guard, uint32_t scratch)
{
    enum { NO_RESULT = 0x40 };
    annotation_write_indexed(out, CODE_LOCAL_TEE, scratch);
    annotation_write_constant(out, guard->first);
    buf_byte(out, CODE_I32_SUB);
    annotation_write_constant(out, guard->last - guard->first);
    buf_byte(out, CODE_I32_GT_U);
    buf_byte(out, CODE_IF);
    buf_byte(out, NO_RESULT);
    annotation_store_promoted(annotation, out);
    buf_byte(out, CODE_END);
    annotation_write_indexed(out, CODE_LOCAL_GET, scratch);
}

/* A load with a proven address or a guard; 'word' is what it loads, or NULL for
 * a word that is not promoted. */
static void add_load(struct annotation *annotation, uint32_t function,
                     const struct body_op *op, const struct promoted_word *word,
                     uint32_t global, uint32_t first_scratch)
{
    const struct promotion *promotion = annotation->promotion;
    const struct wasm_insn *insn = &op->insn;
    struct buf out;
    buf_init(&out, annotation->arena);
    if (is_proven(annotation, op)) {
        write_address(annotation, &out, op);
    }
    if (promotion != NULL && promotion->guards[op->site].is_guarded) {
        write_guard(annotation, &out, &promotion->guards[op->site],
                    first_scratch + annotation_type_index(WASM_I32));
    }
    if (word != NULL) {
        buf_byte(&out, CODE_DROP);
        annotation_write_indexed(&out, CODE_GLOBAL_GET, global);
        write_cast(&out, word->type, body_value_type(insn));
    }
    if (out.length > 0) {
        add_replacement(annotation, function, insn->offset,
                        word != NULL ? insn->end - insn->offset : 0, &out);
    }
}

/* A store with a proven address, which lies below its value: the value is in
 * the local 'scratch' meanwhile. */
static void add_store(struct annotation *annotation, uint32_t function,
                      const struct body_op *op,
                      const struct promoted_word *word, uint32_t global,
                      uint32_t scratch)
{
    const struct wasm_insn *insn = &op->insn;
    bool is_stored = word == NULL || word->is_written_through;
    struct buf out;
    buf_init(&out, annotation->arena);
    annotation_write_indexed(&out, CODE_LOCAL_SET, scratch);
    write_address(annotation, &out, op);
    if (is_stored) {
        annotation_write_indexed(&out, CODE_LOCAL_GET, scratch);
        buf_add(&out, annotation->target->module->bytes + insn->offset,
                insn->end - insn->offset);
    } else {
        buf_byte(&out, CODE_DROP);
    }
    if (word != NULL) {
        annotation_write_indexed(&out, CODE_LOCAL_GET, scratch);
        write_cast(&out, body_value_type(insn), word->type);
        annotation_write_indexed(&out, CODE_GLOBAL_SET, global);
    }
    add_replacement(annotation, function, insn->offset,
                    insn->end - insn->offset, &out);
}

static void add_access(struct annotation *annotation, uint32_t function,
                       const struct body_op *op, uint32_t first_scratch)
{
    const struct promotion *promotion = annotation->promotion;
    uint32_t index =
        promotion != NULL ? promotion->word_of_site[op->site] : PROMOTE_NONE;
    const struct promoted_word *word =
        index != PROMOTE_NONE ? &promotion->words[index] : NULL;
    uint32_t global = annotation->first_global + index;
    if (body_is_load(op->insn.code)) {
        add_load(annotation, function, op, word, global, first_scratch);
    } else if (is_proven(annotation, op)) {
        add_store(annotation, function, op, word, global,
                  first_scratch +
                      annotation_type_index(body_value_type(&op->insn)));
    }
}

/* Pass the value on the stack at 'offset' through range(): what a load pushed,
 * or a condition. */
static void add_value(struct annotation *annotation, uint32_t function,
                      size_t offset, const struct range *value)
{
    struct buf out;
    buf_init(&out, annotation->arena);
    write_range(annotation, &out, (uint32_t)value->lo, (uint32_t)value->hi,
                value->bits);
    annotation_add_edit(annotation, (struct wasm_edit){.function = function,
                                                       .offset = offset,
                                                       .bytes = out.bytes,
                                                       .size = out.length});
}

static void add_facts(struct annotation *annotation, uint32_t function,
                      const struct body_op *op, uint32_t first_scratch)
{
    const struct walk_site *site = &annotation->analysis->sites[op->site];
    bool is_load = body_is_load(op->insn.code);
    if (is_load || body_is_store(op->insn.code)) {
        add_access(annotation, function, op, first_scratch);
        if (is_load && site->has_value && !range_is_top(&site->value)) {
            add_value(annotation, function, op->insn.end, &site->value);
        }
    } else if (site->has_value && range_is_constant(&site->value) &&
               !body_is_division(op->insn.code)) {
        /* Stating divisors too made a reverb take 1.3 times as long. */
        add_value(annotation, function, op->insn.offset, &site->value);
    }
}

static void add_call(struct annotation *annotation, uint32_t function,
                     const struct wasm_insn *insn, uint32_t shift)
{
    struct buf out;
    if (insn->index < annotation->range_function) {
        return; /* an import */
    }
    buf_init(&out, annotation->arena);
    annotation_write_indexed(&out, CODE_CALL, insn->index + shift);
    annotation_add_edit(annotation, (struct wasm_edit){function, insn->offset,
                                                       insn->end - insn->offset,
                                                       out.bytes, out.length});
}

/* The locals of a body, and one scratch local of each type after them. */
static void add_locals(struct annotation *annotation, uint32_t function,
                       const struct wasm_function *body)
{
    struct buf groups;
    struct buf out;
    uint32_t count = ANNOTATION_TYPES;
    buf_init(&groups, annotation->arena);
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
    for (uint32_t k = 0; k < ANNOTATION_TYPES; k++) {
        wasm_write_u32(&groups, 1);
        buf_byte(&groups, (unsigned)WASM_I32 - k);
    }
    buf_init(&out, annotation->arena);
    wasm_write_u32(&out, count);
    buf_add(&out, groups.bytes, groups.length);
    annotation_add_edit(
        annotation, (struct wasm_edit){function, body->body_offset,
                                       body->code_offset - body->body_offset,
                                       out.bytes, out.length});
}

/* The edits of one function, in order: those that were there, calls to where
 * functions are now, and in a clone its annotations. */
static void edit_function(struct annotation *annotation, uint32_t old,
                          bool is_clone)
{
    const struct annotate_target *target = annotation->target;
    const struct wasm_function *body = &target->module->functions[old];
    const struct wasm_body *code = &annotation->analysis->bodies.functions[old];
    uint32_t shift = is_clone ? annotation->clone_shift : 1;
    uint32_t first_scratch =
        wasm_function_type(target->module, old)->param_count +
        body->local_count;
    size_t next = 0;
    size_t replaced = 0; /* up to here nothing is left of the body */
    while (next < target->edit_count && target->edits[next].function < old) {
        next++;
    }
    if (is_clone) {
        add_locals(annotation, old + shift, body);
    }
    for (uint32_t i = 0; i < code->op_count; i++) {
        const struct body_op *op = &code->ops[i];
        if (next < target->edit_count && target->edits[next].function == old &&
            target->edits[next].offset == op->insn.offset) {
            struct wasm_edit edit = target->edits[next++];
            replaced = edit.offset + edit.length;
            edit.function = old + shift;
            annotation_add_edit(annotation, edit);
        } else if (op->insn.offset < replaced) {
            continue;
        } else if (op->insn.code == CODE_CALL) {
            add_call(annotation, old + shift, &op->insn, shift);
        } else if (is_clone && op->site != BODY_NO_SITE) {
            add_facts(annotation, old + shift, op, first_scratch);
        }
    }
}

void annotate_ranges(struct annotate_target *target,
                     const struct analysis *analysis,
                     const struct promotion *promotion, uint32_t function,
                     struct arena *arena)
{
    struct wasm_module *module = target->module;
    struct annotation annotation = {.target = target,
                                    .analysis = analysis,
                                    .promotion = promotion,
                                    .arena = arena};
    uint32_t imported = module->imported_function_count;
    uint32_t count = module->function_count;
    annotation.range_function = imported;
    annotation.clone_shift = 1 + count - imported;
    annotation.load_function = count + annotation.clone_shift;
    annotation.first_global = module->global_count;
    for (uint32_t i = imported; i < count; i++) {
        edit_function(&annotation, i, false);
    }
    for (uint32_t i = imported; i < count; i++) {
        edit_function(&annotation, i, true);
    }
    annotation_add_transfers(&annotation);
    annotation_extend_tables(&annotation, function);
    target->edits = annotation.edits;
    target->edit_count = annotation.count;
}
