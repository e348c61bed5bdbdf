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
        buf_format(key, "%s %zu %d\n", name, size,
                   (int)shim_sources_is_hot(name));
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

/* A compiler that was exchanged is another file, whatever its name, size and
 * time: the latter are kept by some installers. */
static bool add_compiler(struct buf *key, const char *path)
{
    struct stat status;
    char *resolved = path == NULL ? NULL : realpath(path, NULL);
    bool ok = resolved != NULL && stat(resolved, &status) == 0;
    if (ok) {
        buf_format(key, "%s %lld %lld.%ld %lld.%ld\n", resolved,
                   (long long)status.st_size, (long long)status.st_mtim.tv_sec,
                   status.st_mtim.tv_nsec, (long long)status.st_ctim.tv_sec,
                   status.st_ctim.tv_nsec);
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

void cache_open(struct cache *cache, const char *const *flags,
                const char *proper, bool is_native, const char *data_dir,
                const char *text, struct arena *arena)
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
        (proper != NULL && !add_compiler(&key, proper)) ||
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

/*
 * The first line of a file: size and hash. The folder and the name are hashed
 * with the bytes, lest a file that was put under another name be taken.
 */
static const char *first_line(const struct cache *cache, const char *name,
                              const void *bytes, size_t size,
                              struct arena *arena)
{
    struct buf hashed;
    char hash[65];
    buf_init(&hashed, arena);
    buf_format(&hashed, "%s/%s\n", file_base_name(cache->directory), name);
    buf_add(&hashed, bytes, size);
    sha256_hex(hashed.bytes, hashed.length, hash);
    return arena_format(arena, "f4e-build %zu %s\n", size, hash);
}

bool cache_read(const struct cache *cache, const char *name,
                const uint8_t **bytes, size_t *size, struct arena *arena)
{
    struct diag ignored;
    const uint8_t *file = NULL;
    size_t file_size = 0;
    diag_init(&ignored, NULL);
    if (cache->directory == NULL ||
        !file_read(arena_format(arena, "%s/%s", cache->directory, name),
                   MAX_OBJECT_BYTES, &file, &file_size, arena, &ignored)) {
        return false;
    }
    const uint8_t *end = memchr(file, '\n', file_size);
    if (end == NULL) {
        return false;
    }
    size_t length = (size_t)(end - file) + 1;
    *bytes = file + length;
    *size = file_size - length;
    const char *right = first_line(cache, name, *bytes, *size, arena);
    return strlen(right) == length && memcmp(file, right, length) == 0;
}

bool cache_fetch(const struct cache *cache, const char *name, const char *path,
                 struct arena *arena)
{
    struct diag ignored;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    diag_init(&ignored, NULL);
    return cache_read(cache, name, &bytes, &size, arena) &&
           file_write(path, bytes, size, 0644, &ignored);
}

void cache_keep(const struct cache *cache, const char *name, const void *bytes,
                size_t size, struct arena *arena)
{
    struct diag ignored;
    struct buf file;
    diag_init(&ignored, NULL);
    if (cache->directory == NULL) {
        return;
    }
    const char *path = arena_format(arena, "%s/%s", cache->directory, name);
    buf_init(&file, arena);
    buf_text(&file, first_line(cache, name, bytes, size, arena));
    buf_add(&file, bytes, size);
    if (!file_write(path, file.bytes, file.length, 0600, &ignored)) {
        /* A folder, perhaps: an empty one does not stay in the way. */
        diag_init(&ignored, NULL);
        (void)remove(path);
        (void)!file_write(path, file.bytes, file.length, 0600, &ignored);
    }
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
        cache_keep(cache, name, bytes, size, arena);
    }
}
