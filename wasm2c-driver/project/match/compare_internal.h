/* SPDX-License-Identifier: MIT */
/* Inside of project_check(). */
#ifndef F4E_PROJECT_DIFFERENCE_H
#define F4E_PROJECT_DIFFERENCE_H

#include "project/match/compare_init.h"

struct check {
    struct project *project;
    const struct wasm_module *module;
    struct arena *arena;
    struct diag *diag;
    uint32_t first_entry; /* function index of the first dispatcher */
    uint32_t first_module;
    uint32_t entry_count; /* exported ones */
};

/* --- compare_report.c --- */
/* The report, and what kind of difference it is; false. 'line' 0: none. */
bool check_differs(struct check *check, enum project_difference difference,
                   uint32_t line, const char *format, ...) F4E_PRINTF(4, 5);

/* A name for messages. */
const char *check_print(const struct check *check, const char *text);

/* --- compare_memory.c --- */
/* Where variables end, and pages. */
F4E_MUST_CHECK bool check_memories(struct check *check,
                                   const struct init *init);
/* Data segments: exactly the same ones. */
F4E_MUST_CHECK bool check_defaults(struct check *check,
                                   const struct init *init);

#endif
