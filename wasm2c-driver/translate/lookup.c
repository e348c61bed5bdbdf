/* SPDX-License-Identifier: MIT */
#include "translate/lookup.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_ROLES = 4,  /* locals of a shape */
    MAX_STEPS = 16, /* instructions of a part of it */
};

/* In a shape: what is no opcode. */
enum {
    EQUAL = 0x100, /* compares two of the type that goes in */
    CONSTANT_IN,   /* a constant of that type */
    CONSTANT_OUT,  /* and of the type that comes out */
    CONSTANT_ZERO, /* i32.const 0 */
};

/* Locals by what they are for. */
enum role { NO_ROLE, INPUT, RESULT, MATCHED, CONDITION };

struct step {
    unsigned code; /* of an instruction, or one of the above; 0: the end */
    enum role role;
};

/* How a compiler writes a map: a start, rows, and an end. */
struct shape {
    bool is_last_first; /* the row that comes last in the code counts first */
    struct step start[MAX_STEPS];
    struct step row[MAX_STEPS];
};

static const struct shape shapes[] = {
    /* Rows in order, and whether one has matched. */
    {false,
     {{CODE_LOCAL_SET, INPUT},
      {CONSTANT_OUT, NO_ROLE},
      {CODE_LOCAL_SET, RESULT},
      {CONSTANT_ZERO, NO_ROLE},
      {CODE_LOCAL_SET, MATCHED},
      {0, NO_ROLE}},
     {{CONSTANT_OUT, NO_ROLE},
      {CODE_LOCAL_GET, RESULT},
      {CODE_LOCAL_GET, INPUT},
      {CONSTANT_IN, NO_ROLE},
      {EQUAL, NO_ROLE},
      {CODE_LOCAL_SET, CONDITION},
      {CODE_LOCAL_GET, CONDITION},
      {CODE_LOCAL_GET, MATCHED},
      {CODE_I32_EQZ, NO_ROLE},
      {CODE_I32_AND, NO_ROLE},
      {CODE_SELECT, NO_ROLE},
      {CODE_LOCAL_SET, RESULT},
      {CODE_LOCAL_GET, MATCHED},
      {CODE_LOCAL_GET, CONDITION},
      {CODE_I32_OR, NO_ROLE},
      {CODE_LOCAL_SET, MATCHED}}},
    /* Rows from the last to the first. */
    {true,
     {{CODE_LOCAL_SET, INPUT},
      {CONSTANT_OUT, NO_ROLE},
      {CODE_LOCAL_SET, RESULT},
      {0, NO_ROLE}},
     {{CONSTANT_OUT, NO_ROLE},
      {CODE_LOCAL_GET, RESULT},
      {CODE_LOCAL_GET, INPUT},
      {CONSTANT_IN, NO_ROLE},
      {EQUAL, NO_ROLE},
      {CODE_SELECT, NO_ROLE},
      {CODE_LOCAL_SET, RESULT},
      {0, NO_ROLE}}},
};
enum { SHAPE_COUNT = sizeof(shapes) / sizeof(shapes[0]) };

/* A body being read. */
struct search {
    const struct wasm_module *module;
    const struct wasm_function *body;
    struct arena *arena;
    struct diag *diag;
    uint32_t *reads; /* of each local, by what is no lookup */
};

struct match {
    struct lookup lookup;
    uint32_t locals[MAX_ROLES + 1]; /* by role */
    unsigned known;                 /* roles with a local: bits */
    bool has_in;                    /* 'lookup.in' is known */
    bool has_out;
    uint64_t in; /* the constants met last */
    uint64_t out;
};

double lookup_number(enum wasm_type type, uint64_t bits)
{
    uint32_t word = (uint32_t)bits;
    float single = 0;
    double number = 0;
    if (type == WASM_I32) {
        return (int32_t)word;
    }
    if (type == WASM_F32) {
        memcpy(&single, &word, sizeof(single));
        return (double)single;
    }
    memcpy(&number, &bits, sizeof(number));
    return number;
}

/* The type of a constant, or WASM_NONE for what is none of the language's. */
static enum wasm_type constant_type(unsigned code)
{
    switch (code) {
    case CODE_I32_CONST:
        return WASM_I32;
    case CODE_F32_CONST:
        return WASM_F32;
    case CODE_F64_CONST:
        return WASM_F64;
    default:
        return WASM_NONE;
    }
}

