/* SPDX-License-Identifier: MIT */
/*
 * Abstract memory between calls of the patch: the initial memory joined with
 * all that calls leave behind. A word that is only written at one constant
 * address is a cell, and has a range of its own. A store whose address is a
 * range is a weak update of every word in it. A cell holds between calls only,
 * a weak update at any moment.
 *
 * The model only grows: a pass over all roots in which nothing has grown makes
 * it an invariant. A range that keeps growing is widened, to thresholds first
 * and to the extremes at last, so that growing ends.
 */
#ifndef F4E_MEMORY_H
#define F4E_MEMORY_H

#include "ranges/memory/initial_memory.h"

/* memory << 32 | address of a word, a multiple of 4 */
typedef uint64_t memory_key; /* NOLINT: a number with a meaning */

struct memory_span {
    uint64_t start; /* keys; multiples of 4 */
    uint64_t end;
    struct range range;
    uint32_t growths;
    bool grows_down; /* that bound has moved in this pass */
    bool grows_up;
    bool has_target; /* from extrapolation: join it when it grows next */
    struct range target;
};

/* Disjoint, ascending. */
struct memory_list {
    struct memory_span *spans;
    uint32_t count;
    uint32_t capacity;
};

/* Distinct, ascending. */
struct memory_numbers {
    int32_t *values;
    uint32_t count;
    uint32_t capacity;
};

/* A threshold of one word alone. */
struct memory_word_threshold {
    uint64_t key;
    int32_t value;
};

struct memory_model {
    const struct initial_memory *initial;
    struct memory_list cells; /* one word each */
    struct memory_list writes;

    /* Thresholds of widening, each list with the numbers that it comes from:
     * what the patch compares with, what it compares with by == and != alone,
     * and where its arrays begin and end. */
    struct memory_numbers thresholds;
    struct memory_numbers compared;
    struct memory_numbers equality_thresholds;
    struct memory_numbers equalities;
    struct memory_numbers extents;
    struct memory_numbers known_extents;
    struct memory_word_threshold *word_thresholds; /* by key, then value */
    uint32_t word_threshold_count;
    uint32_t word_threshold_capacity;
    uint32_t widening_delay; /* growths between calls before it begins */

    bool has_grown; /* in this pass */
    bool is_extrapolating;
    struct memory_list extrapolated; /* exit values of that walk */
    bool is_recording;               /* of 'dependencies' */
    /* The words that claims depend on, each with the range that they need. */
    struct memory_list dependencies;
    struct arena *arena;
};

static inline uint64_t memory_key_make(uint32_t memory, uint32_t address)
{
    return (uint64_t)memory << 32 | address;
}

/* 'initial' must outlive the model; everything else is in 'arena'. */
void memory_init(struct memory_model *model,
                 const struct initial_memory *initial, struct arena *arena);

/* The same model once more: the one may grow without the other. */
void memory_copy(struct memory_model *copy, const struct memory_model *model);

/* Whether the last pass relied on what the word 'key' holds. */
bool memory_is_relied_on(const struct memory_model *model, uint64_t key);

/* The range of the word 'key' at the entry of a call. */
struct range memory_at_entry(const struct memory_model *model, uint64_t key);

/* Whether a word in [start, end) is a cell. */
bool memory_has_cell(const struct memory_model *model, uint64_t start,
                     uint64_t end);

/* Whether [start, end) always holds what it does initially. */
bool memory_is_initial(const struct memory_model *model, uint64_t start,
                       uint64_t end);

/* The join of the words in [start, end) of one memory, not empty. Recorded as
 * what claims depend on. */
struct range memory_read(struct memory_model *model, uint64_t start,
                         uint64_t end);

/* Join the range of the word 'key' at the exit of a call. */
void memory_join_exit(struct memory_model *model, uint64_t key,
                      const struct range *range);

/* Any word in [start, end), multiples of 4, may be overwritten with 'range'. */
void memory_weak_update(struct memory_model *model, uint64_t start,
                        uint64_t end, const struct range *range);

/* Add a threshold and its neighbours: a number that the patch compares with,
 * by == or != ('is_equality'); one that it compares the word 'key' with; the
 * start, end or length of an array, which is for memory between calls only. */
void memory_add_threshold(struct memory_model *model, int32_t value,
                          bool is_equality);
void memory_add_word_threshold(struct memory_model *model, uint64_t key,
                               int32_t value);
void memory_add_extent(struct memory_model *model, int32_t value);

/* A pass over all roots begins: nothing has grown, nothing is depended on. */
void memory_begin_pass(struct memory_model *model);

/*
 * Extrapolation: a walk from values that have grown far, to see where they
 * return to; a remainder, a mask or a limit brings them back. It only proposes
 * targets, which the walks after it confirm or exceed. During it the model does
 * not grow, and weak updates are ignored.
 */

/* 'range' with the growing bounds moved far out. */
struct range memory_extrapolate(const struct range *range, bool grows_down,
                                bool grows_up);

/* Whether the range after such a walk is a target: bounded where it grows. */
bool memory_is_bounded(const struct range *seen, bool grows_down,
                       bool grows_up);

/* Extrapolate all growing cells. False when there are none; else end it with
 * memory_end_extrapolation(), which sets the targets. */
bool memory_begin_extrapolation(struct memory_model *model);
void memory_end_extrapolation(struct memory_model *model);

/*
 * Widening: a range that contains 'old' and 'now', and after finitely many
 * 'growths' stops growing. Equal to 'old' when 'now' is within it. 'key' is of
 * the word that holds the value, or VALUE_NO_KEY.
 */
struct range memory_widen(const struct memory_model *model, uint64_t key,
                          const struct range *old, const struct range *now,
                          uint32_t growths);

/* The same for memory between calls: with the delay, and to extents too. */
struct range memory_widen_at_entry(const struct memory_model *model,
                                   uint64_t key, const struct range *old,
                                   const struct range *now, uint32_t growths);

#endif
