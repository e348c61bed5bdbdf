/* SPDX-License-Identifier: MIT */
/* Inside manifest*.c of describe/ only: how manifest_check() is divided. */
#ifndef F4E_MANIFEST_INTERNAL_H
#define F4E_MANIFEST_INTERNAL_H

#include "describe/manifest.h"

/* Where the items have gone. */
struct manifest_moves {
    const uint32_t *moved; /* to the new index, UINT32_MAX: dropped */
    uint32_t count;        /* of old indices; larger ones do not exist */
};

/* " (patch.8f4e:12)", or nothing. */
const char *manifest_at(const char *where, struct arena *arena);

/* Whether 'bytes' from 'address' on lie inside a memory that never grows. */
bool manifest_fits(const struct wasm_module *module, uint32_t memory,
                   uint64_t address, uint64_t bytes);

/*
 * Let params and views follow their items. What lost its item, and what does
 * not fit it, is dropped with a notice. Orders become ascending ones.
 */
void manifest_check_params(struct manifest *manifest,
                           const struct manifest_moves *moves,
                           struct arena *arena);
void manifest_check_views(struct manifest *manifest,
                          const struct manifest_moves *moves,
                          const struct wasm_module *module,
                          struct arena *arena);
/* The same for words from which MIDI is sent. */
void manifest_check_senders(struct manifest *manifest,
                            const struct manifest_moves *moves,
                            struct arena *arena);

#endif
