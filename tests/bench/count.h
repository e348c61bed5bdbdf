/* SPDX-License-Identifier: MIT */
/* What count.c and the library that it preloads share: a mapped file. */
#ifndef F4E_COUNT_H
#define F4E_COUNT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct counts {
    _Atomic uint64_t allocations; /* malloc() and its kin */
    _Atomic uint64_t locks;       /* mutexes, read-write locks, semaphores */
};

#endif
