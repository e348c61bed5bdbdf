/* SPDX-License-Identifier: MIT */
/* Rules for numbers: an instruction on numbers of which something is known, and
 * a word that holds the result, where it is loaded again. */
#include "random_maker.h"

enum {
    I32_LOAD_FIRST = CODE_I32_LOAD8_S, /* four narrow ones */
    WORDS = RANDOM_CODE_END,           /* no pointer is there */
    WORD_COUNT = 8,
};

static uint32_t any_mask(struct code_maker *maker)
{
    return UINT32_MAX >> (1 + maker_any(maker, 31));
}

/* Any number, one with some bits, one with a sign, one that is a multiple, … */
static void number(struct code_maker *maker)
{
    unsigned kind = maker_any(maker, 8);
    uint32_t mask = any_mask(maker);
    if (kind == 0) {
        maker_constant(maker, random_word(maker->numbers));
        return;
    }
    if (kind == 1) {
        maker_constant(maker, maker_any(maker, RANDOM_CODE_END));
        maker_access(maker, I32_LOAD_FIRST + maker_any(maker, 4));
        return;
    }
    maker_indexed(maker, CODE_CALL, 0);
    if (kind == 2) {
        return;
    }
    if (kind == 3) {
        maker_constant(maker, 16 + maker_any(maker, 16));
        maker_op(maker, CODE_I32_SHR_S + maker_any(maker, 2));
        return;
    }
    maker_constant(maker, kind == 4 ? mask << maker_any(maker, 5) : mask);
    maker_op(maker, CODE_I32_AND);
    if (kind >= 5) { /* around zero, or anywhere */
        maker_constant(maker, kind == 5   ? random_word(maker->numbers)
                              : kind == 6 ? mask / 2
                                          : mask + maker_any(maker, 3));
        maker_op(maker, kind == 5 ? CODE_I32_ADD : CODE_I32_SUB);
    }
}

static void keep(struct code_maker *maker, uint32_t local)
{
    uint32_t at = WORDS + 4 * maker_any(maker, WORD_COUNT);
    maker_constant(maker, at);
    maker_indexed(maker, CODE_LOCAL_GET, local);
    maker_store_word(maker);
    maker_load_cell(maker, at);
    maker_op(maker, CODE_DROP);
}

static void operation(struct code_maker *maker)
{
    static const uint32_t unary[] = {CODE_I32_EQZ,       CODE_I32_CLZ,
                                     CODE_I32_CTZ,       CODE_I32_POPCNT,
                                     CODE_I32_EXTEND8_S, CODE_I32_EXTEND16_S};
    uint32_t result = maker_local(maker);
    uint32_t code = CODE_I32_ADD + maker_any(maker, 13);
    number(maker);
    switch (maker_any(maker, 8)) {
    case 0:
        maker_op(maker, unary[maker_any(maker, 6)]);
        break;
    case 1:
        number(maker);
        maker_op(maker, CODE_I32_EQ + maker_any(maker, 10));
        break;
    default:
        if (maker_any(maker, 2) == 0) {
            number(maker);
        } else {
            maker_constant(maker, random_word(maker->numbers));
        }
        if (code >= CODE_I32_DIV_S && code <= CODE_I32_REM_U) {
            maker_constant(maker, 1 + maker_any(maker, 2));
            maker_op(maker, CODE_I32_OR); /* not zero */
        }
        maker_op(maker, code);
        break;
    }
    maker_indexed(maker, CODE_LOCAL_SET, result);
    keep(maker, result);
}

/* A comparison of one number, or of what was made of it. */
static void compare(struct code_maker *maker, uint32_t a, uint32_t b)
{
    maker_indexed(maker, CODE_LOCAL_GET, a);
    if (maker_any(maker, 3) == 0) {
        maker_constant(maker, maker_any(maker, 2) == 0
                                  ? 1 + maker_any(maker, 9)
                                  : random_word(maker->numbers));
        maker_op(maker, CODE_I32_ADD + maker_any(maker, 3));
    }
    if (maker_any(maker, 2) == 0) {
        maker_indexed(maker, CODE_LOCAL_GET, b);
    } else if (maker_any(maker, 2) == 0) {
        maker_constant(maker, maker_any(maker, 64) - 16);
    } else {
        maker_constant(maker, random_word(maker->numbers));
    }
    maker_op(maker, CODE_I32_EQ + maker_any(maker, 10));
}

/* What conditions tell of numbers, on either side of an `if`. */
static void outcome(struct code_maker *maker)
{
    uint32_t a = maker_local(maker);
    uint32_t b = maker_local(maker);
    number(maker);
    maker_indexed(maker, CODE_LOCAL_SET, a);
    number(maker);
    maker_indexed(maker, CODE_LOCAL_SET, b);
    compare(maker, a, b);
    if (maker_any(maker, 3) == 0) {
        compare(maker, maker_any(maker, 2) == 0 ? a : b, a);
        maker_op(maker, maker_any(maker, 2) == 0 ? CODE_I32_AND : CODE_I32_OR);
    }
    if (maker_any(maker, 4) == 0) {
        maker_op(maker, CODE_I32_EQZ);
    }
    maker_open(maker, CODE_IF, MAKER_VOID, 0);
    keep(maker, a);
    keep(maker, b);
    maker_op(maker, CODE_ELSE);
    keep(maker, a);
    keep(maker, b);
    maker_close(maker);
}

void maker_arithmetic(struct code_maker *maker)
{
    if (maker_any(maker, 3) == 0 && maker->label_count < MAKER_LABELS) {
        outcome(maker);
    } else {
        operation(maker);
    }
}
