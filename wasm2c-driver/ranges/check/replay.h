/* SPDX-License-Identifier: MIT */
/*
 * Follows calls of the host through the code, each instruction once on each
 * path of calls to it, and compares what it sees with the certificate. Nothing
 * is searched for: at the head of a loop stands what the certificate says, on
 * entry it must be true, and after a round it must be true again.
 */
#ifndef F4E_CHECK_REPLAY_H
#define F4E_CHECK_REPLAY_H

#include "ranges/check/replay_state.h"

/* A loop that is being followed. */
struct replay_loop {
    struct replay_state *entry;          /* before the first round */
    const struct certificate_path *path; /* what changes; NULL: nothing */
    size_t offset;                       /* in the file */
};

struct replay_label {
    struct replay_state *out;       /* what jumps here, when it is no loop */
    const struct replay_loop *loop; /* or NULL */
    uint32_t height;                /* below what a jump carries */
    uint32_t arity;                 /* how many terms that are */
};

struct replay {
    struct replay_context context;
    const struct certificate *certificate;
    const struct wasm_bodies *bodies;
    struct replay_state *state;
    struct replay_label *labels;
    uint32_t label_count;
    uint32_t body_label; /* of the innermost call, and */
    uint32_t frame;      /* its first slot: arguments, then locals */
    uint32_t path;       /* in the certificate */
    uint32_t depth;      /* of calls and blocks */
    uint64_t steps;
    size_t memory_bytes; /* of the arena, before */
    const char *failure; /* or NULL */
};

/* 'certificate' and 'code' must outlive it. */
void replay_init(struct replay *replay, const struct certificate *certificate,
                 const struct wasm_bodies *bodies, struct arena *arena);

/*
 * Whether everything that the certificate says is true of, and after, one call
 * of a function that is not imported, with any arguments, from any memory that
 * is as the certificate says. False with 'failure'.
 */
bool replay_call(struct replay *replay, uint32_t function);

/* ---- For the files of the replay only ---- */

/* "WHAT at byte OFFSET"; nothing goes on from now. */
void replay_fail(struct replay *replay, size_t offset, const char *what);

/* A condition, or what was loaded, is as the certificate says. */
void replay_check_value(struct replay *replay, const struct body_op *op,
                        uint32_t term);

void replay_push_unknown(struct replay *replay, uint8_t type);

/* replay_plain.c: an instruction that goes on with the next one. */
void replay_plain(struct replay *replay, const struct body_op *op);

/* replay_memory.c */
void replay_load(struct replay *replay, const struct body_op *op);
void replay_store(struct replay *replay, const struct body_op *op);
void replay_bulk(struct replay *replay, const struct body_op *op);

/*
 * replay_loop.c. replay->now becomes the head of a loop, and 'loop' what the
 * end of its rounds is compared with, by the second function. Give
 * loop->entry back.
 */
void replay_enter_loop(struct replay *replay, struct replay_loop *loop,
                       size_t offset);
void replay_check_back_edge(struct replay *replay,
                            const struct replay_loop *loop,
                            struct replay_state *state);

#endif
