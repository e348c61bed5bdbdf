/* SPDX-License-Identifier: MIT */
/*
 * What the words of the memories may hold between calls of the patch: the image
 * at the start, joined with all that calls leave behind. Words written at one
 * known address (cells) have a range each; what is written at an address of
 * which only a range is known joins every word in it. Cells hold between calls
 * only, the other writes at every moment.
 *
 * Everything only ever grows, so a pass in which nothing grew proves the whole.
 * A word that keeps growing is widened to thresholds and then to the extremes,
 * so that growing ends.
 */
#ifndef F4E_RANGES_MEMORY_H
#define F4E_RANGES_MEMORY_H

#include "ranges/analysis/initial_memory.h"

/* memory << 32 | address of a word, a multiple of 4 */
typedef uint64_t memory_key; /* NOLINT: a number with a meaning */

struct memory_span {
    uint64_t start; /* keys; multiples of 4 */
    uint64_t end;
    struct range range;
    uint32_t growths;
    bool grows_down; /* that bound has moved in this pass */
    bool grows_up;
    bool has_target; /* try this at the next growth */
    struct range target;
};

/* Disjoint, ascending. */
struct memory_list {
    struct memory_span *spans;
    uint32_t count;
    uint32_t capacity;
};

/* Distinct numbers, ascending. */
struct memory_numbers {
    int32_t *values; /* ascending */
    uint32_t count;
    uint32_t capacity;
};

/* A number that one word is compared with, or next to it. */
struct memory_word_threshold {
    uint64_t key;
    int32_t value;
};

struct memory_model {
    const struct initial_memory *initial;
    struct memory_list cells; /* one word each */
    struct memory_list writes;
    /* Bounds that widening stops at: what the patch compares with, and next
     * to it. */
    struct memory_numbers thresholds;
    struct memory_numbers compared; /* those that thresholds were made of */
    struct memory_numbers equality_thresholds; /* the same of == and != alone */
    struct memory_numbers equalities;
    struct memory_word_threshold
        *word_thresholds; /* of single words; by key and value */
    uint32_t word_threshold_count;
    uint32_t word_threshold_capacity;
    struct memory_numbers extents; /* where arrays begin and end, and counts */
    struct memory_numbers known_extents; /* those that 'extents' was made of */
    uint32_t widening_delay; /* joins between calls before a bound may jump */
    struct memory_list extrapolated; /* what cells were left with in a trial */
    bool has_grown;                  /* since the caller last cleared it */
    /*
     * A trial walk is in progress: it looks where values tend to, nothing that
     * it sees is kept, and what is written nowhere in particular is ignored.
     * What it finds is proven or dropped by the walks that come after.
     */
    bool is_extrapolating;
    bool is_recording; /* keep 'uses' */
    /* Words that a call relied on, each with what it relied on. */
    struct memory_list dependencies;
    struct arena *arena;
};

static inline uint64_t memory_key_make(uint32_t memory, uint32_t address)
{
    return (uint64_t)memory << 32 | address;
}

void memory_init(struct memory_model *model,
                 const struct initial_memory *initial, struct arena *arena);

/* What the word 'key' may hold at the start of a call. */
struct range memory_at_entry(const struct memory_model *model, uint64_t key);

/* Whether calls leave something behind in a cell in [start, end). */
bool memory_has_cell(const struct memory_model *model, uint64_t start,
                     uint64_t end);

/* Whether [start, end) is as in the image, always. */
bool memory_is_initial(const struct memory_model *model, uint64_t start,
                       uint64_t end);

/* The join of the words in [start, end) of one memory, not empty; and noted:
 * something rests on what these words hold. */
struct range memory_read(struct memory_model *model, uint64_t start,
                         uint64_t end);

/* A call may leave 'range' behind in the word 'key'. */
void memory_join_exit(struct memory_model *model, uint64_t key,
                      const struct range *range);

/* Any word in [start, end), multiples of 4, may be written with 'range'. */
void memory_weak_update(struct memory_model *model, uint64_t start,
                        uint64_t end, const struct range *range);

/* The patch compares something with 'value': stop there, and next to it. */
void memory_add_threshold(struct memory_model *model, int32_t value,
                          bool is_equality);

/* It compares the word 'key' with it. */
void memory_add_word_threshold(struct memory_model *model, uint64_t key,
                               int32_t value);

/* What memory holds between calls may stop growing at 'value', or next to it.
 */
void memory_add_extent(struct memory_model *model, int32_t value);

/*
 * Where do growing values tend to? Suppose that they grow far, and see what
 * comes out: a remainder, a mask or a limit brings them back. 'range' after
 * moving the bounds that grow.
 */
struct range memory_extrapolate(const struct range *range, bool grows_down,
                                bool grows_up);

/* Whether a trial that ended with 'seen' shows a bound worth trying. */
bool memory_is_bounded(const struct range *seen, bool grows_down,
                       bool grows_up);

/* A pass over all functions begins: nothing has grown or is relied on yet. */
void memory_begin_pass(struct memory_model *model);

/* Suppose so of every cell that grows; true when there is any. Ends with
 * memory_end_extrapolation(), which makes targets of what was seen. */
bool memory_begin_extrapolation(struct memory_model *model);
void memory_end_extrapolation(struct memory_model *model);

/*
 * A range that holds for 'now' and that grows from 'old' only so many times:
 * 'growths' counts them. Equal to 'old' when 'now' lies within it. 'key' is of
 * a word that it stands in, or VALUE_NO_KEY.
 */
struct range memory_widen(const struct memory_model *model, uint64_t key,
                          const struct range *old, const struct range *now,
                          uint32_t growths);

/* The same for what memory holds between calls: with widening_delay, and
 * extents. */
struct range memory_widen_at_entry(const struct memory_model *model,
                                   uint64_t key, const struct range *old,
                                   const struct range *now, uint32_t growths);

#endif
