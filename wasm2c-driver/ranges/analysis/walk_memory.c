/* SPDX-License-Identifier: MIT */
/* Loads, stores and bulk writes, of walk.h. */
#include "ranges/analysis/walk.h"

#include "ranges/certificate_format.h"

enum { MAX_WORDS = 1 << 16 }; /* of a table that is read by words */

/* The bytes that an access may touch, as keys. */
struct footprint {
    uint64_t start;
    uint64_t end;
    uint64_t stride; /* addresses are 'start' and multiples of it above */
    bool is_single;  /* the address is a constant */
    bool is_aligned; /* to words */
};

static uint64_t memory_bytes(const struct walk *walk, uint32_t memory)
{
    return walk->bodies->module->memories[memory].limits.min * WASM_PAGE_BYTES;
}

static void record_address(struct walk_site *site, const struct range *address,
                           bool is_inside)
{
    site->is_inside = is_inside && (site->is_inside || !site->is_reached);
    site->address =
        site->is_reached ? range_join(&site->address, address) : *address;
    site->is_reached = true;
}

/* Record the address of an access, and refine it: beyond the memory it traps,
 * so that what follows is in bounds. False when it always traps. */
static bool find_footprint(struct walk *walk, const struct body_op *op,
                           uint32_t address, struct footprint *footprint)
{
    struct state *state = walk->state;
    uint32_t bytes = body_access_bytes(op->insn.code);
    uint64_t size = memory_bytes(walk, op->insn.index2);
    uint64_t used = op->insn.memarg_offset + bytes;
    struct range range = state_range(&walk->context, state, address);
    uint32_t lo = 0;
    uint32_t hi = 0;
    bool has_sign = range_unsigned(&range, &lo, &hi);
    bool is_inside = has_sign && used <= size && hi <= size - used;
    if (!walk->context.memory->is_extrapolating) {
        record_address(&walk->sites[op->site], &range, is_inside);
    }
    if (used > size) {
        state->is_unreachable = true;
        return false;
    }
    if (!is_inside && size - used <= UINT32_MAX) {
        struct range limit = range_constant((uint32_t)(size - used));
        if (!range_assume(CODE_I32_LE_U, true, &range, &limit)) {
            state->is_unreachable = true;
            return false;
        }
        state_refine(&walk->context, state, address, &range);
        range = state_range(&walk->context, state, address);
        has_sign = range_unsigned(&range, &lo, &hi);
    }
    if (state->is_unreachable) {
        return false;
    }
    uint64_t base = (uint64_t)op->insn.index2 << 32;
    uint64_t offset = op->insn.memarg_offset;
    uint64_t end = has_sign && hi <= size - used ? hi + used : size;
    footprint->start = base + (has_sign && lo <= size - used ? lo + offset : 0);
    footprint->end = base + end;
    footprint->stride = UINT64_C(1) << (range.bits < 31 ? range.bits : 31);
    if (footprint->start !=
        base + lo + offset) { /* a bound that is no possible address */
        footprint->stride = 1;
    }
    footprint->is_single = range_is_constant(&range);
    footprint->is_aligned =
        range.bits >= 2 && ((range.residue + offset) & 3) == 0;
    return true;
}

static uint64_t round_down(uint64_t key)
{
    return key & ~UINT64_C(3);
}

static uint64_t round_up(uint64_t key)
{
    return (key + 3) & ~UINT64_C(3);
}

/* Words in few enough rows to be accessed one by one. */
static bool has_columns(const struct footprint *footprint)
{
    return footprint->is_aligned && !footprint->is_single &&
           footprint->stride > 4 &&
           (footprint->end - footprint->start) / footprint->stride <
               CERTIFICATE_MAX_ROWS;
}

/* The join of one column of a table, or 'all' when that is no wider. */
static struct range load_column(struct walk *walk,
                                const struct footprint *footprint,
                                const struct range *all)
{
    struct state_context *context = &walk->context;
    bool was_recording = context->memory->is_recording;
    struct range column = *all;
    for (int i = 0; i < 2; i++) {
        /* Dependencies are recorded the second time, if the column is
         * narrower. */
        bool is_second = i > 0;
        context->memory->is_recording = was_recording && is_second;
        for (uint64_t at = footprint->start; at < footprint->end;
             at += footprint->stride) {
            const struct range word =
                state_read_any(context, walk->state, at, at + 4);
            column = at == footprint->start ? word : range_join(&column, &word);
        }
        if (!is_second && range_equal(&column, all)) {
            break;
        }
    }
    context->memory->is_recording = was_recording;
    return column;
}

