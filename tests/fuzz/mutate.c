/* SPDX-License-Identifier: MIT */
#include "mutate.h"
#include "base/splitmix.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FILES = 1024, MAX_BYTES = 4 << 20 };

struct sample {
    const uint8_t *bytes;
    size_t size;
};

struct mutator {
    const struct mutate_format *format;
    struct sample samples[MAX_FILES];
    size_t sample_count;
    uint8_t files[MAX_BYTES];
    size_t used;
    uint64_t state; /* splitmix64 */
    uint8_t *buffer;
    size_t capacity;
};

uint64_t mutate_next(struct mutator *mutator)
{
    return splitmix_next64(&mutator->state);
}

size_t mutate_below(struct mutator *mutator, size_t limit)
{
    return limit == 0 ? 0 : (size_t)(mutate_next(mutator) % limit);
}

const uint8_t *mutate_file(struct mutator *mutator, size_t *size)
{
    const struct sample *sample =
        &mutator->samples[mutate_below(mutator, mutator->sample_count)];
    *size = sample->size;
    return sample->bytes;
}

/* The bytes end where the buffer ends: a sanitizer sees any read beyond. */
static const uint8_t *mutate(struct mutator *mutator, size_t *size)
{
    uint8_t *work = mutator->buffer;
    size_t length = 0;
    const uint8_t *file = mutate_file(mutator, &length);
    memcpy(work, file, length);
    size_t rounds = 1 + mutate_below(mutator, 4);
    for (size_t i = 0; i < rounds && length > 0; i++) {
        length =
            mutator->format->change(mutator->format, mutator, work, length);
    }
    uint8_t *end = work + mutator->capacity;
    memmove(end - length, work, length);
    *size = length;
    return end - length;
}

static bool load(struct mutator *mutator, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || mutator->sample_count == MAX_FILES) {
        (void)fprintf(stderr, "mutate: cannot take %s\n", path);
        if (file != NULL) {
            (void)fclose(file);
        }
        return false;
    }
    uint8_t *bytes = mutator->files + mutator->used;
    size_t size = fread(bytes, 1, MAX_BYTES - mutator->used, file);
    (void)fclose(file);
    if (size == 0) {
        return mutator->format->is_empty_taken;
    }
    mutator->used += size;
    mutator->samples[mutator->sample_count++] = (struct sample){bytes, size};
    if (size + mutator->format->growth_bytes > mutator->capacity) {
        mutator->capacity = size + mutator->format->growth_bytes;
    }
    return true;
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* scandir() has no room for an argument. */
static const char *suffix;

static int is_wanted(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, suffix) == 0;
}

/* In the order of names: mutations have to come out the same everywhere. */
static bool load_folder(struct mutator *mutator, const char *folder)
{
    struct dirent **list = NULL;
    suffix = mutator->format->suffix;
    int count = scandir(folder, &list, is_wanted, compare_names);
    bool is_ok = count > 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        int length =
            snprintf(path, sizeof(path), "%s/%s", folder, list[i]->d_name);
        is_ok = is_ok && length < (int)sizeof(path) && load(mutator, path);
        free(list[i]);
    }
    free(list);
    return is_ok;
}

static bool load_path(struct mutator *mutator, const char *path)
{
    struct stat status;
    bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    return is_folder && mutator->format->suffix != NULL
               ? load_folder(mutator, path)
               : load(mutator, path);
}

static int run(struct mutator *mutator, uint64_t first, uint64_t count,
               uint64_t seed)
{
    struct arena arena;
    arena_init(&arena, 0);
    uint64_t accepted = 0;
    for (uint64_t i = first; i - first < count; i++) {
        mutator->state = seed ^ i * 0xd1342543de82ef95U;
        size_t size = 0;
        const uint8_t *bytes = mutate(mutator, &size);
        const char *why = NULL;
        enum mutate_result result =
            mutator->format->check(bytes, size, &arena, &why);
        if (result == MUTATE_BROKEN) {
            (void)fprintf(stderr, "seed %llu, mutation %llu: %s\n",
                          (unsigned long long)seed, (unsigned long long)i, why);
            arena_deinit(&arena);
            return EXIT_FAILURE;
        }
        accepted += result == MUTATE_ACCEPTED;
        if (arena.used > mutator->format->keep_bytes) {
            arena_deinit(&arena);
            arena_init(&arena, 0);
        }
    }
    arena_deinit(&arena);
    (void)printf("%llu mutations of seed %llu: %llu accepted\n",
                 (unsigned long long)count, (unsigned long long)seed,
                 (unsigned long long)accepted);
    return EXIT_SUCCESS;
}

int mutate_main(const struct mutate_format *format, int argc, char **argv)
{
    static struct mutator mutator;
    mutator.format = format;
    uint64_t count = 100000;
    uint64_t seed = 1;
    uint64_t first = 0;
    for (int i = 1; i < argc; i++) {
        uint64_t *number = strcmp(argv[i], "--count") == 0   ? &count
                           : strcmp(argv[i], "--seed") == 0  ? &seed
                           : strcmp(argv[i], "--first") == 0 ? &first
                                                             : NULL;
        if (number != NULL && i + 1 < argc) {
            *number = strtoull(argv[++i], NULL, 10);
        } else if (!load_path(&mutator, argv[i])) {
            return EXIT_FAILURE;
        }
    }
    if (mutator.sample_count == 0) {
        (void)fprintf(stderr,
                      "usage: %s PATHS... --count N --seed S [--first I]\n",
                      argv[0]);
        return EXIT_FAILURE;
    }
    mutator.buffer = malloc(mutator.capacity);
    int status = mutator.buffer == NULL ? EXIT_FAILURE
                                        : run(&mutator, first, count, seed);
    free(mutator.buffer);
    return status;
}
