/* SPDX-License-Identifier: MIT */
#include "channel/event.h"

#include "common/element.h"
#include "common/json.h"
#include "control/list.h"
#include "report/report.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TRIES = 8,        /* to read all values between two blocks */
    PAUSE_NS = 50000, /* before a block is looked for again */
};

static void copy_values(const struct subscription *subscription,
                        const struct f4e_patch *patch, uint8_t *to)
{
    for (unsigned i = 0; i < subscription->count; i++) {
        const struct place *place = &subscription->places[i];
        unsigned size = element_bytes(place->element);
        uint32_t count = place->is_one ? 1 : place->count;
        for (uint32_t n = 0; n < count; n++, to += size) {
            element_peek(place->element, names_at(patch, place, n), to);
        }
    }
}

/*
 * All values as they are between two blocks. False: the patch leaves too
 * little time between them, and the values may be of two blocks.
 */
static bool read_values(const struct subscription *subscription,
                        struct channel *channel, uint8_t *to)
{
    static const struct timespec pause = {0, PAUSE_NS};
    const struct engine *engine = channel->engine;
    const atomic_uint *sequence = &engine->snapshot.sequence;
    for (int i = 0; i < TRIES; i++) {
        unsigned before = atomic_load_explicit(sequence, memory_order_acquire);
        copy_values(subscription, engine->patch, to);
        atomic_thread_fence(memory_order_acquire);
        if (before % 2 == 0 &&
            atomic_load_explicit(sequence, memory_order_relaxed) == before) {
            return true;
        }
        if (channel->patience == 0) {
            break;
        }
        channel->patience--;
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

/* How busy the audio thread was since the last event. */
static double load_percent(struct subscription *subscription,
                           const struct report *report)
{
    uint64_t blocks = stats_get(&report->stats->block.count);
    uint64_t busy_ns = stats_get(&report->stats->block.sum_ns);
    uint64_t passed = blocks - subscription->blocks;
    double mean =
        passed > 0 ? (double)(busy_ns - subscription->busy_ns) / (double)passed
                   : 0.0;
    subscription->blocks = blocks;
    subscription->busy_ns = busy_ns;
    return mean * 100.0 / report_budget_ns(report->engine->patch);
}

/* An event being written. */
struct event {
    struct client *client;
    FILE *file;
    struct json json;
    double seconds; /* of sound */
    bool has_any;
};

static void write_value(struct event *event, const struct place *place,
                        const uint8_t *bytes)
{
    const struct f4e_patch *patch = event->client->channel->reader.patch;
    char name[NAMES_TEXT_MAX];
    if (event->client->subscription.is_text) {
        (void)fprintf(event->file, "%.3f ", event->seconds);
        list_print_values(patch, place, bytes, event->file);
    } else {
        names_format(patch, place, name, sizeof(name));
        json_key(&event->json, name);
        list_write_values(place, bytes, place->is_one ? 1 : place->count,
                          &event->json);
    }
}

/* What has changed since the last event. */
static void write_values(struct event *event)
{
    struct subscription *own = &event->client->subscription;
    uint8_t *before = own->seen;
    const uint8_t *now = own->seen + own->bytes;
    if (own->count == 0) {
        return;
    }
    bool is_whole =
        read_values(own, event->client->channel, own->seen + own->bytes);
    if (!own->is_text && !is_whole && own->bytes > ELEMENT_BYTES_MAX) {
        json_member_bool(&event->json, "isTorn", true);
    }
    if (!own->is_text) {
        json_open_member(&event->json, "values", '{');
    }
    for (unsigned i = 0; i < own->count; i++) {
        size_t bytes = subscription_bytes(&own->places[i]);
        if (own->is_fresh || own->is_text || memcmp(before, now, bytes) != 0) {
            event->has_any = true;
            write_value(event, &own->places[i], now);
            memcpy(before, now, bytes);
        }
        before += bytes;
        now += bytes;
    }
    if (!own->is_text) {
        json_close(&event->json, '}');
    }
}

static void write_levels(struct event *event)
{
    struct channel *channel = event->client->channel;
    bool is_text = event->client->subscription.is_text;
    if (is_text) {
        (void)fprintf(event->file, "%.3f levels", event->seconds);
    } else {
        json_open_member(&event->json, "levels", '[');
    }
    for (unsigned k = 0; k < levels_channels(channel->levels); k++) {
        double peak =
            (double)levels_take(channel->levels, event->client->index + 1, k);
        if (is_text) {
            (void)fprintf(event->file, " %.4f", peak);
        } else {
            json_fixed(&event->json, peak, 5);
        }
    }
    if (is_text) {
        (void)fputc('\n', event->file);
    } else {
        json_close(&event->json, ']');
    }
    event->has_any = true;
}

static void write_stats(struct event *event)
{
    const struct report *report = event->client->channel->report;
    struct subscription *own = &event->client->subscription;
    double load = load_percent(own, report);
    if (own->is_text) {
        (void)fprintf(event->file, "%.3f stats %.2f%% of a block, %llu xruns\n",
                      event->seconds, load,
                      (unsigned long long)stats_get(&report->stats->xruns));
    } else {
        json_open_member(&event->json, "stats", '{');
        json_member_fixed(&event->json, "loadPercent", load, 3);
        report_write(report, false, &event->json);
        json_close(&event->json, '}');
    }
    event->has_any = true;
}

static void write_event(struct event *event)
{
    struct subscription *own = &event->client->subscription;
    if (!own->is_text) {
        json_init(&event->json, event->file, 0);
        json_open(&event->json, '{');
        json_member_string(&event->json, "event", "values");
        json_member_fixed(&event->json, "time", event->seconds, 3);
        if (own->lost > 0) {
            json_member_unsigned(&event->json, "lost", own->lost);
        }
    }
    write_values(event);
    if (own->has_levels) {
        write_levels(event);
    }
    if (own->has_stats && event->client->channel->report != NULL) {
        write_stats(event);
    }
    if (!own->is_text) {
        json_close(&event->json, '}');
        (void)fputc('\n', event->file);
    }
    own->is_fresh = false;
}

/* A text in an event, for a client that reads JSON. */
static void put_text(struct client *client, const char *text)
{
    char *line = NULL;
    size_t size = 0;
    struct json json;
    FILE *file = open_memstream(&line, &size);
    if (file == NULL) {
        return;
    }
    json_init(&json, file, 0);
    json_open(&json, '{');
    json_member_string(&json, "event", "values");
    if (client->subscription.lost > 0) {
        json_member_unsigned(&json, "lost", client->subscription.lost);
    }
    json_member_string(&json, "text", text);
    json_close(&json, '}');
    (void)fputc('\n', file);
    if (fclose(file) == 0) {
        client_put(client, line, size);
    }
    free(line);
}

static void send_event(struct client *client)
{
    struct subscription *own = &client->subscription;
    const struct engine *engine = client->channel->engine;
    const struct report *report = client->channel->report;
    char *text = NULL;
    size_t size = 0;
    struct event event = {.client = client,
                          .file = open_memstream(&text, &size)};
    if (event.file == NULL) {
        return;
    }
    if (report != NULL) {
        event.seconds = (double)stats_get(&report->stats->frames) /
                        engine->patch->sample_rate;
    }
    write_event(&event);
    if (fclose(event.file) == 0 && event.has_any) {
        if (own->is_text && client->text == NULL) {
            put_text(client, text);
        } else {
            client_put(client, text, size);
        }
        own->lost = 0;
        client_flush(client);
    }
    free(text);
}

void event_tick(struct client *client, uint64_t now_ns)
{
    struct subscription *own = &client->subscription;
    if (own->rate_hz == 0 || now_ns < own->next_ns) {
        return;
    }
    uint64_t period_ns = UINT64_C(1000000000) / own->rate_hz;
    /* In step, unless so much time was lost that there is none to keep. */
    own->next_ns = now_ns - own->next_ns < period_ns ? own->next_ns + period_ns
                                                     : now_ns + period_ns;
    if (client_is_choked(client)) {
        own->lost++;
        own->is_fresh = true; /* some change may have been in that one */
    } else {
        send_event(client);
    }
}

void event_version(struct client *client, uint32_t version)
{
    char line[64];
    if (client->text == NULL && !client->subscription.is_text) {
        int length = snprintf(line, sizeof(line),
                              "{\"event\":\"version\",\"version\":%u}\n",
                              (unsigned)version);
        client_put(client, line, (size_t)length);
        client_flush(client);
    }
}
