/* SPDX-License-Identifier: MIT */
#include "channel/subscription.h"

#include "channel/vocabulary.h"
#include "common/element.h"
#include "common/json.h"
#include "common/number.h"
#include "common/words.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

size_t subscription_bytes(const struct place *place)
{
    uint32_t count = place->is_one ? 1 : place->count;
    return (size_t)count * element_bytes(place->element);
}

static bool add(struct subscription *subscription, const struct place *place,
                struct failure *failure)
{
    unsigned before = subscription->count;
    if (!names_add(&subscription->places, &subscription->count, place,
                   failure)) {
        return false;
    }
    size_t bytes = subscription->count > before ? subscription_bytes(place) : 0;
    if (bytes > SUBSCRIPTION_BYTES_MAX - subscription->bytes) {
        return failure_set(failure, STATUS_USAGE,
                           "the values have more than %d bytes",
                           SUBSCRIPTION_BYTES_MAX);
    }
    subscription->bytes += bytes;
    return true;
}

static bool add_pattern(struct subscription *subscription,
                        const struct f4e_patch *patch, const char *pattern,
                        struct failure *failure)
{
    bool has_any = false;
    for (unsigned i = 0; i < patch->item_count; i++) {
        const struct place place = names_place(patch, i);
        if (fnmatch(pattern, patch->items[i].name, 0) != 0) {
            continue;
        }
        has_any = true;
        if (!add(subscription, &place, failure)) {
            return false;
        }
    }
    return has_any ||
           failure_set(failure, STATUS_USAGE, "no name matches '%s'", pattern);
}

/* A name, a pattern, or "levels" and "stats", which no variable is called. */
static bool add_name(struct subscription *subscription,
                     const struct channel *channel, const char *name,
                     struct failure *failure)
{
    const struct f4e_patch *patch = channel->reader.patch;
    struct place place;
    if (strcmp(name, "levels") == 0 && channel->levels != NULL) {
        subscription->has_levels = true;
        return true;
    }
    if (strcmp(name, "stats") == 0 && channel->report != NULL) {
        subscription->has_stats = true;
        return true;
    }
    if (strpbrk(name, "*?") != NULL && !names_has(patch, name)) {
        return add_pattern(subscription, patch, name, failure);
    }
    return names_find(patch, name, &place, failure) &&
           add(subscription, &place, failure);
}

static bool read_names(struct subscription *subscription,
                       struct request *request, struct failure *failure)
{
    uint64_t rate = 0;
    const char *word = words_next(&request->rest);
    if (word == NULL ||
        !number_in_range(word, NUMBER_DECIMAL, 1, CHANNEL_RATE_MAX, &rate)) {
        (void)failure_set(failure, STATUS_USAGE,
                          "subscribe needs a rate of 1 to %d a second, not "
                          "'%s'",
                          CHANNEL_RATE_MAX, word != NULL ? word : "");
        return failure_hint(failure, "subscribe 25 module:variable");
    }
    word = words_next(&request->rest);
    if (word == NULL) {
        return failure_set(failure, STATUS_USAGE, "subscribe needs a name");
    }
    for (unsigned i = 0; word != NULL; i++, word = words_next(&request->rest)) {
        /* Patterns for what is there already cost time as well. */
        if (i == SUBSCRIPTION_NAMES_MAX) {
            return failure_set(failure, STATUS_USAGE, "more than %d names",
                               SUBSCRIPTION_NAMES_MAX);
        }
        if (!add_name(subscription, request->channel, word, failure)) {
            return false;
        }
    }
    subscription->rate_hz = (unsigned)rate;
    subscription->is_text = request->is_text;
    subscription->seen = calloc(2, subscription->bytes + 1);
    return subscription->seen != NULL || failure_set_memory(failure);
}

bool subscription_set(struct subscription *subscription,
                      struct request *request, struct failure *failure)
{
    struct subscription wanted = {.is_fresh = true};
    if (!read_names(&wanted, request, failure)) {
        subscription_end(&wanted);
        return false;
    }
    if (!request->is_text) {
        json_member_unsigned(request->json, "names", wanted.count);
    }
    subscription_end(subscription);
    *subscription = wanted;
    return true;
}

void subscription_follow(struct subscription *subscription,
                         const struct f4e_patch *from,
                         const struct f4e_patch *to)
{
    unsigned kept = 0;
    size_t bytes = 0;
    for (unsigned i = 0; i < subscription->count; i++) {
        char name[NAMES_TEXT_MAX];
        struct failure unknown = {0};
        struct place place;
        names_format(from, &subscription->places[i], name, sizeof(name));
        if (names_find(to, name, &place, &unknown) &&
            subscription_bytes(&place) <= SUBSCRIPTION_BYTES_MAX - bytes) {
            bytes += subscription_bytes(&place);
            subscription->places[kept++] = place;
        }
    }
    uint8_t *seen = calloc(2, bytes + 1);
    if (seen == NULL) {
        subscription_end(subscription);
        return;
    }
    free(subscription->seen);
    subscription->seen = seen;
    subscription->bytes = bytes;
    subscription->count = kept;
    subscription->is_fresh = true;
}

void subscription_end(struct subscription *subscription)
{
    free(subscription->places);
    free(subscription->seen);
    *subscription = (struct subscription){0};
}

int subscription_wait_ms(const struct subscription *subscription,
                         uint64_t now_ns, int most_ms)
{
    if (subscription->rate_hz == 0) {
        return most_ms;
    }
    if (now_ns >= subscription->next_ns) {
        return 0;
    }
    uint64_t left_ms = (subscription->next_ns - now_ns) / 1000000 + 1;
    return left_ms < (uint64_t)most_ms ? (int)left_ms : most_ms;
}
