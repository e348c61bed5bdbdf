/* SPDX-License-Identifier: MIT */
/* Which of the installed compilers is taken when none is asked for. */
#ifndef F4E_COMPILER_CHOICE_H
#define F4E_COMPILER_CHOICE_H

#include "compile/target.h"

struct compiler_choice {
    const char *path;  /* NULL: there is none */
    const char *newer; /* the newest clang that was passed over, or NULL */
};

/*
 * Of those in PATH the clang whose code was measured to be the fastest, then
 * the newest other one that has its version in its name, then clang, then gcc
 * and cc, or for another machine the gcc of its triple.
 */
struct compiler_choice compiler_choose(const struct target *target,
                                       struct arena *arena);

/* The clang that is taken, measured or not: a name for --cc; NULL: none. */
const char *compiler_choose_clang(struct arena *arena);

#endif
