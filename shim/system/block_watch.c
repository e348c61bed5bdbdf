/* SPDX-License-Identifier: MIT */
#include "system/block_watch.h"

#include <stdatomic.h>

static const uint64_t PATIENCE_NS = UINT64_C(2000000000);
static const uint64_t STEP_NS = UINT64_C(300000000); /* of time that counts */

bool block_watch_is_endless(struct block_watch *watch,
                            const struct engine *engine, uint64_t now_ns)
{
    unsigned sequence =
        atomic_load_explicit(&engine->snapshot.sequence, memory_order_relaxed);
    uint64_t passed_ns = now_ns - watch->seen_ns;
    bool is_same = sequence == watch->sequence && sequence % 2 != 0;
    watch->seen_ns = now_ns;
    watch->sequence = sequence;
    watch->inside_ns =
        is_same ? watch->inside_ns + (passed_ns < STEP_NS ? passed_ns : STEP_NS)
                : 0;
    return watch->inside_ns > PATIENCE_NS;
}
