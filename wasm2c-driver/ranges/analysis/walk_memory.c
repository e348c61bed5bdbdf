/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/walk.h"

enum {
    MAX_WORDS = 1 << 16,   /* of a table whose words are looked at */
    MAX_ROWS = 256,        /* of a table with rows of several words */
    MAX_BYTE_TABLE = 1024, /* bytes of a table that is read in parts of words */
};

/* Bytes touched, as keys of the memory model. */
struct reach {
    uint64_t start;
    uint64_t end;
    uint64_t step;   /* the addresses are 'start' and multiples of it beyond */
    bool is_one;     /* the address is known */
    bool is_aligned; /* to words */
};

static uint64_t memory_bytes(const struct walk *walk, uint32_t memory)
{
    return walk->code->module->memories[memory].limits.min * WASM_PAGE_BYTES;
}

static void note(struct walk_site *site, const struct range *address,
                 bool is_inside)
{
    site->is_inside = is_inside && (site->is_inside || !site->is_reached);
    site->address =
        site->is_reached ? range_join(&site->address, address) : *address;
    site->is_reached = true;
}

void walk_note_value(struct walk *walk, const struct code_step *step,
                     uint32_t value)
{
    struct walk_site *site = &walk->sites[step->site];
    const struct range now = state_range(&walk->world, walk->state, value);
    if (walk->world.memory->is_trial) {
        return;
    }
    site->value = site->has_value ? range_join(&site->value, &now) : now;
    site->has_value = true;
}

/*
 * Look at the address of an access. What is beyond the memory traps, so that
 * whatever comes after is inside. False when it always traps.
 */
