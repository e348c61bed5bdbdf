/* SPDX-License-Identifier: MIT */
/* Which addresses are outputs and inputs: by flags, else by the probe. */
#ifndef F4E_CHANNELS_H
#define F4E_CHANNELS_H

#include "describe/describe.h"

/* Bytes of memory 0; 0 when the module has none. */
uint64_t channels_memory_bytes(const struct wasm_module *module);

/*
 * Put the channels of the command line into 'patch', outputs or inputs. Fails
 * (usage) when their numbers are not 0 … n-1, (input) when a buffer of
 * patch->block_frames does not fit in memory 0. Nothing is changed when
 * 'count' is 0.
 */
F4E_MUST_CHECK bool channels_from_flags(struct patch *patch, bool is_output,
                                        const struct describe_channel *list,
                                        uint32_t count, struct arena *arena,
                                        struct diag *diag);

/* Put the channels of a manifest into 'patch', where it has any. */
void channels_from_manifest(struct patch *patch,
                            const struct manifest *manifest);

/*
 * Put what the probe found into 'patch', where the flags left it to the probe.
 * Fails (input) when more than two outputs fit; when that many inputs do, there
 * are none and a notice.
 */
F4E_MUST_CHECK bool channels_from_probe(struct patch *patch,
                                        const struct probe_result *probe,
                                        bool wants_outputs, bool wants_inputs,
                                        struct arena *arena, struct diag *diag);

/*
 * Once the length of a block is settled: a channel that does not fit in memory
 * 0 is not connected, as in a browser, with a notice.
 */
void channels_disconnect(struct patch *patch, struct arena *arena);

#endif
