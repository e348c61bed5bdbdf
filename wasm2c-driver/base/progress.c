/* SPDX-License-Identifier: MIT */
#include "base/progress.h"

#include <stdarg.h>
#include <unistd.h>

void progress_start(struct progress *progress, bool is_verbose, bool is_quiet)
{
    progress->is_shown =
        !is_quiet && (is_verbose || isatty(STDERR_FILENO) == 1);
    (void)clock_gettime(CLOCK_MONOTONIC, &progress->last);
}

void progress_done(struct progress *progress, const char *name,
                   const char *format, ...)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    double ms = (double)(now.tv_sec - progress->last.tv_sec) * 1e3 +
                (double)(now.tv_nsec - progress->last.tv_nsec) / 1e6;
    progress->last = now;
    if (progress->is_shown) {
        va_list arguments;
        va_start(arguments, format);
        (void)fprintf(stderr, "%-10s %8.1f ms  ", name, ms);
        (void)vfprintf(stderr, format, arguments);
        (void)fputc('\n', stderr);
        va_end(arguments);
    }
}