static bool find_reach(struct walk *walk, const struct code_step *step,
                       uint32_t address, struct reach *reach)
{
    struct state *state = walk->state;
    uint32_t bytes = code_access_bytes(step->insn.code);
    uint64_t size = memory_bytes(walk, step->insn.index2);
    uint64_t used = step->insn.memarg_offset + bytes;
    struct range range = state_range(&walk->world, state, address);
    uint32_t lo = 0;
    uint32_t hi = 0;
    bool has_sign = range_unsigned(&range, &lo, &hi);
    bool is_inside = has_sign && used <= size && hi <= size - used;
    if (!walk->world.memory->is_trial) {
        note(&walk->sites[step->site], &range, is_inside);
    }
    if (used > size) {
        state->is_dead = true;
        return false;
    }
    if (!is_inside && size - used <= UINT32_MAX) {
        struct range limit = range_constant((uint32_t)(size - used));
        if (!range_assume(CODE_I32_LE_U, true, &range, &limit)) {
            state->is_dead = true;
            return false;
        }
        state_learn(&walk->world, state, address, &range);
        range = state_range(&walk->world, state, address);
        has_sign = range_unsigned(&range, &lo, &hi);
    }
    if (state->is_dead) {
        return false;
    }
    uint64_t base = (uint64_t)step->insn.index2 << 32;
    uint64_t offset = step->insn.memarg_offset;
    uint64_t end = has_sign && hi <= size - used ? hi + used : size;
    reach->start = base + (has_sign && lo <= size - used ? lo + offset : 0);
    reach->end = base + end;
    reach->step = UINT64_C(1) << (range.bits < 31 ? range.bits : 31);
    if (reach->start != base + lo + offset) { /* no address that is possible */
        reach->step = 1;
    }
    reach->is_one = range_is_constant(&range);
    reach->is_aligned = range.bits >= 2 && ((range.residue + offset) & 3) == 0;
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

/* One word of each of a few rows. */
static bool has_rows(const struct reach *reach)
{
    return reach->is_aligned && !reach->is_one && reach->step > 4 &&
           (reach->end - reach->start) / reach->step < MAX_ROWS;
}

/* A column of a table says more than all of it, when it does. */
static struct range load_column(struct walk *walk, const struct reach *reach,
                                const struct range *all)
{
    struct state_world *world = &walk->world;
    bool was_noting = world->memory->is_noting;
    struct range column = *all;
    for (int i = 0; i < 2; i++) {
        /* What it rests on is noted in a second round, if it says more. */
        bool is_second = i > 0;
        world->memory->is_noting = was_noting && is_second;
        for (uint64_t at = reach->start; at < reach->end; at += reach->step) {
            const struct range word =
                state_words(world, walk->state, at, at + 4);
            column = at == reach->start ? word : range_join(&column, &word);
        }
        if (!is_second && range_equal(&column, all)) {
            break;
        }
    }
    world->memory->is_noting = was_noting;
    return column;
}

static uint32_t load_word(struct walk *walk, const struct reach *reach)
{
    struct state_world *world = &walk->world;
    if (!reach->is_aligned) {
        return value_leaf(&world->values, range_top());
    }
    if (reach->is_one) {
        return state_read_cell(world, walk->state, reach->start);
    }
    uint64_t end = round_up(reach->end);
    if ((end - reach->start) / 4 > MAX_WORDS) {
        return value_leaf(&world->values, range_top());
    }
    if (has_rows(reach)) {
        bool was_noting = world->memory->is_noting;
        world->memory->is_noting = false;
        const struct range all =
            state_words(world, walk->state, reach->start, end);
        world->memory->is_noting = was_noting;
        const struct range column = load_column(walk, reach, &all);
        if (!range_equal(&column, &all)) {
            return value_leaf(&world->values, column);
        }
    }
    return value_leaf(&world->values,
                      state_words(world, walk->state, reach->start, end));
}

/*
 * A load of a part of a word: what is there, of a small table that nothing
 * writes; else whatever fits, as 'range' says. A single one may well be a
 * switch of the host's, and the proof would end when that is used.
 */
static uint32_t load_part(struct walk *walk, const struct code_step *step,
                          const struct reach *reach, struct range range)
{
    struct state_world *world = &walk->world;
    struct memory_model *memory = world->memory;
    uint64_t start = round_down(reach->start);
    uint64_t end = round_up(reach->end);
    uint32_t bytes = code_access_bytes(step->insn.code);
    if (reach->is_one || end - start > MAX_BYTE_TABLE ||
        !memory_is_untouched(memory, start, end) ||
        state_has_cell(walk->state, start, end)) {
        return value_leaf(&world->values, range);
    }
    uint64_t first = (uint32_t)reach->start;
    const struct range seen = image_join_parts(
        memory->image, (uint32_t)(start >> 32), first,
        first + (reach->end - reach->start), reach->step, bytes, range.lo < 0);
    if (!range_equal(&seen, &range)) {
        for (uint64_t at = start; at < end; at += 4) {
            (void)memory_use(memory, at, at + 4);
        }
    }
    return value_leaf(&world->values, seen);
}

void walk_load(struct walk *walk, const struct code_step *step)
{
    struct state_world *world = &walk->world;
    struct reach reach;
    uint32_t value = VALUE_NONE;
    if (!find_reach(walk, step, state_pop(walk->state), &reach)) {
        return;
    }
    switch (step->insn.code) {
    case CODE_I32_LOAD:
        value = load_word(walk, &reach);
        walk_note_value(walk, step, value);
        break;
    case CODE_I32_LOAD8_S:
        value =
            load_part(walk, step, &reach, range_between(INT8_MIN, INT8_MAX));
        break;
    case CODE_I32_LOAD8_U:
        value = load_part(walk, step, &reach, range_between(0, UINT8_MAX));
        break;
    case CODE_I32_LOAD16_S:
        value =
            load_part(walk, step, &reach, range_between(INT16_MIN, INT16_MAX));
        break;
    case CODE_I32_LOAD16_U:
        value = load_part(walk, step, &reach, range_between(0, UINT16_MAX));
        break;
    default:
        break;
    }
    state_push(world, walk->state, value);
}

void walk_store(struct walk *walk, const struct code_step *step)
{
    struct state_world *world = &walk->world;
    struct reach reach;
    uint32_t value = state_pop(walk->state);
    if (!find_reach(walk, step, state_pop(walk->state), &reach)) {
        return;
    }
    bool is_word = step->insn.code == CODE_I32_STORE && reach.is_aligned;
    if (is_word && reach.is_one) {
        state_write_cell(world, walk->state, reach.start, value);
        return;
    }
    if (!is_word) {
        value = VALUE_NONE;
    }
    if (has_rows(&reach) && code_access_bytes(step->insn.code) == 4) {
        for (uint64_t at = reach.start; at < reach.end; at += reach.step) {
            state_blur(world, walk->state, at, at + 4, value);
        }
        return;
    }
    state_blur(world, walk->state, round_down(reach.start), round_up(reach.end),
               value);
}

/* Fill, copy and init: anything may be in the bytes that they write. */
void walk_bulk(struct walk *walk, const struct code_step *step)
{
    struct state *state = walk->state;
    const struct wasm_insn *insn = &step->insn;
    uint32_t memory =
        insn->code == CODE_MEMORY_INIT ? insn->index2 : insn->index;
    const struct range size =
        state_range(&walk->world, state, state_pop(state));
    (void)state_pop(state);
    const struct range to = state_range(&walk->world, state, state_pop(state));
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
        state_blur(&walk->world, state, base + start, base + round_up(end),
                   VALUE_NONE);
    }
}
