/* SPDX-License-Identifier: MIT */
/* Shared by the files of this room only. */
#ifndef F4E_SIBLINGS_INTERNAL_H
#define F4E_SIBLINGS_INTERNAL_H

#include "siblings/siblings.h"

/* ---- effects.c ---- */

/* What a call of a function may touch, whatever it calls included. */
struct sibling_effects {
    bool is_known; /* false while it is being computed: recursion */
    bool reads_memory, writes_memory, traps;
    uint64_t *reads, *writes; /* globals, a bit each */
};

/* By function index, for a module that does not recurse. */
struct sibling_effects *siblings_effects(const struct siblings *siblings);

/* Whether two calls may change places. */
bool siblings_are_independent(const struct siblings *siblings,
                              const struct sibling_effects *a,
                              const struct sibling_effects *b);

/* Whether a call leaves no trace but its result. */
bool siblings_is_pure(const struct siblings *siblings,
                      const struct sibling_effects *effects);

/* ---- write.c ---- */

/* Write the body of the function that does 'count' functions at once; false:
 * they differ, do what cannot be done in lanes, or would not be faster. */
bool siblings_write(struct siblings *siblings,
                    const struct sibling_effects *effects,
                    const uint32_t *functions, uint32_t count,
                    const char **body);

/* ---- Values and variables, for write.c and what it consists of ----
 */

struct sibling_value {
    uint32_t id; /* its name is "t<id>"; 0: a constant without a name */
    enum wasm_type type;
    const uint32_t *constant; /* by lane; NULL: it varies */
    bool is_quiet;            /* a float that is no signalling NaN */
    uint32_t float_id;        /* of the float that it was cut off from, or 0 */
    const uint32_t *first, *last; /* proven, by lane; or NULL */
};

/* A local of one of the functions, or a row. */
struct sibling_variable {
    const char *name;
    enum wasm_type type;
    uint32_t row;   /* 1 + its number, or 0 */
    uint32_t depth; /* how many arms are around its declaration */
};

/* What an arm of a condition assigns to. */
struct sibling_arm {
    const struct sibling_variable **assigned;
    uint32_t count, capacity;
    struct buf text;
    struct buf *outer; /* where text goes otherwise */
    const char *outer_mask;
    uint32_t single, joint; /* first: before the arm; then: of the arm */
};

enum { SIBLINGS_STACK = 256, SIBLINGS_ARMS = 16, SIBLINGS_FRAMES = 8 };

struct sibling_writer {
    struct siblings *siblings;
    const struct sibling_effects *effects;
    struct arena *arena;
    uint32_t count, width; /* lanes in use, lanes */
    struct buf *out;
    struct sibling_value stack[SIBLINGS_STACK];
    uint32_t stack_count;
    uint32_t next_id;
    struct sibling_arm *arms[SIBLINGS_ARMS];
    uint32_t arm_count;
    uint32_t frames;
    const char *mask;     /* the lanes that are at work; NULL: all */
    uint32_t *selections; /* by row: the conditions that assign to it */
    uint32_t chain;       /* the most of them */
    /* What a frame costs, in eighths of an operation: */
    uint32_t single; /* each of the functions, called by itself */
    uint32_t joint;  /* all of them in lanes */
};

/* The functions that the lanes are in, and the locals there. */
struct sibling_frame {
    uint32_t functions[SIBLINGS_MAX];
    struct sibling_variable *locals;
};

/* Each fails where the stack is full. */
bool siblings_push(struct sibling_writer *w, struct sibling_value value);
struct sibling_value siblings_pop(struct sibling_writer *w);

/* A fresh value, whose definition "  const TYPE t1 = " has been begun. */
struct sibling_value siblings_begin(struct sibling_writer *w,
                                    enum wasm_type type);

/* The name of a value, which is defined now if it is a constant. */
const char *siblings_name(struct sibling_writer *w,
                          struct sibling_value *value);

/* "f4e_f8" */
const char *siblings_type(const struct sibling_writer *w, enum wasm_type type);

/* Write "variable = value;", and note it in the arms around. */
void siblings_assign(struct sibling_writer *w,
                     const struct sibling_variable *variable,
                     struct sibling_value value);

/* Count an operation that each function does, and that takes 'cost' in lanes.
 */
enum { SIBLINGS_OPERATION = 8 };
void siblings_count(struct sibling_writer *w, uint32_t cost);

/* Constants by lane, zeroed. */
uint32_t *siblings_lanes(const struct sibling_writer *w);

/* The instruction at 'pc' in a lane. */
const struct body_op *siblings_op(const struct sibling_writer *w,
                                  const struct sibling_frame *frame,
                                  uint32_t lane, uint32_t pc);

/* A constant, and what reads or writes a local; false: not possible. */
bool siblings_write_constant(struct sibling_writer *w,
                             const struct sibling_frame *frame, uint32_t pc);
bool siblings_write_local(struct sibling_writer *w,
                          const struct sibling_frame *frame,
                          const struct wasm_insn *insn);

/* ---- conditions.c ---- */

/* What is written goes into 'arm', and only lanes in 'mask' are at work. */
void siblings_open_arm(struct sibling_writer *w, struct sibling_arm *arm,
                       const char *mask);
void siblings_close_arm(struct sibling_writer *w, struct sibling_arm *arm);

/* Write one arm, or two, so that each lane takes its own. The list of the
 * second one begins with that of the first. 'id' is for names. */
void siblings_join_arms(struct sibling_writer *w,
                        const struct sibling_arm *arms,
                        const char *const masks[2], uint32_t id, bool has_else);

/* ---- calls.c ---- */

/* range(value, first, last, mask): the value, about which more is known. */
bool siblings_write_fact(struct sibling_writer *w);

/* Whether the function is one line of instructions, with conditions in it. */
bool siblings_is_straight(const struct wasm_body *body);

/* A call for each lane by itself; false: the functions are not pure. */
bool siblings_write_calls(struct sibling_writer *w, const uint32_t *functions);

/* ---- operations.c: one instruction of arithmetic; false: unknown ---- */
bool siblings_write_op(struct sibling_writer *w, const struct wasm_insn *insn);
bool siblings_write_select(struct sibling_writer *w);

/* ---- accesses.c: globals and memory ---- */
bool siblings_write_global(struct sibling_writer *w,
                           const struct sibling_frame *frame, uint32_t pc);
bool siblings_write_load(struct sibling_writer *w,
                         const struct sibling_frame *frame, uint32_t pc);

#endif
