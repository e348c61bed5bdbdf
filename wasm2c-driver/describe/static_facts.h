/* SPDX-License-Identifier: MIT */
/* What a module's bytes tell about a patch without running it. */
#ifndef F4E_STATIC_FACTS_H
#define F4E_STATIC_FACTS_H

#include "patch.h"

/* By the names of imports and exports. */
enum patch_generation static_facts_generation(const struct wasm_module *module);

/*
 * Frames per block: how often 'buffer' calls 'main' by the bounds of its loops,
 * or the bound of its loops when it does not call it. 0 when that is not plain
 * to see. 'main_function' may be UINT32_MAX.
 */
uint32_t static_facts_block_frames(const struct wasm_module *module,
                                   uint32_t buffer_function,
                                   uint32_t main_function);

/* The one usual sample rate that the code computes with, in Hz; 0 for none or
 * several. */
uint32_t static_facts_sample_rate(const struct wasm_module *module);

#endif
