/* SPDX-License-Identifier: MIT */
/* Decoding of a module's initDefaults: cleared ranges and copied segments. */
#ifndef F4E_COMPARE_INIT_H
#define F4E_COMPARE_INIT_H

#include "project/project.h"

struct compare_init {
    uint32_t cleared[PROJECT_MAX_MEMORIES]; /* bytes from 0 on */
    struct project_segment *segments;       /* in the order of copying */
    uint32_t segment_count;
};

/* Decode the body of defined function 'index'. False when it has instructions
 * that the compiler's initDefaults has not. */
F4E_MUST_CHECK bool compare_init_read(struct compare_init *init,
                                      const struct wasm_module *module,
                                      uint32_t index, struct arena *arena);

#endif
