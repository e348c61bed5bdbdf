/* SPDX-License-Identifier: MIT */
#include "ranges/check/check_initial.h"

#include <string.h>

enum {
    MAX_BYTES = 64 << 20, /* of one memory that are written to */
    MAX_CALLS = 4,        /* in each other */
    MAX_STEPS = 1 << 20,
    MAX_STACK = 3,
};

/* The bytes of a memory up to 'size'; those from there on are zeros that nobody
 * has written. */
struct bytes {
    uint8_t *values;
    uint8_t *is_written; /* by initDefaults, or by what is being looked at */
    uint64_t size;       /* a multiple of 4 */
    uint64_t limit;
};

struct start {
    const struct wasm_module *module;
    struct bytes *memories;
    uint64_t stack[MAX_STACK];
    uint32_t depth;
    uint32_t steps;
    struct arena *arena;
};

/* Have 'size' bytes at 'address'. False when they are outside, or too many. */
static bool reach(struct start *start, uint32_t memory, uint64_t address,
                  uint64_t size)
{
    struct bytes *bytes = &start->memories[memory];
    if (size > bytes->limit || address > bytes->limit - size) {
        return false;
    }
    uint64_t end = address + size;
    if (end <= bytes->size) {
        return true;
    }
    if (end > MAX_BYTES) {
        return false;
    }
    uint64_t room = end > 2 * bytes->size ? end : 2 * bytes->size;
    room = (room + 3) & ~UINT64_C(3);
    room = room > bytes->limit ? bytes->limit : room;
    uint8_t *values = arena_alloc(start->arena, room, 1);
    uint8_t *is_written = arena_alloc(start->arena, room, 1);
    if (bytes->size > 0) {
        memcpy(values, bytes->values, bytes->size);
        memcpy(is_written, bytes->is_written, bytes->size);
    }
    bytes->values = values;
    bytes->is_written = is_written;
    bytes->size = room;
    return true;
}

static bool write_bytes(struct start *start, uint32_t memory, uint64_t address,
                        const void *from, uint64_t size)
{
    if (!reach(start, memory, address, size)) {
        return false;
    }
    if (size > 0) {
        memcpy(start->memories[memory].values + address, from, size);
        memset(start->memories[memory].is_written + address, 1, size);
    }
    return true;
}

static bool fill(struct start *start, uint32_t memory, const uint64_t *operands)
{
    uint64_t size = operands[2];
    if (!reach(start, memory, operands[0], size)) {
        return false;
    }
    if (size > 0) {
        memset(start->memories[memory].values + operands[0],
               (int)(operands[1] & 0xff), size);
        memset(start->memories[memory].is_written + operands[0], 1, size);
    }
    return true;
}

static bool copy_segment(struct start *start, const struct wasm_insn *insn,
                         const uint64_t *operands)
{
    const struct wasm_data *data = &start->module->data[insn->index];
    uint64_t size = data->is_passive ? data->size : 0; /* dropped when active */
    return operands[2] <= size && operands[1] <= size - operands[2] &&
           write_bytes(start, insn->index2, operands[0],
                       data->bytes + operands[1], operands[2]);
}

/* The operands are the whole stack, or it is none of our straight lines. */
static bool take(struct start *start, uint32_t count)
{
    bool is_all = start->depth == count;
    start->depth = 0;
    return is_all;
}

