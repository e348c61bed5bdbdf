/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* flock */
#include "files/folder_lock.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { TRIES = 500, PAUSE_MS = 2 };

static int open_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path) {
        return open(slash == NULL ? "." : "/",
                    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    char *folder = strdup(path);
    if (folder == NULL) {
        return -1;
    }
    folder[slash - path] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    return fd;
}

int folder_lock(const char *path)
{
    int lock = open_folder(path);
    for (int i = 0;
         lock >= 0 && i < TRIES && flock(lock, LOCK_EX | LOCK_NB) != 0; i++) {
        (void)poll(NULL, 0, PAUSE_MS);
    }
    return lock;
}

void folder_unlock(int lock)
{
    if (lock >= 0) {
        (void)close(lock);
    }
}
