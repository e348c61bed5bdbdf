/* SPDX-License-Identifier: MIT */
/*
 * Proven address ranges: for each load and store of a patch, the addresses that
 * it can touch, whatever the host calls in whatever order; and what memory must
 * hold between calls for that to be true. docs/ranges.md has the proof rule.
 */
#ifndef F4E_RANGES_ANALYSIS_H
#define F4E_RANGES_ANALYSIS_H

#include "ranges/analysis/walk.h"

struct keep;
struct observation;

struct analysis {
    struct code code;
    const char *failure;     /* why nothing is proven, or NULL */
    uint32_t block_function; /* that the facts are for: buffer or main */
    struct walk_site *sites; /* code.site_count; by number */
    /* Words that must hold what 'range' says between calls. Ascending. */
    const struct memory_span *invariants;
    uint32_t invariant_count;
    struct heads heads; /* of loops, in the last pass */
    /* What the block keeps out of memory (keep.h); NULL: nothing. Not from
     * analysis_run(). */
    const struct keep *keep;
    const struct observation *seen; /* what it did in a run, or NULL */
    const char *proof; /* in its written form (proof.h), checked; or NULL */
    bool is_guided;    /* found by a search that began with what was seen */
    uint32_t passes;
    uint64_t steps; /* of code, followed in all passes */
};

/*
 * Analyse a supported, validated module as described by 'patch'.
 * 'has_host_code': its imports are the user's C, which may write the memories.
 * Never fails for the caller: what cannot be proven is told in the result.
 */
void analysis_run(struct analysis *analysis, const struct patch *patch,
                  bool has_host_code, struct arena *arena);

/* The same by candidates (candidates.h) whether they are needed or not: what
 * they prove is as true, so tests look at more of it. */
void analysis_run_guided(struct analysis *analysis, const struct patch *patch,
                         struct arena *arena);

/* Whether access 'index' is proven to stay inside; its bounds as unsigned byte
 * addresses of the first byte touched, without the instruction's offset. */
bool analysis_proves(const struct analysis *analysis, uint32_t index,
                     uint32_t *lo, uint32_t *hi);

/* Whether export 'export' is a function that the host may call; of several
 * names of one function, the first. */
bool analysis_is_root(const struct patch *patch, uint32_t export);

/* Whether there is a fact worth a second set of functions. */
bool analysis_is_useful(const struct analysis *analysis);

/* "9 of 9 variable addresses proven", or why there are none. In the arena. */
const char *analysis_summary(const struct analysis *analysis,
                             struct arena *arena);

/* How many accesses with an address that is not a constant are reached, and of
 * how many the range is proven. */
void analysis_count(const struct analysis *analysis, uint32_t *variable,
                    uint32_t *proven);

#endif
