/* SPDX-License-Identifier: MIT */
/*
 * Traps: how translated code gives up. A trap unwinds to the block boundary by
 * longjmp, needs no signal handler and leaves memory as it is, partial effects
 * included (as WebAssembly demands).
 */
#ifndef F4E_TRAP_H
#define F4E_TRAP_H

#include "rt/realtime.h"

#include <stddef.h>
#include <stdint.h>

enum f4e_trap {
    F4E_TRAP_NONE,
    F4E_TRAP_OOB,                /* memory access out of bounds */
    F4E_TRAP_DIV_BY_ZERO,        /* integer divide by zero */
    F4E_TRAP_INT_OVERFLOW,       /* lowest integer / -1 */
    F4E_TRAP_INVALID_CONVERSION, /* float to integer: NaN or out of range */
    F4E_TRAP_UNREACHABLE,
    F4E_TRAP_EXHAUSTION, /* call stack exhausted */
    F4E_TRAP_NO_ELEMENT, /* indirect call: the table has no such element */
    F4E_TRAP_NULL,       /* indirect call: the element is no function */
    F4E_TRAP_SIGNATURE,  /* indirect call: it is a function of another type */
    F4E_TRAP_RANGE,      /* a proof of --ranges check does not hold: our bug */
    F4E_TRAP_ENDLESS,    /* interrupted: it did not end by itself */
    F4E_TRAP_COUNT
};

/* What the last trap was. 'function' is the C name of the translated function
 * that trapped (a string with static storage), or NULL. */
struct f4e_trap_report {
    enum f4e_trap kind;
    const char *function;
};

/*
 * Call 'function' so that a trap inside it returns here. Returns
 * F4E_TRAP_NONE, or the trap; 'report' (may be NULL) is filled on a trap. Not
 * re-entrant: one guard at a time in the whole process, on one thread at a
 * time; a patch that is loaded at run time (f4e_version.h) has a guard of its
 * own. 'stack_bytes' is how much stack recursion may use from here before
 * F4E_TRAP_EXHAUSTION; the caller's thread has at least that and 64 KiB more.
 */
typedef enum f4e_trap
f4e_guard_function(void (*function)(void *arg), void *arg, size_t stack_bytes,
                   struct f4e_trap_report *report) F4E_REALTIME;
f4e_guard_function f4e_guard;

/* Unwind to the f4e_guard() in progress. Only translated code calls it. */
_Noreturn __attribute__((cold)) void f4e_trap(enum f4e_trap kind,
                                              const char *function);

/* The same for `unreachable`, which is why an indirect call fails in functions
 * that f4e-build made for that and named so. */
_Noreturn __attribute__((cold)) void f4e_trap_unreachable(const char *function);

/*
 * For a signal handler: unwind to the f4e_guard() in progress, as from a trap,
 * if this thread is inside of it; else nothing. Only where code is exchanged
 * (f4e_version.h).
 */
typedef void f4e_interrupt_function(void);
f4e_interrupt_function f4e_interrupt;

/* Text for a trap kind as V8 words it, e.g. "divide by zero"; never NULL. */
const char *f4e_trap_text(enum f4e_trap kind);

/*
 * The lowest stack address that recursive translated code may use; set by
 * f4e_guard(). Read by function prologues of patches that recurse.
 */
extern uintptr_t f4e_stack_limit;

#endif
