/* SPDX-License-Identifier: MIT */
/* Parsing of arguments, before names are resolved. */
#ifndef F4E_PROJECT_ARGUMENT_H
#define F4E_PROJECT_ARGUMENT_H

#include "project/parse/number.h"

enum operand_kind {
    OPERAND_NUMBER,
    OPERAND_TOO_LARGE, /* a literal beyond the range of a double */
    OPERAND_BAD,       /* malformed number */
    OPERAND_NAME,      /* a plain name */
    OPERAND_CONSTANT,  /* a name in capitals */
    OPERAND_MODULE_START,
    OPERAND_MODULE_END,
    OPERAND_NTH, /* start address of the nth declaration */
    OPERAND_ITEM_START,
    OPERAND_ITEM_END,
    OPERAND_COUNT,
    OPERAND_SIZEOF,
    OPERAND_MAX,
    OPERAND_MIN,
    OPERAND_POINTEE, /* *X: not usable in declarations */
};

struct operand {
    enum operand_kind kind;
    struct span text;
    struct number number; /* OPERAND_NUMBER */
    struct span module;   /* empty: the one that it stands in */
    struct span id;
    uint32_t nth;
    bool is_pointee; /* queries: about what *id points to */
};

enum argument_kind {
    ARGUMENT_OPERAND, /* left alone */
    ARGUMENT_EXPRESSION,
    ARGUMENT_STRING, /* with its quotes in left.text */
};

struct argument {
    enum argument_kind kind;
    struct operand left;
    char operator; /* + - * / ^ */
    struct operand right;
};

struct argument argument_read(struct span token);

/* Capitals: A-Z first and no a-z. */
bool argument_is_constant(struct span name);

/*
 * The bytes of a string token, at most 'room' of them in 'bytes'; '*length' is
 * their real number. False: an escape that does not exist.
 */
bool argument_string(struct span token, uint8_t *bytes, size_t room,
                     size_t *length);

#endif