static unsigned equal_code(enum wasm_type type)
{
    return type == WASM_I32   ? CODE_I32_EQ
           : type == WASM_F32 ? CODE_F32_EQ
                              : CODE_F64_EQ;
}

static bool agree(bool *has_type, enum wasm_type *type, enum wasm_type found)
{
    bool is_same = found != WASM_NONE && (!*has_type || *type == found);
    *has_type = true;
    *type = found;
    return is_same;
}

/* Locals of different roles differ: a chain that uses one for two means
 * something else. */
static bool match_local(struct match *match, enum role role, uint32_t local)
{
    unsigned bit = 1U << role;
    if ((match->known & bit) != 0) {
        return match->locals[role] == local;
    }
    for (unsigned other = INPUT; other <= CONDITION; other++) {
        if ((match->known & 1U << other) != 0 &&
            match->locals[other] == local) {
            return false;
        }
    }
    match->known |= bit;
    match->locals[role] = local;
    return true;
}

static bool match_step(struct match *match, const struct step *step,
                       const struct wasm_insn *insn)
{
    struct lookup *lookup = &match->lookup;
    switch (step->code) {
    case CONSTANT_IN:
        match->in = insn->constant;
        return agree(&match->has_in, &lookup->in, constant_type(insn->code));
    case CONSTANT_OUT:
        match->out = insn->constant;
        return agree(&match->has_out, &lookup->out, constant_type(insn->code));
    case CONSTANT_ZERO:
        return insn->code == CODE_I32_CONST && insn->constant == 0;
    case EQUAL:
        return insn->code == equal_code(lookup->in);
    default:
        return insn->code == step->code &&
               (step->role == NO_ROLE ||
                match_local(match, step->role, insn->index));
    }
}

/* One part of a shape, from 'lookup.end' on; 'match' is as it was where the
 * part is not there. */
static bool match_steps(const struct search *search, struct match *match,
                        const struct step *steps)
{
    struct match next = *match;
    struct wasm_insn insn;
    for (unsigned i = 0; i < MAX_STEPS && steps[i].code != 0; i++) {
        if (next.lookup.end >= search->body->end_offset ||
            !wasm_insn_read(search->module, &next.lookup.end,
                            search->body->end_offset, &insn, search->diag) ||
            !match_step(&next, &steps[i], &insn)) {
            return false;
        }
    }
    *match = next;
    return true;
}

/* What it leaves last is its result. */
static bool match_end(const struct search *search, struct match *match)
{
    size_t at = match->lookup.end;
    struct wasm_insn insn;
    if (at >= search->body->end_offset ||
        !wasm_insn_read(search->module, &at, search->body->end_offset, &insn,
                        search->diag) ||
        insn.code != CODE_LOCAL_GET || insn.index != match->locals[RESULT]) {
        return false;
    }
    match->lookup.end = at;
    return true;
}

/* Reads the chain at 'offset'; where it is none of 'shape' false. */
static bool match_shape(const struct search *search, struct match *match,
                        const struct shape *shape, size_t offset)
{
    struct lookup *lookup = &match->lookup;
    uint32_t capacity = 0;
    *match = (struct match){.lookup = {.offset = offset, .end = offset}};
    if (!match_steps(search, match, shape->start)) {
        return false;
    }
    lookup->otherwise = match->out;
    lookup->input = match->locals[INPUT];
    lookup->result = match->locals[RESULT];
    while (match_steps(search, match, shape->row)) {
        uint32_t row = lookup->row_count;
        lookup->rows = arena_grow(search->arena, lookup->rows, row, &capacity,
                                  sizeof(*lookup->rows));
        lookup->rows[row] = (struct lookup_row){
            .key = match->in,
            .value = match->out,
            .order = shape->is_last_first ? UINT32_MAX - row : row};
        lookup->row_count++;
    }
    return lookup->row_count > 0 && match_end(search, match);
}

