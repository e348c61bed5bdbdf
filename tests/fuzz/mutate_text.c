/* SPDX-License-Identifier: MIT */
#include "mutate_text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_FILES = 1024,
    MAX_BYTES = 4 << 20,
    GROWTH_BYTES = 16384,
    ARENA_KEEP_BYTES = 1 << 20,
};

struct sample {
    const char *bytes;
    size_t size;
};

struct mutator {
    const struct text_format *format;
    struct sample samples[MAX_FILES];
    size_t sample_count;
    char files[MAX_BYTES];
    size_t used;
    uint64_t state; /* splitmix64 */
    char *buffer;
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

/* Put 'length' bytes at 'at'; they may be part of the text. */
static size_t insert(char *text, size_t size, size_t at, const char *bytes,
                     size_t length)
{
    char copy[GROWTH_BYTES / 8];
    length = length < sizeof(copy) ? length : sizeof(copy);
    memcpy(copy, bytes, length);
    memmove(text + at + length, text + at, size - at);
    memcpy(text + at, copy, length);
    return size + length;
}

static size_t cut(char *text, size_t size, size_t at, size_t length)
{
    memmove(text + at, text + at + length, size - at - length);
    return size - length;
}

static size_t line_start(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] != '\n') {
        at--;
    }
    return at;
}

static size_t line_length(const char *text, size_t size, size_t start)
{
    size_t length = 0;
    while (start + length < size && text[start + length] != '\n') {
        length++;
    }
    return start + length < size ? length + 1 : length;
}

static size_t mutate_once(struct mutator *mutator, char *text, size_t size)
{
    size_t at = below(mutator, size);
    size_t start = line_start(text, at);
    size_t other = line_start(text, below(mutator, size));
    const struct text_format *format = mutator->format;
    const char *word = format->words[below(mutator, format->word_count)];
    const struct sample *sample =
        &mutator->samples[below(mutator, mutator->sample_count)];
    size_t from = below(mutator, sample->size);
    switch (below(mutator, 10)) {
    case 0:
        text[at] = (char)(text[at] ^ (1 << below(mutator, 8)));
        return size;
    case 1:
        return cut(text, size, at, 1);
    case 2: /* lose a line */
        return cut(text, size, start, line_length(text, size, start));
    case 3: /* a line twice, somewhere */
        return insert(text, size, other, text + start,
                      line_length(text, size, start));
    case 4:
    case 5:
        return insert(text, size, at, word, strlen(word));
    case 6: /* a line of its own */
        size = insert(text, size, start, "\n", 1);
        return insert(text, size, start, word, strlen(word));
    case 7: /* a piece of another file */
        return insert(text, size, start, sample->bytes + from,
                      below(mutator, sample->size - from));
    case 8: { /* a number for a number */
        size_t digit = at;
        while (digit < size && (text[digit] < '0' || text[digit] > '9')) {
            digit++;
        }
        if (digit < size) {
            text[digit] = (char)('0' + below(mutator, 10));
        }
        return size;
    }
    default:
        return cut(text, size, at, below(mutator, size - at));
    }
}

/* The text ends where the buffer ends: a sanitizer sees any read beyond. */
static const uint8_t *mutate(struct mutator *mutator, size_t *size)
{
    const struct sample *sample =
        &mutator->samples[below(mutator, mutator->sample_count)];
    memcpy(mutator->buffer, sample->bytes, sample->size);
    size_t length = sample->size;
    size_t rounds = 1 + below(mutator, 4);
    for (size_t i = 0; i < rounds && length > 0; i++) {
        length = mutate_once(mutator, mutator->buffer, length);
    }
    char *end = mutator->buffer + mutator->capacity;
    memmove(end - length, mutator->buffer, length);
    *size = length;
    return (const uint8_t *)(end - length);
}

static bool load(struct mutator *mutator, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || mutator->sample_count == MAX_FILES) {
        (void)fprintf(stderr, "mutate_text: cannot take %s\n", path);
        if (file != NULL) {
            (void)fclose(file);
        }
        return false;
    }
    char *bytes = mutator->files + mutator->used;
    size_t size = fread(bytes, 1, MAX_BYTES - mutator->used, file);
    (void)fclose(file);
    mutator->used += size;
    if (size > 0) { /* one of the files is empty on purpose */
        mutator->samples[mutator->sample_count++] =
            (struct sample){bytes, size};
    }
    if (size + GROWTH_BYTES > mutator->capacity) {
        mutator->capacity = size + GROWTH_BYTES;
    }
    return true;
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* scandir() has no room for an argument. */
static const char *suffix;

static int is_text(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, suffix) == 0;
}

/* In the order of names: mutations have to come out the same everywhere. */
static bool load_folder(struct mutator *mutator, const char *folder)
{
    struct dirent **list = NULL;
    suffix = mutator->format->suffix;
    int count = scandir(folder, &list, is_text, compare_names);
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
        enum text_result result =
            mutator->format->check(bytes, size, &arena, &why);
        if (result == TEXT_BROKEN) {
            (void)fprintf(stderr, "seed %llu, mutation %llu: %s\n",
                          (unsigned long long)seed, (unsigned long long)i, why);
            arena_deinit(&arena);
            return EXIT_FAILURE;
        }
        accepted += result == TEXT_ACCEPTED;
        if (arena.used > ARENA_KEEP_BYTES) {
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

int mutate_text(const struct text_format *format, int argc, char **argv)
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
        } else if (!load_folder(&mutator, argv[i])) {
            return EXIT_FAILURE;
        }
    }
    if (mutator.sample_count == 0) {
        (void)fprintf(stderr,
                      "usage: %s FOLDERS... --count N --seed S [--first I]\n",
                      argv[0]);
        return EXIT_FAILURE;
    }
    mutator.buffer = malloc(mutator.capacity);
    int status = mutator.buffer == NULL ? EXIT_FAILURE
                                        : run(&mutator, first, count, seed);
    free(mutator.buffer);
    return status;
}
