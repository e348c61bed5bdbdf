/* SPDX-License-Identifier: MIT */
/* Loops in the C text of wasm2c that go on until a local has counted to a
 * constant, as the language's `loop N` is compiled. */
#ifndef F4E_COUNTED_LOOP_H
#define F4E_COUNTED_LOOP_H

#include "ctext/c_statement.h"

struct counted_loop {
    size_t label;       /* the line "w2c_L1: " */
    size_t first, last; /* of the rounds; 'last' is "goto w2c_L1;" */
    size_t way_out;     /* "goto w2c_B0;" behind the test */
    size_t end;         /* "w2c_B0:;", to which others may jump as well */
    uint32_t counter;   /* a local: in the rounds it is 1, 2 … 'rounds' */
    uint32_t rounds;
};

/* Whether such a loop begins at line 'label', without loops, blocks and ways
 * out in it, and without values that it carries on the operand stack. */
bool counted_loop_read(struct counted_loop *loop, const struct c_line *lines,
                       size_t count, size_t label);

#endif
