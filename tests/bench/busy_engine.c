/* SPDX-License-Identifier: MIT */
/*
 * An engine for the test of count.c: each block allocates twice, takes a lock
 * and makes three system calls.
 */
#include "engine_protocol.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned char memory[4];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

bool engine_start(void)
{
    return true;
}

bool engine_run(unsigned long count)
{
    for (; count > 0; count--) {
        void *volatile first = malloc(100);
        void *volatile second = calloc(10, 10);
        free(first);
        free(second);
        (void)pthread_mutex_lock(&lock);
        (void)pthread_mutex_unlock(&lock);
        (void)getppid();
        (void)getppid();
        (void)getppid();
    }
    return true;
}

unsigned char *engine_memory(size_t *bytes)
{
    *bytes = sizeof(memory);
    return memory;
}
