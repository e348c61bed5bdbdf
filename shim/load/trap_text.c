/* SPDX-License-Identifier: MIT */
#include "load/trap_text.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "w2c_patch_fn3_main_0" and "w2c_fn3" are function 3; -1 when unknown. */
static long function_index(const char *name)
{
    const char *at = name;
    while ((at = strstr(at, "_fn")) != NULL) {
        at += 3;
        if (isdigit((unsigned char)*at)) {
            char *end;
            unsigned long long index = strtoull(at, &end, 10);
            if ((*end == '\0' || *end == '_') && index <= LONG_MAX) {
                return (long)index;
            }
        }
    }
    return -1;
}

void trap_describe(const struct f4e_patch *patch,
                   const struct f4e_trap_report *report, const char *when,
                   char *text, size_t size)
{
    char where[160] = "";
    const char *name = NULL;
    long index =
        report->function != NULL ? function_index(report->function) : -1;
    for (unsigned i = 0; i < patch->function_name_count; i++) {
        if (index == (long)patch->function_names[i].index) {
            name = patch->function_names[i].name;
        }
    }
    if (name != NULL) {
        (void)snprintf(where, sizeof(where), " in function %ld '%s'", index,
                       name);
    } else if (index >= 0) {
        (void)snprintf(where, sizeof(where), " in function %ld", index);
    } else if (report->function != NULL) {
        (void)snprintf(where, sizeof(where), " in '%s'", report->function);
    }
    (void)snprintf(text, size, "trap: %s%s %s", f4e_trap_text(report->kind),
                   where, when);
}
