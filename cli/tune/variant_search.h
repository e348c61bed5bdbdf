/* SPDX-License-Identifier: MIT */
/*
 * The inner part of tune.c: the candidates of one build, a program for each,
 * and their times.
 */
#ifndef F4E_VARIANT_SEARCH_H
#define F4E_VARIANT_SEARCH_H

#include "tune/benchmark.h"
#include "tune/tune.h"
#include "tune/variants.h"

enum { SEARCH_MAX_CANDIDATES = 32, SEARCH_MAX_FILE_BYTES = 16 << 20 };

/* The script in the build's directory when the user gave none. */
#define SEARCH_SCRIPT "benchmark.script"

struct candidate {
    const struct variant *variant;
    const char *name; /* of its program; NULL when it does not build */
    struct benchmark_result best; /* of all passes */
    bool is_different;            /* other bits than the plain one's */
};

struct variant_search {
    const struct tuning *tuning;
    struct benchmark benchmark;
    struct candidate candidates[SEARCH_MAX_CANDIDATES];
    size_t count;
    unsigned passes;
};

/* A file of the build's directory. */
const char *variant_search_path(const struct variant_search *search,
                                const char *name, struct arena *arena);

/* What compiles the variant. */
const struct toolchain *variant_search_toolchain(const struct variant *variant,
                                                 const struct tuning *tuning);

/* The flags of the variant, the use of a profile included. */
const char *const *variant_search_flags(const struct variant *variant,
                                        const struct tuning *tuning,
                                        struct arena *arena);

/* Whether this tuning tries the variant. */
bool variant_search_wants(const struct variant *variant,
                          const struct tuning *tuning);

/* List the candidates and write the script of the runs. */
F4E_MUST_CHECK bool variant_search_prepare(struct variant_search *search,
                                           const struct tuning *tuning,
                                           struct arena *arena,
                                           struct diag *diag);

/*
 * Train, build, compare, time. Candidates without the profile that they need
 * are dropped, and '*notice' says why. With one candidate left, or with
 * is_elsewhere, nothing is timed and 'passes' stays 0. Fails as tune_run()
 * does.
 */
F4E_MUST_CHECK bool variant_search_run(struct variant_search *search,
                                       const char **notice, struct arena *arena,
                                       struct diag *diag);

/* It compiles, and leaves the plain one's bits. */
static inline bool variant_search_is_timed(const struct candidate *candidate)
{
    return candidate->name != NULL && !candidate->is_different;
}

/* The first of the fastest; an earlier row stays unless it is clearly beaten.
 */
const struct candidate *
variant_search_fastest(const struct variant_search *search);

/* Remove what was made on the way, but for the profile that 'chosen' (may be
 * NULL) needs. */
void variant_search_clean(const struct variant_search *search,
                          const struct variant *chosen, struct arena *arena);

#endif
