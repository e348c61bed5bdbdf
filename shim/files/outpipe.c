/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* fopencookie */
#include "files/outpipe.h"

#include "files/patience.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* What is behind the FILE. */
struct sink {
    int fd;
    struct patience patience;
};

int outpipe_open(const char *path)
{
    struct patience patience = {.path = path, .deed = "read"};
    int fd;
    do {
        fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    } while (fd < 0 && errno == ENXIO && patience_wait(&patience, -1, 0));
    return fd;
}

static ssize_t write_sink(void *cookie, const char *bytes, size_t size)
{
    struct sink *sink = cookie;
    size_t done = 0;
    while (done < size) {
        /* What is told to be ready has room for so much, also when it is not
         * ours and would wait for the rest. */
        size_t part = size - done < PIPE_BUF ? size - done : (size_t)PIPE_BUF;
        if (!patience_wait(&sink->patience, sink->fd, POLLOUT)) {
            return 0;
        }
        ssize_t put = write(sink->fd, bytes + done, part);
        if (put >= 0) {
            done += (size_t)put;
        } else if (errno != EAGAIN && errno != EINTR) {
            return 0;
        }
    }
    return (ssize_t)size;
}

/* Says by errno that there is no way to. */
static int seek_sink(void *cookie, off64_t *offset, int whence)
{
    const struct sink *sink = cookie;
    *offset = lseek(sink->fd, *offset, whence);
    return *offset < 0 ? -1 : 0;
}

static int close_sink(void *cookie)
{
    struct sink *sink = cookie;
    int result = close(sink->fd);
    free(sink);
    return result;
}

FILE *outpipe_stream(int fd, const char *path)
{
    static const cookie_io_functions_t functions = {
        .write = write_sink, .seek = seek_sink, .close = close_sink};
    struct sink *sink = malloc(sizeof(*sink));
    if (sink == NULL) {
        return NULL;
    }
    *sink = (struct sink){
        .fd = fd,
        .patience = {.path = path, .deed = "read", .is_ending = true}};
    FILE *file = fopencookie(sink, "w", functions);
    if (file == NULL) {
        free(sink);
    }
    return file;
}
