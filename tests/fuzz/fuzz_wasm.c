/* SPDX-License-Identifier: MIT */
/* libFuzzer target for stage 1. */
#include "check_wasm.h"

/* The name is libFuzzer's. NOLINTBEGIN(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    arena_init(&arena, 0);
    const char *why = NULL;
    if (check_wasm(bytes, size, &arena, &why) == MUTATE_BROKEN) {
        (void)fprintf(stderr, "fuzz_wasm: %s\n", why);
        abort();
    }
    arena_deinit(&arena);
    return 0;
}
/* NOLINTEND(readability-identifier-naming) */
