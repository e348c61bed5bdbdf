/* SPDX-License-Identifier: MIT */
/*
 * Finds out what two versions of a patch have in common: variables of the same
 * name, type and length, functions of the same name and signature, views of the
 * same kind on the same variable. Any thread, while nobody changes the patches'
 * tables.
 */
#ifndef F4E_SWAP_MATCH_H
#define F4E_SWAP_MATCH_H

#include "common/failure.h"
#include "rt/decks/transfer.h"
#include "swap/version.h"

#include <stdbool.h>
#include <stddef.h>

enum match_values {
    /* As they are, but those whose default the author has changed. */
    MATCH_SAME_DEFAULT,
    MATCH_ALL, /* whatever the defaults are */
    MATCH_NONE,
};

/*
 * From one version to another. With the same module in both, all memory is
 * carried. Free it with match_free(). STATUS_INTERNAL: out of memory.
 */
F4E_MUST_CHECK bool match_make(struct transfer *transfer,
                               const struct version *from,
                               const struct version *to,
                               enum match_values values,
                               struct failure *failure);

/* Whether both were built from the same module. */
bool match_is_same(const struct version *from, const struct version *to);

/* How many variables are carried, and how many bytes of them are. */
void match_count(const struct transfer *transfer, size_t *count, size_t *bytes);

/*
 * 'count' changes for 'from' become as many for 'to', in the same order; those
 * that mean nothing there change nothing. NULL: out of memory, or none.
 */
struct change *match_changes(const struct transfer *transfer,
                             const struct change *changes, size_t count);

/* Also for one that is zeroed. */
void match_free(struct transfer *transfer);

#endif
