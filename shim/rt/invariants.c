/* SPDX-License-Identifier: MIT */
#include "rt/invariants.h"

#include <string.h>

/* The words of one invariant from byte 'start' to before byte 'end'. */
static bool holds(const struct f4e_patch *patch,
                  const struct f4e_invariant *invariant, uint64_t start,
                  uint64_t end)
{
    const uint8_t *data = patch->memories[invariant->memory].data;
    for (uint64_t at = start; at < end; at += sizeof(uint32_t)) {
        uint32_t word;
        memcpy(&word, data + at, sizeof(word));
        if ((int32_t)word < invariant->lo || (int32_t)word > invariant->hi ||
            (word & invariant->mask) != invariant->residue) {
            return false;
        }
    }
    return true;
}

static uint64_t end_of(const struct f4e_invariant *invariant)
{
    return invariant->address + invariant->words * (uint64_t)sizeof(uint32_t);
}

static bool holds_whole(const struct f4e_patch *patch, unsigned index)
{
    const struct f4e_invariant *invariant = &patch->invariants[index];
    return holds(patch, invariant, invariant->address, end_of(invariant));
}

bool invariants_hold(const struct f4e_patch *patch, unsigned *violated)
{
    if (*violated < patch->invariant_count && !holds_whole(patch, *violated)) {
        return false;
    }
    for (unsigned i = 0; i < patch->invariant_count; i++) {
        if (!holds_whole(patch, i)) {
            *violated = i;
            return false;
        }
    }
    return true;
}

/* The first invariant that ends after byte 'address' of 'memory'. */
static unsigned find(const struct f4e_patch *patch, uint32_t memory,
                     uint32_t address)
{
    unsigned low = 0;
    unsigned high = patch->invariant_count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        const struct f4e_invariant *invariant = &patch->invariants[middle];
        if (invariant->memory < memory ||
            (invariant->memory == memory && end_of(invariant) <= address)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool invariants_hold_at(const struct f4e_patch *patch, uint32_t memory,
                        uint32_t address, size_t size)
{
    uint64_t end = address + (uint64_t)size;
    for (unsigned i = find(patch, memory, address);
         i < patch->invariant_count && patch->invariants[i].memory == memory &&
         patch->invariants[i].address < end;
         i++) {
        const struct f4e_invariant *invariant = &patch->invariants[i];
        uint64_t first = address & ~UINT32_C(3);
        uint64_t last = (end + 3) & ~UINT64_C(3);
        if (!holds(patch, invariant,
                   first > invariant->address ? first : invariant->address,
                   last < end_of(invariant) ? last : end_of(invariant))) {
            return false;
        }
    }
    return true;
}
