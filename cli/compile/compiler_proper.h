/* SPDX-License-Identifier: MIT */
/*
 * What a compiler's command starts in turn. The command may be a script, ccache
 * under another name, or gcc's driver, which stay as they are when the compiler
 * behind them is exchanged.
 */
#ifndef F4E_COMPILER_PROPER_H
#define F4E_COMPILER_PROPER_H

#include "base/arena.h"

/* The absolute path of the program that compiles for the command 'cc', as that
 * tells it, in the arena; NULL when it does not. */
const char *compiler_proper(const char *cc, struct arena *arena);

#endif