static int compare_integers(const void *a, const void *b)
{
    const struct lookup_row *left = a;
    const struct lookup_row *right = b;
    int32_t x = (int32_t)(uint32_t)left->key;
    int32_t y = (int32_t)(uint32_t)right->key;
    return x != y ? (x > y) - (x < y)
                  : (left->order > right->order) - (left->order < right->order);
}

static int compare_numbers(enum wasm_type type, const void *a, const void *b)
{
    const struct lookup_row *left = a;
    const struct lookup_row *right = b;
    double x = lookup_number(type, left->key);
    double y = lookup_number(type, right->key);
    return x != y ? (x > y) - (x < y)
                  : (left->order > right->order) - (left->order < right->order);
}

static int compare_singles(const void *a, const void *b)
{
    return compare_numbers(WASM_F32, a, b);
}

static int compare_doubles(const void *a, const void *b)
{
    return compare_numbers(WASM_F64, a, b);
}

/* Ascending, without keys that are met before, that nothing equals (NaN), or
 * that change nothing. */
static void settle_rows(struct lookup *lookup)
{
    struct lookup_row *rows = lookup->rows;
    uint32_t count = 0;
    for (uint32_t i = 0; i < lookup->row_count; i++) {
        double key = lookup_number(lookup->in, rows[i].key);
        if (key == key) {
            rows[count++] = rows[i];
        }
    }
    if (count > 0) {
        qsort(rows, count, sizeof(*rows),
              lookup->in == WASM_I32   ? compare_integers
              : lookup->in == WASM_F32 ? compare_singles
                                       : compare_doubles);
    }
    lookup->row_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool is_first =
            i == 0 || lookup_number(lookup->in, rows[i].key) !=
                          lookup_number(lookup->in, rows[i - 1].key);
        if (is_first) {
            rows[lookup->row_count++] = rows[i];
        }
    }
    count = lookup->row_count;
    lookup->row_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (rows[i].value != lookup->otherwise) {
            rows[lookup->row_count++] = rows[i];
        }
    }
}

static bool match_any(const struct search *search, struct match *match,
                      size_t offset)
{
    for (unsigned i = 0; i < SHAPE_COUNT; i++) {
        if (match_shape(search, match, &shapes[i], offset)) {
            return true;
        }
    }
    return false;
}

static bool is_read(const struct search *search, const struct match *match,
                    enum role role)
{
    return (match->known & 1U << role) != 0 &&
           search->reads[match->locals[role]] > 0;
}

/* All chains of the body; what else reads a local is counted. */
static bool collect(struct search *search, struct match **matches,
                    uint32_t *count)
{
    uint32_t capacity = 0;
    struct match match;
    for (size_t at = search->body->code_offset;
         at < search->body->end_offset;) {
        struct wasm_insn insn;
        size_t start = at;
        if (!wasm_insn_read(search->module, &at, search->body->end_offset,
                            &insn, search->diag)) {
            return false;
        }
        if (insn.code == CODE_LOCAL_GET) {
            search->reads[insn.index]++;
        } else if (insn.code == CODE_LOCAL_SET &&
                   match_any(search, &match, start)) {
            *matches = arena_grow(search->arena, *matches, *count, &capacity,
                                  sizeof(**matches));
            (*matches)[(*count)++] = match;
            at = match.lookup.end;
        }
    }
    return true;
}

bool lookup_find(struct lookup **lookups, uint32_t *count,
                 const struct wasm_module *module, uint32_t function,
                 struct arena *arena, struct diag *diag)
{
    const struct wasm_function *body = &module->functions[function];
    struct search search = {
        .module = module, .body = body, .arena = arena, .diag = diag};
    struct match *matches = NULL;
    uint32_t found = 0;
    search.reads =
        arena_alloc(arena,
                    (size_t)wasm_function_type(module, function)->param_count +
                        body->local_count,
                    sizeof(*search.reads));
    *count = 0;
    if (!collect(&search, &matches, &found)) {
        return false;
    }
    *lookups = arena_alloc(arena, found, sizeof(**lookups));
    for (uint32_t i = 0; i < found; i++) {
        if (!is_read(&search, &matches[i], MATCHED) &&
            !is_read(&search, &matches[i], CONDITION)) {
            settle_rows(&matches[i].lookup);
            (*lookups)[(*count)++] = matches[i].lookup;
        }
    }
    return true;
}
