/* SPDX-License-Identifier: MIT */
#include "ranges/check/check.h"

#include "ranges/check/check_initial.h"
#include "ranges/check/replay.h"

/*
 * The roots: exported functions, and the block functions, which the host may
 * have been told by index. initDefaults is evaluated (check_initial.h), unless
 * it is a block function too.
 */
static void find_roots(bool *is_root, const struct patch *patch)
{
    const struct wasm_module *module = patch->module;
    const uint32_t called[] = {patch->buffer_function, patch->main_function};
    for (uint32_t i = 0; i < module->export_count; i++) {
        const struct wasm_export *export = &module->exports[i];
        if (export->kind == WASM_FUNCTION &&
            export->index != patch->init_function) {
            is_root[export->index] = true;
        }
    }
    for (size_t i = 0; i < sizeof(called) / sizeof(called[0]); i++) {
        if (called[i] < module->function_count) {
            is_root[called[i]] = true;
        }
    }
    for (uint32_t i = 0; i < module->imported_function_count; i++) {
        is_root[i] = false;
    }
}

static bool replay_roots(const struct certificate *certificate,
                         const struct patch *patch,
                         const struct wasm_bodies *bodies, const char **reason,
                         struct arena *arena)
{
    struct replay replay;
    uint32_t count = patch->module->function_count;
    bool *is_root = arena_alloc(arena, count, sizeof(*is_root));
    find_roots(is_root, patch);
    replay_init(&replay, certificate, bodies, arena);
    for (uint32_t i = 0; i < count; i++) {
        if (is_root[i] && !replay_call(&replay, i)) {
            *reason = replay.failure;
            return false;
        }
    }
    return true;
}

bool check_certificate(const char *text, const struct patch *patch,
                       bool has_host_code, const char **reason,
                       struct arena *arena)
{
    struct certificate certificate;
    struct wasm_bodies bodies;
    *reason = "the host's functions may write the memory";
    if (has_host_code) {
        return false;
    }
    *reason = "the module has a start function";
    if (patch->module->has_start) {
        return false;
    }
    body_decode_all(&bodies, patch->module, arena);
    *reason = "it is not written as a proof";
    return certificate_read(&certificate, text, &bodies, arena) &&
           check_initial_memory(&certificate, patch, &bodies, reason, arena) &&
           replay_roots(&certificate, patch, &bodies, reason, arena);
}
