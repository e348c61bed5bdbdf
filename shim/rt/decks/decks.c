/* SPDX-License-Identifier: MIT */
#include "rt/decks/decks.h"

#include <stddef.h>
#include <string.h>

/* What belongs to a version and not to the performance. */
struct part {
    const struct f4e_patch *patch;
    f4e_guard_function *guard;
    midi_queue_function **sender;
    size_t stack_bytes;
    const struct change *events;
    size_t event_count;
    const struct change *settings;
    size_t setting_count;
};

static struct part part_of(const struct engine *engine)
{
    return (struct part){engine->patch,    engine->guard,
                         engine->sender,   engine->stack_bytes,
                         engine->events,   engine->event_count,
                         engine->settings, engine->setting_count};
}

static void set_part(struct engine *engine, const struct part *part)
{
    engine->patch = part->patch;
    engine->guard = part->guard;
    engine->sender = part->sender;
    engine->stack_bytes = part->stack_bytes;
    engine->events = part->events;
    engine->event_count = part->event_count;
    engine->settings = part->settings;
    engine->setting_count = part->setting_count;
    /* Looked at before the next block, whatever was written. */
    engine->uses_general_block = true;
    engine->state = ENGINE_RUNNING;
}

static void exchange(struct engine *engine, struct engine *other)
{
    const struct part here = part_of(engine);
    const struct part there = part_of(other);
    set_part(engine, &there);
    set_part(other, &here);
}

/* Of two that run one sends MIDI, or all of it would be there twice. */
static void let_send(struct engine *engine, bool is_sending)
{
    if (engine->sender != NULL) {
        *engine->sender = is_sending ? f4e_midi_out : NULL;
    }
}

/* Values on their way go on in both, where both have them. */
static void translate_ramps(struct ramps *ramps,
                            const struct transfer *transfer)
{
    for (unsigned i = 0; i < ramps->count;) {
        struct ramp *ramp = &ramps->all[i];
        if (transfer_address(transfer, &ramp->memory, &ramp->address,
                             ramp->size)) {
            i++;
        } else {
            *ramp = ramps->all[--ramps->count];
        }
    }
}

static void copy_ramps(struct ramps *to, const struct ramps *from)
{
    to->count = from->count;
    memcpy(to->all, from->all, from->count * sizeof(*from->all));
}

static void copy_word(const struct f4e_patch *from, uint32_t from_address,
                      const struct f4e_patch *to, uint32_t to_address)
{
    if (from_address != 0 && to_address != 0) {
        memcpy(to->memories[0].data + to_address,
               from->memories[0].data + from_address, sizeof(uint32_t));
    }
}

static void carry(const struct swap *swap)
{
    const struct f4e_patch *from = swap->forth->from;
    const struct f4e_patch *to = swap->forth->to;
    transfer_values(swap->forth, swap->is_copied);
    copy_word(from, from->keyboard.code_address, to, to->keyboard.code_address);
    copy_word(from, from->keyboard.pressed_address, to,
              to->keyboard.pressed_address);
}

/* What was copied before is of now only if no block has run since. */
static bool is_current(const struct engine *engine, const struct swap *swap)
{
    return !swap->is_copied ||
           atomic_load_explicit(&engine->snapshot.sequence,
                                memory_order_relaxed) == swap->sequence + 1;
}

static bool is_fallen(const struct decks *decks)
{
    return atomic_load_explicit(&decks->is_fallen, memory_order_relaxed);
}

static void begin(struct decks *decks, struct engine *engine,
                  const struct swap *swap)
{
    struct deck *deck = swap->deck;
    const bool is_return = swap->kind == SWAP_RETURN;
    const uint32_t version = decks->version;
    decks->swap = swap;
    decks->other = deck;
    decks->is_unsettled = true;
    if (swap->kind == SWAP_KEEP) {
        return;
    }
    if (is_return) {
        copy_ramps(&engine->ramps, &deck->engine.ramps);
        atomic_store_explicit(&decks->is_fallen, false, memory_order_relaxed);
    } else {
        carry(swap);
        copy_ramps(&deck->engine.ramps, &engine->ramps);
        translate_ramps(&engine->ramps, swap->forth);
        deck->engine.keyboard = engine->keyboard;
    }
    if (!is_return && !swap->forth->is_whole) {
        midi_queue_release(engine->midi_out); /* the next one forgets them */
    }
    exchange(engine, &deck->engine);
    let_send(&deck->engine, false);
    let_send(engine, true);
    deck->engine.midi_out = NULL;
    decks->version = deck->version;
    deck->version = version;
    atomic_store_explicit(&deck->is_broken, is_return, memory_order_relaxed);
    decks->is_other_running = !is_return;
    decks->fade_done = 0;
}

/* At the border of a block. After a trap only the way back is taken. */
static void take(struct decks *decks, struct engine *engine)
{
    int offered = DECKS_OFFERED;
    if (atomic_load_explicit(&decks->offer, memory_order_acquire) != offered ||
        !atomic_compare_exchange_strong(&decks->offer, &offered,
                                        DECKS_TAKING)) {
        return;
    }
    const struct swap *swap = decks->next;
    if (decks->is_unsettled || !is_current(engine, swap) ||
        is_fallen(decks) != (swap->kind == SWAP_RETURN)) {
        atomic_store(&decks->offer, DECKS_OFFERED);
        return;
    }
    begin(decks, engine, swap);
    atomic_store(&decks->offer, DECKS_TAKEN);
}

