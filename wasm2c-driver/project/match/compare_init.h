/* SPDX-License-Identifier: MIT */
/* What a module's initDefaults does: clear memories, copy data segments. */
#ifndef F4E_COMPARE_INIT_H
#define F4E_COMPARE_INIT_H

#include "project/project.h"

struct compare_init {
    uint32_t cleared[PROJECT_MAX_MEMORIES]; /* bytes from 0 on */
    struct project_segment *segments;       /* as they are copied */
    uint32_t segment_count;
};

/* Read the body of defined function 'index'. False when it does anything else
 * than the compiler's initDefaults. */
F4E_MUST_CHECK bool compare_init_read(struct compare_init *init,
                                      const struct wasm_module *module,
                                      uint32_t index, struct arena *arena);

#endif
