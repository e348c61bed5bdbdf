/* SPDX-License-Identifier: MIT */
#include "swap/exchange.h"

#include "rt/stats.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum {
    TRIES_MAX = 12,        /* before the audio thread has to copy all */
    COPIES_MAX = 100,      /* starts of copying in one try */
    CHUNK_BYTES = 1 << 16, /* until it is looked whether a block runs */
    NAP_NS = 50000,
};

static const uint64_t WINDOW_NS = UINT64_C(50000000);

static void nap(void)
{
    static const struct timespec time = {0, NAP_NS};
    (void)nanosleep(&time, NULL);
}

bool exchange_prepare(struct exchange *exchange, enum swap_kind kind,
                      const struct version *current,
                      const struct version *other, enum match_values values,
                      uint32_t fade_frames, struct failure *failure)
{
    const struct version *from = kind == SWAP_KEEP ? other : current;
    const struct version *to = kind == SWAP_KEEP ? current : other;
    size_t bytes = 0;
    *exchange = (struct exchange){.swap = {.kind = kind,
                                           .deck = other->deck,
                                           .fade_frames = fade_frames}};
    if (kind == SWAP_RETURN) {
        return true;
    }
    if (!match_make(&exchange->forth, from, to, values, failure) ||
        !match_make(&exchange->back, to, from, MATCH_NONE, failure)) {
        exchange_free(exchange);
        return false;
    }
    exchange->swap.forth = &exchange->forth;
    exchange->swap.back = &exchange->back;
    match_count(&exchange->forth, &exchange->copied, &bytes);
    for (size_t i = 0; i < exchange->forth.run_count; i++) {
        const struct transfer_run *run = &exchange->forth.runs[i];
        exchange->large_bytes += transfer_is_large(run) ? run->size : 0;
    }
    return true;
}

static unsigned sequence_of(const struct engine *engine)
{
    return atomic_load_explicit(&engine->snapshot.sequence,
                                memory_order_acquire);
}

/* False: a block has run meanwhile, and what was read may be of two blocks. */
static bool copy_run(const struct transfer *transfer,
                     const struct transfer_run *run,
                     const struct engine *engine, unsigned sequence)
{
    const uint8_t *from =
        transfer->from->memories[run->from_memory].data + run->from;
    uint8_t *to = transfer->to->memories[run->to_memory].data + run->to;
    bool is_quiet = true;
    for (size_t at = 0; is_quiet && at < run->size; at += CHUNK_BYTES) {
        size_t bytes =
            run->size - at < CHUNK_BYTES ? run->size - at : (size_t)CHUNK_BYTES;
        memcpy(to + at, from + at, bytes);
        is_quiet = sequence_of(engine) == sequence;
    }
    return is_quiet;
}

static bool copy_large(struct exchange *exchange, const struct engine *engine)
{
    const struct transfer *transfer = &exchange->forth;
    unsigned sequence = sequence_of(engine);
    bool is_quiet = sequence % 2 == 0;
    for (size_t i = 0; is_quiet && i < transfer->run_count; i++) {
        const struct transfer_run *run = &transfer->runs[i];
        is_quiet = !transfer_is_large(run) ||
                   copy_run(transfer, run, engine, sequence);
    }
    atomic_thread_fence(memory_order_acquire);
    exchange->swap.sequence = sequence;
    return is_quiet && sequence_of(engine) == sequence;
}

/* True when large values are there; it is worth to begin right after a block.
 */
static bool copy_before(struct exchange *exchange, const struct engine *engine,
                        uint64_t end_ns)
{
    for (int i = 0; i < COPIES_MAX && stats_now_ns() < end_ns; i++) {
        unsigned before = sequence_of(engine);
        if (copy_large(exchange, engine)) {
            return true;
        }
        while (sequence_of(engine) == before && stats_now_ns() < end_ns) {
            nap();
        }
    }
    return false;
}

static enum decks_offer withdraw(struct decks *decks)
{
    enum decks_offer offer = decks_withdraw(decks);
    while (offer == DECKS_TAKING) {
        nap();
        offer = decks_withdraw(decks);
    }
    return offer;
}

bool exchange_try(struct exchange *exchange, struct decks *decks,
                  const struct engine *engine)
{
    const struct f4e_patch *patch = engine->patch;
    const uint64_t start_ns = stats_now_ns();
    uint64_t block_ns =
        UINT64_C(1000000000) * patch->block_frames / patch->sample_rate;
    uint64_t window_ns = 2 * block_ns < WINDOW_NS ? 2 * block_ns : WINDOW_NS;
    bool is_before = exchange->large_bytes > 0 && exchange->tries < TRIES_MAX;
    exchange->tries++;
    exchange->swap.is_copied =
        is_before && copy_before(exchange, engine, start_ns + 2 * window_ns);
    if (is_before && !exchange->swap.is_copied) {
        return false;
    }
    const uint64_t offer_ns = stats_now_ns();
    decks_offer(decks, &exchange->swap);
    while (atomic_load(&decks->offer) != DECKS_TAKEN &&
           stats_now_ns() - offer_ns < window_ns) {
        nap();
    }
    return withdraw(decks) == DECKS_TAKEN;
}

void exchange_free(struct exchange *exchange)
{
    match_free(&exchange->forth);
    match_free(&exchange->back);
    *exchange = (struct exchange){.tries = 0};
}
