/* SPDX-License-Identifier: MIT */
/* Private to compare*.c: the state of project_compare(). */
#ifndef F4E_COMPARE_INTERNAL_H
#define F4E_COMPARE_INTERNAL_H

#include "project/match/compare_init.h"

struct comparison {
    struct project *project;
    const struct project_config *config;
    const struct wasm_module *module;
    struct arena *arena;
    struct diag *diag;
    uint32_t first_entry; /* function index of the first dispatcher */
    const uint32_t *module_functions; /* by order; or PROJECT_NONE */
    uint32_t entry_count;             /* exported ones */
    bool is_pruned; /* functions that nothing reaches are not there, and
                       which of the text's are is not known */
};

/* --- compare_report.c --- */
/* Report (input) a difference at 'line' (0: none). Returns false. */
bool compare_differs(struct comparison *check,
                     enum project_difference difference, uint32_t line,
                     const char *format, ...) F4E_PRINTF(4, 5);

/* A name for messages. */
const char *compare_print(const struct comparison *check, const char *text);

/* --- compare_memory.c --- */
/* Compare cleared ranges and pages. */
F4E_MUST_CHECK bool compare_memories(struct comparison *check,
                                     const struct compare_init *init);
/* Compare data segments: equal in number, address and bytes. */
F4E_MUST_CHECK bool compare_defaults(struct comparison *check,
                                     const struct compare_init *init);

/* --- compare_assets.c --- */
/* Whether the defaults differ anywhere but in what assets fill: a compiler may
 * put the bytes of an asset into the module. '*memory' and '*address' become
 * the first such place; they stay when nothing differs at all, but in how
 * it is said. */
bool compare_beside_assets(const struct comparison *check,
                           const struct compare_init *init, uint32_t *memory,
                           uint64_t *address);

#endif
