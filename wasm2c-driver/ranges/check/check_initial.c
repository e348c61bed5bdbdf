/* SPDX-License-Identifier: MIT */
#include "ranges/check/check_initial.h"

#include "ranges/certificate_format.h"

#include <string.h>

/* The bytes of a memory up to 'size'; those after it are zero and not
 * written. */
struct initial_bytes {
    uint8_t *values;
    uint8_t *is_written; /* since clear_written() */
    uint64_t size;       /* a multiple of 4 */
    uint64_t limit;
};

struct initial_eval {
    const struct wasm_module *module;
    struct initial_bytes *memories;
    uint64_t stack[CERTIFICATE_MAX_INIT_OPERANDS];
    uint32_t depth;
    uint32_t steps;
    struct arena *arena;
};

/* Make room for 'size' bytes at 'address'. False when they are out of bounds,
 * or more than the limit. */
static bool reach(struct initial_eval *eval, uint32_t memory, uint64_t address,
                  uint64_t size)
{
    struct initial_bytes *bytes = &eval->memories[memory];
    if (size > bytes->limit || address > bytes->limit - size) {
        return false;
    }
    uint64_t end = address + size;
    if (end <= bytes->size) {
        return true;
    }
    if (end > CERTIFICATE_MAX_INIT_BYTES) {
        return false;
    }
    uint64_t room = end > 2 * bytes->size ? end : 2 * bytes->size;
    room = (room + 3) & ~UINT64_C(3);
    room = room > bytes->limit ? bytes->limit : room;
    uint8_t *values = arena_alloc(eval->arena, room, 1);
    uint8_t *is_written = arena_alloc(eval->arena, room, 1);
    if (bytes->size > 0) {
        memcpy(values, bytes->values, bytes->size);
        memcpy(is_written, bytes->is_written, bytes->size);
    }
    bytes->values = values;
    bytes->is_written = is_written;
    bytes->size = room;
    return true;
}

static bool write_bytes(struct initial_eval *eval, uint32_t memory,
                        uint64_t address, const void *from, uint64_t size)
{
    if (!reach(eval, memory, address, size)) {
        return false;
    }
    if (size > 0) {
        memcpy(eval->memories[memory].values + address, from, size);
        memset(eval->memories[memory].is_written + address, 1, size);
    }
    return true;
}

static bool fill(struct initial_eval *eval, uint32_t memory,
                 const uint64_t *operands)
{
    uint64_t size = operands[2];
    if (!reach(eval, memory, operands[0], size)) {
        return false;
    }
    if (size > 0) {
        memset(eval->memories[memory].values + operands[0],
               (int)(operands[1] & 0xff), size);
        memset(eval->memories[memory].is_written + operands[0], 1, size);
    }
    return true;
}

static bool copy_segment(struct initial_eval *eval,
                         const struct wasm_insn *insn, const uint64_t *operands)
{
    const struct wasm_data *data = &eval->module->data[insn->index];
    uint64_t size =
        data->is_passive ? data->size : 0; /* an active segment is dropped */
    return operands[2] <= size && operands[1] <= size - operands[2] &&
           write_bytes(eval, insn->index2, operands[0],
                       data->bytes + operands[1], operands[2]);
}

/* The operands must be the whole stack: else it is no straight line. */
static bool pop_all(struct initial_eval *eval, uint32_t count)
{
    bool is_all = eval->depth == count;
    eval->depth = 0;
    return is_all;
}

static bool push(struct initial_eval *eval, uint64_t bits)
{
    bool has_room = eval->depth < CERTIFICATE_MAX_INIT_OPERANDS;
    if (has_room) {
        eval->stack[eval->depth++] = bits;
    }
    return has_room;
}

