/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_S UINT64_C(1000000000)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct card_clock *clocks;

void clock_lock(void)
{
    (void)pthread_mutex_lock(&lock);
}

void clock_unlock(void)
{
    (void)pthread_mutex_unlock(&lock);
}

static uint64_t monotonic_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static bool add_stream(struct card_clock *clock, struct stream *stream)
{
    for (int k = 0; k < CLOCK_STREAMS_MAX; k++) {
        if (clock->streams[k] == NULL) {
            clock->streams[k] = stream;
            clock->users++;
            return true;
        }
    }
    return false;
}

int clock_open(struct card_clock **clock, const char *name, double speed,
               struct stream *stream)
{
    for (struct card_clock *old = clocks; old != NULL; old = old->next) {
        if (name[0] != '\0' && strcmp(old->name, name) == 0) {
            bool is_same = !(old->speed < speed) && !(old->speed > speed);
            *clock = old;
            return is_same && add_stream(old, stream) ? 0 : -EINVAL;
        }
    }
    struct card_clock *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        return -ENOMEM;
    }
    (void)snprintf(made->name, sizeof(made->name), "%s", name);
    made->speed = speed;
    made->epoch_ns = monotonic_ns();
    made->next = clocks;
    clocks = made;
    (void)add_stream(made, stream);
    *clock = made;
    return 0;
}

void clock_close(struct card_clock *clock, const struct stream *stream)
{
    for (int k = 0; k < CLOCK_STREAMS_MAX; k++) {
        if (clock->streams[k] == stream) {
            clock->streams[k] = NULL;
            --clock->users;
        }
    }
    if (clock->users > 0) {
        return;
    }
    struct card_clock **link = &clocks;
    while (*link != clock) {
        link = &(*link)->next;
    }
    *link = clock->next;
    free(clock);
}

/* How long the real clock takes for so much card time. */
static uint64_t real_length(const struct card_clock *clock, uint64_t card_ns)
{
    return (uint64_t)ceil((double)card_ns / clock->speed);
}

/* Let go when the time has come. */
static void update_hold(struct card_clock *clock, uint64_t real_ns)
{
    if (!clock->is_held || real_ns < clock->held_until_ns) {
        return;
    }
    clock->is_held = false;
    if (clock->speed > 0) {
        clock->epoch_ns =
            clock->held_until_ns - real_length(clock, clock->held_at_ns);
    }
}

uint64_t clock_now(struct card_clock *clock)
{
    bool is_real = clock->speed > 0 || clock->is_held;
    uint64_t real_ns = is_real ? monotonic_ns() : 0;
    update_hold(clock, real_ns);
    if (clock->is_held) {
        return clock->held_at_ns;
    }
    if (!(clock->speed > 0)) {
        return clock->virtual_ns;
    }
    return (uint64_t)((double)(real_ns - clock->epoch_ns) * clock->speed);
}

uint64_t clock_real(struct card_clock *clock, uint64_t card_ns)
{
    update_hold(clock, clock->is_held ? monotonic_ns() : 0);
    if (!clock->is_held) {
        return clock->speed > 0 ? clock->epoch_ns + real_length(clock, card_ns)
                                : 0;
    }
    if (clock->held_until_ns == CLOCK_NEVER || !(clock->speed > 0) ||
        card_ns <= clock->held_at_ns) {
        return clock->held_until_ns;
    }
    return clock->held_until_ns +
           real_length(clock, card_ns - clock->held_at_ns);
}

void clock_advance(struct card_clock *clock, uint64_t card_ns)
{
    if (!clock->is_held && card_ns > clock->virtual_ns) {
        clock->virtual_ns = card_ns;
    }
}

void clock_hold(struct card_clock *clock, uint64_t card_ns, unsigned long ms)
{
    clock->is_held = true;
    clock->held_at_ns = card_ns;
    clock->held_until_ns =
        ms == 0 ? CLOCK_NEVER : monotonic_ns() + ms * UINT64_C(1000000);
    clock->virtual_ns = card_ns;
}

uint64_t clock_frames(uint64_t ns, unsigned rate_hz)
{
    return ns / NS_PER_S * rate_hz + ns % NS_PER_S * rate_hz / NS_PER_S;
}

uint64_t clock_ns(uint64_t frames, unsigned rate_hz)
{
    return frames / rate_hz * NS_PER_S +
           (frames % rate_hz * NS_PER_S + rate_hz - 1) / rate_hz;
}
