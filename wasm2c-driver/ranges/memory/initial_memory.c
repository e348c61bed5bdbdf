/* SPDX-License-Identifier: MIT */
#include "ranges/memory/initial_memory.h"

#include "ranges/certificate_format.h"

#include <string.h>

struct span {
    uint64_t start;
    uint64_t end;
};

/* Evaluation of a straight line of constants. */
struct initial_eval {
    struct initial_memory *initial;
    struct span *filled; /* by memory: what the first fill has covered */
    const struct wasm_module *module;
    uint64_t stack[CERTIFICATE_MAX_INIT_OPERANDS];
    uint32_t depth;
    uint32_t steps; /* so far */
    struct arena *arena;
};

/* The bytes at 'address', which are inside the memory; NULL beyond the limit of
 * what is evaluated. */
static uint8_t *reach(struct initial_eval *eval, uint32_t memory,
                      uint64_t address, uint64_t size)
{
    struct initial_bytes *initial = &eval->initial->memories[memory];
    uint64_t end = (address + size + 3) & ~UINT64_C(3);
    if (end > CERTIFICATE_MAX_INIT_BYTES) {
        return NULL;
    }
    if (end > initial->size) {
        uint64_t room = 2 * initial->size > end ? 2 * initial->size : end;
        room = room > initial->limit ? initial->limit : room;
        uint8_t *grown = arena_alloc(eval->arena, room, 1);
        if (initial->size > 0) {
            memcpy(grown, initial->bytes, initial->size);
        }
        initial->bytes = grown;
        initial->size = room;
    }
    return initial->bytes + address;
}

static bool fits(const struct initial_eval *eval, uint32_t memory,
                 uint64_t address, uint64_t size)
{
    uint64_t limit = eval->initial->memories[memory].limit;
    return size <= limit && address <= limit - size;
}

static bool copy(struct initial_eval *eval, uint32_t memory, uint64_t address,
                 const void *bytes, uint64_t size)
{
    if (!fits(eval, memory, address, size)) {
        return false;
    }
    if (size == 0) {
        return true;
    }
    uint8_t *to = reach(eval, memory, address, size);
    if (to != NULL) {
        memcpy(to, bytes, size);
    }
    return to != NULL;
}

static bool fill(struct initial_eval *eval, uint32_t memory, uint64_t address,
                 uint32_t value, uint64_t size)
{
    struct initial_bytes *initial = &eval->initial->memories[memory];
    if (!fits(eval, memory, address, size)) {
        return false;
    }
    if ((value & 0xff) == 0) { /* what was not written is zero */
        size = address >= initial->size         ? 0
               : size > initial->size - address ? initial->size - address
                                                : size;
    }
    if (size == 0) {
        return true;
    }
    uint8_t *to = reach(eval, memory, address, size);
    if (to != NULL) {
        memset(to, (int)(value & 0xff), size);
    }
    return to != NULL;
}

/* A store to a part of a word leaves its other bytes; they are only known after
 * a fill in the same function. */
static void record_partly_written(struct initial_eval *eval, uint32_t memory,
                                  uint64_t address, uint64_t size)
{
    struct initial_memory *initial = eval->initial;
    const struct span *filled = &eval->filled[memory];
    if (size == 0 || (address % 4 == 0 && size % 4 == 0) ||
        (filled->start <= address && address + size <= filled->end)) {
        return;
    }
    initial->partly_written = arena_grow(
        eval->arena, initial->partly_written, initial->partly_written_count,
        &initial->partly_written_capacity, sizeof(*initial->partly_written));
    initial->partly_written[initial->partly_written_count++] =
        (struct partly_written){memory, address & ~UINT64_C(3),
                                (address + size + 3) & ~UINT64_C(3)};
}

static void record_fill(struct initial_eval *eval, uint32_t memory,
                        uint64_t address, uint64_t size)
{
    struct span *filled = &eval->filled[memory];
    if (filled->end == 0) {
        *filled = (struct span){address, address + size};
    }
}

static bool init(struct initial_eval *eval, const struct wasm_insn *insn,
                 const uint64_t operands[CERTIFICATE_MAX_INIT_OPERANDS])
{
    const struct wasm_data *data = &eval->module->data[insn->index];
    uint64_t size = data->is_passive ? data->size : 0;
    record_partly_written(eval, insn->index2, operands[0], operands[2]);
    return operands[2] <= size && operands[1] <= size - operands[2] &&
           copy(eval, insn->index2, operands[0], data->bytes + operands[1],
                operands[2]);
}

