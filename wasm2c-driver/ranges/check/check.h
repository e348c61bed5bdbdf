/* SPDX-License-Identifier: MIT */
/*
 * The check of a written proof (ranges/proof.h). It has its own arithmetic,
 * memory, list of what a host may do and walk through the code, and shares with
 * the analysis that wrote the proof no more than the module's reader.
 */
#ifndef F4E_CHECK_H
#define F4E_CHECK_H

#include "patch.h"
#include "wasm/body.h"

/*
 * Whether the text proves all that it claims of the patch: its words are as it
 * says at first, one call of any function that the host may call, from any
 * memory that is as it says, variants one that is, and each claim is true
 * whenever its instruction runs. 'has_host_code': imports may write memory.
 * False with
 * '*reason', in the arena, otherwise, also for a text that is no proof.
 */
bool check_certificate(const char *text, const struct patch *patch,
                       bool has_host_code, const char **reason,
                       struct arena *arena);

#endif
