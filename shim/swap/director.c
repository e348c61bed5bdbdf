/* SPDX-License-Identifier: MIT */
#include "swap/director.h"

#include "load/trap_text.h"
#include "message/message.h"
#include "rt/stats.h"
#include "swap/director_link.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FADE_MS = 10,    /* until a version says otherwise */
    PATIENCE_S = 10, /* for initDefaults */
    LEFT_S = 1,      /* until it has given up */
    WATCH_MS = 250,  /* between two looks at a block that runs */
    POLL_MS = 2,     /* while something is under way */
};

void director_init(struct director *director, struct version *first,
                   float *const *other_out)
{
    director->current = first;
    director->count = 1;
    director->fade_ms = FADE_MS;
    decks_init(&director->decks, director->engine, other_out);
    endless_install();
}

/* "sine: play    version 3: why; version 2 goes on" */
static void tell(uint32_t number, const char *text, const struct version *heard)
{
    message(PRIORITY_INFO, "play    version %u: %s; version %u goes on",
            (unsigned)number, text, (unsigned)heard->number);
}

static void refuse(struct director *director, uint32_t number, const char *why)
{
    tell(number, why, director->current);
    if (!director->is_undo) {
        director_answer(director, "refused %" PRIu32 " %s",
                        director->request.id, why);
    }
    director->phase = DIRECTOR_IDLE;
}

/* ---- Loading ---- */

static void begin_loading(struct director *director)
{
    struct failure failure = {.status = STATUS_OK};
    const uint32_t number = director->count++;
    director->request = director->wanted;
    director->wanted.is_wanted = false;
    director->is_undo = false;
    director->loading =
        loading_start(director->host, director->options, director->shape,
                      director->request.path, number, &failure);
    if (director->loading == NULL) {
        refuse(director, number, failure.text);
        return;
    }
    director->loading_ns = stats_now_ns();
    director->phase = DIRECTOR_LOADING;
}

/* ---- Swapping ---- */

static uint32_t fade_frames(const struct director *director, unsigned ms)
{
    return (uint32_t)((uint64_t)ms * director->shape->sample_rate / 1000);
}

static void free_exchange(struct exchange **exchange)
{
    if (*exchange != NULL) {
        exchange_free(*exchange);
        free(*exchange);
        *exchange = NULL;
    }
}

/* Events and settings of the command line, for the version that comes. */
static bool make_changes(struct director *director, struct version *to)
{
    const struct engine *engine = director->engine;
    const struct transfer *forth = &director->exchange->forth;
    struct engine *own = &to->deck->engine;
    if (own->events != NULL || own->settings != NULL) {
        return true; /* it has played before */
    }
    to->events = match_changes(forth, engine->events, engine->event_count);
    to->settings =
        match_changes(forth, engine->settings, engine->setting_count);
    own->events = to->events;
    own->event_count = engine->event_count;
    own->settings = to->settings;
    own->setting_count = engine->setting_count;
    return to->events != NULL && to->settings != NULL;
}

/* False: there is no memory, and nothing is offered. */
static bool offer(struct director *director, enum swap_kind kind,
                  struct version *version, enum match_values values,
                  unsigned fade_ms)
{
    struct failure failure = {.status = STATUS_OK};
    director->exchange = calloc(1, sizeof(*director->exchange));
    bool is_good =
        director->exchange != NULL &&
        exchange_prepare(director->exchange, kind, director->current, version,
                         values, fade_frames(director, fade_ms), &failure) &&
        (kind != SWAP_FORTH || make_changes(director, version));
    if (!is_good) {
        free_exchange(&director->exchange);
        refuse(director, version->number, "out of memory");
        return false;
    }
    director->next = version;
    director->phase = DIRECTOR_OFFERING;
    return true;
}

/* A better build of what does not play any more. */
static bool is_late(const struct director *director,
                    const struct version *version)
{
    return director->request.values == MATCH_ALL &&
           !match_is_same(director->current, version);
}

static void offer_loaded(struct director *director,
                         const struct version *loaded)
{
    struct version *version = calloc(1, sizeof(*version));
    if (version == NULL) {
        refuse(director, loaded->number, "out of memory");
        return;
    }
    *version = *loaded;
    if (!offer(director, SWAP_FORTH, version, director->request.values,
               director->request.fade_ms)) {
        free(version); /* the caller has what it consists of */
    }
}

