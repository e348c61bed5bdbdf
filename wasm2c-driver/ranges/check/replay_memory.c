/* SPDX-License-Identifier: MIT */
#include "ranges/check/replay.h"

enum {
    MOST_ROWS = 256,   /* of a table that is looked at by columns */
    MOST_BYTES = 1024, /* of a table that is looked at in parts of words */
};

/* The bytes that an access can touch, as keys: it begins at 'start', or any
 * number of 'stride' bytes after it. */
struct reach {
    uint64_t start;
    uint64_t end;
    uint64_t stride;
    bool is_one;     /* no others */
    bool is_aligned; /* as words are */
};

static uint64_t size_of_memory(const struct replay *replay, uint32_t memory)
{
    return replay->code->module->memories[memory].limits.min * WASM_PAGE_BYTES;
}

static uint64_t down(uint64_t key)
{
    return key & ~UINT64_C(3);
}

static uint64_t up(uint64_t key)
{
    return down(key + 3);
}

/* Words are about to be gone through: those followed, and the certificate's. */
static void spend(struct replay *replay, uint64_t start, uint64_t end)
{
    uint64_t words = (end - start) / 4;
    uint64_t most = replay->certificate->word_count;
    replay->moments.work +=
        replay->now->word_count + (words < most ? words : most);
}

/* The claim on an address: it is in there, and all of that is in the memory;
 * 'room' is the highest address that is. */
static void check_address(struct replay *replay, const struct code_step *step,
                          const struct interval *address, int64_t room)
{
    const struct certificate_site *site =
        &replay->certificate->sites[step->site];
    int64_t lo = 0;
    int64_t hi = 0;
    interval_unsigned(&site->address, &lo, &hi);
    if (site->has_address &&
        (!interval_inside(address, &site->address) || hi > room)) {
        replay_fail(replay, step->insn.offset,
                    "an address is not what the proof says");
    }
}

/* False when nothing goes on behind the access: what is outside traps. */
static bool find_reach(struct replay *replay, const struct code_step *step,
                       uint32_t address, struct reach *reach)
{
    const struct wasm_insn *insn = &step->insn;
    struct moments *moments = &replay->moments;
    uint64_t size = size_of_memory(replay, insn->index2);
    uint64_t used = insn->memarg_offset + code_access_bytes(insn->code);
    int64_t room = used <= size ? (int64_t)(size - used) : -1;
    int64_t lo = 0;
    int64_t hi = 0;
    struct interval seen = moment_look(moments, replay->now, address);
    check_address(replay, step, &seen, room);
    struct interval last = interval_only((uint32_t)room);
    if (room < 0 || !interval_suppose(CODE_I32_LE_U, &seen, &last)) {
        replay->now->is_never = true;
        return false;
    }
    moment_learn(moments, replay->now, address, &seen);
    if (replay->now->is_never) {
        return false;
    }
    seen = moment_look(moments, replay->now, address);
    interval_unsigned(&seen, &lo, &hi);
    reach->stride = UINT64_C(1) << (seen.bits < 31 ? seen.bits : 31);
    if (lo != seen.lo || lo > room) { /* a bound that no address may have */
        reach->stride = 1;
    }
    hi = hi > room ? room : hi;
    lo = lo > room ? 0 : lo;
    uint64_t base = (uint64_t)insn->index2 << 32;
    reach->start = base + (uint64_t)lo + insn->memarg_offset;
    reach->end = base + (uint64_t)hi + used;
    reach->is_one = interval_is_only(&seen);
    reach->is_aligned =
        seen.bits >= 2 && (seen.low + insn->memarg_offset) % 4 == 0;
    return true;
}

/* What a narrow load can give, whatever is there. */
static struct interval narrow(uint32_t code)
{
    switch (code) {
    case CODE_I32_LOAD8_S:
        return interval_span(INT8_MIN, INT8_MAX);
    case CODE_I32_LOAD8_U:
        return interval_span(0, UINT8_MAX);
    case CODE_I32_LOAD16_S:
        return interval_span(INT16_MIN, INT16_MAX);
    case CODE_I32_LOAD16_U:
        return interval_span(0, UINT16_MAX);
    default:
        return interval_any();
    }
}

/* Words that are far enough apart to be looked at one by one. */
static bool has_columns(const struct reach *reach)
{
    return reach->is_aligned && reach->stride > 4 &&
           (reach->end - reach->start) / reach->stride < MOST_ROWS;
}

static struct interval read_words(struct replay *replay,
                                  const struct reach *reach)
{
    struct moments *moments = &replay->moments;
    if (!has_columns(reach)) {
        spend(replay, reach->start, reach->end);
        return moment_read_some(moments, replay->now, reach->start,
                                up(reach->end));
    }
    struct interval all =
        moment_read_some(moments, replay->now, reach->start, reach->start + 4);
    for (uint64_t at = reach->start; at < reach->end; at += reach->stride) {
        const struct interval word =
            moment_read_some(moments, replay->now, at, at + 4);
        all = interval_hull(&all, &word);
        spend(replay, at, at + 4);
    }
    return all;
}