static bool step(struct start *start, const struct wasm_insn *insn)
{
    switch (insn->code) {
    case CODE_NOP:
        return true;
    case CODE_I32_CONST:
    case CODE_I64_CONST:
    case CODE_F32_CONST:
    case CODE_F64_CONST:
        if (start->depth == MAX_STACK) {
            return false;
        }
        start->stack[start->depth++] = insn->code == CODE_I32_CONST
                                           ? (uint32_t)insn->constant
                                           : insn->constant;
        return true;
    case CODE_MEMORY_FILL:
        return take(start, 3) && fill(start, insn->index, start->stack);
    case CODE_MEMORY_INIT:
        return take(start, 3) && copy_segment(start, insn, start->stack);
    default: /* little-endian, as the memory is */
        return code_is_store(insn->code) && take(start, 2) &&
               write_bytes(start, insn->index2,
                           start->stack[0] + insn->memarg_offset,
                           &start->stack[1], code_access_bytes(insn->code));
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as MAX_CALLS */
static bool run(struct start *start, const struct code *code, uint32_t index,
                uint32_t calls)
{
    const struct code_function *function = &code->functions[index];
    const struct wasm_func_type *type = wasm_function_type(code->module, index);
    if (calls == MAX_CALLS || code->module->functions[index].is_imported ||
        type->param_count != 0 || type->result_count != 0) {
        return false;
    }
    for (uint32_t i = 0; i + 1 < function->step_count; i++) {
        const struct wasm_insn *insn = &function->steps[i].insn;
        bool is_call = insn->code == CODE_CALL && start->depth == 0;
        if (++start->steps > MAX_STEPS ||
            !(is_call ? run(start, code, insn->index, calls + 1)
                      : step(start, insn))) {
            return false;
        }
    }
    return start->depth == 0;
}

/* Segments that are there before any code runs. */
static bool place_segments(struct start *start)
{
    for (uint32_t i = 0; i < start->module->data_count; i++) {
        const struct wasm_data *data = &start->module->data[i];
        struct wasm_insn insn;
        struct diag diag;
        size_t at = data->expression_offset;
        diag_init(&diag, NULL);
        if (!data->is_passive &&
            (!wasm_insn_read(start->module, &at, data->expression_end, &insn,
                             &diag) ||
             insn.code != CODE_I32_CONST || at + 1 != data->expression_end ||
             !write_bytes(start, data->memory, (uint32_t)insn.constant,
                          data->bytes, data->size))) {
            return false;
        }
    }
    return true;
}

/* ---- What the certificate says ---- */

enum when {
    AT_FIRST, /* every word as it is */
    AGAIN,    /* written words are new, the others as they were */
};

static bool is_word_right(const struct bytes *bytes, uint64_t at,
                          const struct interval *holds, enum when when)
{
    uint32_t word = 0;
    int written = 0;
    if (at < bytes->size) {
        memcpy(&word, bytes->values + at, sizeof(word));
        for (int i = 0; i < 4; i++) {
            written += bytes->is_written[at + (uint64_t)i];
        }
    }
    if (when == AGAIN && written < 4) {
        /* What is left of a word in part written is not known. */
        return written == 0 || interval_is_any(holds);
    }
    return interval_has(holds, word);
}

static bool are_words_right(const struct start *start,
                            const struct certificate *certificate,
                            enum when when)
{
    for (uint32_t i = 0; i < certificate->word_count; i++) {
        const struct certificate_words *words = &certificate->words[i];
        const struct bytes *bytes = &start->memories[words->start >> 32];
        uint64_t base = words->start & ~(uint64_t)UINT32_MAX;
        uint64_t end = words->end - base;
        for (uint64_t at = words->start - base; at < end; at += 4) {
            if (!is_word_right(bytes, at, &words->holds, when)) {
                return false;
            }
            /* Behind the bytes, one word is like the other. */
            at = at >= bytes->size ? end : at;
        }
    }
    return true;
}

/* An input may be anything, and is written without a look at any word. */
static bool are_inputs_free(const struct certificate *certificate,
                            const struct patch *patch)
{
    const struct interval any = interval_any();
    for (uint32_t i = 0; i < patch->input_count; i++) {
        uint64_t first = patch->inputs[i].address;
        uint64_t end = first + patch->block_frames * UINT64_C(4);
        if (first != PATCH_UNCONNECTED &&
            !certificate_allows(certificate, first & ~UINT64_C(3), end, &any)) {
            return false;
        }
    }
    return true;
}

static bool load_assets(struct start *start, const struct patch *patch)
{
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        const struct patch_asset *asset = &patch->assets[i];
        if (asset->size > 0 &&
            !write_bytes(start, 0, asset->address, asset->bytes, asset->size)) {
            return false;
        }
    }
    return true;
}

/* Forget what was written so far. */
static void write_anew(struct start *start)
{
    for (uint32_t i = 0; i < start->module->memory_count; i++) {
        if (start->memories[i].size > 0) {
            memset(start->memories[i].is_written, 0, start->memories[i].size);
        }
    }
}

bool start_agrees(const struct certificate *certificate,
                  const struct patch *patch, const struct code *code,
                  const char **reason, struct arena *arena)
{
    const struct wasm_module *module = code->module;
    struct start start = {.module = module, .arena = arena};
    start.memories =
        arena_alloc(arena, module->memory_count, sizeof(*start.memories));
    for (uint32_t i = 0; i < module->memory_count; i++) {
        start.memories[i].limit =
            module->memories[i].limits.min * WASM_PAGE_BYTES;
    }
    *reason = "active data segments do not fit";
    if (!place_segments(&start)) {
        return false;
    }
    write_anew(&start);
    *reason = "initDefaults is no straight line of constants, or writes beyond "
              "64 MiB";
    if (patch->init_function != UINT32_MAX &&
        !run(&start, code, patch->init_function, 0)) {
        return false;
    }
    *reason = "initDefaults, run again, leaves a word that it does not allow";
    if (!are_words_right(&start, certificate, AGAIN)) {
        return false;
    }
    *reason = "assets do not fit";
    if (!load_assets(&start, patch)) {
        return false;
    }
    *reason = "a word is not what it says before the first call";
    if (!are_words_right(&start, certificate, AT_FIRST)) {
        return false;
    }
    *reason = "it relies on words that an input overwrites";
    return are_inputs_free(certificate, patch);
}
