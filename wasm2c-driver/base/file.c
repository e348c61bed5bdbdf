/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

const char *file_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

const char *file_directory(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL   ? "."
           : slash == path ? "/"
                           : arena_copy(arena, path, (size_t)(slash - path));
}

static bool read_all(int descriptor, uint8_t *bytes, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(descriptor, bytes + done, size - done);
        if (got == 0) {
            errno = EIO; /* it shrank while we read */
            return false;
        }
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        done += (size_t)got;
    }
    return true;
}

bool file_read(const char *path, size_t limit, const uint8_t **bytes,
               size_t *size, struct arena *arena, struct diag *diag)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return diag_input(diag, -1, "cannot open '%s': %s", path,
                          strerror(errno));
    }
    struct stat status;
    bool ok = false;
    if (fstat(descriptor, &status) != 0) {
        diag_input(diag, -1, "cannot stat '%s': %s", path, strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        diag_input(diag, -1, "'%s' is not a regular file", path);
    } else if ((uint64_t)status.st_size > limit) {
        diag_input(diag, -1, "'%s' has %lld bytes, more than the limit of %zu",
                   path, (long long)status.st_size, limit);
    } else {
        *size = (size_t)status.st_size;
        uint8_t *copy = arena_alloc(arena, *size + 1, 1);
        *bytes = copy;
        ok =
            read_all(descriptor, copy, *size) ||
            diag_input(diag, -1, "cannot read '%s': %s", path, strerror(errno));
    }
    (void)close(descriptor);
    return ok;
}

static bool write_all(int descriptor, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t put = write(descriptor, bytes, size);
        if (put < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        bytes += put;
        size -= (size_t)put;
    }
    return true;
}

bool file_write(const char *path, const void *bytes, size_t size, unsigned mode,
                struct diag *diag)
{
    struct arena arena;
    arena_init(&arena, 0);
    char *temporary = arena_format(&arena, "%s.tmp-%ld", path, (long)getpid());
    int descriptor =
        open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    bool ok = false;
    if (descriptor < 0) {
        diag_system(diag, "cannot create '%s': %s", path, strerror(errno));
    } else {
        ok = write_all(descriptor, bytes, size);
        /* close() reports a full disk that write() did not. */
        ok = close(descriptor) == 0 && ok;
        ok = ok && rename(temporary, path) == 0;
        if (!ok) {
            diag_system(diag, "cannot write '%s': %s", path, strerror(errno));
            (void)unlink(temporary);
        }
    }
    arena_deinit(&arena);
    return ok;
}
