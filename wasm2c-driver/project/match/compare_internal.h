/* SPDX-License-Identifier: MIT */
/* Private to compare*.c: the state of project_compare(). */
#ifndef F4E_COMPARE_INTERNAL_H
#define F4E_COMPARE_INTERNAL_H

#include "project/match/compare_init.h"

struct comparison {
    struct project *project;
    const struct wasm_module *module;
    struct arena *arena;
    struct diag *diag;
    uint32_t first_entry; /* function index of the first dispatcher */
    uint32_t first_module;
    uint32_t entry_count; /* exported ones */
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

#endif
