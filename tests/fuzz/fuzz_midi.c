/* SPDX-License-Identifier: MIT */
/* libFuzzer target for MIDI files. */
#include "check_midi.h"

/* The name is libFuzzer's. NOLINTBEGIN(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    arena_init(&arena, 0);
    const char *why = NULL;
    if (check_midi(bytes, size, &arena, &why) == MUTATE_BROKEN) {
        (void)fprintf(stderr, "fuzz_midi: %s\n", why);
        abort();
    }
    arena_deinit(&arena);
    return 0;
}
/* NOLINTEND(readability-identifier-naming) */
