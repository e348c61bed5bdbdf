/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* flock */
#include "play/leftovers.h"

#include "base/workdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char lock_name[] = "play.lock";

/* Ours, and nobody holds its lock. */
static bool is_left(const char *folder, struct arena *arena)
{
    struct stat status;
    if (lstat(folder, &status) != 0 || !S_ISDIR(status.st_mode) ||
        status.st_uid != geteuid()) {
        return false;
    }
    int fd = open(arena_format(arena, "%s/%s", folder, lock_name),
                  O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    bool is_free = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return is_free;
}

void leftovers_remove(struct arena *arena)
{
    static const char prefix[] = "f4e-build-";
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || *parent != '/') {
        parent = "/tmp";
    }
    DIR *folder = opendir(parent);
    if (folder == NULL) {
        return;
    }
    for (const struct dirent *entry = readdir(folder); entry != NULL;
         entry = readdir(folder)) {
        if (strncmp(entry->d_name, prefix, sizeof(prefix) - 1) != 0) {
            continue;
        }
        const char *path = arena_format(arena, "%s/%s", parent, entry->d_name);
        if (is_left(path, arena)) {
            workdir_remove_left(path);
        }
    }
    (void)closedir(folder);
}

bool leftovers_lock(const char *folder, struct arena *arena, struct diag *diag)
{
    /* Locked before it has its name: nobody finds it unlocked. */
    const char *first = arena_format(arena, "%s/%s.new", folder, lock_name);
    const char *path = arena_format(arena, "%s/%s", folder, lock_name);
    int fd = open(first, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 ||
        rename(first, path) != 0) {
        int error = errno;
        if (fd >= 0) {
            (void)close(fd);
        }
        return diag_system(diag, "cannot lock '%s': %s", path, strerror(error));
    }
    return true; /* 'fd' stays open: it is the lock */
}