static bool pop(struct initial_eval *eval, uint32_t count)
{
    bool ok = eval->depth >= count;
    eval->depth = ok ? eval->depth - count : 0;
    return ok;
}

static bool eval_fill(struct initial_eval *eval, uint32_t memory)
{
    const uint64_t *operands = eval->stack;
    record_partly_written(eval, memory, operands[0], operands[2]);
    if (!fill(eval, memory, operands[0], (uint32_t)operands[1], operands[2])) {
        return false;
    }
    record_fill(eval, memory, operands[0], operands[2]);
    return true;
}

/* The operand is little-endian, as the memory is. */
static bool eval_store(struct initial_eval *eval, const struct wasm_insn *insn)
{
    uint64_t address = eval->stack[0] + insn->memarg_offset;
    uint32_t size = body_access_bytes(insn->code);
    record_partly_written(eval, insn->index2, address, size);
    return copy(eval, insn->index2, address, &eval->stack[1], size);
}

/* False for an instruction that is not part of a straight line. */
static bool eval_insn(struct initial_eval *eval, const struct wasm_insn *insn)
{
    uint64_t constant = 0;
    if (body_constant(insn, &constant)) {
        if (eval->depth == CERTIFICATE_MAX_INIT_OPERANDS) {
            return false;
        }
        eval->stack[eval->depth++] = constant;
        return true;
    }
    switch (insn->code) {
    case CODE_NOP:
        return true;
    case CODE_MEMORY_FILL:
        return pop(eval, 3) && eval_fill(eval, insn->index);
    case CODE_MEMORY_INIT:
        return pop(eval, 3) && init(eval, insn, eval->stack);
    default:
        return body_is_store(insn->code) && pop(eval, 2) &&
               eval_store(eval, insn);
    }
}

/* Older compilers emit a function for each module, called from `init`. */
static bool eval_function(struct initial_eval *eval,
                          const struct wasm_bodies *bodies, uint32_t index,
                          unsigned depth)
{
    const struct wasm_body *body = &bodies->functions[index];
    const struct wasm_func_type *type =
        wasm_function_type(bodies->module, index);
    if (depth == 0 || index < bodies->module->imported_function_count ||
        type->param_count > 0 || type->result_count > 0) {
        return false;
    }
    for (uint32_t i = 0; i + 1 < body->op_count; i++) {
        const struct wasm_insn *insn = &body->ops[i].insn;
        bool ok = insn->code == CODE_CALL
                      ? eval->depth == 0 &&
                            eval_function(eval, bodies, insn->index, depth - 1)
                      : eval_insn(eval, insn);
        if (!ok || ++eval->steps > CERTIFICATE_MAX_INIT_STEPS) {
            return false;
        }
    }
    return eval->depth == 0;
}

/* Active segments. False for an offset that is not a constant. */
static bool eval_segments(struct initial_eval *eval)
{
    for (uint32_t i = 0; i < eval->module->data_count; i++) {
        const struct wasm_data *data = &eval->module->data[i];
        struct wasm_insn insn;
        struct diag diag;
        size_t at = data->expression_offset;
        diag_init(&diag, NULL);
        if (data->is_passive) {
            continue;
        }
        if (!wasm_insn_read(eval->module, &at, data->expression_end, &insn,
                            &diag) ||
            insn.code != CODE_I32_CONST || at + 1 != data->expression_end ||
            !copy(eval, data->memory, (uint32_t)insn.constant, data->bytes,
                  data->size)) {
            return false;
        }
    }
    return true;
}

/* The word at 'address', a multiple of 4 inside the memory. */
static uint32_t read_word(const struct initial_memory *initial, uint32_t memory,
                          uint64_t address)
{
    const struct initial_bytes *from = &initial->memories[memory];
    uint32_t word = 0;
    if (address < from->size) {
        memcpy(&word, from->bytes + address, sizeof(word));
    }
    return word;
}

static struct range word_range(const struct initial_memory *initial,
                               uint32_t memory, uint64_t address)
{
    return range_constant(read_word(initial, memory, address));
}

static struct range join_words(const struct initial_memory *initial,
                               uint32_t memory, uint64_t start, uint64_t end)
{
    struct range all = word_range(initial, memory, start);
    for (uint64_t at = start + 4; at < end; at += 4) {
        const struct range word = word_range(initial, memory, at);
        all = range_join(&all, &word);
    }
    return all;
}

