/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

enum {
    BLOCK_BYTES = 64 * 1024,
    ALIGNMENT = 16,
};

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

void arena_init(struct arena *arena, size_t limit)
{
    *arena = (struct arena){.limit = limit != 0 ? limit : (size_t)1 << 30};
}

void arena_deinit(struct arena *arena)
{
    for (struct arena_block *block = arena->blocks; block != NULL;) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena->blocks = NULL;
    arena->used = 0;
}

static _Noreturn void out_of_memory(const struct arena *arena, size_t bytes)
{
    (void)fprintf(
        stderr,
        "f4e-build: out of memory: %zu more bytes wanted, %zu in use, "
        "limit %zu\n",
        bytes, arena->used, arena->limit);
    exit(DIAG_SYSTEM);
}

static struct arena_block *block_for(struct arena *arena, size_t bytes)
{
    struct arena_block *block = arena->blocks;
    if (block != NULL && bytes <= block->size - block->used) {
        return block;
    }
    size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    block = calloc(1, sizeof(*block) + size);
    if (block == NULL) {
        out_of_memory(arena, bytes);
    }
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > (arena->limit - arena->used) / size) {
        out_of_memory(arena, count);
    }
    size_t bytes = count * size;
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct arena_block *block = block_for(arena, bytes);
    void *result = block->bytes + block->used;
    block->used += bytes;
    arena->used +=
        bytes < arena->limit - arena->used ? bytes : arena->limit - arena->used;
    return result;
}

void *arena_grow(struct arena *arena, void *items, uint32_t count,
                 uint32_t *capacity, size_t size)
{
    enum { FIRST = 32 };
    if (count < *capacity) {
        return items;
    }
    uint32_t larger = *capacity == 0 ? FIRST : 2 * *capacity;
    void *grown = arena_alloc(arena, larger, size);
    if (count > 0) {
        memcpy(grown, items, count * size);
    }
    *capacity = larger;
    return grown;
}

char *arena_copy(struct arena *arena, const void *bytes, size_t length)
{
    char *copy = arena_alloc(arena, length + 1, 1);
    if (length > 0) {
        memcpy(copy, bytes, length);
    }
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = arena_alloc(arena, (size_t)(length < 0 ? 0 : length) + 1, 1);
    if (length >= 0) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}
