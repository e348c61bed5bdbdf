/* SPDX-License-Identifier: MIT */
/* What places of the operand stack are known to hold, line by line in the C
 * text of wasm2c: constants, and ranges that the text states. */
#ifndef F4E_C_KNOWN_H
#define F4E_C_KNOWN_H

#include "ctext/c_statement.h"

enum { C_KNOWN_MAX = 32 };

struct c_place {
    uint32_t variable, first, last; /* unsigned, from 'first' to 'last' */
};

/* With 'count' 0, nothing is known. What does not fit is not known either. */
struct c_known {
    struct c_place list[C_KNOWN_MAX];
    uint32_t count;
    const struct c_line *lines;     /* of the text */
    const char *const *range_calls; /* two ways to call what states ranges */
};

/* NULL: nothing is known of the variable. */
const struct c_place *c_known_find(const struct c_known *known,
                                   uint32_t variable);

void c_known_forget(struct c_known *known, uint32_t variable);
void c_known_learn(struct c_known *known, uint32_t variable, uint32_t first,
                   uint32_t last);

/* Whether the line states what range a place of the operand stack has, and what
 * is known after it. */
bool c_known_is_range(const struct c_known *known, const struct c_line *line);
void c_known_learn_range(struct c_known *known,
                         const struct c_statement *statement);

/* Whether 'word' in the line is a division that cannot trap there, in a
 * statement on its own: by a known number, or as the language writes
 * remainders. */
bool c_known_divides(const struct c_known *known, const struct c_line *line,
                     const char *word, size_t length);

#endif
