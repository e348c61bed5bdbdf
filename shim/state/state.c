/* SPDX-License-Identifier: MIT */
#include "state/state.h"

#include "files/outfile.h"
#include "state/crc32.h"
#include "state/state_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    TRIES = 40,         /* to copy between two blocks */
    PAUSE_NS = 50000,   /* before a block is looked for again */
    PATIENCE_MS = 3000, /* for a block to end, unless the caller says else */
    PAGE_BYTES = 4096,  /* a page of zeros is left out */
};

static size_t all_bytes(const struct f4e_patch *patch)
{
    size_t bytes = 0;
    for (unsigned i = 0; i < patch->memory_count; i++) {
        bytes += (size_t)patch->memories[i].bytes;
    }
    return bytes;
}

bool state_make_room(struct memory_snapshot *copy,
                     const struct f4e_patch *patch, struct failure *failure)
{
    size_t bytes = all_bytes(patch) + 1;
    *copy = (struct memory_snapshot){.bytes = malloc(bytes),
                                     .patience_ms = PATIENCE_MS};
    if (copy->bytes == NULL) {
        return failure_set_memory(failure);
    }
    /* The audio thread may copy into it: every page is there before. A call
     * of memset() could become one of calloc(), which leaves them out. */
    for (size_t at = 0; at < bytes; at += PAGE_BYTES) {
        ((volatile uint8_t *)copy->bytes)[at] = 0;
    }
    ((volatile uint8_t *)copy->bytes)[bytes - 1] = 0;
    return true;
}

void state_free(struct memory_snapshot *copy)
{
    free(copy->bytes);
    copy->bytes = NULL;
}

static void rest(long ns)
{
    const struct timespec time = {0, ns};
    (void)nanosleep(&time, NULL);
}

/* True when no block ran meanwhile. */
static bool try_copy(struct memory_snapshot *copy, const struct engine *engine)
{
    const struct f4e_patch *patch = engine->patch;
    const atomic_uint *sequence = &engine->snapshot.sequence;
    unsigned before = atomic_load_explicit(sequence, memory_order_acquire);
    uint8_t *at = copy->bytes;
    if (before % 2 != 0) {
        return false;
    }
    for (unsigned i = 0; i < patch->memory_count; i++) {
        memcpy(at, patch->memories[i].data, (size_t)patch->memories[i].bytes);
        at += patch->memories[i].bytes;
        /* Large memories: no need to go on with what is lost. */
        if (atomic_load_explicit(sequence, memory_order_relaxed) != before) {
            return false;
        }
    }
    copy->block = engine->block;
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(sequence, memory_order_relaxed) == before;
}

/* Let the audio thread copy. False when no block ends. */
static bool ask_for_copy(struct memory_snapshot *copy,
                         struct snapshot *snapshot)
{
    snapshot->buffer = copy->bytes;
    snapshot->block = &copy->block;
    atomic_store(&snapshot->request, SNAPSHOT_WANTED);
    for (int ms = 0; atomic_load(&snapshot->request) != SNAPSHOT_DONE; ms++) {
        int wanted = SNAPSHOT_WANTED;
        if (ms >= copy->patience_ms &&
            atomic_compare_exchange_strong(&snapshot->request, &wanted,
                                           SNAPSHOT_IDLE)) {
            return false;
        }
        rest(1000000);
    }
    atomic_store(&snapshot->request, SNAPSHOT_IDLE);
    return true;
}

bool state_take(struct memory_snapshot *copy, struct engine *engine,
                struct failure *failure)
{
    copy->is_costly = false;
    for (int i = 0; i < TRIES; i++) {
        if (try_copy(copy, engine)) {
            return true;
        }
        rest(PAUSE_NS);
    }
    copy->is_costly = true;
    return ask_for_copy(copy, &engine->snapshot) ||
           /* Between the last try and now all may have come to an end. */
           try_copy(copy, engine) ||
           failure_set(failure, STATUS_INTERNAL,
                       "the state cannot be saved: a block does not end");
}

/* A file being written: what went in so far has this CRC. */
struct writer {
    struct outfile out;
    uint32_t crc;
    struct failure *failure;
    bool is_good;
};

static void put(struct writer *writer, const void *data, size_t bytes)
{
    writer->crc = crc32_add(writer->crc, data, bytes);
    writer->is_good = writer->is_good &&
                      outfile_write(&writer->out, data, bytes, writer->failure);
}

