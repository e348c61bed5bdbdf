/* SPDX-License-Identifier: MIT */
#include "swap/match.h"

#include "common/element.h"

#include <stdlib.h>
#include <string.h>

bool match_is_same(const struct version *from, const struct version *to)
{
    const struct f4e_patch *here = from->patch;
    const struct f4e_patch *there = to->patch;
    bool is_same = strcmp(here->wasm_sha256, there->wasm_sha256) == 0 &&
                   here->memory_count == there->memory_count;
    for (unsigned i = 0; is_same && i < here->memory_count; i++) {
        is_same = here->memories[i].bytes == there->memories[i].bytes;
    }
    return is_same;
}

/* Items by name, so that one search does for each. */
static int compare_items(const void *left, const void *right)
{
    const struct f4e_item *const *a = left;
    const struct f4e_item *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

static const struct f4e_item **sort_items(const struct f4e_patch *patch)
{
    const struct f4e_item **sorted = (const struct f4e_item **)calloc(
        patch->item_count + 1U, sizeof(*sorted));
    for (unsigned i = 0; sorted != NULL && i < patch->item_count; i++) {
        sorted[i] = &patch->items[i];
    }
    if (sorted != NULL) {
        qsort((void *)sorted, patch->item_count, sizeof(*sorted),
              compare_items);
    }
    return sorted;
}

static const struct f4e_item *find_item(const struct f4e_patch *patch,
                                        const struct f4e_item **sorted,
                                        const struct f4e_item *like)
{
    const struct f4e_item **found = (const struct f4e_item **)bsearch(
        (const void *)&like, (const void *)sorted, patch->item_count,
        sizeof(*sorted), compare_items);
    return found != NULL && (*found)->count == like->count &&
                   (*found)->element == like->element &&
                   strcmp((*found)->type, like->type) == 0
               ? *found
               : NULL;
}

static size_t item_bytes(const struct f4e_item *item)
{
    return (size_t)item->count * element_bytes(item->element);
}

/* Where each item's default lies in what list_remember() has made. */
static size_t *default_offsets(const struct f4e_patch *patch)
{
    size_t *offsets = calloc(patch->item_count + 1U, sizeof(*offsets));
    size_t at = 0;
    for (unsigned i = 0; offsets != NULL && i < patch->item_count; i++) {
        offsets[i] = at;
        at += item_bytes(&patch->items[i]);
    }
    return offsets;
}

/* What is needed to look at one item after the other. */
struct matching {
    const struct version *from;
    const struct version *to;
    const struct f4e_item **sorted; /* of 'to' */
    size_t *from_offsets;
    size_t *to_offsets;
};

/* Pointers differ with the layout, and are no change of the author's. */
static bool has_same_default(const struct matching *matching, size_t from,
                             size_t to, size_t bytes, bool is_pointer)
{
    return is_pointer ||
           memcmp(matching->from->defaults + matching->from_offsets[from],
                  matching->to->defaults + matching->to_offsets[to],
                  bytes) == 0;
}

static void add_items(struct transfer *transfer,
                      const struct matching *matching, enum match_values values,
                      struct transfer_run *runs)
{
    const struct f4e_patch *from = transfer->from;
    const struct f4e_patch *to = transfer->to;
    uint64_t end = 0;
    uint32_t memory = 0;
    transfer->is_whole = true;
    for (unsigned i = 0; i < from->item_count; i++) {
        const struct f4e_item *item = &from->items[i];
        const struct f4e_item *found = find_item(to, matching->sorted, item);
        size_t bytes = item_bytes(item);
        /* Two names of one place: the first one counts. */
        bool is_alias = item->memory == memory && item->address < end;
        if (found == NULL || bytes == 0 || is_alias) {
            transfer->is_whole = transfer->is_whole && (bytes == 0 || is_alias);
            continue;
        }
        memory = item->memory;
        end = (uint64_t)item->address + bytes;
        bool is_pointer = strchr(item->type, '*') != NULL;
        runs[transfer->run_count++] = (struct transfer_run){
            .from_memory = item->memory,
            .from = item->address,
            .to_memory = found->memory,
            .to = found->address,
            .size = (uint32_t)bytes,
            .is_pointer = is_pointer,
            .is_carried =
                values == MATCH_ALL ||
                (values == MATCH_SAME_DEFAULT &&
                 has_same_default(matching, i, (size_t)(found - to->items),
                                  bytes, is_pointer)),
        };
        transfer->is_whole =
            transfer->is_whole && runs[transfer->run_count - 1].is_carried;
    }
    transfer->runs = runs;
}

static bool match_items(struct transfer *transfer, const struct version *from,
                        const struct version *to, enum match_values values)
{
    struct matching matching = {.from = from,
                                .to = to,
                                .sorted = sort_items(to->patch),
                                .from_offsets = default_offsets(from->patch),
                                .to_offsets = default_offsets(to->patch)};
    struct transfer_run *runs =
        calloc(from->patch->item_count + 1U, sizeof(*runs));
    bool is_good = runs != NULL && matching.sorted != NULL &&
                   matching.from_offsets != NULL && matching.to_offsets != NULL;
    if (is_good) {
        add_items(transfer, &matching, values, runs);
    } else {
        free(runs);
    }
    free((void *)matching.sorted);
    free(matching.from_offsets);
    free(matching.to_offsets);
    return is_good;
}

/* The same module: all of it, also what has no name. */
static bool match_memories(struct transfer *transfer, bool is_carried)
{
    const struct f4e_patch *patch = transfer->from;
    struct transfer_run *runs = calloc(patch->memory_count + 1U, sizeof(*runs));
    for (unsigned i = 0; runs != NULL && i < patch->memory_count; i++) {
        /* A run ends before 4 GiB, which its size could not say. */
        uint64_t bytes = patch->memories[i].bytes;
        runs[transfer->run_count] = (struct transfer_run){
            .from_memory = i,
            .to_memory = i,
            .size = bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes,
            .is_carried = is_carried};
        transfer->run_count += bytes > 0;
    }
    transfer->runs = runs;
    transfer->is_whole = is_carried;
    return runs != NULL;
}

static bool match_exports(struct transfer *transfer)
{
    const struct f4e_patch *from = transfer->from;
    const struct f4e_patch *to = transfer->to;
    uint32_t *exports = calloc(from->export_count + 1U, sizeof(*exports));
    for (unsigned i = 0; exports != NULL && i < from->export_count; i++) {
        exports[i] = TRANSFER_NONE;
        for (unsigned k = 0; k < to->export_count; k++) {
            if (strcmp(from->exports[i].name, to->exports[k].name) == 0 &&
                strcmp(from->exports[i].signature, to->exports[k].signature) ==
                    0) {
                exports[i] = k;
            }
        }
    }
    transfer->exports = exports;
    return exports != NULL;
}

static bool is_same_view(const struct f4e_patch *from,
                         const struct f4e_view *here,
                         const struct f4e_patch *to,
                         const struct f4e_view *there)
{
    return here->kind == there->kind && here->index == there->index &&
           here->count == there->count && here->element == there->element &&
           strcmp(from->items[here->item].name, to->items[there->item].name) ==
               0;
}

static bool match_views(struct transfer *transfer)
{
    const struct f4e_patch *from = transfer->from;
    const struct f4e_patch *to = transfer->to;
    uint32_t *views = calloc(from->view_count + 1U, sizeof(*views));
    for (unsigned i = 0; views != NULL && i < from->view_count; i++) {
        views[i] = TRANSFER_NONE;
        for (unsigned k = to->view_count; k > 0; k--) {
            if (is_same_view(from, &from->views[i], to, &to->views[k - 1])) {
                views[i] = k - 1;
            }
        }
    }
    transfer->views = views;
    return views != NULL;
}

static bool is_same_word(const struct transfer *transfer,
                         const struct f4e_sender_word *here,
                         const struct f4e_sender_word *there)
{
    uint32_t memory = here->memory;
    uint32_t address = here->address;
    return here->is_there == there->is_there &&
           (!here->is_there ||
            (here->is_pointee == there->is_pointee &&
             transfer_address(transfer, &memory, &address, sizeof(uint32_t)) &&
             memory == there->memory && address == there->address));
}

/* What senders have sent is known by their place. */
static bool has_same_senders(const struct transfer *transfer)
{
    const struct f4e_patch *from = transfer->from;
    const struct f4e_patch *to = transfer->to;
    bool is_same = from->sender_count == to->sender_count;
    for (unsigned i = 0; is_same && i < from->sender_count; i++) {
        const struct f4e_sender *here = &from->senders[i];
        const struct f4e_sender *there = &to->senders[i];
        is_same = here->is_controller == there->is_controller;
        for (unsigned k = 0; is_same && k < F4E_SENDER_WORDS; k++) {
            is_same = is_same_word(transfer, &here->words[k], &there->words[k]);
        }
    }
    return is_same;
}

bool match_make(struct transfer *transfer, const struct version *from,
                const struct version *to, enum match_values values,
                struct failure *failure)
{
    *transfer = (struct transfer){.from = from->patch,
                                  .to = to->patch,
                                  .from_version = from->number,
                                  .to_version = to->number};
    bool is_good = (match_is_same(from, to)
                        ? match_memories(transfer, values != MATCH_NONE)
                        : match_items(transfer, from, to, values)) &&
                   match_exports(transfer) && match_views(transfer);
    if (!is_good) {
        match_free(transfer);
        return failure_set_memory(failure);
    }
    transfer->is_whole = transfer->is_whole && has_same_senders(transfer);
    return true;
}

void match_count(const struct transfer *transfer, size_t *count, size_t *bytes)
{
    *count = 0;
    *bytes = 0;
    for (size_t i = 0; i < transfer->run_count; i++) {
        if (transfer->runs[i].is_carried) {
            ++*count;
            *bytes += transfer->runs[i].size;
        }
    }
}

struct change *match_changes(const struct transfer *transfer,
                             const struct change *changes, size_t count)
{
    struct change *made = calloc(count + 1, sizeof(*made));
    for (size_t i = 0; made != NULL && i < count; i++) {
        if (transfer_change(transfer, &changes[i], &made[i])) {
            continue;
        }
        /* Nothing, written at byte 0, at the same time. */
        made[i] = (struct change){.block = changes[i].block,
                                  .version = transfer->to_version,
                                  .kind = CHANGE_WRITE};
    }
    return made;
}

void match_free(struct transfer *transfer)
{
    free(transfer->runs);
    free(transfer->exports);
    free(transfer->views);
    *transfer = (struct transfer){0};
}
