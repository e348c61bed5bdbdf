/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* nftw, mkdtemp */
#include "base/workdir.h"

#include <errno.h>
#include <ftw.h>
#include <stdint.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* For exits that unwind nothing (arena.c): the directory and its owner, since a
 * forked child must leave its parent's alone. */
static const char *live_path;
static pid_t live_owner;

static int remove_entry(const char *path, const struct stat *status, int type,
                        struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    (void)remove(path);
    return 0;
}

void workdir_remove_left(const char *path)
{
    enum { MAX_OPEN = 8 };
    (void)nftw(path, remove_entry, MAX_OPEN, FTW_DEPTH | FTW_PHYS);
}

static void remove_live(void)
{
    if (live_path != NULL && live_owner == getpid()) {
        workdir_remove_left(live_path);
    }
    live_path = NULL;
}

bool workdir_create(struct workdir *workdir, struct arena *arena,
                    struct diag *diag)
{
    workdir->path = NULL;
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || *parent != '/') {
        parent = "/tmp";
    }
    char *path = arena_format(arena, "%s/f4e-build-XXXXXX", parent);
    if (mkdtemp(path) == NULL) {
        return diag_system(diag, "cannot make a directory in '%s': %s", parent,
                           strerror(errno));
    }
    workdir->path = path;
    static bool is_registered;
    if (!is_registered) {
        is_registered = atexit(remove_live) == 0;
    }
    live_path = path;
    live_owner = getpid();
    if (setenv("TMPDIR", path, 1) != 0) {
        return diag_system(diag, "cannot set TMPDIR: %s", strerror(errno));
    }
    return true;
}

const char *workdir_path(const struct workdir *workdir, const char *name,
                         struct arena *arena)
{
    return arena_format(arena, "%s/%s", workdir->path, name);
}

static bool is_full(const char *path)
{
    static const uint64_t needed_bytes = 1 << 20; /* any build takes more */
    struct statvfs status;
    return statvfs(path, &status) == 0 &&
           (uint64_t)status.f_bavail * status.f_frsize < needed_bytes;
}

void workdir_explain(const struct workdir *workdir, struct diag *diag)
{
    /* A tool that cannot write may say anything, and clang that it crashed. */
    const bool may_be =
        diag->kind == DIAG_TOOL || strstr(diag->text, strerror(ENOSPC)) != NULL;
    if (workdir->path == NULL || diag->is_printed || !may_be ||
        !is_full(workdir->path)) {
        return;
    }
    const char *end = strrchr(workdir->path, '/');
    diag_init(diag, NULL);
    (void)diag_system(diag,
                      "no space left in '%.*s', where a build has its "
                      "files until it ends",
                      (int)(end - workdir->path), workdir->path);
    (void)diag_hint(diag, "TMPDIR=/var/tmp f4e-build ..., or another folder");
}

const char *workdir_keep(struct workdir *workdir)
{
    const char *path = workdir->path;
    workdir->path = NULL;
    live_path = NULL;
    return path;
}

void workdir_remove(struct workdir *workdir)
{
    if (workdir->path != NULL) {
        remove_live();
        workdir->path = NULL;
    }
}
