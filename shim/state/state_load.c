/* SPDX-License-Identifier: MIT */
/* Declared in state/state.h. */
#include "state/state.h"

#include "state/state_file.h"

#include <stdlib.h>
#include <string.h>

static bool has_same_memories(const struct state_file *file,
                              const struct f4e_patch *patch)
{
    bool is_same = file->memory_count == patch->memory_count;
    for (unsigned i = 0; is_same && i < patch->memory_count; i++) {
        is_same = file->memories[i].bytes == patch->memories[i].bytes;
    }
    return is_same;
}

static const struct state_item *find_saved(const struct state_file *file,
                                           const struct f4e_item *item)
{
    const struct state_item *found = state_file_find(file, item->name);
    bool fits = found != NULL && found->count == item->count &&
                found->element == (uint32_t)item->element &&
                found->type_length == strlen(item->type) &&
                memcmp(found->type, item->type, found->type_length) == 0;
    return fits ? found : NULL;
}

static size_t item_bytes(const struct f4e_item *item)
{
    return item->count * state_element_bytes((uint32_t)item->element);
}

/*
 * Where in this patch the byte is that had address 'old' when the file was
 * written. False when nothing of the patch is there now.
 */
static bool translate(const struct state_file *file,
                      const struct f4e_patch *patch, uint32_t old,
                      uint32_t *now)
{
    *now = old;
    for (unsigned i = 0; old != 0 && i < patch->item_count; i++) {
        const struct f4e_item *item = &patch->items[i];
        const struct state_item *saved = find_saved(file, item);
        if (saved != NULL && old >= saved->address &&
            old - saved->address < item_bytes(item)) {
            *now = item->address + (old - saved->address);
            return true;
        }
    }
    return old == 0;
}

/*
 * Pointers hold addresses of the old layout. False when one of them cannot be
 * followed; which memory it means is known only when there is one.
 */
static bool translate_pointers(const struct state_file *file,
                               const struct f4e_patch *patch,
                               const struct f4e_item *item, uint8_t *bytes)
{
    for (uint32_t i = 0; i < item->count; i++) {
        uint32_t address;
        memcpy(&address, bytes + (size_t)i * 4, sizeof(address));
        if (patch->memory_count > 1 ||
            !translate(file, patch, address, &address)) {
            return false;
        }
        memcpy(bytes + (size_t)i * 4, &address, sizeof(address));
    }
    return true;
}

/* A page that nobody has written to takes no memory, and reading it gives it
 * none: so it stays. */
static void write_zeros(struct engine *engine, unsigned memory, uint64_t at,
                        uint64_t end)
{
    const uint8_t zeros[1024] = {0}; /* not static: bytes of a file */
    const uint8_t *now = engine->patch->memories[memory].data;
    while (at < end) {
        size_t bytes =
            end - at < sizeof(zeros) ? (size_t)(end - at) : sizeof(zeros);
        if (memcmp(now + at, zeros, bytes) != 0) {
            engine_write(engine, memory, (uint32_t)at, zeros, bytes);
        }
        at += bytes;
    }
}

static void restore_memory(const struct state_memory *saved,
                           struct engine *engine, unsigned memory)
{
    uint64_t done = 0;
    for (size_t i = 0; i < saved->run_count; i++) {
        const struct state_run *run = &saved->runs[i];
        write_zeros(engine, memory, done, run->offset);
        engine_write(engine, memory, (uint32_t)run->offset, run->bytes,
                     (size_t)run->length);
        done = run->offset + run->length;
    }
    write_zeros(engine, memory, done, saved->bytes);
}

static bool restore_by_name(const struct state_file *file,
                            struct engine *engine, struct state_match *match)
{
    const struct f4e_patch *patch = engine->patch;
    match->is_by_name = true;
    for (unsigned i = 0; i < patch->item_count; i++) {
        const struct f4e_item *item = &patch->items[i];
        const struct state_item *saved = find_saved(file, item);
        if (saved == NULL) {
            match->missing++;
            continue;
        }
        size_t bytes = item_bytes(item);
        uint8_t *old = malloc(bytes + 1);
        if (old == NULL) {
            return failure_set_memory(file->failure);
        }
        state_file_copy(&file->memories[saved->memory], saved->address, old,
                        bytes);
        if (strchr(item->type, '*') != NULL &&
            !translate_pointers(file, patch, item, old)) {
            match->pointers++;
        } else {
            engine_write(engine, item->memory, item->address, old, bytes);
            match->restored++;
        }
        free(old);
    }
    match->gone = file->item_count - match->restored - match->pointers;
    return true;
}

static bool restore(const struct state_file *file, struct engine *engine,
                    bool is_by_name, struct state_match *match)
{
    const struct f4e_patch *patch = engine->patch;
    bool is_same = strcmp(file->hash, patch->wasm_sha256) == 0;
    if (is_same && has_same_memories(file, patch)) {
        for (unsigned i = 0; i < patch->memory_count; i++) {
            restore_memory(&file->memories[i], engine, i);
        }
        return true;
    }
    if (is_by_name && patch->item_count > 0 && file->item_count > 0) {
        return restore_by_name(file, engine, match);
    }
    (void)failure_set(file->failure, STATUS_FILE,
                      "'%s' is the state of %s: module %.12s, this is %.12s",
                      file->path,
                      is_same ? "this patch with other memories"
                              : "another patch or another build of it",
                      file->hash, patch->wasm_sha256);
    if (is_by_name) {
        return failure_hint(file->failure,
                            "%s has no names to go by: --reset-state starts "
                            "without it",
                            patch->item_count == 0 ? "this patch" : "the file");
    }
    return failure_hint(file->failure,
                        patch->item_count > 0 && file->item_count > 0
                            ? "--state-by-name restores the variables whose "
                              "names and types are the same"
                            : "--reset-state starts without it");
}

bool state_load(struct engine *engine, const char *path, bool is_by_name,
                struct state_match *match, struct failure *failure)
{
    struct state_file file;
    *match = (struct state_match){.is_by_name = false};
    bool is_good = state_file_read(&file, path, failure) &&
                   restore(&file, engine, is_by_name, match);
    state_file_close(&file);
    return is_good;
}
