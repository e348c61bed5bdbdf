/* SPDX-License-Identifier: MIT */
#include "channel/vocabulary.h"

#include "channel/client.h"
#include "common/nearest.h"
#include "common/words.h"
#include "control/list.h"
#include "control/names.h"
#include "report/info.h"

#include <stdlib.h>
#include <string.h>

/* set, load, call, midi, key, piano */
static bool run_change(struct request *request, struct failure *failure)
{
    return command_read(&request->channel->reader, request->line, 0,
                        request->events, failure);
}

static bool get_text(struct request *request, char *name,
                     struct failure *failure)
{
    const struct f4e_patch *patch = request->channel->reader.patch;
    struct place place;
    for (; name != NULL; name = words_next(&request->rest)) {
        if (!names_find(patch, name, &place, failure)) {
            return false;
        }
        list_print_place(patch, &place, UINT32_MAX, request->file);
    }
    return true;
}

/* "values": an object, so that a variable is there once. */
static void write_values(const struct f4e_patch *patch,
                         const struct place *places, unsigned count,
                         struct json *json)
{
    char text[NAMES_TEXT_MAX];
    json_open_member(json, "values", '{');
    for (unsigned i = 0; i < count; i++) {
        const struct place *place = &places[i];
        names_format(patch, place, text, sizeof(text));
        json_key(json, text);
        list_write_values(place, names_at(patch, place, 0),
                          place->is_one ? 1 : place->count, json);
    }
    json_close(json, '}');
}

static bool run_get(struct request *request, struct failure *failure)
{
    const struct f4e_patch *patch = request->channel->reader.patch;
    struct place place;
    struct place *places = NULL;
    unsigned count = 0;
    char *name = words_next(&request->rest);
    if (name == NULL) {
        return failure_set(failure, STATUS_USAGE, "get needs a name");
    }
    if (request->is_text) {
        return get_text(request, name, failure);
    }
    bool is_good = true;
    for (; is_good && name != NULL; name = words_next(&request->rest)) {
        is_good = names_find(patch, name, &place, failure) &&
                  names_add(&places, &count, &place, failure);
    }
    if (is_good) {
        write_values(patch, places, count, request->json);
    }
    free(places);
    return is_good;
}

static bool run_list(struct request *request, struct failure *failure)
{
    const struct channel *channel = request->channel;
    const struct f4e_patch *patch = channel->reader.patch;
    const char *pattern = words_next(&request->rest);
    if (!words_end(request->rest, failure)) {
        return false;
    }
    return request->is_text ? list_print(patch, channel->defaults, pattern,
                                         request->file, failure)
                            : list_write(patch, channel->defaults, pattern,
                                         request->json, failure);
}

static bool run_params(struct request *request, struct failure *failure)
{
    const struct f4e_patch *patch = request->channel->reader.patch;
    const char *pattern = words_next(&request->rest);
    if (!words_end(request->rest, failure)) {
        return false;
    }
    return request->is_text
               ? list_print_params(patch, pattern, request->file, failure)
               : list_write_params(patch, pattern, request->json, failure);
}

static bool run_views(struct request *request, struct failure *failure)
{
    const struct f4e_patch *patch = request->channel->reader.patch;
    const char *pattern = words_next(&request->rest);
    if (!words_end(request->rest, failure)) {
        return false;
    }
    return request->is_text
               ? list_print_views(patch, pattern, request->file, failure)
               : list_write_views(patch, pattern, request->json, failure);
}

static bool run_describe(struct request *request, struct failure *failure)
{
    const struct f4e_patch *patch = request->channel->reader.patch;
    struct json *json = request->json;
    (void)failure;
    if (request->is_text) {
        info_print(patch, request->file);
        return true;
    }
    info_write(patch, json);
    vocabulary_write(request->channel, request->trust, json);
    json_member_string(json, "trust",
                       request->trust == TRUST_LOCAL ? "local" : "network");
    json_open_member(json, "limits", '{');
    json_member_unsigned(json, "lineBytes", client_line_max(request->trust));
    json_member_unsigned(json, "answerBytes",
                         client_answer_max(request->trust));
    json_member_unsigned(json, "clients", CHANNEL_CLIENTS_MAX);
    json_member_unsigned(json, "rateHz", CHANNEL_RATE_MAX);
    json_member_unsigned(json, "subscribedNames", SUBSCRIPTION_NAMES_MAX);
    json_member_unsigned(json, "subscribedBytes", SUBSCRIPTION_BYTES_MAX);
    json_close(json, '}');
    return true;
}

static bool run_stats(struct request *request, struct failure *failure)
{
    const struct report *report = request->channel->report;
    if (report == NULL) {
        return failure_set(failure, STATUS_INTERNAL, "nothing is counted here");
    }
    if (request->is_text) {
        report_print_stats(report, request->file);
    } else {
        report_write(report, true, request->json);
    }
    return true;
}

