/* SPDX-License-Identifier: MIT */
/*
 * Abstract interpretation of a patch: for each load and store an
 * over-approximation of the addresses that it can access, whatever the host
 * calls in whatever order, and the invariant of memory between calls that this
 * depends on. docs/ranges.md has the proof rule. The result is a claim; only
 * what ranges/check/ has verified may be used.
 */
#ifndef F4E_ANALYSIS_H
#define F4E_ANALYSIS_H

#include "ranges/analysis/walk.h"

struct observation;

struct analysis {
    struct wasm_bodies bodies;
    const char *failure;     /* why nothing is proven, or NULL */
    uint32_t block_function; /* that a block runs: buffer or main */
    struct walk_site *sites; /* bodies.site_count; by site number */
    /* The invariant of memory between calls, as far as claims depend on it.
     * Ascending, disjoint. */
    const struct memory_span *invariants;
    uint32_t invariant_count;
    struct loop_heads heads; /* loop invariants of the last pass */
    const struct observation *observation; /* of a run, or NULL: not needed */
    bool is_guided;                        /* the search by candidates won */
    uint32_t passes;                       /* over all roots, until stable */
    uint64_t steps;                        /* instructions walked in them */
};

/*
 * Analyse a supported, validated module as described by 'patch'; both must
 * outlive the result, whose arrays are in 'arena'. 'has_host_code': its imports
 * are C of the user, which may write the memories. Does not fail: when nothing
 * can be proven, 'analysis->failure' says why.
 */
void analysis_run(struct analysis *analysis, const struct patch *patch,
                  bool has_host_code, struct arena *arena);

/* The same, but always with the search by candidates (candidates.h), whether it
 * gains anything or not. For tests. */
void analysis_run_guided(struct analysis *analysis, const struct patch *patch,
                         struct arena *arena);

/* Whether access 'site' is claimed to be in bounds; then 'lo' and 'hi' bound
 * its operand: an unsigned byte address, without the instruction's offset. */
bool analysis_proves(const struct analysis *analysis, uint32_t site,
                     uint32_t *lo, uint32_t *hi);

/* The number of reachable accesses whose address is not a constant, and how
 * many of these are proven. */
void analysis_count(const struct analysis *analysis, uint32_t *variable,
                    uint32_t *proven);

#endif
