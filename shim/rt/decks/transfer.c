/* SPDX-License-Identifier: MIT */
#include "rt/decks/transfer.h"

#include <string.h>

static bool is_before(const struct transfer_run *run, uint32_t memory,
                      uint32_t address)
{
    return run->from_memory < memory ||
           (run->from_memory == memory && run->from <= address);
}

bool transfer_address(const struct transfer *transfer, uint32_t *memory,
                      uint32_t *address, uint32_t size)
{
    size_t low = 0;
    size_t high = transfer->run_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_before(&transfer->runs[middle], *memory, *address)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) {
        return false;
    }
    const struct transfer_run *run = &transfer->runs[low - 1];
    uint32_t offset = *address - run->from;
    if (run->from_memory != *memory || offset > run->size ||
        size > run->size - offset) {
        return false;
    }
    *memory = run->to_memory;
    *address = run->to + offset;
    return true;
}

bool transfer_change(const struct transfer *transfer,
                     const struct change *change, struct change *made)
{
    uint32_t index = TRANSFER_NONE;
    *made = *change;
    made->version = transfer->to_version;
    switch (change->kind) {
    case CHANGE_WRITE:
    case CHANGE_TOGGLE:
    case CHANGE_RAMP:
        return transfer_address(transfer, &made->write.memory,
                                &made->write.address, change->write.size);
    case CHANGE_CALL:
        index =
            transfer->exports[change->call.function - transfer->from->exports];
        made->call.function =
            index != TRANSFER_NONE ? &transfer->to->exports[index] : NULL;
        break;
    case CHANGE_PIANO:
        index = transfer->views[change->piano.view - transfer->from->views];
        made->piano.view =
            index != TRANSFER_NONE ? &transfer->to->views[index] : NULL;
        break;
    case CHANGE_KEY:
        return true;
    }
    return index != TRANSFER_NONE;
}

/* Pointers go along with what they point at, all of the run or none. */
static void carry_pointers(const struct transfer *transfer,
                           const struct transfer_run *run, uint8_t *to,
                           const uint8_t *from, bool is_trial, bool *is_good)
{
    for (uint32_t at = 0; *is_good && at + 4 <= run->size; at += 4) {
        uint32_t address;
        uint32_t memory = run->from_memory;
        memcpy(&address, from + at, sizeof(address));
        *is_good =
            address == 0 || (transfer_address(transfer, &memory, &address, 1) &&
                             memory == run->to_memory);
        if (*is_good && !is_trial) {
            memcpy(to + at, &address, sizeof(address));
        }
    }
}

void transfer_run(const struct transfer *transfer,
                  const struct transfer_run *run)
{
    const uint8_t *from =
        transfer->from->memories[run->from_memory].data + run->from;
    uint8_t *to = transfer->to->memories[run->to_memory].data + run->to;
    bool is_good = true;
    if (!run->is_pointer) {
        memcpy(to, from, run->size);
        return;
    }
    carry_pointers(transfer, run, to, from, true, &is_good);
    if (is_good) {
        carry_pointers(transfer, run, to, from, false, &is_good);
    }
}

void transfer_values(const struct transfer *transfer, bool is_rest)
{
    for (size_t i = 0; i < transfer->run_count; i++) {
        const struct transfer_run *run = &transfer->runs[i];
        if (run->is_carried && !(is_rest && transfer_is_large(run))) {
            transfer_run(transfer, run);
        }
    }
}
