/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int journal_open(struct journal *journal, const char *path, const char *stream)
{
    *journal = (struct journal){.fd = -1, .stream = stream};
    if (path[0] == '\0') {
        return 0;
    }
    journal->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    return journal->fd < 0 ? -errno : 0;
}

void journal_close(struct journal *journal)
{
    if (journal->fd >= 0) {
        (void)close(journal->fd);
    }
    journal->fd = -1;
}

void journal_write(const struct journal *journal, uint64_t frame,
                   const char *format, ...)
{
    char line[512];
    va_list args;
    if (journal->fd < 0) {
        return;
    }
    size_t room = sizeof(line) - 1; /* for the end of the line */
    int head = snprintf(line, room, "%s %" PRIu64 " ", journal->stream, frame);
    va_start(args, format);
    (void)vsnprintf(line + head, room - (size_t)head, format, args);
    va_end(args);
    size_t length = strlen(line);
    line[length++] = '\n';
    /* In one piece, so that lines of two streams do not mix. */
    if (write(journal->fd, line, length) != (ssize_t)length) {
        (void)fputs("fake card: cannot write the log\n", stderr);
    }
}
