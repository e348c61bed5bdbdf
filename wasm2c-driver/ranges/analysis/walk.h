/* SPDX-License-Identifier: MIT */
/*
 * The abstract interpreter: follows every path that a call can take, calls
 * inlined, loops until they are stable. What it sees of each site is the
 * result; what calls leave in memory is joined into the memory model.
 */
#ifndef F4E_WALK_H
#define F4E_WALK_H

#include "ranges/analysis/loop_heads.h"
#include "wasm/body.h"

/* The join over all visits of a site (wasm/body.h). */
struct walk_site {
    bool is_reached;
    bool is_inside; /* in bounds: operand + offset + bytes <= memory size */
    struct range address; /* the operand of a load or store */
    bool has_value;
    struct range value; /* what an i32.load pushed; of a division its divisor,
                           else the condition */
};

struct walk_label {
    struct state *out; /* join of all jumps here */
    uint32_t height;   /* slots below the values that a jump carries */
    uint32_t arity;    /* the number of those values */
};

struct walk {
    struct state_context context;
    const struct wasm_bodies *bodies;
    struct loop_heads heads;
    uint32_t path;           /* in heads */
    struct walk_site *sites; /* bodies->site_count */
    struct state *state;     /* the current one */
    struct walk_label *labels;
    uint32_t label_count;
    uint32_t first_label; /* jumps to lower ones leave an extrapolation */
    uint32_t body_label;  /* of the current function */
    uint32_t frame;       /* slot of its first local */
    uint32_t depth;       /* of nested blocks and calls */
    uint64_t steps;       /* so far */
    uint64_t max_steps;   /* then it is given up */
    const char *failure;  /* why the walk was given up, or NULL */
};

/* 'memory' and 'bodies' must outlive the walk; everything is in 'arena'. */
void walk_init(struct walk *walk, const struct wasm_bodies *bodies,
               struct memory_model *memory, struct arena *arena);

/*
 * A call by the host of a function that is not imported, with any arguments,
 * from any memory that the model contains; the model then contains what it
 * leaves. False after a failure: nothing is known then.
 */
bool walk_call(struct walk *walk, uint32_t function);

/* ---- For walk*.c only ---- */

/* ---- walk_report.c ---- */

/* Give up; the current state becomes unreachable. */
void walk_fail(struct walk *walk, const char *why);

/* Count a copy of the current state as the steps that take as long. */
void walk_spend_copy(struct walk *walk);

void walk_push_unknown(struct walk *walk, uint8_t type);

/* Join a value into what is known of the site 'op'. */
void walk_record_value(struct walk *walk, const struct body_op *op,
                       uint32_t value);

/* ---- walk_value.c: an instruction without blocks ---- */

void walk_plain(struct walk *walk, const struct body_op *op);

/* ---- walk_memory.c ---- */

void walk_load(struct walk *walk, const struct body_op *op);
void walk_store(struct walk *walk, const struct body_op *op);
void walk_bulk(struct walk *walk, const struct body_op *op);

#endif
