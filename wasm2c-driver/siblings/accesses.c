/* SPDX-License-Identifier: MIT */
#include "siblings/siblings_internal.h"

#include <string.h>

enum { LOAD_COST = 8 }; /* to take an address out, and put a word in */

/* ---- Globals ---- */

static const uint32_t *globals_at(const struct sibling_writer *w,
                                  const struct sibling_frame *frame,
                                  uint32_t pc)
{
    uint32_t *globals = siblings_lanes(w);
    for (uint32_t i = 0; i < w->count; i++) {
        globals[i] = siblings_op(w, frame, i, pc)->insn.index;
    }
    return globals;
}

static bool is_shared(const struct sibling_writer *w, const uint32_t *globals)
{
    for (uint32_t i = 1; i < w->count; i++) {
        if (globals[i] != globals[0]) {
            return false;
        }
    }
    return true;
}

/* Whether the globals lie in no row yet, and each of them is another one. */
static bool are_free(const struct sibling_writer *w, const uint32_t *globals)
{
    const struct siblings *siblings = w->siblings;
    for (uint32_t i = 0; i < w->count; i++) {
        if (siblings->row_of[globals[i]] != 0) {
            return false;
        }
        for (uint32_t j = 0; j < i; j++) {
            if (globals[i] == globals[j]) {
                return false;
            }
        }
    }
    return true;
}

static void add_row(struct sibling_writer *w, const uint32_t *globals,
                    enum wasm_type type)
{
    struct siblings *siblings = w->siblings;
    siblings->rows =
        arena_grow(siblings->arena, siblings->rows, siblings->row_count,
                   &siblings->row_capacity, sizeof(*siblings->rows));
    struct sibling_row *row = &siblings->rows[siblings->row_count++];
    *row = (struct sibling_row){
        .count = w->count, .width = w->width, .type = type};
    memcpy(row->globals, globals, w->count * sizeof(*globals));
    for (uint32_t i = 0; i < w->count; i++) {
        siblings->row_of[globals[i]] = siblings->row_count;
    }
}

/* 1 + the row that has the globals in this order, made where possible; or 0. */
static uint32_t row_at(struct sibling_writer *w, const uint32_t *globals,
                       enum wasm_type type)
{
    struct siblings *siblings = w->siblings;
    if (are_free(w, globals)) {
        add_row(w, globals, type);
    }
    uint32_t index = siblings->row_of[globals[0]];
    const struct sibling_row *row =
        index > 0 ? &siblings->rows[index - 1] : NULL;
    bool is_it =
        row != NULL && row->count == w->count &&
        memcmp(row->globals, globals, w->count * sizeof(*globals)) == 0;
    return is_it ? index : 0;
}

static bool read_global(struct sibling_writer *w, const uint32_t *globals,
                        enum wasm_type type)
{
    bool is_one = is_shared(w, globals);
    uint32_t row = is_one ? 0 : row_at(w, globals, type);
    struct sibling_value value = siblings_begin(w, type);
    const char *name = siblings_type(w, type);
    if (is_one) {
        buf_format(w->out, "(%s)(instance->w2c_g%u);\n", name, globals[0]);
    } else if (row > 0) {
        buf_format(w->out, "instance->f4e_row%u;\n", row - 1);
    } else {
        buf_format(w->out, "(%s){", name);
        for (uint32_t i = 0; i < w->width; i++) {
            buf_format(w->out, "%sinstance->w2c_g%u", i > 0 ? ", " : "",
                       globals[i < w->count ? i : 0]);
        }
        buf_text(w->out, "};\n");
        w->joint += w->count * SIBLINGS_OPERATION;
    }
    return siblings_push(w, value);
}

