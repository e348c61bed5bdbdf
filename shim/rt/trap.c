/* SPDX-License-Identifier: MIT */
#include "rt/trap.h"

#include <setjmp.h>
#include <stdbool.h>
#include <string.h>

uintptr_t f4e_stack_limit;

static sigjmp_buf boundary;
static bool is_guarded;
static uintptr_t guard_start; /* the stack in use lies below */
static struct f4e_trap_report last;

enum f4e_trap f4e_guard(void (*function)(void *arg), void *arg,
                        size_t stack_bytes, struct f4e_trap_report *report)
{
    const uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    guard_start = here;
    f4e_stack_limit = here > stack_bytes ? here - stack_bytes : 0;
    /* Not setjmp(): whether that saves the signal mask, by a system call, is
     * unspecified. */
    if (sigsetjmp(boundary, 0) != 0) {
        is_guarded = false;
        if (report != NULL) {
            *report = last;
        }
        return last.kind;
    }
    is_guarded = true;
    function(arg);
    is_guarded = false;
    return F4E_TRAP_NONE;
}

void f4e_trap(enum f4e_trap kind, const char *function)
{
    if (!is_guarded) {
        __builtin_trap(); /* nowhere to go: a defect of the caller */
    }
    last.kind = kind;
    last.function = function;
    siglongjmp(boundary, 1);
}

void f4e_interrupt(void)
{
    enum { OURS = 1 << 16 }; /* of stack, beyond that of translated code */
    const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    /* Threads have stacks of their own. */
    if (is_guarded && here < guard_start &&
        guard_start - here < guard_start - f4e_stack_limit + OURS) {
        f4e_trap(F4E_TRAP_ENDLESS, NULL);
    }
}

void f4e_trap_unreachable(const char *function)
{
    /* Longer than what is kept of the name of a patch's own function. */
    static const struct {
        const char *letters;
        enum f4e_trap kind;
    } names[] = {
        {"f4eTrapForAnIndexThatIsOutOfBounds", F4E_TRAP_NO_ELEMENT},
        {"f4eTrapForAnElementThatIsNoFunction", F4E_TRAP_NULL},
        {"f4eTrapForAFunctionOfAnotherSignature", F4E_TRAP_SIGNATURE},
    };
    enum f4e_trap kind = F4E_TRAP_UNREACHABLE;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strstr(function, names[i].letters) != NULL) {
            kind = names[i].kind;
        }
    }
    f4e_trap(kind, function);
}

const char *f4e_trap_text(enum f4e_trap kind)
{
    static const char *const texts[F4E_TRAP_COUNT] = {
        [F4E_TRAP_NONE] = "no trap",
        [F4E_TRAP_OOB] = "memory access out of bounds",
        [F4E_TRAP_DIV_BY_ZERO] = "divide by zero",
        [F4E_TRAP_INT_OVERFLOW] = "divide result unrepresentable",
        [F4E_TRAP_INVALID_CONVERSION] =
            "float unrepresentable in integer range",
        [F4E_TRAP_UNREACHABLE] = "unreachable",
        [F4E_TRAP_EXHAUSTION] = "call stack exhausted",
        [F4E_TRAP_NO_ELEMENT] = "table index is out of bounds",
        [F4E_TRAP_NULL] = "null function",
        [F4E_TRAP_SIGNATURE] = "function signature mismatch",
        [F4E_TRAP_RANGE] = "proven address range does not hold",
        [F4E_TRAP_ENDLESS] = "no end",
    };
    const unsigned index = (unsigned)kind;

    return index < F4E_TRAP_COUNT ? texts[index] : "unknown trap";
}
