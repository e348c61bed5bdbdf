/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "compile/cache.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/sha256.h"
#include "compile/shim_sources.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE_BYTES = 1 << 20, MAX_OBJECT_BYTES = 16 << 20 };

static void add_file(struct buf *key, const char *data_dir, const char *name,
                     struct arena *arena)
{
    struct diag ignored;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    diag_init(&ignored, NULL);
    const char *path = arena_format(arena, "%s/shim/%s", data_dir, name);
    if (file_read(path, MAX_FILE_BYTES, &bytes, &size, arena, &ignored)) {
        buf_format(key, "%s %zu\n", name, size);
        buf_add(key, bytes, size);
    }
}

/* Every file that an object depends on. */
static bool add_sources(struct buf *key, const char *data_dir,
                        struct arena *arena)
{
    struct shim_sources sources;
    struct diag ignored;
    diag_init(&ignored, NULL);
    if (!shim_sources_all(&sources, data_dir, arena, &ignored)) {
        return false;
    }
    for (size_t i = 0; i < sources.count; i++) {
        add_file(key, data_dir, sources.names[i], arena);
    }
    return true;
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
                const char *data_dir, const char *text, struct arena *arena)
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
        !add_sources(&key, data_dir, arena)) {
        return;
    }
    char hash[SHA256_HEX];
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
