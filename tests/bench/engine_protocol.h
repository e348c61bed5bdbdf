/* SPDX-License-Identifier: MIT */
/*
 * How the bench speaks with an engine: a process that has loaded one module. It
 * reads six kinds of lines and answers each with one:
 *
 *     start N ieee|flush   instantiate, initDefaults, one block, N more blocks
 *         ready NS         what the first block took; or: no, with a reason
 *     run N                N blocks
 *         ns NS            what they took together
 *     times N FILE         N blocks, each timed by itself
 *         ok               FILE now holds N 32-bit counts of ns, native order
 *     poke ADDRESS VALUE   write a 32-bit word (both decimal) to memory 0, as a
 *                          host does between two blocks
 *         ok
 *     event N NAME A B C   from now on before blocks: call the export NAME with
 *                          these 32-bit integers (decimal, unsigned), as a host
 *                          does with MIDI; the event told next is due N blocks
 *                          later, and after the last one the first again
 *         ok               or: no, with a reason
 *     end                  leave
 *         hash XXXXXXXX    FNV-1a, 32 bits, of memory 0
 *
 * Denormals are kept or flushed as 'start' says. An engine that cannot do
 * something, or whose patch traps, ends with another status than 0. README.md
 * tells how to add one; engine_main.c speaks for engines that are linked in.
 */
#ifndef F4E_ENGINE_PROTOCOL_H
#define F4E_ENGINE_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Instantiate and run initDefaults. False: it trapped. */
bool engine_start(void);

/* Run 'count' blocks. False: it trapped. */
bool engine_run(unsigned long count);

/* Memory 0 as it is now; engine_main.c writes to it where no engine_poke() of
 * its own says how. */
unsigned char *engine_memory(size_t *bytes);

/* Write 4 bytes, which lie in memory 0. An engine that has to know of it
 * defines this; engine_main.c has a weak one for the others. */
void engine_poke(size_t address, const unsigned char bytes[4]);

/* The number of an exported function with three parameters i32, for
 * engine_call(). Negative: there is none, or the engine cannot call it. An
 * engine that can defines both; engine_main.c has weak ones for the others. */
int engine_find(const char *name);

/* Call it between two blocks; what it returns is dropped. False: it trapped. */
bool engine_call(int function, const uint32_t arguments[3]);

/* A thread will call the engine for the first time, or will not call it again.
 * An engine that has to know of it defines these; hosts with threads call them
 * and have weak ones (examples/engine-host). */
void engine_enter_thread(void);
void engine_leave_thread(void);

#endif