bool siblings_write_global(struct sibling_writer *w,
                           const struct sibling_frame *frame, uint32_t pc)
{
    const uint32_t *globals = globals_at(w, frame, pc);
    enum wasm_type type = w->siblings->module->globals[globals[0]].type;
    for (uint32_t i = 0; i < w->count; i++) {
        if (w->siblings->module->globals[globals[i]].type != type) {
            return false;
        }
    }
    if (type != WASM_I32 && type != WASM_F32) {
        return false;
    }
    if (siblings_op(w, frame, 0, pc)->insn.code == CODE_GLOBAL_GET) {
        return read_global(w, globals, type);
    }
    uint32_t row = row_at(w, globals, type);
    struct sibling_value value = siblings_pop(w);
    if (row == 0) {
        return false;
    }
    struct sibling_variable *variable =
        arena_alloc(w->arena, 1, sizeof(*variable));
    variable->name = arena_format(w->arena, "instance->f4e_row%u", row - 1);
    variable->type = type;
    variable->row = row;
    siblings_assign(w, variable, value);
    return true;
}

/* ---- Memory ---- */

/* What lies in memory, and what is loaded of it. */
static const struct {
    uint32_t code;
    const char *stored, *wide;
} loads[] = {
    {CODE_I32_LOAD, "u32", "u32"},     {CODE_I32_LOAD + 2, "f32", "f32"},
    {CODE_I32_LOAD8_S, "s8", "s32"},   {CODE_I32_LOAD8_U, "u8", "u32"},
    {CODE_I32_LOAD16_S, "s16", "s32"}, {CODE_I32_LOAD16_U, "u16", "u32"},
};

/* Whether the address is proven to be in the memory, in each lane. */
static bool is_inside(const struct sibling_writer *w,
                      const struct sibling_frame *frame, uint32_t pc,
                      const struct sibling_value *address)
{
    const uint32_t *first =
        address->constant != NULL ? address->constant : address->first;
    const uint32_t *last =
        address->constant != NULL ? address->constant : address->last;
    for (uint32_t i = 0; first != NULL && i < w->count; i++) {
        const struct wasm_insn *insn = &siblings_op(w, frame, i, pc)->insn;
        uint64_t bytes =
            w->siblings->module->memories[insn->index2].limits.min *
            WASM_PAGE_BYTES;
        if (first[i] > last[i] ||
            last[i] + insn->memarg_offset + body_access_bytes(insn->code) >
                bytes) {
            return false;
        }
    }
    return first != NULL;
}

/* The address, in lanes that are not at work one that is as good. */
static const char *safe_address(struct sibling_writer *w,
                                struct sibling_value *address)
{
    const char *name = siblings_name(w, address);
    if (w->mask == NULL || address->constant != NULL) {
        return name;
    }
    struct sibling_value first = {.type = WASM_I32, .constant = address->first};
    const char *otherwise = siblings_name(w, &first);
    struct sibling_value safe = siblings_begin(w, WASM_I32);
    buf_format(w->out, "%s ? %s : %s;\n", w->mask, name, otherwise);
    return siblings_name(w, &safe);
}

bool siblings_write_load(struct sibling_writer *w,
                         const struct sibling_frame *frame, uint32_t pc)
{
    const struct wasm_insn *insn = &siblings_op(w, frame, 0, pc)->insn;
    struct sibling_value address = siblings_pop(w);
    size_t kind = 0;
    while (kind < sizeof(loads) / sizeof(loads[0]) &&
           loads[kind].code != insn->code) {
        kind++;
    }
    if (kind == sizeof(loads) / sizeof(loads[0]) ||
        !is_inside(w, frame, pc, &address)) {
        return false;
    }
    const char *name = safe_address(w, &address);
    struct sibling_value value = {.id = ++w->next_id,
                                  .type = body_value_type(insn)};
    buf_format(w->out, "  %s t%u = {0};\n", siblings_type(w, value.type),
               value.id);
    for (uint32_t i = 0; i < w->count; i++) {
        const struct wasm_insn *own = &siblings_op(w, frame, i, pc)->insn;
        buf_format(w->out,
                   "  t%u[%u] = (%s)F4E_SIBLING_LOAD(F4E_M%u, %s, "
                   "(u64)%s[%u] + %lluu);\n",
                   value.id, i, loads[kind].wide, insn->index2,
                   loads[kind].stored, name, i,
                   (unsigned long long)own->memarg_offset);
    }
    siblings_count(w, LOAD_COST * w->count);
    return siblings_push(w, value);
}
