/* SPDX-License-Identifier: MIT */
/*
 * What the audio thread needs from the system so that nothing makes it wait:
 * memory that is there, and a real-time priority. Whatever is refused, the
 * patch plays on; what was reached, and how to get more, is in words.
 */
#ifndef F4E_RTSETUP_H
#define F4E_RTSETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "f4e_patch.h"

struct rtsetup {
    unsigned prio_wanted; /* 0: none */
    int prio;             /* had, 0: none */
    int error;            /* why it has less than it wanted, or 0 */
    bool is_all_locked;   /* everything that was mapped */
    size_t locked_bytes;
    size_t refused_bytes; /* touched, but they may be swapped out */
};

/* Control thread, before anything is allocated: the heap stays as it grows. */
void rtsetup_init(struct rtsetup *setup, unsigned prio);

/*
 * Control thread, when all is allocated and the patch is loaded: touch and
 * lock the program's data, the heap and the patch's memories; or everything,
 * when the limit allows. Other threads may go on meanwhile.
 */
void rtsetup_lock(struct rtsetup *setup, const struct f4e_patch *patch);

/*
 * The audio thread, first of all: touch and lock its stack, take the priority.
 * A guard takes it away again when the thread computes for half a second
 * without a pause: nothing else might run on that processor.
 */
void rtsetup_enter(struct rtsetup *setup);

/* Two lines of the start-up block, each with what to do when it is bad. */
void rtsetup_print(const struct rtsetup *setup, const char *program,
                   FILE *file);

/* True when the guard has taken the priority away. Any thread. */
bool rtsetup_is_demoted(void);

#endif
