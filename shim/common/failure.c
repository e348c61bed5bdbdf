/* SPDX-License-Identifier: MIT */
#include "common/failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool failure_set(struct failure *failure, enum exit_status status,
                 const char *format, ...)
{
    if (failure->status == STATUS_OK) {
        va_list args;
        va_start(args, format);
        failure->status = status;
        (void)vsnprintf(failure->text, sizeof(failure->text), format, args);
        va_end(args);
    }
    return false;
}

bool failure_set_errno(struct failure *failure, enum exit_status status,
                       const char *format, ...)
{
    const char *why = strerror(errno);
    if (failure->status == STATUS_OK) {
        va_list args;
        va_start(args, format);
        failure->status = status;
        (void)vsnprintf(failure->text, sizeof(failure->text), format, args);
        va_end(args);
        size_t used = strlen(failure->text);
        (void)snprintf(failure->text + used, sizeof(failure->text) - used,
                       ": %s", why);
    }
    return false;
}

bool failure_set_memory(struct failure *failure)
{
    return failure_set(failure, STATUS_INTERNAL, "out of memory");
}

bool failure_hint(struct failure *failure, const char *format, ...)
{
    if (failure->hint[0] == '\0') {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(failure->hint, sizeof(failure->hint), format, args);
        va_end(args);
    }
    return false;
}

void failure_check_output(struct failure *failure)
{
    if (fflush(stdout) != 0 && errno != EPIPE) {
        (void)failure_set_errno(failure, STATUS_FILE,
                                "cannot write standard output");
    }
}
