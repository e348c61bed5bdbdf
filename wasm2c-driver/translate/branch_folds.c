/* SPDX-License-Identifier: MIT */
#include "translate/branch_folds.h"

#include "base/u64map.h"
#include "ctext/c_line.h"

#include <string.h>

/* Six and more gained (0.80 and 0.81 of the time), five and less lost; see
 * docs/performance.md. */
enum { MANY_CALLS = 6, MOST_LINES = 8 };

struct fold {
    size_t line;
    uint64_t function; /* the hash of its name */
};

struct folds {
    struct u64map calls; /* how many, by the hash of a name */
    struct fold *list;   /* of functions that only compute */
    uint32_t count, capacity;
    uint32_t first;    /* of the function that is being read */
    uint64_t function; /* that one */
    bool is_pure;
    struct arena *arena;
};

static size_t line_length(const char *line)
{
    return strcspn(line, "\n");
}

static const char *next_line(const char *line)
{
    line += line_length(line);
    return line + (*line == '\n' ? 1 : 0);
}

/* Where 'word' is in a line; NULL: nowhere. */
static const char *find(const char *line, const char *word)
{
    const char *end = line + line_length(line);
    size_t length = strlen(word);
    for (const char *p = line; end - p >= (ptrdiff_t)length; p++) {
        if (memcmp(p, word, length) == 0) {
            return p;
        }
    }
    return NULL;
}

/* A number for the word of 'line' that ends before 'end'. Two words with one
 * number would cost a hint, and nothing else. */
static uint64_t word_before(const char *line, const char *end)
{
    size_t length = c_word_length_before(line, end);
    return c_word_hash(end - length, length);
}

/* "w2c_f3", "var_l0": 'letters' are those that may follow. */
static bool is_variable(const char *text, const char *letters)
{
    return (strncmp(text, "w2c_", 4) == 0 || strncmp(text, "var_", 4) == 0) &&
           text[4] != '\0' && strchr(letters, text[4]) != NULL;
}

/* "l1 = f0;": the result of floats goes to a local or a parameter. */
static bool is_result(const char *text)
{
    const char *value = find(text, " = ");
    return is_variable(text, "lp") && value != NULL &&
           is_variable(value + 3, "f");
}

/* The block behind 'line' computes floats in locals, and nothing else. */
static bool is_folding(const char *line)
{
    bool has_result = false;
    for (int i = 0; i <= MOST_LINES; i++) {
        line = next_line(line);
        const char *text = line + strspn(line, " ");
        if (text[0] == '}') {
            return has_result && find(text, "else") == NULL;
        }
        has_result = has_result || is_result(text);
        if (find(text, "(") != NULL ||
            !(is_variable(text, "f") || is_result(text))) {
            return false;
        }
    }
    return false;
}

static void add(struct folds *folds, size_t line)
{
    folds->list = arena_grow(folds->arena, folds->list, folds->count,
                             &folds->capacity, sizeof(*folds->list));
    folds->list[folds->count++] = (struct fold){line, folds->function};
}

static void read_line(struct folds *folds, const char *line, size_t number)
{
    const char *text = line + strspn(line, " ");
    const char *call = find(line, "(instance");
    if (call != NULL) {
        ++*u64map_at(&folds->calls, word_before(line, call), folds->arena);
    }
    if (call != NULL || find(line, "_store(") != NULL) {
        folds->is_pure = false;
    }
    if (text > line) { /* inside of a function */
        if (strncmp(text, "if (", 4) == 0 && is_variable(text + 4, "i") &&
            is_folding(line)) {
            add(folds, number);
        }
    } else if (text[0] == '}') {
        folds->count = folds->is_pure ? folds->count : folds->first;
        folds->first = folds->count;
    } else if (find(line, "(") != NULL) {
        folds->function = word_before(line, find(line, "("));
        folds->is_pure = true;
    }
}

const bool *branch_folds_find(const char *text, struct arena *arena)
{
    struct folds folds = {.is_pure = true, .arena = arena};
    size_t lines = 0;
    for (const char *line = text; *line != '\0'; line = next_line(line)) {
        read_line(&folds, line, lines++);
    }
    bool *found = arena_alloc(arena, lines + 1, sizeof(*found));
    for (uint32_t i = 0; i < folds.first; i++) {
        found[folds.list[i].line] =
            u64map_find(&folds.calls, folds.list[i].function) >= MANY_CALLS;
    }
    return found;
}
