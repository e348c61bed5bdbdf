/* SPDX-License-Identifier: MIT */
#include "channel/listener.h"

#include "config/file_name.h"
#include "files/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 64, NUMBERS = 99 };

static int open_socket(struct sockaddr_un *address, const char *path)
{
    size_t length = strlen(path);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (length >= sizeof(address->sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address->sun_path, path, length + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd >= 0) {
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    return fd;
}

void listener_set_timeout(int fd, unsigned seconds)
{
    const struct timeval time = {.tv_sec = (time_t)seconds};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

int listener_connect(const char *path, unsigned seconds)
{
    struct sockaddr_un address;
    int fd = open_socket(&address, path);
    if (fd >= 0) {
        listener_set_timeout(fd, seconds);
    }
    if (fd >= 0 &&
        connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        int error = errno;
        (void)close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* Somebody listens there; one who is too busy to answer does too. */
static bool is_alive(const char *path)
{
    struct sockaddr_un address;
    int fd = open_socket(&address, path);
    if (fd < 0) {
        return false;
    }
    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    bool is_there =
        connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 ||
        errno == EAGAIN || errno == EINPROGRESS;
    (void)close(fd);
    return is_there;
}

static bool fail_listen(const char *path, int error, struct failure *failure)
{
    return failure_set(failure, STATUS_FILE, "cannot listen at '%s': %s", path,
                       strerror(error));
}

/* Only a socket that nobody serves is removed. */
static bool clear_place(const char *path, struct failure *failure)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        return errno == ENOENT || fail_listen(path, errno, failure);
    }
    if (!S_ISSOCK(status.st_mode)) {
        return failure_set(failure, STATUS_FILE,
                           "cannot listen at '%s': it is there and no socket",
                           path);
    }
    if (is_alive(path)) {
        (void)failure_set(failure, STATUS_FILE,
                          "cannot listen at '%s': a patch that plays does",
                          path);
        return failure_hint(failure, "--control unix finds a name of its own");
    }
    return unlink(path) == 0 || fail_listen(path, errno, failure);
}

static bool bind_place(struct listener *listener, const char *path,
                       struct failure *failure)
{
    struct sockaddr_un address;
    struct stat status;
    int fd = open_socket(&address, path);
    if (fd < 0) {
        return fail_listen(path, errno, failure);
    }
    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    /* No other thread exists yet whose files this mask could meet. */
    mode_t mask = umask(0177);
    bool is_bound =
        bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
    int error = errno;
    (void)umask(mask);
    if (!is_bound || listen(fd, BACKLOG) != 0 || lstat(path, &status) != 0) {
        error = is_bound ? errno : error;
        (void)close(fd);
        return fail_listen(path, error, failure);
    }
    listener->fd = fd;
    listener->device = status.st_dev;
    listener->file = status.st_ino;
    (void)snprintf(listener->path, sizeof(listener->path), "%s", path);
    return true;
}

bool listener_open(struct listener *listener, const char *path,
                   struct failure *failure)
{
    if (*path == '\0' || strlen(path) >= LISTENER_PATH_MAX) {
        return failure_set(failure, STATUS_FILE,
                           "the path of a socket has 1 to %d bytes, not %zu",
                           LISTENER_PATH_MAX - 1, strlen(path));
    }
    /* Nobody else looks for a place there meanwhile. */
    int lock = folder_lock(path);
    bool is_good =
        clear_place(path, failure) && bind_place(listener, path, failure);
    folder_unlock(lock);
    return is_good;
}

bool listener_folder(char *path, size_t size)
{
    struct stat status;
    char user[64];
    const char *base = getenv("XDG_RUNTIME_DIR");
    if (base == NULL || *base != '/') {
        base = getenv("RUNTIME_DIRECTORY");
    }
    if (base == NULL || *base != '/' || strchr(base, ':') != NULL) {
        (void)snprintf(user, sizeof(user), "/run/user/%lu",
                       (unsigned long)geteuid());
        base =
            stat(user, &status) == 0 && S_ISDIR(status.st_mode) ? user : NULL;
    }
    int length = base != NULL ? snprintf(path, size, "%s/f4e", base)
                              : snprintf(path, size, "/tmp/f4e-%lu",
                                         (unsigned long)geteuid());
    return length > 0 && (size_t)length < size;
}

bool listener_check_folder(const char *path, struct failure *failure)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        return fail_listen(path, errno, failure);
    }
    if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid() ||
        (status.st_mode & 022) != 0) {
        (void)failure_set(failure, STATUS_FILE,
                          "'%s' is no folder that only you can write to", path);
        return failure_hint(failure, "--control unix:PATH");
    }
    return true;
}

bool listener_fail_folder(struct failure *failure)
{
    (void)failure_set(failure, STATUS_FILE,
                      "the path of the folder for sockets, f4e in "
                      "$XDG_RUNTIME_DIR, has more than %d bytes",
                      LISTENER_PATH_MAX - 1);
    return failure_hint(failure, "--control unix:PATH, ctl --socket PATH");
}

void listener_format(char *file, size_t size, const char *name, unsigned number)
{
    char plain[FILE_NAME_BYTES];
    file_name_make(plain, name);
    if (number > 1) {
        (void)snprintf(file, size, "%s-%u.sock", plain, number);
    } else {
        (void)snprintf(file, size, "%s.sock", plain);
    }
}

bool listener_open_default(struct listener *listener, const char *name,
                           struct failure *failure)
{
    char folder[LISTENER_PATH_MAX];
    char file[LISTENER_PATH_MAX];
    char path[2 * LISTENER_PATH_MAX];
    if (!listener_folder(folder, sizeof(folder))) {
        return listener_fail_folder(failure);
    }
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return fail_listen(folder, errno, failure);
    }
    if (!listener_check_folder(folder, failure)) {
        return false;
    }
    for (unsigned i = 1; i <= NUMBERS; i++) {
        struct failure taken = {0};
        listener_format(file, sizeof(file), name, i);
        (void)snprintf(path, sizeof(path), "%s/%s", folder, file);
        if (listener_open(listener, path, &taken)) {
            return true;
        }
        if (!is_alive(path)) {
            *failure = taken;
            return false;
        }
    }
    return failure_set(failure, STATUS_FILE,
                       "%d patches called '%s' play already", NUMBERS, name);
}

void listener_close(struct listener *listener)
{
    struct stat status;
    if (lstat(listener->path, &status) == 0 &&
        status.st_dev == listener->device && status.st_ino == listener->file) {
        (void)unlink(listener->path);
    }
    (void)close(listener->fd);
    listener->fd = -1;
}
