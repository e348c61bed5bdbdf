/* SPDX-License-Identifier: MIT */
/* Addresses of outputs and inputs, from flags, manifest or probe. */
#ifndef F4E_CHANNELS_H
#define F4E_CHANNELS_H

#include "describe/describe.h"

/* Bytes of memory 0; 0 when the module has none. */
uint64_t channels_memory_bytes(const struct wasm_module *module);

/*
 * Set the outputs or inputs of 'patch' from the command line; does nothing when
 * 'count' is 0. Fails (usage) unless their numbers are 0 … n-1, (input) when a
 * buffer of patch->block_frames does not fit in memory 0.
 */
F4E_MUST_CHECK bool channels_from_flags(struct patch *patch, bool is_output,
                                        const struct describe_channel *list,
                                        uint32_t count, struct arena *arena,
                                        struct diag *diag);

/* Set outputs and inputs from those that the manifest has. */
void channels_from_manifest(struct patch *patch,
                            const struct manifest *manifest);

/*
 * Set the wanted outputs and inputs from the probe. Fails (input) when it found
 * more than two outputs; more than two inputs become none, with a notice.
 */
F4E_MUST_CHECK bool channels_from_probe(struct patch *patch,
                                        const struct probe_result *probe,
                                        bool wants_outputs, bool wants_inputs,
                                        struct arena *arena, struct diag *diag);

/*
 * Disconnect channels whose buffer does not fit in memory 0, as in a browser,
 * with a notice. patch->block_frames must be final.
 */
void channels_disconnect(struct patch *patch, struct arena *arena);

#endif