static void finish_loading(struct director *director)
{
    struct loading *loading = director->loading;
    const uint64_t second_ns = UINT64_C(1000000000);
    const uint64_t passed_ns = stats_now_ns() - director->loading_ns;
    if (!atomic_load(&loading->is_done)) {
        if (passed_ns > PATIENCE_S * second_ns) {
            endless_interrupt(atomic_load(&loading->interrupt), NULL);
        }
        if (passed_ns > (PATIENCE_S + LEFT_S) * second_ns) {
            /* Nothing stops it; it is left to itself. */
            const uint32_t number = loading->version.number;
            endless_disarm();
            loading_abandon(loading);
            director->loading = NULL;
            refuse(director, number, "initDefaults does not end");
        }
        return;
    }
    (void)pthread_join(loading->thread, NULL);
    endless_disarm();
    director->loading = NULL;
    director->phase = DIRECTOR_IDLE;
    if (!loading->is_good) {
        refuse(director, loading->version.number, loading->failure.text);
    } else if (is_late(director, &loading->version)) {
        director_answer(director, "refused %" PRIu32 " another version plays",
                        director->request.id);
    } else {
        offer_loaded(director, &loading->version);
    }
    if (director->phase != DIRECTOR_OFFERING) {
        version_close(&loading->version);
    }
    free(loading);
}

static void begin_undo(struct director *director)
{
    director->wants_undo = false;
    if (director->last != NULL &&
        !atomic_load(&director->last->deck->is_broken)) {
        director->is_undo = true;
        (void)offer(director, SWAP_FORTH, director->last, MATCH_SAME_DEFAULT,
                    director->fade_ms);
    }
}

static void free_version(struct version **version)
{
    if (*version != NULL) {
        version_close(*version);
        free(*version);
        *version = NULL;
    }
}

/* The tables of the swap before are not read any more. */
static void take_exchange(struct director *director)
{
    free_exchange(&director->before);
    director->before = director->exchange;
    director->exchange = NULL;
    director->next = NULL;
    director->taken++;
    director->phase = DIRECTOR_SETTLING;
}

/* The audio thread has exchanged both. */
static void become_current(struct director *director)
{
    struct version *version = director->next;
    struct deck *deck = version->deck;
    bool is_better = !director->is_undo && version != director->last &&
                     director->request.values == MATCH_ALL;
    take_exchange(director);
    if (is_better) {
        director->kept = director->last;
    } else if (director->last != version) {
        free_version(&director->last);
    }
    director->last = director->current;
    director->last->deck = deck;
    version->deck = NULL;
    director->current = version;
    director->host->follow(director->host->context, version);
}

static void tell_playing(struct director *director)
{
    const struct exchange *exchange = director->before;
    bool is_better =
        director->request.values == MATCH_ALL && !director->is_undo;
    if (!director->options->is_quiet &&
        (!is_better || director->options->is_verbose)) {
        message(PRIORITY_INFO, "play    version %u plays and keeps %zu %s",
                (unsigned)director->current->number, exchange->copied,
                match_is_same(director->current, director->last) ? "memories"
                                                                 : "variables");
    }
    if (!director->is_undo) {
        director->fade_ms =
            is_better ? director->fade_ms : director->request.fade_ms;
        director_answer(director, "playing %" PRIu32, director->request.id);
    }
}

static void try_offer(struct director *director)
{
    const enum swap_kind kind = director->exchange->swap.kind;
    const struct loading_host *host = director->host;
    if ((kind == SWAP_FORTH && (!host->meet(host->context, director->next) ||
                                !host->is_idle(host->context))) ||
        !exchange_try(director->exchange, &director->decks, director->engine)) {
        return;
    }
    if (kind == SWAP_KEEP) {
        take_exchange(director);
        free_version(&director->last);
        director->last = director->kept;
        director->kept = NULL;
        return;
    }
    become_current(director);
    tell_playing(director);
}

static void settle(struct director *director)
{
    if (atomic_load_explicit(&director->decks.settled, memory_order_acquire) !=
        director->taken) {
        return;
    }
    director->phase = DIRECTOR_IDLE;
    if (director->kept != NULL) {
        (void)offer(director, SWAP_KEEP, director->kept, MATCH_NONE,
                    director->fade_ms);
    }
}

