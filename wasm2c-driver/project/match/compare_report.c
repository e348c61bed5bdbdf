/* SPDX-License-Identifier: MIT */
#include "project/match/compare_internal.h"

#include "project/parse/span.h"

#include <stdarg.h>

bool compare_differs(struct comparison *check,
                     enum project_difference difference, uint32_t line,
                     const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    check->project->difference = difference;
    return diag_line(check->diag, check->project->file, line, "%s", text);
}

const char *compare_print(const struct comparison *check, const char *text)
{
    return span_print(span_of(text), check->arena);
}
