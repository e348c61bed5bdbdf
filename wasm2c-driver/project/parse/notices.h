/* SPDX-License-Identifier: MIT */
/* A list of notices that keeps the first ones and counts the others. */
#ifndef F4E_PROJECT_NOTICES_H
#define F4E_PROJECT_NOTICES_H

#include "project/project.h"

struct notices {
    struct arena *arena;
    struct project_notice *list; /* room for PROJECT_MAX_NOTICES, or NULL */
    uint32_t count;
    uint32_t dropped;
};

void notices_add(struct notices *notices, uint32_t line, const char *format,
                 ...) F4E_PRINTF(3, 4);

#endif
