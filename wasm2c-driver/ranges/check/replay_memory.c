/* SPDX-License-Identifier: MIT */
/* Loads, stores and bulk writes, of replay.h. */
#include "ranges/check/replay.h"

#include "ranges/certificate_format.h"

/* The bytes that an access may touch, as keys: it begins at 'start' or a
 * multiple of 'stride' bytes after it. */
struct footprint {
    uint64_t start;
    uint64_t end;
    uint64_t stride;
    bool is_single;  /* the address is a constant */
    bool is_aligned; /* to words */
};

static uint64_t memory_bytes(const struct replay *replay, uint32_t memory)
{
    return replay->bodies->module->memories[memory].limits.min *
           WASM_PAGE_BYTES;
}

static uint64_t round_down(uint64_t key)
{
    return key & ~UINT64_C(3);
}

static uint64_t round_up(uint64_t key)
{
    return round_down(key + 3);
}

/* Count the cells and invariants that an access goes through. */
static void spend(struct replay *replay, uint64_t start, uint64_t end)
{
    uint64_t words = (end - start) / 4;
    uint64_t most = replay->certificate->word_count;
    replay->context.work +=
        replay->state->cell_count + (words < most ? words : most);
}

/* Verify the claim on an address: it is within the interval, and that is in
 * bounds. 'room' is the highest operand that is. */
static void check_address(struct replay *replay, const struct body_op *op,
                          const struct interval *address, int64_t room)
{
    const struct certificate_site *site = &replay->certificate->sites[op->site];
    int64_t lo = 0;
    int64_t hi = 0;
    interval_unsigned(&site->address, &lo, &hi);
    if (site->has_address &&
        (!interval_within(address, &site->address) || hi > room)) {
        replay_fail(replay, op->insn.offset,
                    "an address is not what the proof says");
    }
}

/* False when the access always traps. Else its operand is refined: what is out
 * of bounds traps. */
static bool find_footprint(struct replay *replay, const struct body_op *op,
                           uint32_t address, struct footprint *footprint)
{
    const struct wasm_insn *insn = &op->insn;
    struct replay_context *context = &replay->context;
    uint64_t size = memory_bytes(replay, insn->index2);
    uint64_t used = insn->memarg_offset + body_access_bytes(insn->code);
    int64_t room = used <= size ? (int64_t)(size - used) : -1;
    int64_t lo = 0;
    int64_t hi = 0;
    struct interval seen =
        replay_state_interval(context, replay->state, address);
    check_address(replay, op, &seen, room);
    struct interval last = interval_constant((uint32_t)room);
    if (room < 0 || !interval_assume(CODE_I32_LE_U, &seen, &last)) {
        replay->state->is_unreachable = true;
        return false;
    }
    replay_state_refine(context, replay->state, address, &seen);
    if (replay->state->is_unreachable) {
        return false;
    }
    seen = replay_state_interval(context, replay->state, address);
    interval_unsigned(&seen, &lo, &hi);
    footprint->stride = UINT64_C(1) << (seen.bits < 31 ? seen.bits : 31);
    if (lo != seen.lo || lo > room) { /* a bound that is no possible address */
        footprint->stride = 1;
    }
    hi = hi > room ? room : hi;
    lo = lo > room ? 0 : lo;
    uint64_t base = (uint64_t)insn->index2 << 32;
    footprint->start = base + (uint64_t)lo + insn->memarg_offset;
    footprint->end = base + (uint64_t)hi + used;
    footprint->is_single = interval_is_constant(&seen);
    footprint->is_aligned =
        seen.bits >= 2 && (seen.residue + insn->memarg_offset) % 4 == 0;
    return true;
}

/* All numbers that a narrow load can push. */
static struct interval narrow(uint32_t code)
{
    switch (code) {
    case CODE_I32_LOAD8_S:
        return interval_between(INT8_MIN, INT8_MAX);
    case CODE_I32_LOAD8_U:
        return interval_between(0, UINT8_MAX);
    case CODE_I32_LOAD16_S:
        return interval_between(INT16_MIN, INT16_MAX);
    case CODE_I32_LOAD16_U:
        return interval_between(0, UINT16_MAX);
    default:
        return interval_top();
    }
}

/* Words in few enough rows to be accessed one by one. */
static bool has_columns(const struct footprint *footprint)
{
    return footprint->is_aligned && footprint->stride > 4 &&
           (footprint->end - footprint->start) / footprint->stride <
               CERTIFICATE_MAX_ROWS;
}

static struct interval read_words(struct replay *replay,
                                  const struct footprint *footprint)
{
    struct replay_context *context = &replay->context;
    if (!has_columns(footprint)) {
        spend(replay, footprint->start, footprint->end);
        return replay_state_read_any(context, replay->state, footprint->start,
                                     round_up(footprint->end));
    }
    struct interval all = replay_state_read_any(
        context, replay->state, footprint->start, footprint->start + 4);
    for (uint64_t at = footprint->start; at < footprint->end;
         at += footprint->stride) {
        const struct interval word =
            replay_state_read_any(context, replay->state, at, at + 4);
        all = interval_join(&all, &word);
        spend(replay, at, at + 4);
    }
    return all;
}

