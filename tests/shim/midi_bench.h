/* SPDX-License-Identifier: MIT */
/* The stereo fake playing from live MIDI, and what its functions were given. */
#ifndef F4E_MIDI_BENCH_H
#define F4E_MIDI_BENCH_H

#include "program.h"

#include <stdint.h>

enum { SONG_BYTES = 9, HEARD_BYTES = 12 };

extern unsigned char *memory; /* as dumped at the end */

/* Four messages with running status, a clock within, and as they are heard. */
extern const unsigned char song[SONG_BYTES];
extern const unsigned char heard[HEARD_BYTES];

/* Checked fixture. */
void setup(void);
void teardown(void);

void pause_ms(long ms);

/* Start it on the dummy device; it records, and dumps its memory at the end. */
pid_t start(const char *arguments);

/* Until it has played some blocks more, by what it has recorded: what was on
 * its way to the patch has arrived. */
void play_on(pid_t pid);

/* Until its statistics, on SIGUSR1, know of so many messages. */
void wait_for_messages(pid_t pid, const char *count);

/* SIGINT, and take_memory(); fails unless it ends well. */
struct program_result end(pid_t pid);

/* Read what --dump-memory has written to "m". */
void take_memory(void);

/* A word of 'memory'. */
int32_t cell(unsigned address);

/* In the file of --stats-json, "j". */
void expect_counts(double messages, double lost);

/* The function for notes was called 'count' times, with these three bytes. */
void expect_notes(const unsigned char *want, int count);

#endif
