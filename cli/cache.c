/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cache.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/sha256.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE_BYTES = 1 << 20, MAX_OBJECT_BYTES = 16 << 20 };

static void add_file(struct buf *key, const char *path, struct arena *arena)
{
    struct diag ignored;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    diag_init(&ignored, NULL);
    if (file_read(path, MAX_FILE_BYTES, &bytes, &size, arena, &ignored)) {
        buf_format(key, "%s %zu\n", file_base_name(path), size);
        buf_add(key, bytes, size);
    }
}

static int compare_names(const void *left, const void *right)
{
    const char *const *a = left;
    const char *const *b = right;
    return strcmp(*a, *b);
}

/* Every source of one folder, in an order that does not vary. */
static bool add_sources(struct buf *key, const char *folder,
                        struct arena *arena)
{
    enum { MAX_SOURCES = 256 };
    const char *names[MAX_SOURCES];
    size_t count = 0;
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        return false;
    }
    for (const struct dirent *entry = readdir(directory);
         entry != NULL && count < MAX_SOURCES; entry = readdir(directory)) {
        size_t length = strlen(entry->d_name);
        if (length > 2 && (strcmp(entry->d_name + length - 2, ".c") == 0 ||
                           strcmp(entry->d_name + length - 2, ".h") == 0 ||
                           strcmp(entry->d_name, "alsa.map") == 0)) {
            names[count++] = arena_copy(arena, entry->d_name, length);
        }
    }
    (void)closedir(directory);
    qsort(names, count, sizeof(names[0]), compare_names);
    for (size_t i = 0; i < count; i++) {
        add_file(key, arena_format(arena, "%s/%s", folder, names[i]), arena);
    }
    return count < MAX_SOURCES;
}

/* A compiler that was upgraded is another file. */
static bool add_compiler(struct buf *key, const char *path)
{
    struct stat status;
    char *resolved = path == NULL ? NULL : realpath(path, NULL);
    bool ok = resolved != NULL && stat(resolved, &status) == 0;
    if (ok) {
        buf_format(key, "%s %lld %lld\n", resolved, (long long)status.st_size,
                   (long long)status.st_mtime);
    }
    free(resolved);
    return ok;
}

/* A home folder may be shared by machines with other CPUs. */
static void add_cpu(struct buf *key)
{
    static const char *const kept[] = {"vendor_id", "model", "flags",
                                       "Features", "CPU part"};
    FILE *file = fopen("/proc/cpuinfo", "re");
    char line[8192];
    while (file != NULL && fgets(line, sizeof(line), file) != NULL &&
           line[0] != '\n') {
        for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
            if (strncmp(line, kept[i], strlen(kept[i])) == 0) {
                buf_text(key, line);
            }
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

/* The folder of all caches, made when it is not there; NULL without one. */
static const char *cache_home(struct arena *arena)
{
    const char *base = getenv("XDG_CACHE_HOME");
    if (base == NULL || base[0] != '/') {
        const char *home = getenv("HOME");
        if (home == NULL || home[0] != '/') {
            return NULL;
        }
        base = arena_format(arena, "%s/.cache", home);
    }
    const char *path = arena_format(arena, "%s/f4e-build", base);
    (void)mkdir(base, 0700);
    (void)mkdir(path, 0700);
    return access(path, W_OK) == 0 ? path : NULL;
}

void cache_open(struct cache *cache, const char *const *flags, bool is_native,
                const char *shim_directory, const char *text,
                struct arena *arena)
{
    cache->directory = NULL;
    struct buf key;
    buf_init(&key, arena);
    for (size_t i = 0; flags[i] != NULL; i++) {
        buf_format(&key, "%s\n", flags[i]);
    }
    if (is_native) {
        add_cpu(&key);
    }
    if (text != NULL) {
        buf_text(&key, text);
    }
    const char *home = cache_home(arena);
    if (home == NULL || !add_compiler(&key, flags[0]) ||
        !add_sources(&key, shim_directory, arena) ||
        !add_sources(&key, arena_format(arena, "%s/rt", shim_directory),
                     arena)) {
        return;
    }
    char hash[65];
    sha256_hex(key.bytes, key.length, hash);
    const char *path = arena_format(arena, "%s/%s", home, hash);
    (void)mkdir(path, 0700);
    if (access(path, W_OK) == 0) {
        cache->directory = path;
    }
}

const char *cache_find(const struct cache *cache, const char *name,
                       struct arena *arena)
{
    if (cache->directory == NULL) {
        return NULL;
    }
    const char *path = arena_format(arena, "%s/%s", cache->directory, name);
    return access(path, R_OK) == 0 ? path : NULL;
}

void cache_store(const struct cache *cache, const char *name, const char *path,
                 struct arena *arena)
{
    struct diag ignored;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    diag_init(&ignored, NULL);
    if (cache->directory != NULL &&
        file_read(path, MAX_OBJECT_BYTES, &bytes, &size, arena, &ignored)) {
        (void)!file_write(arena_format(arena, "%s/%s", cache->directory, name),
                          bytes, size, 0600, &ignored);
    }
}