/* The bytes of [start, end), when all of them are constant. */
static bool read_bytes(struct replay *replay, uint64_t start, uint64_t end,
                       uint8_t *bytes)
{
    for (uint64_t at = start; at < end; at += 4) {
        const struct interval word =
            replay_state_read_any(&replay->context, replay->state, at, at + 4);
        if (!interval_is_constant(&word)) {
            return false;
        }
        for (uint64_t i = 0; i < 4; i++) {
            bytes[at - start + i] = (uint8_t)((uint32_t)word.lo >> 8 * i);
        }
        spend(replay, at, at + 4);
    }
    return true;
}

/* A load of one or two bytes: the join of those that are known, else all
 * numbers of its width. */
static struct interval read_narrow(struct replay *replay, uint32_t code,
                                   const struct footprint *footprint)
{
    uint8_t bytes[CERTIFICATE_MAX_BYTE_TABLE];
    uint32_t size = body_access_bytes(code);
    bool is_signed = code == CODE_I32_LOAD8_S || code == CODE_I32_LOAD16_S;
    uint64_t start = round_down(footprint->start);
    if (size > 2 ||
        round_up(footprint->end) - start > CERTIFICATE_MAX_BYTE_TABLE ||
        !read_bytes(replay, start, round_up(footprint->end), bytes)) {
        return narrow(code);
    }
    struct interval all = interval_top();
    for (uint64_t at = footprint->start; at + size <= footprint->end;
         at += footprint->stride) {
        int64_t number = bytes[at - start];
        number += size == 2 ? 256 * bytes[at - start + 1] : 0;
        if (is_signed && number >= INT64_C(1) << (8 * size - 1)) {
            number -= INT64_C(1) << 8 * size;
        }
        const struct interval one = interval_constant((uint32_t)number);
        all = at == footprint->start ? one : interval_join(&all, &one);
    }
    return all;
}

void replay_load(struct replay *replay, const struct body_op *op)
{
    struct replay_context *context = &replay->context;
    const struct wasm_insn *insn = &op->insn;
    struct footprint footprint;
    uint32_t term = TERM_NONE;
    if (!find_footprint(replay, op, replay_state_pop(replay->state),
                        &footprint)) {
        return;
    }
    if (insn->code == CODE_I32_LOAD && footprint.is_aligned &&
        footprint.is_single) {
        term = replay_state_read(context, replay->state, footprint.start);
    } else if (insn->code == CODE_I32_LOAD && footprint.is_aligned) {
        term = term_fresh(&context->terms, read_words(replay, &footprint));
    } else if (insn->opcode->type[2] == 'i') {
        term = term_fresh(&context->terms,
                          read_narrow(replay, insn->code, &footprint));
    }
    if (insn->code == CODE_I32_LOAD) {
        replay_check_value(replay, op, term);
    }
    replay_state_push(context, replay->state, term);
}

/* Each word in [start, end) may now be 'what'. */
static void weak_update(struct replay *replay, const struct body_op *op,
                        uint64_t start, uint64_t end,
                        const struct interval *what)
{
    if (!replay_state_weak_update(&replay->context, replay->state,
                                  round_down(start), round_up(end), what)) {
        replay_fail(replay, op->insn.offset,
                    "a store is one that the proof does not allow");
    }
    spend(replay, start, end);
}

void replay_store(struct replay *replay, const struct body_op *op)
{
    struct footprint footprint;
    uint32_t term = replay_state_pop(replay->state);
    if (!find_footprint(replay, op, replay_state_pop(replay->state),
                        &footprint)) {
        return;
    }
    bool is_word = op->insn.code == CODE_I32_STORE && footprint.is_aligned;
    if (is_word && footprint.is_single) {
        replay_state_strong_update(&replay->context, replay->state,
                                   footprint.start, term);
        return;
    }
    /* A store of less than a word, or across two, can make any word of them. */
    const struct interval what =
        is_word ? replay_state_interval(&replay->context, replay->state, term)
                : interval_top();
    if (!has_columns(&footprint) || body_access_bytes(op->insn.code) != 4) {
        weak_update(replay, op, footprint.start, footprint.end, &what);
        return;
    }
    for (uint64_t at = footprint.start; at < footprint.end;
         at += footprint.stride) {
        weak_update(replay, op, at, at + 4, &what);
    }
}

void replay_bulk(struct replay *replay, const struct body_op *op)
{
    const struct wasm_insn *insn = &op->insn;
    struct replay_state *state = replay->state;
    uint32_t memory =
        insn->code == CODE_MEMORY_INIT ? insn->index2 : insn->index;
    int64_t limit = (int64_t)memory_bytes(replay, memory);
    uint64_t base = (uint64_t)memory << 32;
    const struct interval any = interval_top();
    int64_t least = 0;
    int64_t most = 0;
    int64_t first = 0;
    int64_t last = 0;
    const struct interval size =
        replay_state_interval(&replay->context, state, replay_state_pop(state));
    (void)replay_state_pop(state);
    const struct interval to =
        replay_state_interval(&replay->context, state, replay_state_pop(state));
    interval_unsigned(&size, &least, &most);
    interval_unsigned(&to, &first, &last);
    /* What is out of bounds traps before anything is written. */
    int64_t end = last + most < limit ? last + most : limit;
    if (most > 0 && first < end) {
        weak_update(replay, op, base + (uint64_t)first, base + (uint64_t)end,
                    &any);
    }
}
