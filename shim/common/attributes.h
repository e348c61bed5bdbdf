/* SPDX-License-Identifier: MIT */
/* Attributes of functions; F4E_REALTIME is in rt/realtime.h. */
#ifndef F4E_ATTRIBUTES_H
#define F4E_ATTRIBUTES_H

/* The result says whether it failed: a call that drops it does not compile. */
#define F4E_MUST_CHECK        __attribute__((warn_unused_result))
/* Parameter 'at' is a format of printf(), its values begin at 'first'. */
#define F4E_PRINTF(at, first) __attribute__((format(printf, at, first)))

#endif