static bool eval_insn(struct initial_eval *eval, const struct wasm_insn *insn)
{
    uint64_t bits = 0;
    if (insn->code == CODE_NOP) {
        return true;
    }
    if (body_constant(insn, &bits)) {
        return push(eval, bits);
    }
    if (insn->code == CODE_MEMORY_FILL) {
        return pop_all(eval, 3) && fill(eval, insn->index, eval->stack);
    }
    if (insn->code == CODE_MEMORY_INIT) {
        return pop_all(eval, 3) && copy_segment(eval, insn, eval->stack);
    }
    /* A store is little-endian, as the memory is. */
    return body_is_store(insn->code) && pop_all(eval, 2) &&
           write_bytes(eval, insn->index2, eval->stack[0] + insn->memarg_offset,
                       &eval->stack[1], body_access_bytes(insn->code));
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as CERTIFICATE_MAX_INIT_CALLS */
static bool eval_function(struct initial_eval *eval,
                          const struct wasm_bodies *bodies, uint32_t index,
                          uint32_t calls)
{
    const struct wasm_body *body = &bodies->functions[index];
    const struct wasm_func_type *type =
        wasm_function_type(bodies->module, index);
    if (calls == CERTIFICATE_MAX_INIT_CALLS ||
        bodies->module->functions[index].is_imported ||
        type->param_count != 0 || type->result_count != 0) {
        return false;
    }
    for (uint32_t i = 0; i + 1 < body->op_count; i++) {
        const struct wasm_insn *insn = &body->ops[i].insn;
        bool is_call = insn->code == CODE_CALL && eval->depth == 0;
        if (++eval->steps > CERTIFICATE_MAX_INIT_STEPS ||
            !(is_call ? eval_function(eval, bodies, insn->index, calls + 1)
                      : eval_insn(eval, insn))) {
            return false;
        }
    }
    return eval->depth == 0;
}

/* Active segments, which are there before any code runs. */
static bool eval_segments(struct initial_eval *eval)
{
    for (uint32_t i = 0; i < eval->module->data_count; i++) {
        const struct wasm_data *data = &eval->module->data[i];
        struct wasm_insn insn;
        struct diag diag;
        size_t at = data->expression_offset;
        diag_init(&diag, NULL);
        if (!data->is_passive &&
            (!wasm_insn_read(eval->module, &at, data->expression_end, &insn,
                             &diag) ||
             insn.code != CODE_I32_CONST || at + 1 != data->expression_end ||
             !write_bytes(eval, data->memory, (uint32_t)insn.constant,
                          data->bytes, data->size))) {
            return false;
        }
    }
    return true;
}

/* ---- The memory invariant ---- */

enum phase {
    PHASE_START,      /* every word as it is */
    PHASE_INIT_AGAIN, /* written words are new, the others as they were */
};

static bool does_word_hold(const struct initial_bytes *bytes, uint64_t at,
                           const struct interval *interval, enum phase phase)
{
    uint32_t word = 0;
    int written = 0;
    if (at < bytes->size) {
        memcpy(&word, bytes->values + at, sizeof(word));
        for (int i = 0; i < 4; i++) {
            written += bytes->is_written[at + (uint64_t)i];
        }
    }
    if (phase == PHASE_INIT_AGAIN && written < 4) {
        /* The other bytes of a word that is written in part are not known. */
        return written == 0 || interval_is_top(interval);
    }
    return interval_contains(interval, word);
}

static bool do_words_hold(const struct initial_eval *eval,
                          const struct certificate *certificate,
                          enum phase phase)
{
    for (uint32_t i = 0; i < certificate->word_count; i++) {
        const struct certificate_words *words = &certificate->words[i];
        const struct initial_bytes *bytes = &eval->memories[words->start >> 32];
        uint64_t base = words->start & ~(uint64_t)UINT32_MAX;
        uint64_t end = words->end - base;
        for (uint64_t at = words->start - base; at < end; at += 4) {
            if (!does_word_hold(bytes, at, &words->interval, phase)) {
                return false;
            }
            /* All words after 'size' are the same. */
            at = at >= bytes->size ? end : at;
        }
    }
    return true;
}

/* A block of input may hold anything, and is written without a look at the
 * invariant. */
static bool are_inputs_free(const struct certificate *certificate,
                            const struct patch *patch)
{
    const struct interval any = interval_top();
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

static bool eval_assets(struct initial_eval *eval, const struct patch *patch)
{
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        const struct patch_asset *asset = &patch->assets[i];
        if (asset->size > 0 &&
            !write_bytes(eval, 0, asset->address, asset->bytes, asset->size)) {
            return false;
        }
    }
    return true;
}

static void clear_written(struct initial_eval *eval)
{
    for (uint32_t i = 0; i < eval->module->memory_count; i++) {
        if (eval->memories[i].size > 0) {
            memset(eval->memories[i].is_written, 0, eval->memories[i].size);
        }
    }
}

bool check_initial_memory(const struct certificate *certificate,
                          const struct patch *patch,
                          const struct wasm_bodies *bodies, const char **reason,
                          struct arena *arena)
{
    const struct wasm_module *module = bodies->module;
    struct initial_eval eval = {.module = module, .arena = arena};
    eval.memories =
        arena_alloc(arena, module->memory_count, sizeof(*eval.memories));
    for (uint32_t i = 0; i < module->memory_count; i++) {
        eval.memories[i].limit =
            module->memories[i].limits.min * WASM_PAGE_BYTES;
    }
    *reason = "active data segments do not fit";
    if (!eval_segments(&eval)) {
        return false;
    }
    clear_written(&eval);
    *reason = "initDefaults is no straight line of constants, or writes beyond "
              "64 MiB";
    if (patch->init_function != UINT32_MAX &&
        !eval_function(&eval, bodies, patch->init_function, 0)) {
        return false;
    }
    *reason = "initDefaults, run again, leaves a word that it does not allow";
    if (!do_words_hold(&eval, certificate, PHASE_INIT_AGAIN)) {
        return false;
    }
    *reason = "assets do not fit";
    if (!eval_assets(&eval, patch)) {
        return false;
    }
    *reason = "a word is not what it says before the first call";
    if (!do_words_hold(&eval, certificate, PHASE_START)) {
        return false;
    }
    *reason = "it relies on words that an input overwrites";
    return are_inputs_free(certificate, patch);
}
