/* SPDX-License-Identifier: MIT */
/*
 * Follows calls of the host through the code, each instruction once on each
 * path of calls to it, and compares what it sees with the certificate. There is
 * no search: at the head of a loop stands the invariant of the certificate,
 * which must hold on entry and again at each back edge.
 */
#ifndef F4E_REPLAY_H
#define F4E_REPLAY_H

#include "ranges/check/replay_state.h"

/* A loop that is being followed. */
struct replay_loop {
    struct replay_state *entry;          /* before the first iteration */
    const struct certificate_path *path; /* its invariant */
    size_t offset;                       /* byte of the module */
};

struct replay_label {
    struct replay_state *out;       /* join of all jumps here; NULL: a loop */
    const struct replay_loop *loop; /* or NULL */
    uint32_t height;                /* slots below the terms that jumps carry */
    uint32_t arity;                 /* the number of those terms */
};

struct replay {
    struct replay_context context;
    const struct certificate *certificate;
    const struct wasm_bodies *bodies;
    struct replay_state *state; /* the current one */
    struct replay_label *labels;
    uint32_t label_count;
    uint32_t body_label; /* of the current function */
    uint32_t frame;      /* slot of its first local */
    uint32_t path;       /* in the certificate */
    uint32_t depth;      /* of nested blocks and calls */
    uint64_t steps;      /* so far */
    uint64_t max_steps;  /* then it is given up */
    size_t memory_bytes; /* of the arena, in use before */
    const char *failure; /* or NULL */
};

/* 'certificate' and 'bodies' must outlive it. */
void replay_init(struct replay *replay, const struct certificate *certificate,
                 const struct wasm_bodies *bodies, struct arena *arena);

/*
 * Whether every claim holds during, and the memory invariant after, one call of
 * a function that is not imported, with any arguments, from any memory that
 * satisfies the invariant. False with 'failure'.
 */
bool replay_call(struct replay *replay, uint32_t function);

/* ---- For replay*.c only ---- */

/* ---- replay_report.c ---- */

/* Fail with "WHAT at byte OFFSET"; the current state becomes unreachable. */
void replay_fail(struct replay *replay, size_t offset, const char *what);

/* Verify the claim on the value of the site 'op', if there is one. */
void replay_check_value(struct replay *replay, const struct body_op *op,
                        uint32_t term);

void replay_push_unknown(struct replay *replay, uint8_t type);

/* ---- replay_plain.c: an instruction without blocks ---- */

void replay_plain(struct replay *replay, const struct body_op *op);

/* ---- replay_memory.c ---- */

void replay_load(struct replay *replay, const struct body_op *op);
void replay_store(struct replay *replay, const struct body_op *op);
void replay_bulk(struct replay *replay, const struct body_op *op);

/* ---- replay_loop.c ---- */

/* Verify the invariant on entry of the loop at byte 'offset', and make the
 * current state the loop's head. Release loop->entry after the body. */
void replay_enter_loop(struct replay *replay, struct replay_loop *loop,
                       size_t offset);

/* Verify the invariant in 'state', which jumps back to the head. */
void replay_check_back_edge(struct replay *replay,
                            const struct replay_loop *loop,
                            struct replay_state *state);

#endif
