/* SPDX-License-Identifier: MIT */
/* Private to describe*.c: the arguments of the steps of stage 'describe'. */
#ifndef F4E_DESCRIBE_INTERNAL_H
#define F4E_DESCRIBE_INTERNAL_H

#include "describe/describe.h"

struct describe_context {
    struct patch *patch;
    const struct wasm_module *module;
    const struct describe_flags *flags;
    struct describe_survey *survey; /* NULL: describe to build */
    struct arena *arena;
};

/* Set the patch's name, made printable. */
void describe_name(const struct describe_context *context,
                   const char *default_name);

/* Set runtime, frames per block and sample rate. The functions must be known.
 * Fails (usage) when a flag is out of range. */
F4E_MUST_CHECK bool describe_numbers(const struct describe_context *context,
                                     struct diag *diag);

/* Notice a block that is not as long as what 'buffer' computes. After the
 * channels are known. */
void describe_block_notice(const struct describe_context *context);

#endif