static uint32_t load_word(struct walk *walk, const struct footprint *footprint)
{
    struct state_context *context = &walk->context;
    if (!footprint->is_aligned) {
        return value_fresh(&context->values, range_top());
    }
    if (footprint->is_single) {
        return state_read(context, walk->state, footprint->start);
    }
    uint64_t end = round_up(footprint->end);
    if ((end - footprint->start) / 4 > MAX_WORDS) {
        return value_fresh(&context->values, range_top());
    }
    if (has_columns(footprint)) {
        bool was_recording = context->memory->is_recording;
        context->memory->is_recording = false;
        const struct range all =
            state_read_any(context, walk->state, footprint->start, end);
        context->memory->is_recording = was_recording;
        const struct range column = load_column(walk, footprint, &all);
        if (!range_equal(&column, &all)) {
            return value_fresh(&context->values, column);
        }
    }
    return value_fresh(&context->values, state_read_any(context, walk->state,
                                                        footprint->start, end));
}

/*
 * A load of a part of a word: the join of a small table that is never written,
 * else all numbers of its width. A single byte is not read: it may be a switch
 * of the host's, and depending on it would end the proof when it is used.
 */
static uint32_t load_narrow(struct walk *walk, const struct body_op *op,
                            const struct footprint *footprint,
                            struct range range)
{
    struct state_context *context = &walk->context;
    struct memory_model *memory = context->memory;
    uint64_t start = round_down(footprint->start);
    uint64_t end = round_up(footprint->end);
    uint32_t bytes = body_access_bytes(op->insn.code);
    if (footprint->is_single || end - start > CERTIFICATE_MAX_BYTE_TABLE ||
        !memory_is_initial(memory, start, end) ||
        state_has_cell(walk->state, start, end)) {
        return value_fresh(&context->values, range);
    }
    uint64_t first = (uint32_t)footprint->start;
    const struct range seen = initial_memory_join_parts(
        memory->initial, (uint32_t)(start >> 32), first,
        first + (footprint->end - footprint->start), footprint->stride, bytes,
        range.lo < 0);
    if (!range_equal(&seen, &range)) {
        for (uint64_t at = start; at < end; at += 4) {
            (void)memory_read(memory, at, at + 4);
        }
    }
    return value_fresh(&context->values, seen);
}

void walk_load(struct walk *walk, const struct body_op *op)
{
    struct state_context *context = &walk->context;
    struct footprint footprint;
    uint32_t value = VALUE_NONE;
    if (!find_footprint(walk, op, state_pop(walk->state), &footprint)) {
        return;
    }
    switch (op->insn.code) {
    case CODE_I32_LOAD:
        value = load_word(walk, &footprint);
        walk_record_value(walk, op, value);
        break;
    case CODE_I32_LOAD8_S:
        value = load_narrow(walk, op, &footprint,
                            range_between(INT8_MIN, INT8_MAX));
        break;
    case CODE_I32_LOAD8_U:
        value = load_narrow(walk, op, &footprint, range_between(0, UINT8_MAX));
        break;
    case CODE_I32_LOAD16_S:
        value = load_narrow(walk, op, &footprint,
                            range_between(INT16_MIN, INT16_MAX));
        break;
    case CODE_I32_LOAD16_U:
        value = load_narrow(walk, op, &footprint, range_between(0, UINT16_MAX));
        break;
    default:
        break;
    }
    state_push(context, walk->state, value);
}

void walk_store(struct walk *walk, const struct body_op *op)
{
    struct state_context *context = &walk->context;
    struct footprint footprint;
    uint32_t value = state_pop(walk->state);
    if (!find_footprint(walk, op, state_pop(walk->state), &footprint)) {
        return;
    }
    bool is_word = op->insn.code == CODE_I32_STORE && footprint.is_aligned;
    if (is_word && footprint.is_single) {
        state_strong_update(context, walk->state, footprint.start, value);
        return;
    }
    if (!is_word) {
        value = VALUE_NONE;
    }
    if (has_columns(&footprint) && body_access_bytes(op->insn.code) == 4) {
        for (uint64_t at = footprint.start; at < footprint.end;
             at += footprint.stride) {
            state_weak_update(context, walk->state, at, at + 4, value);
        }
        return;
    }
    state_weak_update(context, walk->state, round_down(footprint.start),
                      round_up(footprint.end), value);
}

/* memory.fill, memory.copy and memory.init may write any bytes. */
void walk_bulk(struct walk *walk, const struct body_op *op)
{
    struct state *state = walk->state;
    const struct wasm_insn *insn = &op->insn;
    uint32_t memory =
        insn->code == CODE_MEMORY_INIT ? insn->index2 : insn->index;
    const struct range size =
        state_range(&walk->context, state, state_pop(state));
    (void)state_pop(state);
    const struct range to =
        state_range(&walk->context, state, state_pop(state));
    uint64_t limit = memory_bytes(walk, memory);
    uint64_t base = (uint64_t)memory << 32;
    uint64_t start = 0;
    uint64_t end = limit;
    if (to.lo >= 0 && size.lo >= 0) {
        start = (uint32_t)to.lo;
        end = (uint64_t)to.hi + (uint64_t)size.hi;
        end = end > limit ? limit : end;
    }
    start = round_down(start);
    if (start < end) {
        state_weak_update(&walk->context, state, base + start,
                          base + round_up(end), VALUE_NONE);
    }
}
