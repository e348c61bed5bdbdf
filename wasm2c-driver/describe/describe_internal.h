/* SPDX-License-Identifier: MIT */
/* Stage 'describe', inside: what its steps share. */
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

/* The patch's name, printable. */
void describe_name(const struct describe_context *context,
                   const char *default_name);

/* Who calls the patch, frames per block, sample rate. After the functions are
 * known. Fails (usage) when a flag is beyond the limits. */
F4E_MUST_CHECK bool describe_numbers(const struct describe_context *context,
                                     struct diag *diag);

/* Notice a block that is not as long as what 'buffer' computes. After the
 * channels are known. */
void describe_block_notice(const struct describe_context *context);

#endif
