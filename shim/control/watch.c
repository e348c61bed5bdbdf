/* SPDX-License-Identifier: MIT */
#include "control/watch.h"

#include "control/list.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 16 }; /* of an array in a line */

static bool add(struct watch *watch, const struct place *place,
                struct failure *failure)
{
    struct place *places =
        realloc(watch->places, (watch->count + 1U) * sizeof(*places));
    if (places == NULL) {
        return failure_set_memory(failure);
    }
    watch->places = places;
    places[watch->count++] = *place;
    return true;
}

/* One name, or all that match. */
static bool add_names(struct watch *watch, const char *name,
                      struct failure *failure)
{
    const struct f4e_patch *patch = watch->patch;
    struct failure unknown = {0};
    struct place place;
    if (names_find(patch, name, &place, &unknown)) {
        return add(watch, &place, failure);
    }
    unsigned before = watch->count;
    for (unsigned i = 0; i < patch->item_count; i++) {
        if (strpbrk(name, "*?") != NULL &&
            fnmatch(name, patch->items[i].name, 0) == 0) {
            place = names_place(patch, i);
            if (!add(watch, &place, failure)) {
                return false;
            }
        }
    }
    if (watch->count == before) {
        (void)failure_set(failure, STATUS_USAGE, "--watch: %s", unknown.text);
        return unknown.hint[0] != '\0'
                   ? failure_hint(failure, "%s", unknown.hint)
                   : false;
    }
    return true;
}

/* 'is_strict': all of the names have to be there. */
static bool add_list(struct watch *watch, const char *names, bool is_strict,
                     struct failure *failure)
{
    char *copy = strdup(names);
    bool is_good = copy != NULL || failure_set_memory(failure);
    char *rest = NULL;
    for (char *name = is_good ? strtok_r(copy, ",", &rest) : NULL;
         is_good && name != NULL; name = strtok_r(NULL, ",", &rest)) {
        is_good = add_names(watch, name, failure) || !is_strict;
    }
    free(copy);
    return is_good;
}

bool watch_open(struct watch *watch, const struct f4e_patch *patch,
                const char *names, unsigned rate_hz, FILE *file,
                struct failure *failure)
{
    *watch = (struct watch){.patch = patch, .rate_hz = rate_hz, .file = file};
    bool is_good = add_list(watch, names, true, failure);
    if (is_good && watch->count == 0) {
        is_good = failure_set(failure, STATUS_USAGE, "--watch needs a name");
    }
    if (!is_good) {
        watch_close(watch);
    }
    return is_good;
}

static void print(struct watch *watch, double seconds)
{
    for (unsigned i = 0; i < watch->count; i++) {
        (void)fprintf(watch->file, "%.3f ", seconds);
        list_print_place(watch->patch, &watch->places[i], VALUES_MAX,
                         watch->file);
    }
    if (fflush(watch->file) != 0) {
        watch->error = errno;
        watch->count = 0;
        atomic_store(&watch->is_over, true);
    }
}

void watch_block(struct watch *watch, uint64_t block)
{
    const struct f4e_patch *patch = watch->patch;
    while (watch->count > 0) {
        /* In two parts: frames of a long time times a rate do not fit. */
        uint64_t rate = patch->sample_rate;
        uint64_t frame = watch->ticks / watch->rate_hz * rate +
                         watch->ticks % watch->rate_hz * rate / watch->rate_hz;
        if (frame / patch->block_frames > block) {
            break;
        }
        print(watch, (double)watch->ticks / watch->rate_hz);
        watch->ticks++;
    }
}

void watch_tick(struct watch *watch, uint64_t elapsed_ns, uint64_t frames)
{
    uint64_t due = (uint64_t)((double)elapsed_ns * 1e-9 * watch->rate_hz);
    if (watch->count > 0 && due >= watch->ticks) {
        print(watch, (double)frames / watch->patch->sample_rate);
        watch->ticks = due + 1;
    }
}

int watch_wait_ms(const struct watch *watch, uint64_t elapsed_ns, int most_ms)
{
    if (watch->count == 0) {
        return most_ms;
    }
    double left_ms =
        (double)watch->ticks * 1e3 / watch->rate_hz - (double)elapsed_ns * 1e-6;
    return left_ms < 0.0 ? 0 : left_ms < most_ms ? (int)left_ms + 1 : most_ms;
}

void watch_follow(struct watch *watch, const struct f4e_patch *patch,
                  const char *names)
{
    struct failure unknown = {0};
    if (!atomic_load(&watch->is_over)) {
        watch->patch = patch;
        watch->count = 0;
        (void)add_list(watch, names, false, &unknown);
    }
}

void watch_close(struct watch *watch)
{
    free(watch->places);
    watch->places = NULL;
    watch->count = 0;
}
