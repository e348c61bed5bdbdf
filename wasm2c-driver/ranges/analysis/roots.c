/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/roots.h"

bool roots_contain(const struct patch *patch, uint32_t export)
{
    const struct wasm_module *module = patch->module;
    const struct wasm_export *root = &module->exports[export];
    if (root->kind != WASM_FUNCTION || root->index == patch->init_function ||
        root->index < module->imported_function_count) {
        return false;
    }
    for (uint32_t i = 0; i < export; i++) {
        if (module->exports[i].kind == WASM_FUNCTION &&
            module->exports[i].index == root->index) {
            return false;
        }
    }
    return true;
}
