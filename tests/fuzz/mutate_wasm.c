/* SPDX-License-Identifier: MIT */
/*
 * mutate_wasm FILES... --count N --seed S [--first I]
 *
 * Mutation number i of seed s is always the same module, so a failure is
 * replayed with --first i --count 1. Exits with 1 when a property of
 * check_wasm.h breaks; a crash is the sanitizers' business.
 */
#include "check_wasm.h"

enum {
    MAX_FILES = 256,
    MAX_BYTES = 1 << 20,
    GROWTH_BYTES = 64,
    ARENA_KEEP_BYTES = 32 * 1024,
};

struct sample {
    const uint8_t *bytes;
    size_t size;
};

struct mutator {
    struct sample samples[MAX_FILES];
    size_t sample_count;
    uint8_t files[MAX_BYTES];
    size_t used;
    uint64_t state; /* splitmix64 */
    uint8_t *buffer;
    size_t capacity;
};

static uint64_t next(struct mutator *mutator)
{
    uint64_t z = mutator->state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static size_t below(struct mutator *mutator, size_t limit)
{
    return limit == 0 ? 0 : (size_t)(next(mutator) % limit);
}

static uint8_t odd_byte(struct mutator *mutator)
{
    static const uint8_t bytes[] = {
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0e, 0x0f, 0x10, 0x1a,
        0x20, 0x21, 0x22, 0x23, 0x40, 0x41, 0x42, 0x43, 0x44, 0x60, 0x6f, 0x70,
        0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
    };
    return bytes[below(mutator, sizeof(bytes))];
}

/* Both may lie in the same bytes. */
static void move(uint8_t *to, const uint8_t *from, size_t length)
{
    memmove(to, from, length);
}

/* Change 'bytes' in one way; returns the new size, at most one byte more. */
static size_t mutate_once(struct mutator *mutator, uint8_t *bytes, size_t size)
{
    size_t at = below(mutator, size);
    size_t other = below(mutator, size);
    size_t most = size - (at > other ? at : other);
    switch (below(mutator, 10)) {
    case 0:
    case 1:
        bytes[at] ^= (uint8_t)(1U << below(mutator, 8));
        return size;
    case 2:
        bytes[at] = (uint8_t)next(mutator);
        return size;
    case 3:
    case 4:
        bytes[at] = odd_byte(mutator);
        return size;
    case 5: /* one more or one less: counts, sizes, indices */
        bytes[at] = (uint8_t)(bytes[at] + (below(mutator, 2) == 0 ? 1 : 0xff));
        return size;
    case 6:
        move(bytes + at, bytes + other, 1 + below(mutator, most));
        return size;
    case 7:
        move(bytes + at + 1, bytes + at, size - at);
        bytes[at] = odd_byte(mutator);
        return size + 1;
    case 8:
        move(bytes + at, bytes + at + 1, size - at - 1);
        return size - 1;
    default:
        for (size_t i = 0; i < 5 && at + i < size; i++) {
            bytes[at + i] = i < 4 ? 0xff : 0x0f;
        }
        return below(mutator, 4) == 0 ? at + 1 : size;
    }
}

/* The module ends where the buffer ends: a sanitizer sees any read beyond. */
static const uint8_t *mutate(struct mutator *mutator, size_t *size)
{
    const struct sample *sample =
        &mutator->samples[below(mutator, mutator->sample_count)];
    uint8_t *work = mutator->buffer;
    memcpy(work, sample->bytes, sample->size);
    size_t length = sample->size;
    size_t rounds = 1 + below(mutator, 4);
    for (size_t i = 0; i < rounds && length > 0; i++) {
        length = mutate_once(mutator, work, length);
    }
    uint8_t *end = mutator->buffer + mutator->capacity;
    move(end - length, work, length);
    *size = length;
    return end - length;
}

static bool load(struct mutator *mutator, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || mutator->sample_count == MAX_FILES) {
        (void)fprintf(stderr, "mutate_wasm: cannot take %s\n", path);
        if (file != NULL) {
            (void)fclose(file);
        }
        return false;
    }
    uint8_t *bytes = mutator->files + mutator->used;
    size_t size = fread(bytes, 1, MAX_BYTES - mutator->used, file);
    (void)fclose(file);
    mutator->used += size;
    mutator->samples[mutator->sample_count++] = (struct sample){bytes, size};
    if (size + GROWTH_BYTES > mutator->capacity) {
        mutator->capacity = size + GROWTH_BYTES;
    }
    return size > 0;
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
        enum check_wasm_result result = check_wasm(bytes, size, &arena, &why);
        if (result == CHECK_BROKEN) {
            (void)fprintf(stderr, "mutate_wasm: seed %llu, mutation %llu: %s\n",
                          (unsigned long long)seed, (unsigned long long)i, why);
            arena_deinit(&arena);
            return EXIT_FAILURE;
        }
        accepted += result == CHECK_ACCEPTED;
        if (arena.used > ARENA_KEEP_BYTES) {
            arena_deinit(&arena);
        }
    }
    arena_deinit(&arena);
    (void)printf("%llu mutations of seed %llu: %llu accepted\n",
                 (unsigned long long)count, (unsigned long long)seed,
                 (unsigned long long)accepted);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static struct mutator mutator;
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
        } else if (!load(&mutator, argv[i])) {
            return EXIT_FAILURE;
        }
    }
    if (mutator.sample_count == 0) {
        (void)fprintf(stderr, "usage: mutate_wasm FILES... --count N "
                              "--seed S [--first I]\n");
        return EXIT_FAILURE;
    }
    mutator.buffer = malloc(mutator.capacity);
    int status = mutator.buffer == NULL ? EXIT_FAILURE
                                        : run(&mutator, first, count, seed);
    free(mutator.buffer);
    return status;
}
