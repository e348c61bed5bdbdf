/* SPDX-License-Identifier: MIT */
/* Parts of the shim that a patch may go without. */
#ifndef F4E_OPTIONAL_H
#define F4E_OPTIONAL_H

/*
 * Names a function or an object of a part that f4e-build leaves out of a patch
 * which has no use for it (cli/compile/shim_parts.c). It is NULL there: ask
 * what that table asks before. Behind the includes of each file that refers to
 * it.
 */
#ifdef F4E_HAS_OPTIONAL_PARTS
# define F4E_OPTIONAL(name) \
     extern __typeof__(name) name __attribute__((weak, visibility("hidden")))
#else
# define F4E_OPTIONAL(name) extern __typeof__(name) name
#endif

#endif
