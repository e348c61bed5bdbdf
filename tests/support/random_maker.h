/* SPDX-License-Identifier: MIT */
/*
 * The parts that random_code() is made of: one function's code, as it is
 * written. What is called an expression leaves one i32, a statement nothing.
 */
#ifndef F4E_RANDOM_MAKER_H
#define F4E_RANDOM_MAKER_H

#include "random_code.h"
#include "wasm/body.h"
#include "wasm/wasm_write.h"

enum {
    MAKER_NUMBERS = 5,  /* i32 locals for any use, behind the parameters */
    MAKER_COUNTERS = 3, /* i32 locals that count rounds, by depth of loops */
    MAKER_LABELS = 16,
    MAKER_I32_STORE8 = 0x3a,
    MAKER_VOID = 0x40, /* type of a block */
};

enum maker_type {
    TYPE_VOID,
    TYPE_II_I,
    TYPE_ANY,
    TYPE_I_I,
    TYPE_II_II,
    TYPE_NOTE
};

enum {
    MAKER_TYPES = 6,
    MAKER_FUNCTIONS = 8,
    /* Each function, a hole, and each function again. */
    MAKER_ELEMENTS = 2 * MAKER_FUNCTIONS + 1,
};

/* Signatures, by index; letters as in the table of opcodes. */
extern const char *const maker_types[MAKER_TYPES];

struct maker_function {
    const char *name; /* of the export, or NULL */
    enum maker_type type;
};

/* Each calls only those before it. 0: the import, 1: initDefaults. */
extern const struct maker_function maker_functions[MAKER_FUNCTIONS];

/* Small modules show more than large ones, where everything is unknown soon. */
struct maker_style {
    unsigned cells;  /* in use */
    unsigned locals; /* in use */
    unsigned budget; /* statements of a function */
    unsigned length; /* of a body, before blocks are opened */
    unsigned depth;  /* of expressions, beyond the least */
};

struct code_maker {
    struct random_numbers *numbers;
    const struct maker_style *style;
    struct buf *out;
    unsigned function;
    unsigned params;
    unsigned loops;                /* around here */
    unsigned labels[MAKER_LABELS]; /* how many i32 a jump carries */
    unsigned label_count;
    unsigned budget;
    unsigned depth;
};

uint32_t maker_any(struct code_maker *maker, uint32_t below);

void maker_op(struct code_maker *maker, uint32_t code);
void maker_indexed(struct code_maker *maker, uint32_t code, uint32_t index);
void maker_constant(struct code_maker *maker, uint32_t value);

/* Of an access whose operands are on the stack: any memory, any offset. */
void maker_access(struct code_maker *maker, uint32_t code);

/* A local for any use; the address of a word that has one of its own. */
uint32_t maker_local(struct code_maker *maker);
uint32_t maker_cell(struct code_maker *maker);

void maker_load_cell(struct code_maker *maker, uint32_t address);
/* The value is on the stack above the address. */
void maker_store_word(struct code_maker *maker);

/* A label that a jump takes so many i32 to. */
void maker_open(struct code_maker *maker, uint32_t code, uint32_t type,
                unsigned carried);
void maker_close(struct code_maker *maker);

/* 'depth': how deep operands may go. */
void maker_expression(struct code_maker *maker, unsigned depth);
void maker_condition(struct code_maker *maker, unsigned depth);
/* More often than not inside the memory. */
void maker_address(struct code_maker *maker, unsigned depth);
void maker_arguments(struct code_maker *maker, const char *type,
                     unsigned depth);

/* A statement that a rule for numbers is needed to tell of. */
void maker_arithmetic(struct code_maker *maker);

/* At least one, 'count' at most. */
void maker_statements(struct code_maker *maker, unsigned count);

#endif
