/* SPDX-License-Identifier: MIT */
/*
 * F4E_REALTIME marks every function that the audio thread may call: it
 * allocates nothing, locks nothing and makes no system call. clang 20 and later
 * check the mark; elsewhere the tests do.
 */
#ifndef F4E_REALTIME_H
#define F4E_REALTIME_H

#if defined(__clang__) && __clang_major__ >= 20
# define F4E_REALTIME __attribute__((nonblocking))
#else
# define F4E_REALTIME
#endif

#endif
