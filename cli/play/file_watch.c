/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "play/file_watch.h"

#include "base/file.h"

#include <limits.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint32_t MASK = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE |
                             IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                             IN_ONLYDIR;

void file_watch_open(struct file_watch *watch)
{
    watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watch->count = 0;
    watch->has_lost = false;
}

static void look(struct file_watch *watch, struct file_watch_entry *entry)
{
    entry->watch = inotify_add_watch(watch->fd, entry->folder, MASK);
    watch->has_lost = watch->has_lost || entry->watch < 0;
}

static void add(struct file_watch *watch, const char *folder, const char *name)
{
    for (uint32_t i = 0; i < watch->count; i++) {
        if (strcmp(watch->entries[i].folder, folder) == 0 &&
            strcmp(watch->entries[i].name, name) == 0) {
            return;
        }
    }
    if (watch->count < FILE_WATCH_MAX) {
        struct file_watch_entry *entry = &watch->entries[watch->count++];
        *entry = (struct file_watch_entry){folder, name, -1};
        look(watch, entry);
    }
}

/* "dir/name" in two parts. */
static void add_path(struct file_watch *watch, const char *path,
                     struct arena *arena)
{
    const char *name = file_base_name(path);
    size_t length = (size_t)(name - path);
    add(watch, length == 0 ? "." : arena_copy(arena, path, length),
        arena_copy(arena, name, strlen(name)));
}

void file_watch_add(struct file_watch *watch, const char *path,
                    struct arena *arena)
{
    struct stat status;
    if (watch->fd < 0) {
        return;
    }
    add_path(watch, path, arena);
    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
        char *target = realpath(path, NULL);
        if (target != NULL) {
            add_path(watch, target, arena);
        }
        free(target);
    }
}

/* A new file will be closed by who writes it; a link is complete at once. */
static bool is_complete(const struct file_watch_entry *entry, uint32_t mask)
{
    char path[PATH_MAX];
    struct stat status;
    int length =
        snprintf(path, sizeof(path), "%s/%s", entry->folder, entry->name);
    return (mask & IN_CREATE) == 0 || length < 0 ||
           (size_t)length >= sizeof(path) ||
           (lstat(path, &status) == 0 &&
            (!S_ISREG(status.st_mode) || status.st_size > 0));
}

/* 'name' is what follows the event, or empty. */
static bool take_event(struct file_watch *watch,
                       const struct inotify_event *event, const char *name)
{
    bool is_ours = (event->mask & IN_Q_OVERFLOW) != 0;
    for (uint32_t i = 0; i < watch->count; i++) {
        struct file_watch_entry *entry = &watch->entries[i];
        if (entry->watch != event->wd || event->wd < 0) {
            continue;
        }
        if ((event->mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)) != 0) {
            if ((event->mask & IN_MOVE_SELF) != 0) {
                (void)inotify_rm_watch(watch->fd, event->wd);
            }
            entry->watch = -1;
            watch->has_lost = true;
        } else if (strcmp(name, entry->name) == 0) {
            is_ours = is_ours || is_complete(entry, event->mask);
        }
    }
    return is_ours;
}

bool file_watch_read(struct file_watch *watch)
{
    char bytes[65536];
    bool is_ours = false;
    ssize_t got;
    while (watch->fd >= 0 &&
           (got = read(watch->fd, bytes, sizeof(bytes))) > 0) {
        for (ssize_t at = 0; at < got;) {
            struct inotify_event event;
            memcpy(&event, bytes + at, sizeof(event));
            const char *name = event.len > 0 ? bytes + at + sizeof(event) : "";
            is_ours = take_event(watch, &event, name) || is_ours;
            at += (ssize_t)(sizeof(event) + event.len);
        }
    }
    return is_ours;
}

bool file_watch_retry(struct file_watch *watch)
{
    bool is_back = false;
    if (!watch->has_lost) {
        return false;
    }
    watch->has_lost = false;
    for (uint32_t i = 0; i < watch->count; i++) {
        struct file_watch_entry *entry = &watch->entries[i];
        if (entry->watch < 0) {
            look(watch, entry);
            is_back = is_back || entry->watch >= 0;
        }
    }
    return is_back;
}

void file_watch_close(struct file_watch *watch)
{
    if (watch->fd >= 0) {
        (void)close(watch->fd);
        watch->fd = -1;
    }
}
