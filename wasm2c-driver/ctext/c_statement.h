/* SPDX-License-Identifier: MIT */
/*
 * What one line of wasm2c's C computes. It is three-address code: a line writes
 * one variable at most, and control flow has lines of its own.
 */
#ifndef F4E_C_STATEMENT_H
#define F4E_C_STATEMENT_H

#include "ctext/c_line.h"

#include <stdint.h>

/* A variable: its kind, which is a letter, and its number. 'i', 'j', 'f', 'd'
 * are places of the operand stack by their types, 'l' and 'p' locals and
 * parameters, 'g' globals of the module. 0 is none. */
static inline uint32_t c_variable(char kind, uint32_t number)
{
    return (uint32_t)(unsigned char)kind << 24 | number;
}

static inline char c_variable_kind(uint32_t variable)
{
    return (char)(variable >> 24);
}

static inline uint32_t c_variable_number(uint32_t variable)
{
    return variable & 0xffffff;
}

/* A place of the operand stack that holds a float. */
static inline bool c_variable_is_float(uint32_t variable)
{
    return c_variable_kind(variable) == 'f' || c_variable_kind(variable) == 'd';
}

enum { C_STATEMENT_READS = 8 };

struct c_statement {
    uint32_t target; /* what it assigns to, or 0 */
    uint32_t reads[C_STATEMENT_READS];
    uint32_t read_count;
    bool is_update;    /* "x += y;": 'target' is the first of 'reads', too */
    const char *value; /* behind the '=', up to the ';' */
    size_t value_length;
    char operation; /* of an update: '+' of "+=" */
    /* All it does is to compute 'target' from 'reads': no call but of plain
     * arithmetic, no memory, no trap. */
    bool is_pure;
    bool is_constant; /* pure, and without 'reads' */
    bool is_known;    /* false: it reads more than fits here */
};

/* Read a line that is no label and opens or closes no block; others get no
 * target, and what they mention as 'reads'. */
void c_statement_read(struct c_statement *statement, const struct c_line *line);

/* The variable at 'text', and how many characters its name has; 0 for none.
 * "instance->w2c_g3" is one, too. */
uint32_t c_variable_at(const char *text, size_t *length);

/* Whether the statement reads 'variable'. */
bool c_statement_reads(const struct c_statement *statement, uint32_t variable);

#endif
