/* SPDX-License-Identifier: MIT */
/*
 * An engine for the test of engine_main.c, with two callbacks, "a" and "b". Its
 * memory is a list of what has been called: the number of blocks before, the
 * callback, the sum of its arguments.
 */
#include "engine_protocol.h"

#include <string.h>

enum { CALLS_MAX = 64 };

static unsigned char memory[CALLS_MAX][3];
static size_t calls;
static unsigned long blocks;

bool engine_start(void)
{
    return true;
}

bool engine_run(unsigned long count)
{
    blocks += count;
    return true;
}

unsigned char *engine_memory(size_t *bytes)
{
    *bytes = calls * sizeof(memory[0]);
    return memory[0];
}

int engine_find(const char *name)
{
    return strcmp(name, "a") == 0 ? 0 : strcmp(name, "b") == 0 ? 1 : -1;
}

bool engine_call(int function, const uint32_t arguments[3])
{
    if (calls == CALLS_MAX) {
        return false;
    }
    unsigned char *call = memory[calls++];
    call[0] = (unsigned char)blocks;
    call[1] = (unsigned char)function;
    call[2] = (unsigned char)(arguments[0] + arguments[1] + arguments[2]);
    return true;
}
