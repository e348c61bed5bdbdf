/* SPDX-License-Identifier: MIT */
/*
 * Locked memory and real-time priority for the audio thread. If the system
 * refuses either, the patch plays all the same; rtsetup_tell() says what was
 * granted and how to get more.
 */
#ifndef F4E_RTSETUP_H
#define F4E_RTSETUP_H

#include "f4e_patch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct rtsetup {
    unsigned prio_wanted; /* 0: none */
    int prio;             /* granted; 0: none */
    int error;            /* errno of a refused priority, or 0 */
    bool is_all_locked;   /* mlockall() succeeded */
    size_t locked_bytes;
    size_t refused_bytes; /* touched, but not locked */
};

/* Control thread, before any allocation: freed heap is not given back. */
void rtsetup_init(struct rtsetup *setup, unsigned prio);

/*
 * Control thread, after all allocations, with the patch loaded: touch and lock
 * the program's data, the heap and the patch's memories, or all memory if the
 * limit allows. Other threads may run meanwhile.
 */
void rtsetup_lock(struct rtsetup *setup, const struct f4e_patch *patch);

/* The same for a patch that was loaded later, and for its code if all memory
 * may be locked. Any thread but the audio thread. */
void rtsetup_keep(struct rtsetup *setup, const struct f4e_patch *patch);

/*
 * Audio thread, before anything else: touch and lock its stack, take the
 * priority. A guard (RLIMIT_RTTIME) takes the priority away when the thread
 * computes for half a second without a pause.
 */
void rtsetup_enter(struct rtsetup *setup);

/*
 * The same for a thread that another library has made and given a priority, or
 * none; that is kept, and what prio_wanted says does not count.
 */
void rtsetup_adopt(struct rtsetup *setup);

/* Two lines of the start-up block, with hints if something is missing. */
void rtsetup_tell(const struct rtsetup *setup);

/* Whether the guard has taken the priority away. Any thread. */
bool rtsetup_is_demoted(void);

/* Other code plays than that for which the guard took the priority away: the
 * audio thread gets it back, and is guarded as before. Does nothing when it has
 * it, or when the system refuses. Control thread. */
void rtsetup_promote(const struct rtsetup *setup);

#endif
