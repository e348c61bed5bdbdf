/* SPDX-License-Identifier: MIT */
#include "interp/interp.h"

#include "interp/interp_run.h"

static const uint64_t F32_NAN = 0x7fc00000;
static const uint64_t F64_NAN = 0x7ff8000000000000;

/* A constant expression is one constant or one earlier global, then end. */
static bool evaluate(const struct interp *interp, size_t at, size_t end,
                     uint64_t *value, struct diag *diag)
{
    struct wasm_insn insn;
    if (!wasm_insn_read(interp->module, &at, end, &insn, diag)) {
        return false;
    }
    *value = insn.opcode->immediate == IMMEDIATE_GLOBAL
                 ? interp->globals[insn.index]
                 : insn.constant;
    return true;
}

static bool create_memories(struct interp *interp, struct diag *diag)
{
    const struct wasm_module *module = interp->module;
    uint64_t pages = 0;
    for (uint32_t i = 0; i < module->memory_count; i++) {
        const struct wasm_memory *memory = &module->memories[i];
        pages += memory->limits.min;
        if (pages > INTERP_MAX_PAGES) {
            return diag_input(diag, (int64_t)memory->offset,
                              "memory %u makes %llu pages of 64 KiB: more than "
                              "the %d that a trial run may use",
                              i, (unsigned long long)pages, INTERP_MAX_PAGES);
        }
        uint64_t size = memory->limits.min * WASM_PAGE_BYTES;
        interp->memories[i].size = size;
        interp->memories[i].bytes = calloc(1, size > 0 ? (size_t)size : 1);
        if (interp->memories[i].bytes == NULL) {
            return diag_system(diag, "out of memory: %llu bytes for memory %u",
                               (unsigned long long)size, i);
        }
    }
    return true;
}

static bool apply_segments(struct interp *interp, struct diag *diag)
{
    const struct wasm_module *module = interp->module;
    for (uint32_t i = 0; i < module->data_count; i++) {
        const struct wasm_data *data = &module->data[i];
        if (data->is_passive) {
            continue;
        }
        uint64_t address = 0;
        if (!evaluate(interp, data->expression_offset, data->expression_end,
                      &address, diag)) {
            return false;
        }
        if (!interp_fits(interp, data->memory, address, data->size)) {
            return diag_input(
                diag, (int64_t)data->offset,
                "data segment %u has %u bytes for address %llu, "
                "but memory %u has %llu",
                i, data->size, (unsigned long long)address, data->memory,
                (unsigned long long)interp->memories[data->memory].size);
        }
        if (data->size > 0) {
            memcpy(interp->memories[data->memory].bytes + address, data->bytes,
                   data->size);
        }
        interp->is_dropped[i] = true;
    }
    return true;
}

static bool prepare(struct interp *interp, struct arena *arena,
                    struct diag *diag)
{
    const struct wasm_module *module = interp->module;
    if (module->size > UINT32_MAX) {
        return diag_input(diag, -1, "a module of more than 4 GiB");
    }
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (!interp_decode(&interp->codes[i], module, i, arena, diag)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < module->global_count; i++) {
        const struct wasm_global *global = &module->globals[i];
        if (!global->is_imported &&
            !evaluate(interp, global->init_offset, global->end_offset,
                      &interp->globals[i], diag)) {
            return false;
        }
    }
    interp->slots = calloc(INTERP_SLOTS, sizeof(*interp->slots));
    interp->frames = calloc(INTERP_MAX_DEPTH, sizeof(*interp->frames));
    if (interp->slots == NULL || interp->frames == NULL) {
        return diag_system(diag, "out of memory");
    }
    return create_memories(interp, diag) && apply_segments(interp, diag);
}

bool interp_create(struct interp **interp, const struct wasm_module *module,
                   struct arena *arena, struct diag *diag)
{
    struct interp *made = arena_alloc(arena, 1, sizeof(*made));
    made->module = module;
    made->codes =
        arena_alloc(arena, module->function_count, sizeof(*made->codes));
    made->memories =
        arena_alloc(arena, module->memory_count, sizeof(*made->memories));
    made->globals =
        arena_alloc(arena, module->global_count, sizeof(*made->globals));
    made->is_dropped =
        arena_alloc(arena, module->data_count, sizeof(*made->is_dropped));
    if (!prepare(made, arena, diag)) {
        interp_destroy(made);
        return false;
    }
    *interp = made;
    return true;
}

void interp_destroy(struct interp *interp)
{
    if (interp == NULL) {
        return;
    }
    for (uint32_t i = 0; i < interp->module->memory_count; i++) {
        free(interp->memories[i].bytes);
        interp->memories[i].bytes = NULL;
    }
    free(interp->slots);
    free(interp->frames);
    interp->slots = NULL;
    interp->frames = NULL;
}

void interp_watch(struct interp *interp, const struct interp_watch *watch)
{
    interp->watch = watch != NULL ? *watch : (struct interp_watch){0};
}

uint8_t *interp_memory(struct interp *interp, uint32_t index, uint64_t *bytes)
{
    *bytes = interp->memories[index].size;
    return interp->memories[index].bytes;
}

/* What a JavaScript host passes when it passes nothing. */
static uint64_t no_argument(uint8_t type)
{
    return type == WASM_F32 ? F32_NAN : type == WASM_F64 ? F64_NAN : 0;
}

enum interp_result interp_call(struct interp *interp, uint32_t index,
                               uint64_t *fuel, struct interp_stop *stop)
{
    const struct wasm_func_type *type =
        wasm_function_type(interp->module, index);
    if (interp->codes[index].insns == NULL) {
        return INTERP_DONE;
    }
    for (uint32_t i = 0; i < type->param_count; i++) {
        interp->slots[i] = no_argument(type->params[i]);
    }
    return interp_run(interp, index, fuel, stop);
}

enum interp_result interp_call_with(struct interp *interp, uint32_t index,
                                    const uint64_t *arguments, uint64_t *fuel,
                                    struct interp_stop *stop)
{
    const struct wasm_func_type *type =
        wasm_function_type(interp->module, index);
    if (interp->codes[index].insns == NULL) {
        return INTERP_DONE;
    }
    if (type->param_count > 0) {
        memcpy(interp->slots, arguments,
               type->param_count * sizeof(*arguments));
    }
    return interp_run(interp, index, fuel, stop);
}
