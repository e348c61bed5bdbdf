/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* scandir */
#include "compile/shim_sources.h"

#include "base/file.h"

#include <dirent.h>
#include <sys/stat.h>

enum {
    MAX_LIST_BYTES = 65536,
    MAX_DEPTH = 4, /* folders in folders: the installation is ours, but links
                      of the user's may make a circle */
};

struct name_list {
    const char **names;
    uint32_t count, capacity;
};

static void add_name(struct name_list *list, const char *name,
                     struct arena *arena)
{
    list->names = arena_grow(arena, list->names, list->count, &list->capacity,
                             sizeof(*list->names));
    list->names[list->count++] = name;
}

bool shim_sources_list(struct shim_sources *sources, const char *data_dir,
                       const char *suffix, struct arena *arena,
                       struct diag *diag)
{
    struct name_list list = {NULL, 0, 0};
    const uint8_t *text = NULL;
    size_t size = 0;
    const char *path =
        arena_format(arena, "%s/shim/SOURCES%s", data_dir, suffix);
    if (!file_read(path, MAX_LIST_BYTES, &text, &size, arena, diag)) {
        return false;
    }
    for (const char *line = (const char *)text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (length > 2 && line[0] != '#') {
            if (list.count == SHIM_SOURCES_MAX) {
                return diag_tool(diag, "'%s' lists more than %d files", path,
                                 SHIM_SOURCES_MAX);
            }
            add_name(&list, arena_copy(arena, line, length), arena);
        }
        line += length + (line[length] == '\n');
    }
    *sources = (struct shim_sources){list.names, list.count};
    return true;
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t length = strlen(name);
    size_t tail = strlen(suffix);
    return length > tail && strcmp(name + length - tail, suffix) == 0;
}

bool shim_sources_is_header(const char *name)
{
    return has_suffix(name, ".h");
}

static bool is_source(const char *name)
{
    return has_suffix(name, ".c") || has_suffix(name, ".h") ||
           strcmp(name, "alsa.map") == 0 || strncmp(name, "SOURCES", 7) == 0;
}

/* 'folder' is a name below "shim", or "". */
static void walk(struct name_list *list, const char *shim, const char *folder,
                 unsigned depth, struct arena *arena)
{
    struct dirent **entries = NULL;
    int count = scandir(arena_format(arena, "%s/%s", shim, folder), &entries,
                        NULL, NULL);
    for (int i = 0; i < count; i++) {
        struct stat status;
        const char *name =
            arena_format(arena, "%s%s%s", folder, *folder == '\0' ? "" : "/",
                         entries[i]->d_name);
        const char *path = arena_format(arena, "%s/%s", shim, name);
        if (entries[i]->d_name[0] == '.' || stat(path, &status) != 0) {
            /* hidden, or a link that leads nowhere */
        } else if (S_ISREG(status.st_mode) && is_source(entries[i]->d_name)) {
            add_name(list, name, arena);
        } else if (S_ISDIR(status.st_mode) && depth < MAX_DEPTH) {
            walk(list, shim, name, depth + 1, arena);
        }
        free(entries[i]);
    }
    free(entries);
}

static int compare_names(const void *left, const void *right)
{
    const char *const *a = left;
    const char *const *b = right;
    return strcmp(*a, *b);
}

bool shim_sources_all(struct shim_sources *sources, const char *data_dir,
                      struct arena *arena, struct diag *diag)
{
    struct name_list list = {NULL, 0, 0};
    walk(&list, arena_format(arena, "%s/shim", data_dir), "", 0, arena);
    if (list.count == 0) {
        return diag_tool(diag, "there are no sources in '%s/shim'", data_dir);
    }
    qsort(list.names, list.count, sizeof(*list.names), compare_names);
    *sources = (struct shim_sources){list.names, list.count};
    return true;
}

bool shim_sources_is_hot(const char *name)
{
    return strncmp(name, "rt/", 3) == 0 || strcmp(name, "benchmark.c") == 0;
}
