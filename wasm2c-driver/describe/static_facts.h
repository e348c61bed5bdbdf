/* SPDX-License-Identifier: MIT */
/* Properties of a patch that follow from its code, without running it. */
#ifndef F4E_STATIC_FACTS_H
#define F4E_STATIC_FACTS_H

#include "patch.h"

/* Determined by the names of imports and exports. */
enum patch_generation static_facts_generation(const struct wasm_module *module);

/*
 * Frames per block: the number of calls of 'main' by the constant loop bounds
 * of 'buffer', or the bound of its loops when it does not call it; 0: unknown.
 * 'main_function' may be UINT32_MAX.
 */
uint32_t static_facts_block_frames(const struct wasm_module *module,
                                   uint32_t buffer_function,
                                   uint32_t main_function);

/* The common sample rate that occurs as a constant in the code, in Hz; 0: none
 * or several. */
uint32_t static_facts_sample_rate(const struct wasm_module *module);

#endif