/* The bytes of [start, end), when all of them are known. */
static bool read_bytes(struct replay *replay, uint64_t start, uint64_t end,
                       uint8_t *bytes)
{
    for (uint64_t at = start; at < end; at += 4) {
        const struct interval word =
            moment_read_some(&replay->moments, replay->now, at, at + 4);
        if (!interval_is_only(&word)) {
            return false;
        }
        for (uint64_t i = 0; i < 4; i++) {
            bytes[at - start + i] = (uint8_t)((uint32_t)word.lo >> 8 * i);
        }
        spend(replay, at, at + 4);
    }
    return true;
}

/* A load of one byte or two: what is there, or else whatever fits. */
static struct interval read_part(struct replay *replay, uint32_t code,
                                 const struct reach *reach)
{
    uint8_t bytes[MOST_BYTES];
    uint32_t size = code_access_bytes(code);
    bool is_signed = code == CODE_I32_LOAD8_S || code == CODE_I32_LOAD16_S;
    uint64_t start = down(reach->start);
    if (size > 2 || up(reach->end) - start > MOST_BYTES ||
        !read_bytes(replay, start, up(reach->end), bytes)) {
        return narrow(code);
    }
    struct interval all = interval_any();
    for (uint64_t at = reach->start; at + size <= reach->end;
         at += reach->stride) {
        int64_t number = bytes[at - start];
        number += size == 2 ? 256 * bytes[at - start + 1] : 0;
        if (is_signed && number >= INT64_C(1) << (8 * size - 1)) {
            number -= INT64_C(1) << 8 * size;
        }
        const struct interval one = interval_only((uint32_t)number);
        all = at == reach->start ? one : interval_hull(&all, &one);
    }
    return all;
}

void replay_load(struct replay *replay, const struct code_step *step)
{
    struct moments *moments = &replay->moments;
    const struct wasm_insn *insn = &step->insn;
    struct reach reach;
    uint32_t term = TERM_NONE;
    if (!find_reach(replay, step, moment_pop(replay->now), &reach)) {
        return;
    }
    if (insn->code == CODE_I32_LOAD && reach.is_aligned && reach.is_one) {
        term = moment_read(moments, replay->now, reach.start);
    } else if (insn->code == CODE_I32_LOAD && reach.is_aligned) {
        term = term_unknown(&moments->terms, read_words(replay, &reach));
    } else if (insn->opcode->type[2] == 'i') {
        term = term_unknown(&moments->terms,
                            read_part(replay, insn->code, &reach));
    }
    if (insn->code == CODE_I32_LOAD) {
        replay_check_value(replay, step, term);
    }
    moment_push(moments, replay->now, term);
}

/* The words in [start, end) may now be 'what'. */
static void blur(struct replay *replay, const struct code_step *step,
                 uint64_t start, uint64_t end, const struct interval *what)
{
    if (!moment_write_some(&replay->moments, replay->now, down(start), up(end),
                           what)) {
        replay_fail(replay, step->insn.offset,
                    "a store is one that the proof does not allow");
    }
    spend(replay, start, end);
}

void replay_store(struct replay *replay, const struct code_step *step)
{
    struct reach reach;
    uint32_t term = moment_pop(replay->now);
    if (!find_reach(replay, step, moment_pop(replay->now), &reach)) {
        return;
    }
    bool is_word = step->insn.code == CODE_I32_STORE && reach.is_aligned;
    if (is_word && reach.is_one) {
        moment_write(&replay->moments, replay->now, reach.start, term);
        return;
    }
    /* A part of a word, or of two, can make anything of them. */
    const struct interval what =
        is_word ? moment_look(&replay->moments, replay->now, term)
                : interval_any();
    if (!has_columns(&reach) || code_access_bytes(step->insn.code) != 4) {
        blur(replay, step, reach.start, reach.end, &what);
        return;
    }
    for (uint64_t at = reach.start; at < reach.end; at += reach.stride) {
        blur(replay, step, at, at + 4, &what);
    }
}

void replay_bulk(struct replay *replay, const struct code_step *step)
{
    const struct wasm_insn *insn = &step->insn;
    struct moment *now = replay->now;
    uint32_t memory =
        insn->code == CODE_MEMORY_INIT ? insn->index2 : insn->index;
    int64_t limit = (int64_t)size_of_memory(replay, memory);
    uint64_t base = (uint64_t)memory << 32;
    const struct interval any = interval_any();
    int64_t least = 0;
    int64_t most = 0;
    int64_t first = 0;
    int64_t last = 0;
    const struct interval size =
        moment_look(&replay->moments, now, moment_pop(now));
    (void)moment_pop(now);
    const struct interval to =
        moment_look(&replay->moments, now, moment_pop(now));
    interval_unsigned(&size, &least, &most);
    interval_unsigned(&to, &first, &last);
    /* What goes beyond the memory traps before it has written anything. */
    int64_t end = last + most < limit ? last + most : limit;
    if (most > 0 && first < end) {
        blur(replay, step, base + (uint64_t)first, base + (uint64_t)end, &any);
    }
}
