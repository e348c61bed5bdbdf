/* SPDX-License-Identifier: MIT */
/*
 * The checker of certificates (certificate_format.h). It searches for nothing
 * and shares no code with ranges/analysis/: arithmetic, memory, roots and
 * replay are its own, written from the WebAssembly specification. What both use
 * is the reader of modules (wasm/) and the description of the patch.
 */
#ifndef F4E_CHECK_H
#define F4E_CHECK_H

#include "patch.h"
#include "wasm/body.h"

/*
 * Whether the text proves all that it claims of the patch. The memory invariant
 * holds initially; one call of any function that the host may call, from any
 * memory that satisfies it, leaves one that does; and each claim is true
 * whenever its site is executed. 'has_host_code': imports may write memory.
 * False with '*reason', static or in 'arena', also for a text that is no
 * certificate. Everything it allocates is in 'arena'.
 */
bool check_certificate(const char *text, const struct patch *patch,
                       bool has_host_code, const char **reason,
                       struct arena *arena);

#endif
