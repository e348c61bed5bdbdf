/* SPDX-License-Identifier: MIT */
/*
 * The certificate of an analysis as text, and the limits that the analysis and
 * the check share. analysis/certificate_write.h writes it, check/certificate.h
 * reads it; neither sees the other.
 *
 * One statement a line; a line that starts with '#' is a comment:
 *
 *     relies MEMORY ADDRESS BYTES RANGE  invariant of words between calls
 *     address SITE RANGE         operand of a load or store; it is in bounds
 *     value SITE RANGE           what an i32.load pushes, divisor, condition
 *     path PARENT AT             a call, or a loop of the innermost call
 *     round RANGE                a loop-variant value at the loop's head
 *     slot SLOT VALUE            the stack slot that holds it
 *     word MEMORY ADDRESS VALUE  the memory word that holds it
 *
 * RANGE is "LO HI RESIDUE BITS": signed bounds, both included, and the number's
 * low BITS bits. Sites are numbered as in wasm/body.h. Paths are numbered from
 * 1 in the order of their lines: path PARENT goes on to the call or loop at
 * byte AT of the module; PARENT 0 is the host, and AT then a function index.
 * `round`, `slot` and `word` belong to the path above them; VALUE counts the
 * rounds of a path from 0. They are the loop's invariant: what they do not
 * list is at the head what it was on entry, and places with the same VALUE hold
 * the same number. Slots are counted from the arguments and locals of the
 * host's call, through its operands, to those of the innermost call. Lines of
 * one kind are in ascending order.
 */
#ifndef F4E_CERTIFICATE_FORMAT_H
#define F4E_CERTIFICATE_FORMAT_H

/*
 * A claim is only checked if the check follows the code as far as the analysis
 * did, so both have the same limits. Each says what happens beyond it.
 */
enum {
    /* Operands of operands that a range is computed from; then the value's own
     * range is taken, which is wider. */
    CERTIFICATE_EVAL_DEPTH = 6,
    /* Operands of operands that a condition refines; those below are not. */
    CERTIFICATE_REFINE_DEPTH = 8,
    /* Columns of a table, and bytes of one that is read in parts of words, that
     * are looked at one by one; larger tables are joined as a whole. */
    CERTIFICATE_MAX_ROWS = 256,
    CERTIFICATE_MAX_BYTE_TABLE = 1024,

    /* From here on nothing is proven. Nested blocks and calls (C's own stack),
     * instructions followed, labels of a br_table, bytes of the arena. */
    CERTIFICATE_MAX_DEPTH = 400,
    CERTIFICATE_MAX_STEPS = 3 * 1000 * 1000,
    CERTIFICATE_MAX_LABELS = 256,
    CERTIFICATE_MAX_ARENA_BYTES = 512 << 20,

    /* More instructions may be followed for each one that the module has: a
     * large patch is many small ones. */
    CERTIFICATE_STEPS_PER_OP = 500,
    /* Words of a state, which are copied at once, that count as a step. */
    CERTIFICATE_WORDS_PER_STEP = 64,

    /* Of initDefaults: bytes of one memory that it may write, depth of its
     * calls, instructions, operands of an instruction. */
    CERTIFICATE_MAX_INIT_BYTES = 64 << 20,
    CERTIFICATE_MAX_INIT_CALLS = 4,
    CERTIFICATE_MAX_INIT_STEPS = 1 << 20,
    CERTIFICATE_MAX_INIT_OPERANDS = 3,
};

#endif
