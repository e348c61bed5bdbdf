/* SPDX-License-Identifier: MIT */
#include "plain_patch.h"

struct patch plain_patch(const struct wasm_module *module)
{
    static const char *const names[] = {"initDefaults", "init", "buffer",
                                        "main", "cycle"};
    uint32_t found[5];
    for (int i = 0; i < 5; i++) {
        const struct wasm_export *export =
            wasm_find_export(module, WASM_FUNCTION, names[i]);
        found[i] = export == NULL ? UINT32_MAX : export->index;
    }
    struct patch patch = {
        .module = module,
        .init_function = found[0] != UINT32_MAX ? found[0] : found[1],
        .buffer_function = found[2],
        .main_function = found[3] != UINT32_MAX ? found[3] : found[4],
        .is_driven_by_main = found[2] == UINT32_MAX,
        .block_frames = 128,
    };
    return patch;
}
