/* SPDX-License-Identifier: MIT */
/* Attributes of functions; F4E_REALTIME is in rt/realtime.h. */
#ifndef F4E_ATTRIBUTES_H
#define F4E_ATTRIBUTES_H

/* The result says whether it failed: a call that drops it does not compile. */
#define F4E_MUST_CHECK        __attribute__((warn_unused_result))
/* Parameter 'at' is a format of printf(), its values begin at 'first'. */
#define F4E_PRINTF(at, first) __attribute__((format(printf, at, first)))

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
