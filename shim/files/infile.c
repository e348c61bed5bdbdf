/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* fopencookie */
#include "files/infile.h"

#include "files/patience.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is behind a FILE that has to be waited for. */
struct source {
    int fd;
    struct patience patience;
};

static ssize_t read_source(void *cookie, char *bytes, size_t size)
{
    struct source *source = cookie;
    ssize_t got = -1;
    do {
        if (!patience_wait(&source->patience, source->fd, POLLIN)) {
            return -1;
        }
        got = read(source->fd, bytes, size);
    } while (got < 0 && (errno == EAGAIN || errno == EINTR));
    return got;
}

static int close_source(void *cookie)
{
    struct source *source = cookie;
    int result = close(source->fd);
    free(source);
    return result;
}

static FILE *open_source(int fd, const char *name)
{
    static const cookie_io_functions_t functions = {.read = read_source,
                                                    .close = close_source};
    struct source *source = malloc(sizeof(*source));
    if (source == NULL) {
        return NULL;
    }
    *source = (struct source){.fd = fd,
                              .patience = {.path = name, .deed = "write to"}};
    FILE *file = fopencookie(source, "r", functions);
    if (file == NULL) {
        free(source);
    }
    return file;
}

const char *infile_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

FILE *infile_open(const char *path, struct failure *failure)
{
    /* A pipe that is opened so is there before those who write to it. */
    const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    const char *name = infile_name(path);
    struct stat status;
    FILE *file = NULL;
    int fd = name != path ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                          : open(path, flags);
    if (fd >= 0 && fstat(fd, &status) == 0) {
        /* Folders say what they are when they are read. */
        file = S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)
                   ? fdopen(fd, "rb")
                   : open_source(fd, name);
    }
    if (file == NULL) {
        (void)failure_set_errno(failure, STATUS_FILE, "cannot read '%s'", name);
        if (fd >= 0) {
            (void)close(fd);
        }
    }
    return file;
}
