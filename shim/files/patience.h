/* SPDX-License-Identifier: MIT */
/*
 * Waiting for the other side of a pipe. What takes longer than a moment is
 * said, once; a wait is given up when the program is to end, and by a service,
 * which plays without what nobody gives it, after seconds.
 */
#ifndef F4E_PATIENCE_H
#define F4E_PATIENCE_H

#include "common/attributes.h"

#include <stdbool.h>
#include <stdint.h>

/* One wait. Zeroed but for the first members, which are the caller's. */
struct patience {
    const char *path;  /* what is waited for; stays the caller's */
    const char *deed;  /* of the other side: "write to", "read" */
    bool is_ending;    /* an end of the program gives it up after seconds ... */
    bool is_told;      /* ... otherwise at once */
    uint64_t since_ns; /* when the last step forward was; 0: begins now */
};

/* Says that the program waits for somebody to do a 'deed' to a 'path'. */
typedef void patience_teller(const char *deed, const char *path);

/*
 * Waits of the calling thread are said by 'tell'; 'is_service': and they end.
 * Those of other threads are silent and do not, as all are until this is
 * called.
 */
void patience_begin(patience_teller *tell, bool is_service);

/* The program is to end. Any thread and signal handlers. */
void patience_end(void);

/*
 * Wait until one of the 'events' of poll(2) is there on a descriptor; -1: for a
 * moment. False with errno when the wait is given up: ECANCELED for the end of
 * the program, ETIME.
 */
F4E_MUST_CHECK bool patience_wait(struct patience *patience, int fd,
                                  short events);

#endif
