/* SPDX-License-Identifier: MIT */
#include "state/state_file.h"

#include "common/element.h"
#include "f4e_patch.h"
#include "state/crc32.h"

#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CRC_BYTES = 4, MAGIC_BYTES = 8 };

static const char magic[MAGIC_BYTES + 1] = "f4estate";

static bool fail_damaged(const struct state_file *file)
{
    return failure_set(file->failure, STATUS_FILE,
                       "'%s' is damaged: it does not end where it should",
                       file->path);
}

static bool fail_foreign(const struct state_file *file)
{
    return failure_set(file->failure, STATUS_FILE, "'%s' is not a state file",
                       file->path);
}

static bool fail_memory(const struct state_file *file)
{
    return failure_set_memory(file->failure);
}

static size_t left(const struct state_file *file)
{
    return (size_t)(file->end - file->at);
}

/* The next number of so many bytes; the caller has seen that it is there. */
static uint64_t take(struct state_file *file, size_t bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++) {
        number |= (uint64_t)file->at[i] << (8 * i);
    }
    file->at += bytes;
    return number;
}

/* All 'size' bytes, unless the first say that they are something else: those
 * may be more than the machine has memory for. */
static bool read_stream(struct state_file *file, FILE *stream, size_t size)
{
    char begin[MAGIC_BYTES];
    if (size >= MAGIC_BYTES &&
        fread(begin, 1, MAGIC_BYTES, stream) == MAGIC_BYTES &&
        memcmp(begin, magic, MAGIC_BYTES) == 0) {
        file->bytes = malloc(size + 1);
        if (file->bytes == NULL) {
            return failure_set(file->failure, STATUS_FILE,
                               "'%s' has %zu bytes, more than there is memory "
                               "for",
                               file->path, size);
        }
        memcpy(file->bytes, begin, MAGIC_BYTES);
        file->size = MAGIC_BYTES + fread(file->bytes + MAGIC_BYTES, 1,
                                         size - MAGIC_BYTES, stream);
    } else if (ferror(stream) == 0) {
        return fail_foreign(file);
    }
    return ferror(stream) == 0 ||
           failure_set_errno(file->failure, STATUS_FILE, "cannot read '%s'",
                             file->path);
}

static bool read_bytes(struct state_file *file)
{
    struct stat status;
    /* A pipe without a writer must not hold up the start. */
    int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *stream = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (stream == NULL) {
        (void)failure_set_errno(file->failure, STATUS_FILE, "cannot read '%s'",
                                file->path);
        if (fd >= 0) {
            (void)close(fd);
        }
        return false;
    }
    if (fstat(fileno(stream), &status) != 0 || !S_ISREG(status.st_mode) ||
        status.st_size < 0 || (uintmax_t)status.st_size >= SIZE_MAX) {
        (void)fclose(stream);
        return failure_set(file->failure, STATUS_FILE,
                           "'%s' is not a regular file", file->path);
    }
    bool is_good = read_stream(file, stream, (size_t)status.st_size);
    (void)fclose(stream);
    return is_good;
}

/* The header; then 'at' and 'end' are those of what follows. */
static bool read_header(struct state_file *file)
{
    file->at = file->bytes;
    if (file->size < STATE_HEADER_BYTES + CRC_BYTES) {
        return fail_foreign(file);
    }
    file->at = file->bytes + file->size - CRC_BYTES;
    uint32_t crc = (uint32_t)take(file, CRC_BYTES);
    file->at = file->bytes + MAGIC_BYTES;
    file->end = file->bytes + file->size - CRC_BYTES;
    uint32_t version = (uint32_t)take(file, 4);
    if (version != STATE_VERSION) {
        return failure_set(file->failure, STATUS_FILE,
                           "'%s' is of version %" PRIu32
                           ", this program reads %d",
                           file->path, version, STATE_VERSION);
    }
    if (crc != crc32_add(0, file->bytes, file->size - CRC_BYTES)) {
        return failure_set(file->failure, STATUS_FILE,
                           "'%s' is damaged: its checksum does not fit",
                           file->path);
    }
    file->memory_count = (uint32_t)take(file, 4);
    file->item_count = (uint32_t)take(file, 4);
    file->at += 4 + 8; /* reserved, and the block: for people */
    for (size_t i = 0; i < STATE_HASH_CHARACTERS; i++) {
        /* It is printed: nothing but digits. */
        if (!isxdigit(file->at[i])) {
            return fail_damaged(file);
        }
        file->hash[i] = (char)file->at[i];
    }
    file->at += STATE_HASH_CHARACTERS;
    return true;
}

static int compare_names(const struct state_item *item, const char *name,
                         size_t length)
{
    size_t shorter = item->name_length < length ? item->name_length : length;
    int order = memcmp(item->name, name, shorter);
    return order != 0
               ? order
               : (item->name_length > length) - (item->name_length < length);
}

