/* SPDX-License-Identifier: MIT */
#include "describe/manifest_internal.h"

bool manifest_is_name(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)name[i];
        bool is_c1 = byte == 0xc2 && (unsigned char)name[i + 1] < 0xa0;
        if (byte <= 0x20 || byte == 0x7f || is_c1) {
            return false;
        }
    }
    return length > 0 && length <= MANIFEST_MAX_NAME_BYTES;
}

bool manifest_fits(const struct wasm_module *module, uint32_t memory,
                   uint64_t address, uint64_t bytes)
{
    if (memory >= module->memory_count ||
        module->memories[memory].limits.is_64) {
        return false;
    }
    uint64_t size = module->memories[memory].limits.min * WASM_PAGE_BYTES;
    return bytes <= size && address <= size - bytes;
}
