/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/certificate_write.h"

#include <inttypes.h>

static void write_range(struct buf *out, const struct range *range)
{
    buf_format(out, " %" PRId32 " %" PRId32 " %" PRIu32 " %" PRIu32 "\n",
               range->lo, range->hi, range->residue, range->bits);
}

static void write_invariants(struct buf *out, const struct analysis *analysis)
{
    for (uint32_t i = 0; i < analysis->invariant_count; i++) {
        const struct memory_span *span = &analysis->invariants[i];
        buf_format(out, "relies %u %u %" PRIu64, (uint32_t)(span->start >> 32),
                   (uint32_t)span->start, span->end - span->start);
        write_range(out, &span->range);
    }
}

static void write_sites(struct buf *out, const struct analysis *analysis)
{
    for (uint32_t i = 0; i < analysis->bodies.site_count; i++) {
        const struct walk_site *site = &analysis->sites[i];
        uint32_t lo = 0;
        uint32_t hi = 0;
        if (analysis_proves(analysis, i, &lo, &hi)) {
            buf_format(out, "address %u", i);
            write_range(out, &site->address);
        }
        if (site->has_value && !range_is_top(&site->value)) {
            buf_format(out, "value %u", i);
            write_range(out, &site->value);
        }
    }
}

static void write_head(struct buf *out, const struct loop_head *head)
{
    for (uint32_t i = 0; i < head->value_count; i++) {
        buf_text(out, "round");
        write_range(out, &head->values[i]);
    }
    for (uint32_t i = 0; i < head->slot_count; i++) {
        buf_format(out, "slot %" PRIu64 " %u\n", head->slots[i].at,
                   head->slots[i].value);
    }
    for (uint32_t i = 0; i < head->word_count; i++) {
        uint64_t key = head->words[i].at;
        buf_format(out, "word %u %u %u\n", (uint32_t)(key >> 32), (uint32_t)key,
                   head->words[i].value);
    }
}

/* The paths that lead to a loop with an invariant, and those invariants. A path
 * that nothing needs is left out. */
static void write_heads(struct buf *out, const struct loop_heads *heads,
                        struct arena *arena)
{
    bool *is_needed = arena_alloc(arena, heads->count, sizeof(*is_needed));
    uint32_t *numbers = arena_alloc(arena, heads->count, sizeof(*numbers));
    uint32_t count = 0;
    for (uint32_t i = heads->count; i-- > 1;) { /* parents come first */
        const struct loop_head *head = &heads->list[i];
        is_needed[i] = is_needed[i] ||
                       (head->pass == heads->pass && head->value_count > 0);
        if (is_needed[i]) {
            is_needed[head->parent] = true;
        }
    }
    for (uint32_t i = 1; i < heads->count; i++) {
        const struct loop_head *head = &heads->list[i];
        if (is_needed[i]) {
            numbers[i] = ++count;
            buf_format(out, "path %u %u\n", numbers[head->parent], head->at);
            write_head(out, head);
        }
    }
}

void certificate_write(struct buf *out, const struct analysis *analysis,
                       struct arena *arena)
{
    buf_text(out, "# Proven address ranges; docs/ranges.md tells how to read "
                  "this.\n");
    write_invariants(out, analysis);
    write_sites(out, analysis);
    write_heads(out, &analysis->heads, arena);
}