static void put_number(struct writer *writer, uint64_t number, size_t bytes)
{
    unsigned char text[8];
    for (size_t i = 0; i < bytes; i++) {
        text[i] = (unsigned char)(number >> (8 * i));
    }
    put(writer, text, bytes);
}

static void put_layout(struct writer *writer, const struct f4e_patch *patch)
{
    for (unsigned i = 0; i < patch->memory_count; i++) {
        put_number(writer, patch->memories[i].bytes, 8);
    }
    for (unsigned i = 0; i < patch->item_count; i++) {
        const struct f4e_item *item = &patch->items[i];
        size_t name = strlen(item->name);
        size_t type = strlen(item->type);
        name = name < UINT16_MAX ? name : UINT16_MAX;
        type = type < UINT16_MAX ? type : UINT16_MAX;
        put_number(writer, item->memory, 4);
        put_number(writer, item->address, 4);
        put_number(writer, item->count, 4);
        put_number(writer, (uint64_t)item->element, 4);
        put_number(writer, name, 2);
        put_number(writer, type, 2);
        put(writer, item->name, name);
        put(writer, item->type, type);
    }
}

/* The page of 'bytes' bytes at 'data' that is not all zero. */
static bool has_content(const uint8_t *data, size_t bytes)
{
    return data[0] != 0 || memcmp(data, data + 1, bytes - 1) != 0;
}

/* The bytes from 'at' on that belong to pages with content, or without. */
static size_t run_length(const uint8_t *data, size_t at, size_t bytes, bool has)
{
    size_t start = at;
    while (at < bytes) {
        size_t page = bytes - at < PAGE_BYTES ? bytes - at : (size_t)PAGE_BYTES;
        if (has_content(data + at, page) != has) {
            break;
        }
        at += page;
    }
    return at - start;
}

static void put_memory(struct writer *writer, const uint8_t *data, size_t bytes)
{
    for (size_t at = 0; at < bytes;) {
        at += run_length(data, at, bytes, false);
        size_t length = run_length(data, at, bytes, true);
        if (length > 0) {
            put_number(writer, at, 8);
            put_number(writer, length, 8);
            put(writer, data + at, length);
            at += length;
        }
    }
    put_number(writer, bytes, 8);
    put_number(writer, 0, 8);
}

static void put_all(struct writer *writer, const struct engine *engine,
                    const struct memory_snapshot *copy)
{
    const struct f4e_patch *patch = engine->patch;
    const uint8_t *at = copy != NULL ? copy->bytes : NULL;
    put(writer, "f4estate", 8);
    put_number(writer, STATE_VERSION, 4);
    put_number(writer, patch->memory_count, 4);
    put_number(writer, patch->item_count, 4);
    put_number(writer, 0, 4);
    put_number(writer, copy != NULL ? copy->block : engine->block, 8);
    put(writer, patch->wasm_sha256, STATE_HASH_CHARACTERS);
    put_layout(writer, patch);
    for (unsigned i = 0; i < patch->memory_count; i++) {
        size_t bytes = (size_t)patch->memories[i].bytes;
        put_memory(writer, at != NULL ? at : patch->memories[i].data, bytes);
        at = at != NULL ? at + bytes : NULL;
    }
    put_number(writer, writer->crc, 4);
}

static bool check_kind(const char *path, struct failure *failure)
{
    struct stat status;
    return stat(path, &status) != 0 || !S_ISFIFO(status.st_mode) ||
           failure_set(failure, STATUS_FILE,
                       "cannot write '%s': a pipe keeps no state", path);
}

bool state_probe(const char *path, struct failure *failure)
{
    return check_kind(path, failure) && outfile_probe(path, failure);
}

bool state_save(const struct engine *engine, const struct memory_snapshot *copy,
                const char *path, struct failure *failure)
{
    struct writer writer = {.failure = failure, .is_good = true};
    if (!check_kind(path, failure) ||
        !outfile_open(&writer.out, path, failure)) {
        return false;
    }
    writer.out.is_durable = true;
    put_all(&writer, engine, copy);
    if (!writer.is_good) {
        outfile_discard(&writer.out);
        return false;
    }
    return outfile_close(&writer.out, failure);
}
