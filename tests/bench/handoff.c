/* SPDX-License-Identifier: MIT */
/*
 * What it costs to give half of a block to another thread and wait for it:
 * the way there and back between two threads, spinning on a shared word, and
 * sleeping on semaphores. docs/performance.md tells what follows from it.
 *
 *     cc -O2 -pthread tests/bench/handoff.c -o handoff && ./handoff
 */
#define _GNU_SOURCE /* sem_t */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 100000 };

static _Alignas(64) atomic_uint asked;
static _Alignas(64) atomic_uint answered;
static sem_t sem_asked;
static sem_t sem_answered;
static uint32_t times[ROUNDS];

static uint64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void *answer_spinning(void *arg)
{
    (void)arg;
    for (unsigned i = 1; i <= ROUNDS; i++) {
        while (atomic_load_explicit(&asked, memory_order_acquire) != i) {
        }
        atomic_store_explicit(&answered, i, memory_order_release);
    }
    return NULL;
}

static void *answer_sleeping(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < ROUNDS; i++) {
        (void)sem_wait(&sem_asked);
        (void)sem_post(&sem_answered);
    }
    return NULL;
}

static void ask_spinning(unsigned i)
{
    atomic_store_explicit(&asked, i, memory_order_release);
    while (atomic_load_explicit(&answered, memory_order_acquire) != i) {
    }
}

static void ask_sleeping(unsigned i)
{
    (void)i;
    (void)sem_post(&sem_asked);
    (void)sem_wait(&sem_answered);
}

static int compare(const void *left, const void *right)
{
    const uint32_t *a = left;
    const uint32_t *b = right;
    return (*a > *b) - (*a < *b);
}

static bool measure(const char *name, void *(*answer)(void *),
                    void (*ask)(unsigned))
{
    pthread_t thread = 0;
    if (pthread_create(&thread, NULL, answer, NULL) != 0) {
        return false;
    }
    for (unsigned i = 1; i <= ROUNDS; i++) {
        uint64_t start = now_ns();
        ask(i);
        times[i - 1] = (uint32_t)(now_ns() - start);
    }
    (void)pthread_join(thread, NULL);
    qsort(times, ROUNDS, sizeof(times[0]), compare);
    (void)printf("%-9s p50 %6u  p99 %6u  p99.9 %8u  max %9u ns\n", name,
                 times[ROUNDS / 2], times[ROUNDS / 100 * 99],
                 times[ROUNDS / 1000 * 999], times[ROUNDS - 1]);
    return true;
}

int main(void)
{
    (void)sem_init(&sem_asked, 0, 0);
    (void)sem_init(&sem_answered, 0, 0);
    return measure("spinning", answer_spinning, ask_spinning) &&
                   measure("sleeping", answer_sleeping, ask_sleeping)
               ? 0
               : 1;
}
