/* SPDX-License-Identifier: MIT */
/* What holds for any bytes that are given as a project text. */
#ifndef F4E_CHECK_PROJECT_H
#define F4E_CHECK_PROJECT_H

#include "mutate.h"
#include "project/project.h"

/*
 * Parse, resolve, lay out by each set of rules. Refusals have text, file and a
 * line that exists; what is accepted keeps the invariants of a layout (see
 * check_project_layout) and memory in proportion.
 */
enum mutate_result check_project(const uint8_t *bytes, size_t size,
                                 struct arena *arena, const char **why);

/*
 * Items lie inside their module's space and apart from each other, aligned, in
 * order; modules are packed; segments are sorted; every name is found. False:
 * '*why' says what is not so.
 */
bool check_project_layout(const struct project *project, const char **why);

#endif