/* ---- Traps ---- */

/* What was being offered has nothing to follow on. */
static void drop_offer(struct director *director)
{
    bool is_new = director->exchange->swap.kind == SWAP_FORTH &&
                  director->next != director->last;
    free_exchange(&director->exchange);
    if (is_new) {
        refuse(director, director->next->number,
               "the version before it trapped");
        free_version(&director->next);
    }
    director->next = NULL;
    director->phase = DIRECTOR_IDLE;
}

static void tell_fall(const struct director *director)
{
    const struct decks *decks = &director->decks;
    char text[400];
    char when[64];
    (void)snprintf(when, sizeof(when), "in block %" PRIu64, decks->trap_block);
    trap_describe(director->current->patch, &decks->report, when, text,
                  sizeof(text));
    tell(director->current->number, text, director->last);
}

/* True: the audio thread plays the other version, which is to be the current
 * one before anything else happens. */
static bool handle_fall(struct director *director)
{
    const bool is_returning = director->exchange != NULL &&
                              director->exchange->swap.kind == SWAP_RETURN;
    if (!atomic_load_explicit(&director->decks.is_fallen,
                              memory_order_acquire)) {
        return false;
    }
    if (!is_returning) {
        if (director->phase == DIRECTOR_OFFERING) {
            drop_offer(director);
        }
        director->phase_after = director->phase;
        if (!offer(director, SWAP_RETURN, director->last, MATCH_NONE,
                   director->fade_ms)) {
            return true;
        }
    }
    if (exchange_try(director->exchange, &director->decks, director->engine)) {
        /* Whoever reads it finds what goes on. */
        tell_fall(director);
        become_current(director);
        director->phase = director->phase_after == DIRECTOR_LOADING
                              ? DIRECTOR_LOADING
                              : DIRECTOR_SETTLING;
    }
    return true;
}

/* ---- For the control thread ---- */

int director_fd(const struct director *director)
{
    return director->link;
}

int director_wait_ms(const struct director *director, int most_ms)
{
    bool is_busy = director->phase != DIRECTOR_IDLE ||
                   director->wanted.is_wanted || director->wants_undo ||
                   atomic_load(&director->decks.is_fallen);
    const int due_ms = is_busy ? POLL_MS : WATCH_MS;
    return most_ms > due_ms ? due_ms : most_ms;
}

/* A block that computes for ever is no way to lose the sound. */
static void watch_block(struct director *director)
{
    if (block_watch_is_endless(&director->watch, director->engine,
                               stats_now_ns())) {
        endless_interrupt(director->current->interrupt,
                          director->last != NULL ? director->last->interrupt
                                                 : NULL);
    } else if (director->loading == NULL) {
        endless_disarm();
    }
}

bool director_pump(struct director *director)
{
    director_read(director);
    watch_block(director);
    if (handle_fall(director)) {
        return director->is_closed;
    }
    switch (director->phase) {
    case DIRECTOR_LOADING:
        finish_loading(director);
        break;
    case DIRECTOR_OFFERING:
        try_offer(director);
        break;
    case DIRECTOR_SETTLING:
        settle(director);
        break;
    case DIRECTOR_IDLE:
        if (director->wanted.is_wanted) {
            begin_loading(director);
        } else if (director->wants_undo) {
            begin_undo(director);
        }
        break;
    }
    return director->is_closed;
}

bool director_undo(struct director *director, struct failure *failure)
{
    if (director->last == NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "there is no version before this one");
    }
    if (atomic_load(&director->last->deck->is_broken)) {
        return failure_set(failure, STATUS_USAGE,
                           "version %u has trapped: there is no way back to it",
                           (unsigned)director->last->number);
    }
    /* One that has not begun and another one are nothing. */
    director->wants_undo = !director->wants_undo;
    return true;
}

void director_close(struct director *director)
{
    if (director->loading != NULL) {
        loading_abandon(director->loading); /* the process ends */
    }
    if (director->next != director->last && director->next != director->kept) {
        free_version(&director->next);
    }
    free_version(&director->last);
    free_version(&director->kept);
    free_version(&director->current);
    free_exchange(&director->exchange);
    free_exchange(&director->before);
}
