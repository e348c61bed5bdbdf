/* SPDX-License-Identifier: MIT */
/*
 * One change to a patch, made between two blocks: scheduled for a block
 * (struct engine's events), made at every start (its settings), or sent while
 * the patch plays (struct inbox). Whoever makes one has checked it against the
 * patch: ranges lie inside their memory, calls have all their arguments.
 */
#ifndef F4E_CHANGE_H
#define F4E_CHANGE_H

#include "f4e_patch.h"
#include "rt/piano.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum change_kind {
    CHANGE_WRITE,  /* 'bytes' to memory */
    CHANGE_TOGGLE, /* of two values the other one to memory */
    CHANGE_RAMP,   /* elements move to other values, block by block */
    CHANGE_CALL,   /* an exported function */
    CHANGE_KEY,    /* a key of the keyboard */
    CHANGE_PIANO,  /* a key of a view F4E_PIANO */
};

struct change {
    uint64_t block; /* when: of an event, or by the inbox's due_block */
    enum change_kind kind;
    bool is_midi;   /* CHANGE_CALL with 'midi': a trap ends it alone */
    bool is_sent;   /* by the inbox: CHANGE_CALL from outside; likewise */
    bool is_joined; /* by the inbox: made in one block with the one before */
    uint8_t
        trap; /* by the engine: enum f4e_trap of a CHANGE_CALL in an inbox */
    enum f4e_element element; /* CHANGE_RAMP: of 'bytes', the end values */
    uint32_t blocks;          /* CHANGE_RAMP: until they are reached, > 0 */
    uint32_t version; /* of the code that addresses and functions are of; 0 in
                       * a finished patch, which has one */
    union {
        struct {
            uint32_t memory;  /* index */
            uint32_t address; /* bytes */
            uint32_t size;    /* bytes of one value; of a ramp: of all */
            /* CHANGE_TOGGLE: two values. Memory that holds the first gets the
             * second, any other memory the first. */
            const uint8_t *bytes;
        } write; /* CHANGE_WRITE, CHANGE_TOGGLE, CHANGE_RAMP */
        struct {
            const struct f4e_export *function;
            union {
                const double *args; /* function->params of them */
                uint8_t midi[3];    /* is_midi: status and data, which lie here
                                     * for the audio thread to find them at
                                     * once; change_midi_args() */
            };
        } call;
        struct {
            uint8_t action; /* enum keyboard_action */
            uint8_t key;    /* USB HID usage id */
        } key;
        struct {
            const struct f4e_view *view;
            enum piano_action action;
            uint8_t key[PIANO_KEY_BYTES]; /* as an element of the array */
        } piano;
    };
};

/* A message as arguments, as a JavaScript host passes it: bytes too many are
 * dropped, missing integers are 0 and missing floats NaN. 'args' has room for
 * function->params. */
static inline void change_midi_args(const struct f4e_export *function,
                                    const uint8_t bytes[3], double *args)
{
    for (unsigned i = 0; i < function->params; i++) {
        const char type = function->signature[i];
        const bool is_float = type == 'f' || type == 'd';
        args[i] = i < 3 ? bytes[i] : is_float ? (double)NAN : 0.0;
    }
}

/* The bytes that the change points to. */
static inline size_t change_payload_bytes(const struct change *change)
{
    switch (change->kind) {
    case CHANGE_WRITE:
    case CHANGE_RAMP:
        return change->write.size;
    case CHANGE_TOGGLE:
        return 2 * (size_t)change->write.size;
    case CHANGE_CALL:
        return change->is_midi
                   ? 0
                   : change->call.function->params * sizeof(*change->call.args);
    case CHANGE_KEY:
    case CHANGE_PIANO:
        break;
    }
    return 0;
}

#endif