/* From where one is heard alone to where the other one is. */
static void mix(const struct decks *decks, const struct f4e_patch *patch,
                float *const *out)
{
    const float whole = (float)decks->swap->fade_frames;
    for (unsigned k = 0; k < patch->output_count; k++) {
        const float *from = decks->other_out[k];
        for (uint32_t i = 0; i < patch->block_frames; i++) {
            const float at = (float)(decks->fade_done + i + 1);
            const float share = at < whole ? at / whole : 1.0F;
            out[k][i] = from[i] * (1.0F - share) + out[k][i] * share;
        }
    }
}

/* What plays alone again comes up to where it should be. */
static void rise(struct decks *decks, const struct f4e_patch *patch,
                 const float *const *from, float *const *out)
{
    const float whole = (float)decks->swap->fade_frames;
    for (unsigned k = 0; k < patch->output_count; k++) {
        for (uint32_t i = 0; i < patch->block_frames; i++) {
            const float left = (float)decks->rise_left - (float)(i + 1);
            const float share = left > 0.0F ? left / whole : 0.0F;
            out[k][i] = from[k][i] * (1.0F - share);
        }
    }
    decks->rise_left -= decks->rise_left < patch->block_frames
                            ? decks->rise_left
                            : patch->block_frames;
}

/* The engine's version has trapped: its outputs are of no use. */
static void run_other(struct decks *decks, const float *const *in,
                      float *const *out)
{
    (void)engine_run_block(&decks->other->engine, in, decks->other_out);
    rise(decks, decks->other->engine.patch,
         (const float *const *)decks->other_out, out);
}

/* A block of the new version, and of the old one as long as that is heard. */
static bool run_both(struct decks *decks, struct engine *engine,
                     const float *const *in, float *const *out)
{
    const uint32_t whole = decks->swap->fade_frames;
    bool is_going = engine_run_block(engine, in, out);
    if (!is_going || is_fallen(decks)) {
        return is_going;
    }
    if (whole > 0) {
        (void)engine_run_block(&decks->other->engine, in, decks->other_out);
        mix(decks, engine->patch, out);
    }
    decks->fade_done += engine->patch->block_frames;
    decks->is_other_running = decks->fade_done < whole;
    return true;
}

static bool run(struct engine *engine, const float *const *in,
                float *const *out)
{
    struct decks *decks = engine->context;
    bool is_going = true;
    take(decks, engine);
    if (is_fallen(decks)) {
        (void)engine_take_changes(engine);
        engine->block++;
    } else if (decks->is_other_running) {
        is_going = run_both(decks, engine, in, out);
    } else {
        is_going = engine_run_block(engine, in, out);
        if (is_going && decks->rise_left > 0 && !is_fallen(decks)) {
            rise(decks, engine->patch, (const float *const *)out, out);
        }
    }
    if (is_fallen(decks)) {
        run_other(decks, in, out);
        is_going = true;
    }
    if (decks->is_unsettled && !decks->is_other_running) {
        decks->is_unsettled = false;
        atomic_fetch_add_explicit(&decks->settled, 1, memory_order_release);
    }
    return is_going;
}

/* For the version that it is not meant for, if that has the same. */
static bool translate(const struct transfer *transfer,
                      const struct change *change, struct change *made)
{
    return transfer != NULL && transfer->from_version == change->version &&
           transfer_change(transfer, change, made);
}

static bool change(struct engine *engine, const struct change *change)
{
    struct decks *decks = engine->context;
    const bool is_any = change->kind == CHANGE_KEY;
    const bool is_current = is_any || change->version == decks->version;
    const struct swap *swap = decks->swap;
    const bool hears_other = decks->is_other_running || is_fallen(decks);
    struct change made;
    bool is_clean = true;
    if (!is_fallen(decks)) {
        if (is_current) {
            is_clean = engine_change(engine, change);
        } else if (swap != NULL && translate(swap->forth, change, &made)) {
            is_clean = engine_change(engine, &made);
        }
    }
    if (hears_other && swap != NULL) {
        if (is_any || change->version == decks->other->version) {
            (void)engine_change(&decks->other->engine, change);
        } else if (translate(swap->back, change, &made)) {
            (void)engine_change(&decks->other->engine, &made);
        }
    }
    return is_clean;
}

/* True: the other version goes on instead. */
static bool trap(struct engine *engine, const struct f4e_trap_report *report)
{
    struct decks *decks = engine->context;
    if (is_fallen(decks)) {
        return true;
    }
    if (decks->other == NULL ||
        atomic_load_explicit(&decks->other->is_broken, memory_order_relaxed) ||
        (!decks->is_other_running && engine->on_trap != TRAP_STOP)) {
        return false;
    }
    decks->report = *report;
    decks->trap_block = engine->block;
    decks->rise_left =
        decks->is_other_running ? decks->fade_done : decks->swap->fade_frames;
    decks->is_other_running = false;
    midi_queue_release(engine->midi_out); /* nobody ends its notes */
    let_send(engine, false);
    let_send(&decks->other->engine, true);
    decks->other->engine.midi_out = engine->midi_out;
    atomic_store_explicit(&decks->is_fallen, true, memory_order_release);
    return true;
}

static const struct engine_hooks hooks = {run, change, trap};

void decks_init(struct decks *decks, struct engine *engine,
                float *const *other_out)
{
    *decks = (struct decks){.other_out = other_out};
    engine->hooks = &hooks;
    engine->context = decks;
    let_send(engine, true);
}

void decks_offer(struct decks *decks, struct swap *swap)
{
    decks->next = swap;
    atomic_store(&decks->offer, DECKS_OFFERED);
}

enum decks_offer decks_withdraw(struct decks *decks)
{
    int offered = DECKS_OFFERED;
    if (atomic_compare_exchange_strong(&decks->offer, &offered, DECKS_FREE)) {
        return DECKS_FREE;
    }
    if (offered == DECKS_TAKEN) {
        atomic_store(&decks->offer, DECKS_FREE);
    }
    return (enum decks_offer)offered;
}
