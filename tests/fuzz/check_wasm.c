/* SPDX-License-Identifier: MIT */
#include "check_wasm.h"

#include "tables/copies.h"
#include "tables/indirect.h"
#include "wasm/validate.h"

enum {
    /* Run-length locals, and growing arrays that start with some room. */
    SPARE_BYTES = 1500000,
    BYTES_PER_BYTE = 400,
};

enum mutate_result check_wasm(const uint8_t *bytes, size_t size,
                              struct arena *arena, const char **why)
{
    size_t used = arena->used;
    struct diag diag;
    diag_init(&diag, NULL);
    struct wasm_module module;
    bool is_accepted = wasm_read(&module, bytes, size, arena, &diag) &&
                       wasm_supported(&module, arena, &diag) &&
                       wasm_validate(&module, arena, &diag);
    if (arena->used - used > SPARE_BYTES + size * BYTES_PER_BYTE) {
        *why = "more memory than a fixed multiple of the file";
        return MUTATE_BROKEN;
    }
    struct wasm_module direct;
    if (is_accepted && indirect_resolve(&direct, &module, arena, &diag)) {
        struct wasm_module copied;
        copies_make(&copied, &direct, arena);
        if (!wasm_validate(&direct, arena, &diag) ||
            !wasm_validate(&copied, arena, &diag)) {
            *why = "direct calls, or copies, that are not valid";
            return MUTATE_BROKEN;
        }
    }
    if (is_accepted && diag.kind == DIAG_NONE) {
        return MUTATE_ACCEPTED;
    }
    *why = "a refusal without kind, text or offset in the file";
    return diag.kind == DIAG_INPUT && diag.text[0] != '\0' &&
                   diag.offset >= 0 && (uint64_t)diag.offset <= size
               ? MUTATE_REJECTED
               : MUTATE_BROKEN;
}
