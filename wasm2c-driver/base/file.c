/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

/* What the new file takes over from the one in its place. */
static bool take_over(int descriptor, const struct stat *before, unsigned mode)
{
    struct stat status;
    mode_t kept = before->st_mode & 0777;
    if ((mode & 0111U) != 0) {
        kept |= (kept & 0444) >> 2;
    }
    if (fstat(descriptor, &status) != 0) {
        return false;
    }
    if (status.st_uid != before->st_uid || status.st_gid != before->st_gid) {
        /* Only root may give files away; one's own groups are open to all. */
        if (fchown(descriptor, before->st_uid, before->st_gid) != 0) {
            (void)!fchown(descriptor, (uid_t)-1, before->st_gid);
        }
    }
    return fchmod(descriptor, kept) == 0;
}

/* 'path' is no link; 'before' is the file whose place it takes, or NULL. */
static bool write_beside(const char *path, const void *bytes, size_t size,
                         unsigned mode, const struct stat *before,
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
        ok = write_all(descriptor, bytes, size) &&
             (before == NULL || take_over(descriptor, before, mode));
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

bool file_write(const char *path, const void *bytes, size_t size, unsigned mode,
                struct diag *diag)
{
    return write_beside(path, bytes, size, mode, NULL, diag);
}

const char *file_target(const char *path, struct arena *arena)
{
    enum { MAX_LINKS = 40, PATH_BYTES = 4096 }; /* as the kernel has them */
    const char *at = path;
    for (unsigned i = 0; i < MAX_LINKS; i++) {
        char next[PATH_BYTES];
        ssize_t length = readlink(at, next, sizeof(next) - 1);
        if (length <= 0 || length == sizeof(next) - 1) {
            return at;
        }
        next[length] = '\0';
        int folder = (int)(file_base_name(at) - at);
        at = next[0] == '/' ? arena_copy(arena, next, (size_t)length)
                            : arena_format(arena, "%.*s%s", folder, at, next);
    }
    return path;
}

/* A device or a pipe stays what it is and takes the bytes. */
static bool write_through(const char *path, const void *bytes, size_t size,
                          struct diag *diag)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = descriptor >= 0 && write_all(descriptor, bytes, size);
    int cause = errno;
    if (descriptor >= 0 && close(descriptor) != 0 && ok) {
        ok = false;
        cause = errno;
    }
    return ok ||
           diag_system(diag, "cannot write '%s': %s", path, strerror(cause));
}

bool file_save(const char *path, const void *bytes, size_t size, unsigned mode,
               struct diag *diag)
{
    struct arena arena;
    struct stat before;
    arena_init(&arena, 0);
    const char *target = file_target(path, &arena);
    bool is_there = lstat(target, &before) == 0;
    bool ok = false;
    if (is_there && S_ISLNK(before.st_mode)) {
        diag_system(diag, "cannot write '%s': %s", path, strerror(ELOOP));
    } else if (is_there && !S_ISREG(before.st_mode)) {
        ok = write_through(target, bytes, size, diag);
    } else {
        ok = write_beside(target, bytes, size, mode, is_there ? &before : NULL,
                          diag);
    }
    arena_deinit(&arena);
    return ok;
}

static bool is_read_no_more(FILE *stream)
{
    struct pollfd end = {.fd = fileno(stream), .events = POLLOUT};
    return poll(&end, 1, 0) == 1 && (end.revents & POLLERR) != 0;
}

bool file_flush(FILE *stream, const char *what, struct diag *diag)
{
    /* The write that failed may have been an earlier one: errno is of no use.
     */
    bool is_good = fflush(stream) == 0 && ferror(stream) == 0;
    return is_good || is_read_no_more(stream) ||
           diag_system(diag, "cannot write %s", what);
}