static int compare_items(const void *a, const void *b)
{
    const struct state_item *other = b;
    return compare_names(a, other->name, other->name_length);
}

size_t state_element_bytes(uint32_t element)
{
    return element < ELEMENT_COUNT ? element_bytes((enum f4e_element)element)
                                   : 0;
}

/* Its record and whether it lies inside its memory. */
static bool read_item(struct state_file *file, struct state_item *item)
{
    if (left(file) < STATE_ITEM_BYTES) {
        return false;
    }
    item->memory = (uint32_t)take(file, 4);
    item->address = (uint32_t)take(file, 4);
    item->count = (uint32_t)take(file, 4);
    item->element = (uint32_t)take(file, 4);
    item->name_length = (size_t)take(file, 2);
    item->type_length = (size_t)take(file, 2);
    if (left(file) < item->name_length + item->type_length ||
        item->memory >= file->memory_count ||
        state_element_bytes(item->element) == 0) {
        return false;
    }
    item->name = (const char *)file->at;
    item->type = item->name + item->name_length;
    file->at += item->name_length + item->type_length;
    uint64_t bytes = file->memories[item->memory].bytes;
    return item->address <= bytes &&
           (uint64_t)item->count * state_element_bytes(item->element) <=
               bytes - item->address;
}

static bool read_layout(struct state_file *file)
{
    if (file->memory_count > left(file) / 8 ||
        file->item_count > left(file) / STATE_ITEM_BYTES) {
        return fail_damaged(file);
    }
    file->memories = calloc(file->memory_count + 1U, sizeof(*file->memories));
    file->items = calloc(file->item_count + 1U, sizeof(*file->items));
    if (file->memories == NULL || file->items == NULL) {
        return fail_memory(file);
    }
    for (uint32_t i = 0; i < file->memory_count; i++) {
        file->memories[i].bytes = take(file, 8);
    }
    for (uint32_t i = 0; i < file->item_count; i++) {
        if (!read_item(file, &file->items[i])) {
            return fail_damaged(file);
        }
    }
    qsort(file->items, file->item_count, sizeof(*file->items), compare_items);
    return true;
}

/* The runs of one memory, up to the mark at its end. */
static bool read_memory(struct state_file *file, struct state_memory *memory)
{
    uint64_t done = 0;
    size_t capacity = 0;
    while (left(file) >= 16) {
        struct state_run run = {.offset = take(file, 8),
                                .length = take(file, 8)};
        if (run.offset < done || run.offset > memory->bytes ||
            run.length > memory->bytes - run.offset ||
            run.length > left(file)) {
            return fail_damaged(file);
        }
        if (run.length == 0) {
            return run.offset == memory->bytes || fail_damaged(file);
        }
        run.bytes = file->at;
        file->at += run.length;
        done = run.offset + run.length;
        if (memory->run_count == capacity) {
            capacity = capacity == 0 ? 16 : capacity * 2;
            struct state_run *runs =
                realloc(memory->runs, capacity * sizeof(*memory->runs));
            if (runs == NULL) {
                return fail_memory(file);
            }
            memory->runs = runs;
        }
        memory->runs[memory->run_count++] = run;
    }
    return fail_damaged(file);
}

static bool read_all(struct state_file *file)
{
    if (!read_bytes(file) || !read_header(file) || !read_layout(file)) {
        return false;
    }
    for (uint32_t i = 0; i < file->memory_count; i++) {
        if (!read_memory(file, &file->memories[i])) {
            return false;
        }
    }
    return file->at == file->end || fail_damaged(file);
}

bool state_file_read(struct state_file *file, const char *path,
                     struct failure *failure)
{
    *file = (struct state_file){.path = path, .failure = failure};
    return read_all(file);
}

void state_file_close(struct state_file *file)
{
    for (uint32_t i = 0; file->memories != NULL && i < file->memory_count;
         i++) {
        free(file->memories[i].runs);
    }
    free(file->memories);
    free(file->items);
    free(file->bytes);
}

void state_file_copy(const struct state_memory *memory, uint64_t address,
                     uint8_t *to, size_t bytes)
{
    memset(to, 0, bytes);
    for (size_t i = 0; i < memory->run_count; i++) {
        const struct state_run *run = &memory->runs[i];
        uint64_t from = run->offset > address ? run->offset : address;
        uint64_t end = run->offset + run->length;
        end = end < address + bytes ? end : address + bytes;
        if (from < end) {
            memcpy(to + (from - address), run->bytes + (from - run->offset),
                   (size_t)(end - from));
        }
    }
}

const struct state_item *state_file_find(const struct state_file *file,
                                         const char *name)
{
    const struct state_item wanted = {.name = name,
                                      .name_length = strlen(name)};
    return file->item_count > 0
               ? bsearch(&wanted, file->items, file->item_count,
                         sizeof(*file->items), compare_items)
               : NULL;
}
