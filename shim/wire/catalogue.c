/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memfd_create */
#include "wire/catalogue.h"

#include "wire/link.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    ALIGNMENT = _Alignof(max_align_t),
    BYTES_MAX = 1 << 28,
};

/* What accompanies the file. */
struct record {
    uint32_t version;
    uint32_t bytes; /* of the file */
};

/*
 * The file: these tables one after the other, then the texts that they point
 * to, each with its 0, in the order of text_at(). Pointers mean nothing in it.
 */
struct tables {
    struct f4e_patch *patch;
    struct f4e_memory *memories;
    struct f4e_item *items;
    struct f4e_param *params;
    struct f4e_export *exports;
    struct f4e_midi *midi;
    uint64_t bytes; /* before the texts */
};

/* Where a table begins; '*at' is where the next one does. */
static size_t place(uint64_t *at, uint64_t count, size_t size)
{
    uint64_t start = *at;
    *at = (start + count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return (size_t)start;
}

/* As many as 'counts' says; of all of them no more than 'most' bytes. */
static bool lay_out(struct tables *tables, uint8_t *file,
                    const struct f4e_patch *counts, uint64_t most)
{
    uint64_t at = 0;
    size_t patch = place(&at, 1, sizeof(*tables->patch));
    size_t memories =
        place(&at, counts->memory_count, sizeof(*tables->memories));
    size_t items = place(&at, counts->item_count, sizeof(*tables->items));
    size_t params = place(&at, counts->param_count, sizeof(*tables->params));
    size_t exports = place(&at, counts->export_count, sizeof(*tables->exports));
    size_t midi = place(&at, counts->midi_count, sizeof(*tables->midi));
    tables->bytes = at;
    if (at > most) {
        return false;
    }
    if (file != NULL) {
        tables->patch = (void *)(file + patch);
        tables->memories = (void *)(file + memories);
        tables->items = (void *)(file + items);
        tables->params = (void *)(file + params);
        tables->exports = (void *)(file + exports);
        tables->midi = (void *)(file + midi);
    }
    return true;
}

/* The n-th pointer to a text, from 0 on; false: there are no more. */
static bool text_at(const struct tables *tables, size_t n, const char ***text)
{
    const struct f4e_patch *patch = tables->patch;
    if (n == 0) {
        *text = &tables->patch->name;
        return true;
    }
    n--;
    if (n < patch->memory_count) {
        *text = &tables->memories[n].name;
        return true;
    }
    n -= patch->memory_count;
    if (n / 2 < patch->item_count) {
        struct f4e_item *item = &tables->items[n / 2];
        *text = n % 2 == 0 ? &item->name : &item->type;
        return true;
    }
    n -= (size_t)2 * patch->item_count;
    if (n / 2 < patch->export_count) {
        struct f4e_export *function = &tables->exports[n / 2];
        *text = n % 2 == 0 ? &function->name : &function->signature;
        return true;
    }
    return false;
}

/* ---- The patch ---- */

/* Tables as they are, but without what is not told. */
static void copy_tables(const struct tables *to, const struct f4e_patch *from)
{
    *to->patch = (struct f4e_patch){
        .name = from->name,
        .sample_rate = from->sample_rate,
        .block_frames = from->block_frames,
        .tick_ms = from->tick_ms,
        .memory_count = from->memory_count,
        .output_count = from->output_count,
        .input_count = from->input_count,
        .export_count = from->export_count,
        .item_count = from->item_count,
        .param_count = from->param_count,
        .midi_count = from->midi_count,
    };
    for (unsigned i = 0; i < from->memory_count; i++) {
        to->memories[i] = (struct f4e_memory){.name = from->memories[i].name,
                                              .bytes = from->memories[i].bytes};
    }
    for (unsigned i = 0; i < from->item_count; i++) {
        to->items[i] = from->items[i];
    }
    for (unsigned i = 0; i < from->param_count; i++) {
        to->params[i] = from->params[i];
        to->params[i].module = NULL;
    }
    for (unsigned i = 0; i < from->export_count; i++) {
        to->exports[i] = from->exports[i];
        to->exports[i].call = NULL;
    }
    for (unsigned i = 0; i < from->midi_count; i++) {
        to->midi[i] = from->midi[i];
    }
}

/* All of the file, in memory; NULL: there is not enough, or it is too long. */
static uint8_t *make_file(const struct f4e_patch *patch, size_t *bytes)
{
    struct tables tables = {.patch = NULL};
    const char **text;
    if (!lay_out(&tables, NULL, patch, BYTES_MAX)) {
        return NULL;
    }
    uint8_t *first = calloc(1, (size_t)tables.bytes);
    if (first == NULL) {
        return NULL;
    }
    (void)lay_out(&tables, first, patch, BYTES_MAX);
    copy_tables(&tables, patch);
    size_t size = (size_t)tables.bytes;
    for (size_t n = 0; text_at(&tables, n, &text); n++) {
        size += strlen(*text) + 1;
    }
    uint8_t *file = size <= BYTES_MAX ? realloc(first, size) : NULL;
    if (file == NULL) {
        free(first);
        return NULL;
    }
    (void)lay_out(&tables, file, patch, BYTES_MAX);
    size_t at = (size_t)tables.bytes;
    for (size_t n = 0; text_at(&tables, n, &text); n++) {
        size_t length = strlen(*text) + 1;
        memcpy(file + at, *text, length);
        *text = NULL;
        at += length;
    }
    *bytes = size;
    return file;
}

static bool write_all(int fd, const uint8_t *file, size_t bytes)
{
    size_t at = 0;
    while (at < bytes) {
        /* The place in the file, which both sides share, stays at its start. */
        ssize_t written = pwrite(fd, file + at, bytes - at, (off_t)at);
        if (written <= 0 && errno != EINTR) {
            return false;
        }
        at += written > 0 ? (size_t)written : 0;
    }
    return true;
}

bool catalogue_send(int fd, const struct f4e_patch *patch, uint32_t version)
{
    size_t bytes = 0;
    uint8_t *file = make_file(patch, &bytes);
    int shared = file != NULL ? memfd_create("f4e-names", MFD_CLOEXEC) : -1;
    const struct record record = {version, (uint32_t)bytes};
    bool is_good = shared >= 0 && write_all(shared, file, bytes) &&
                   link_send_with(fd, &record, sizeof(record), shared);
    if (shared >= 0) {
        (void)close(shared);
    }
    free(file);
    return is_good;
}

/* ---- The front ---- */

static bool read_all(int fd, uint8_t *file, size_t bytes)
{
    size_t at = 0;
    while (at < bytes) {
        ssize_t got = read(fd, file + at, bytes - at);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        at += got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* Texts end within the file, and indices lie in their tables. */
static bool join(const struct tables *tables, uint8_t *file, size_t bytes)
{
    const struct f4e_patch *patch = tables->patch;
    size_t at = (size_t)tables->bytes;
    const char **text;
    for (size_t n = 0; text_at(tables, n, &text); n++) {
        const uint8_t *end = memchr(file + at, '\0', bytes - at);
        if (end == NULL) {
            return false;
        }
        *text = (const char *)(file + at);
        at = (size_t)(end + 1 - file);
    }
    for (unsigned i = 0; i < patch->item_count; i++) {
        if (tables->items[i].memory >= patch->memory_count) {
            return false;
        }
    }
    for (unsigned i = 0; i < patch->param_count; i++) {
        struct f4e_param *param = &tables->params[i];
        if (param->item >= patch->item_count ||
            param->item2 >= patch->item_count) {
            return false;
        }
        param->module = "";
    }
    return true;
}

/* What was read becomes a patch, in place; or NULL. */
static struct f4e_patch *resolve(uint8_t *file, size_t bytes)
{
    struct f4e_patch counts;
    struct tables tables = {.patch = NULL};
    memcpy(&counts, file, sizeof(counts));
    if (!lay_out(&tables, file, &counts, bytes) ||
        !join(&tables, file, bytes)) {
        return NULL;
    }
    *tables.patch = (struct f4e_patch){
        .name = tables.patch->name,
        .wasm_sha256 = "",
        .built_with = "",
        .target = "",
        .sample_rate = counts.sample_rate,
        .block_frames = counts.block_frames,
        .tick_ms = counts.tick_ms,
        .memories = tables.memories,
        .memory_count = counts.memory_count,
        .output_count = counts.output_count,
        .input_count = counts.input_count,
        .exports = tables.exports,
        .export_count = counts.export_count,
        .items = tables.items,
        .item_count = counts.item_count,
        .params = tables.params,
        .param_count = counts.param_count,
        .midi = tables.midi,
        .midi_count = counts.midi_count,
    };
    return tables.patch;
}

struct f4e_patch *catalogue_receive(int fd, int wait_ms, uint32_t *version)
{
    struct record record;
    int shared = -1;
    if (!link_receive_with(fd, &record, sizeof(record), wait_ms, &shared)) {
        return NULL;
    }
    size_t bytes = record.bytes;
    bool is_good =
        shared >= 0 && bytes >= sizeof(struct f4e_patch) && bytes <= BYTES_MAX;
    uint8_t *file = is_good ? malloc(bytes) : NULL;
    is_good = file != NULL && read_all(shared, file, bytes);
    if (shared >= 0) {
        (void)close(shared);
    }
    struct f4e_patch *patch = is_good ? resolve(file, bytes) : NULL;
    if (patch == NULL) {
        free(file);
        return NULL;
    }
    *version = record.version;
    return patch;
}
