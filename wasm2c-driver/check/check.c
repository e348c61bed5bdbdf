/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "replay.h"
#include "start.h"

/* What the host calls between blocks, or for one: all that has a name, and what
 * it was told to call. initDefaults is in start.h. */
static void find_entries(bool *is_entry, const struct patch *patch)
{
    const struct wasm_module *module = patch->module;
    const uint32_t called[] = {patch->buffer_function, patch->main_function};
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind == WASM_FUNCTION) {
            is_entry[module->exports[i].index] = true;
        }
    }
    for (size_t i = 0; i < sizeof(called) / sizeof(called[0]); i++) {
        if (called[i] < module->function_count) {
            is_entry[called[i]] = true;
        }
    }
    for (uint32_t i = 0; i < module->function_count; i++) {
        is_entry[i] = is_entry[i] && !module->functions[i].is_imported &&
                      i != patch->init_function;
    }
}

static bool replay_entries(const struct certificate *certificate,
                           const struct patch *patch, const struct code *code,
                           const char **reason, struct arena *arena)
{
    struct replay replay;
    uint32_t count = patch->module->function_count;
    bool *is_entry = arena_alloc(arena, count, sizeof(*is_entry));
    find_entries(is_entry, patch);
    replay_init(&replay, certificate, code, arena);
    for (uint32_t i = 0; i < count; i++) {
        if (is_entry[i] && !replay_call(&replay, i)) {
            *reason = replay.failure;
            return false;
        }
    }
    return true;
}

bool check_proof(const char *text, const struct patch *patch,
                 bool has_host_code, const char **reason, struct arena *arena)
{
    struct certificate certificate;
    struct code code;
    *reason = "the host's functions may write the memory";
    if (has_host_code || patch->module->has_start) {
        return false;
    }
    code_decode(&code, patch->module, arena);
    *reason = "it is not written as a proof";
    return certificate_read(&certificate, text, &code, arena) &&
           start_agrees(&certificate, patch, &code, reason, arena) &&
           replay_entries(&certificate, patch, &code, reason, arena);
}
