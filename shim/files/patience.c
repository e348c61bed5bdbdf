/* SPDX-License-Identifier: MIT */
#include "files/patience.h"

#include "rt/stats.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { STEP_MS = 50 };

static const uint64_t TELL_NS = UINT64_C(500000000);
static const uint64_t ENDING_NS = UINT64_C(2000000000);
static const uint64_t SERVICE_NS = UINT64_C(5000000000);

static patience_teller *teller; /* NULL: nobody speaks */
static pthread_t speaking;
static bool has_limit;
static atomic_bool is_over;

void patience_begin(patience_teller *tell, bool is_service)
{
    speaking = pthread_self();
    has_limit = is_service;
    teller = tell;
}

void patience_end(void)
{
    atomic_store(&is_over, true);
}

static bool may_speak(void)
{
    return teller != NULL && pthread_equal(pthread_self(), speaking) != 0;
}

/* Nothing has come for so long: go on waiting? */
static bool go_on(struct patience *patience, uint64_t passed_ns)
{
    if (atomic_load(&is_over) &&
        (!patience->is_ending || passed_ns >= ENDING_NS)) {
        errno = ECANCELED;
        return false;
    }
    if (!may_speak()) {
        return true;
    }
    if (!patience->is_told && passed_ns >= TELL_NS) {
        patience->is_told = true;
        teller(patience->deed, patience->path);
    }
    errno = ETIME;
    return !has_limit || passed_ns < SERVICE_NS;
}

bool patience_wait(struct patience *patience, int fd, short events)
{
    struct pollfd wanted = {.fd = fd, .events = events};
    if (patience->since_ns == 0) {
        patience->since_ns = stats_now_ns();
    }
    do {
        if (poll(&wanted, 1, STEP_MS) > 0) {
            patience->since_ns = 0;
            return true;
        }
        if (!go_on(patience, stats_now_ns() - patience->since_ns)) {
            return false;
        }
    } while (fd >= 0);
    return true;
}
