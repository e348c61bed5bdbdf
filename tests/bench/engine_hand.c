/* SPDX-License-Identifier: MIT */
/* Bench engine: a patch that was written in C by hand (hand/). */
#include "engine_protocol.h"

#include "hand/hand.h"

bool engine_start(void)
{
    hand_start();
    return true;
}

bool engine_run(unsigned long count)
{
    for (; count > 0; count--) {
        hand_block();
    }
    return true;
}

unsigned char *engine_memory(size_t *bytes)
{
    return hand_memory(bytes);
}