/* The rest of the line is the path, blanks and all. */
static bool run_save(struct request *request, struct failure *failure)
{
    const struct channel *channel = request->channel;
    char *path = request->rest + strspn(request->rest, " \t");
    for (size_t end = strlen(path);
         end > 0 && strchr(" \t\r", path[end - 1]) != NULL; end--) {
        path[end - 1] = '\0';
    }
    if (*path == '\0') {
        return failure_set(failure, STATUS_USAGE,
                           "save needs a file, such as: save patch.state");
    }
    return channel->save != NULL
               ? channel->save(channel->context, path, failure)
               : failure_set(failure, STATUS_INTERNAL,
                             "nothing can be saved here");
}

static bool run_quit(struct request *request, struct failure *failure)
{
    (void)failure;
    request->channel->is_quitting = true;
    return true;
}

static bool run_subscribe(struct request *request, struct failure *failure)
{
    return subscription_set(&request->client->subscription, request, failure);
}

static bool run_unsubscribe(struct request *request, struct failure *failure)
{
    (void)failure;
    subscription_end(&request->client->subscription);
    return true;
}

static const struct word own[] = {
    {"set", 0, "NAME VALUE... [over TIME]", run_change},
    {"load", WORD_LOCAL, "NAME FILE", run_change},
    {"call", 0, "EXPORT ARGUMENT...", run_change},
    {"midi", 0, "PORT BYTE...", run_change},
    {"key", 0, "down|up|blur CODE", run_change},
    {"piano", 0, "NAME KEY down|up|toggle", run_change},
    {"get", WORD_ASKS | WORD_READS, "NAME...", run_get},
    {"list", WORD_ASKS | WORD_READS, "[PATTERN]", run_list},
    {"params", WORD_ASKS | WORD_READS, "[PATTERN]", run_params},
    {"views", WORD_ASKS | WORD_READS, "[PATTERN]", run_views},
    {"describe", WORD_READS, "", run_describe},
    {"stats", WORD_READS, "", run_stats},
    {"subscribe", WORD_READS, "HZ NAME...", run_subscribe},
    {"unsubscribe", WORD_READS, "", run_unsubscribe},
    {"save", WORD_ASKS | WORD_LOCAL, "FILE", run_save},
    {"quit", WORD_LOCAL, "", run_quit},
};

const struct word_table vocabulary_own = {own, sizeof(own) / sizeof(*own), NULL,
                                          NULL};

const struct word *vocabulary_find(const struct channel *channel,
                                   const char *name, size_t length,
                                   const struct word_table **table)
{
    for (const struct word_table *at = channel->tables; at != NULL;
         at = at->next) {
        for (size_t i = 0; i < at->count; i++) {
            const char *own_name = at->words[i].name;
            if (strncmp(own_name, name, length) == 0 &&
                own_name[length] == '\0') {
                *table = at;
                return &at->words[i];
            }
        }
    }
    return NULL;
}

bool vocabulary_fail_unknown(const struct channel *channel, const char *name,
                             size_t length, struct failure *failure)
{
    char all[320] = "";
    char typed[32] = "";
    const char *nearest = NULL;
    memcpy(typed, name, length < sizeof(typed) ? length : sizeof(typed) - 1);
    size_t least = nearest_limit(typed) + 1;
    for (const struct word_table *at = channel->tables; at != NULL;
         at = at->next) {
        for (size_t i = 0; i < at->count; i++) {
            size_t used = strlen(all);
            size_t edits = nearest_distance(typed, at->words[i].name);
            (void)snprintf(all + used, sizeof(all) - used, "%s%s",
                           used > 0 ? ", " : "", at->words[i].name);
            if (edits < least) {
                least = edits;
                nearest = at->words[i].name;
            }
        }
    }
    (void)failure_set(failure, STATUS_USAGE, "expected one of %s, not '%.*s'",
                      all, (int)(length < 64 ? length : 64), name);
    return nearest != NULL ? failure_hint(failure, "did you mean %s?", nearest)
                           : false;
}

void vocabulary_write(const struct channel *channel, enum trust trust,
                      struct json *json)
{
    json_open_member(json, "words", '[');
    for (const struct word_table *at = channel->tables; at != NULL;
         at = at->next) {
        for (size_t i = 0; i < at->count; i++) {
            const struct word *word = &at->words[i];
            if (trust == TRUST_NETWORK && (word->flags & WORD_LOCAL) != 0) {
                continue;
            }
            json_open(json, '{');
            json_member_string(json, "word", word->name);
            json_member_string(json, "arguments", word->usage);
            json_close(json, '}');
        }
    }
    json_close(json, ']');
}
