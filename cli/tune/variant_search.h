/* SPDX-License-Identifier: MIT */
/* The search of tune.c: the candidates of one build, a program for each, and
 * their times. */
#ifndef F4E_VARIANT_SEARCH_H
#define F4E_VARIANT_SEARCH_H

#include "tune/benchmark.h"
#include "tune/tune.h"
#include "tune/variants.h"

enum { SEARCH_MAX_CANDIDATES = 32, SEARCH_MAX_FILE_BYTES = 16 << 20 };

/* The generated script in the build's directory. */
#define SEARCH_SCRIPT "benchmark.script"

/* What is played in a run. A choice is to be good for either. */
enum scene { SCENE_PLAYED, SCENE_SILENT, SCENES };

struct candidate {
    const struct variant *variant;
    const char *name; /* of its program; NULL: does not compile */
    struct benchmark_result best[SCENES]; /* of all passes */
    bool is_different; /* its output differs from the plain one's */
};

struct variant_search {
    const struct tuning *tuning;
    struct benchmark benchmark;
    unsigned scenes; /* 1 when the script is empty */
    struct candidate candidates[SEARCH_MAX_CANDIDATES];
    size_t count;
    unsigned passes;
};

/* A file of the build's directory. */
const char *variant_search_path(const struct variant_search *search,
                                const char *name, struct arena *arena);

/* The compiler of the variant. */
const struct toolchain *variant_search_toolchain(const struct variant *variant,
                                                 const struct tuning *tuning);

/* The variant's flags, those for a profile included. */
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
 * Profile, compile, compare, time. Candidates whose profile is missing are
 * dropped, with the reason in '*notice'. With one candidate left, or with
 * is_elsewhere, nothing is timed and 'passes' stays 0. Fails as tune_run()
 * does.
 */
F4E_MUST_CHECK bool variant_search_run(struct variant_search *search,
                                       const char **notice, struct arena *arena,
                                       struct diag *diag);

/* Whether it compiles and is bit-identical to the plain one. */
static inline bool variant_search_is_timed(const struct candidate *candidate)
{
    return candidate->name != NULL && !candidate->is_different;
}

/*
 * How long a candidate takes in the scene that is worst for it, as a part of
 * the time of the plain one there. Both have been timed.
 */
double variant_search_worst(const struct variant_search *search,
                            const struct candidate *candidate);

/* The first of those with the least worst time; an earlier row stays unless it
 * is clearly beaten. */
const struct candidate *
variant_search_fastest(const struct variant_search *search);

/* Remove the intermediate files, except the profile that 'chosen' (may be NULL)
 * needs. */
void variant_search_clean(const struct variant_search *search,
                          const struct variant *chosen, struct arena *arena);

#endif
