/* SPDX-License-Identifier: MIT */
/* What a patch is to the analysis of addresses, without asking the probe: its
 * entry points by name, blocks of 128 frames, no channels, no assets. */
#ifndef F4E_TEST_PLAIN_PATCH_H
#define F4E_TEST_PLAIN_PATCH_H

#include "patch.h"

struct patch plain_patch(const struct wasm_module *module);

#endif
