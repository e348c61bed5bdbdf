/* SPDX-License-Identifier: MIT */
/*
 * Walks through the code with all values at once: every path that a call can
 * take, calls inside it included, loops until nothing new comes. What it sees
 * of each load and store is the result; what calls leave in memory goes to the
 * memory model.
 */
#ifndef F4E_RANGES_WALK_H
#define F4E_RANGES_WALK_H

#include "ranges/analysis/loop_heads.h"
#include "wasm/body.h"

/* What all visits of a load, a store or a condition have shown. */
struct walk_site {
    bool is_reached;
    bool is_inside; /* it cannot trap: operand + offset + bytes <= memory */
    struct range address;
    bool has_value;
    struct range value; /* what an i32.load gave; of others: the condition */
};

struct walk_label {
    struct state *out; /* what jumps here */
    uint32_t height;   /* slots below the values that a jump carries */
    uint32_t arity;    /* those values */
};

struct walk {
    struct state_context context;
    const struct wasm_bodies *bodies;
    struct loop_heads heads;
    uint32_t path;           /* in heads */
    struct walk_site *sites; /* code->site_count of them */
    struct state *state;     /* here and now */
    struct walk_label *labels;
    uint32_t label_count;
    uint32_t first_label; /* jumps to labels below lead out of a trial */
    uint32_t body_label;  /* of the function walked */
    uint32_t frame;       /* its first local's slot */
    uint32_t depth;       /* of nested blocks and calls */
    uint64_t steps;       /* walked so far */
    const char *failure;  /* why the walk ended early, or NULL */
};

/* 'memory' and 'code' must outlive the walk; everything is in 'arena'. */
void walk_init(struct walk *walk, const struct wasm_bodies *bodies,
               struct memory_model *memory, struct arena *arena);

/*
 * A call by the host of a function that is not imported, with any arguments,
 * from any memory that the model allows; the model then holds for what it
 * variants. False after a failure: nothing is known then.
 */
bool walk_call(struct walk *walk, uint32_t function);

/* For the files of the walk only: keep a value of a site; instructions without
 * blocks; a value of which nothing is known; give up; count a state's copy as
 * the instructions it takes as long as; memory. */
void walk_record_value(struct walk *walk, const struct body_op *op,
                       uint32_t value);
void walk_plain(struct walk *walk, const struct body_op *op);
void walk_push_unknown(struct walk *walk, uint8_t type);
void walk_fail(struct walk *walk, const char *why);
void walk_spend_copy(struct walk *walk);
void walk_load(struct walk *walk, const struct body_op *op);
void walk_store(struct walk *walk, const struct body_op *op);
void walk_bulk(struct walk *walk, const struct body_op *op);

#endif