static void join_blocks(struct initial_memory *initial, struct arena *arena)
{
    enum { BYTES = INITIAL_BLOCK_WORDS * 4 };
    for (uint32_t i = 0; i < initial->memory_count; i++) {
        struct initial_bytes *memory = &initial->memories[i];
        uint64_t count = memory->size / BYTES;
        memory->blocks = arena_alloc(arena, count, sizeof(*memory->blocks));
        for (uint64_t k = 0; k < count; k++) {
            memory->blocks[k] =
                join_words(initial, i, k * BYTES, (k + 1) * BYTES);
        }
    }
}

static bool eval_assets(struct initial_eval *eval, const struct patch *patch)
{
    struct initial_memory *initial = eval->initial;
    initial->below_assets = arena_alloc(eval->arena, patch->asset_count,
                                        sizeof(*initial->below_assets));
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        const struct patch_asset *asset = &patch->assets[i];
        if (asset->size == 0) {
            initial->below_assets[i] = range_constant(0);
            continue;
        }
        /* Extend the bytes first, so that join_words() sees all words below. */
        if (!fits(eval, 0, asset->address, asset->size) ||
            reach(eval, 0, asset->address, asset->size) == NULL) {
            return false;
        }
        initial->below_assets[i] = join_words(
            initial, 0, asset->address & ~UINT32_C(3),
            ((uint64_t)asset->address + asset->size + 3) & ~UINT64_C(3));
        if (!copy(eval, 0, asset->address, asset->bytes, asset->size)) {
            return false;
        }
    }
    return true;
}

bool initial_memory_eval(struct initial_memory *initial,
                         const struct patch *patch,
                         const struct wasm_bodies *bodies, const char **reason,
                         struct arena *arena)
{
    const struct wasm_module *module = patch->module;
    struct initial_eval eval = {
        .initial = initial, .module = module, .arena = arena};
    eval.filled =
        arena_alloc(arena, module->memory_count, sizeof(*eval.filled));
    *initial = (struct initial_memory){.memory_count = module->memory_count};
    initial->memories =
        arena_alloc(arena, module->memory_count, sizeof(*initial->memories));
    for (uint32_t i = 0; i < module->memory_count; i++) {
        initial->memories[i].limit =
            module->memories[i].limits.min * WASM_PAGE_BYTES;
    }
    *reason = "active data segments cannot be placed";
    if (!eval_segments(&eval)) {
        return false;
    }
    *reason = "initDefaults computes what it writes";
    if (patch->init_function != UINT32_MAX &&
        !eval_function(&eval, bodies, patch->init_function,
                       CERTIFICATE_MAX_INIT_CALLS)) {
        return false;
    }
    *reason = "assets do not fit";
    if (!eval_assets(&eval, patch)) {
        return false;
    }
    join_blocks(initial, arena);
    return true;
}

struct range initial_memory_join(const struct initial_memory *initial,
                                 uint32_t memory, uint64_t start, uint64_t end)
{
    enum { BYTES = INITIAL_BLOCK_WORDS * 4 };
    const struct initial_bytes *from = &initial->memories[memory];
    struct range all = word_range(initial, memory, start);
    if (end > from->size) {
        const struct range zero = range_constant(0);
        all = range_join(&all, &zero);
        end = from->size;
    }
    for (uint64_t at = start; at < end;) {
        if (at % BYTES == 0 && end - at >= BYTES) {
            all = range_join(&all, &from->blocks[at / BYTES]);
            at += BYTES;
        } else {
            const struct range word = word_range(initial, memory, at);
            all = range_join(&all, &word);
            at += 4;
        }
    }
    return all;
}

static uint32_t image_byte(const struct initial_memory *initial,
                           uint32_t memory, uint64_t address)
{
    return read_word(initial, memory, address & ~UINT64_C(3)) >>
               address % 4 * 8 &
           0xff;
}

struct range initial_memory_join_parts(const struct initial_memory *initial,
                                       uint32_t memory, uint64_t start,
                                       uint64_t end, uint64_t stride,
                                       uint32_t bytes, bool is_signed)
{
    struct range all = range_top();
    for (uint64_t at = start; at + bytes <= end; at += stride) {
        uint32_t number = image_byte(initial, memory, at);
        uint32_t unused_bits = 32 - 8 * bytes;
        if (bytes == 2) {
            number |= image_byte(initial, memory, at + 1) << 8;
        }
        if (is_signed) {
            number = (uint32_t)((int32_t)(number << unused_bits) >>
                                (int32_t)unused_bits);
        }
        const struct range one = range_constant(number);
        all = at == start ? one : range_join(&all, &one);
    }
    return all;
}
