/* SPDX-License-Identifier: MIT */
/*
 * Says when one of some files was changed, in whatever way editors and
 * compilers do that: written, replaced by renaming, removed and made again,
 * touched.
 */
#ifndef F4E_PLAY_FILE_WATCH_H
#define F4E_PLAY_FILE_WATCH_H

#include "base/arena.h"

#include <stdint.h>

enum { FILE_WATCH_MAX = 600 };

struct file_watch_entry {
    const char *folder;
    const char *name; /* in the folder */
    int watch;        /* of the folder; -1: it is not there */
};

struct file_watch {
    int fd; /* for poll(); -1: the system cannot tell */
    struct file_watch_entry entries[FILE_WATCH_MAX];
    uint32_t count;
    bool has_lost; /* a folder: file_watch_retry() looks for it */
};

/* Without inotify nothing is ever seen; fd says so. */
void file_watch_open(struct file_watch *watch);

/* Watch one more file, which need not be there; its folder and, if it is a
 * link, that of what it leads to. More than FILE_WATCH_MAX are left out. */
void file_watch_add(struct file_watch *watch, const char *path,
                    struct arena *arena);

/* Read what has happened. True: to one of the files. Never waits. */
bool file_watch_read(struct file_watch *watch);

/* Look for folders that were gone. True: one is there again. */
bool file_watch_retry(struct file_watch *watch);

void file_watch_close(struct file_watch *watch);

#endif
