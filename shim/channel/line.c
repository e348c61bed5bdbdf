/* SPDX-License-Identifier: MIT */
#include "channel/line.h"

#include "channel/answer.h"
#include "channel/vocabulary.h"
#include "common/json.h"
#include "common/words.h"
#include "message/message.h"

#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\n\v\f";
static const uint64_t HELD_NS = UINT64_C(500000000);

/* A line, taken apart without a change to it. */
struct parts {
    char *start; /* the word, or the line's end */
    size_t length;
    const char *id;
    size_t id_bytes;
    bool is_text;
    bool is_prefixed; /* by an ID or by "text": it wants an answer */
};

/* "[#ID] [text] WORD"; in a pipe without answers '#' begins a comment. */
static struct parts take_apart(const struct client *client, char *line)
{
    static const char text[] = "text";
    struct parts parts = {.start = line + strspn(line, blanks)};
    bool has_ids = client->text == NULL;
    if (has_ids && parts.start[0] == '#' && parts.start[1] != '\0' &&
        strchr(blanks, parts.start[1]) == NULL) {
        parts.is_prefixed = true;
        parts.id = parts.start + 1;
        parts.id_bytes = strcspn(parts.id, blanks);
        parts.start += 1 + parts.id_bytes;
        parts.start += strspn(parts.start, blanks);
    }
    parts.length = strcspn(parts.start, blanks);
    if (has_ids && parts.length == sizeof(text) - 1 &&
        memcmp(parts.start, text, sizeof(text) - 1) == 0) {
        parts.is_text = parts.is_prefixed = true;
        parts.start += parts.length;
        parts.start += strspn(parts.start, blanks);
        parts.length = strcspn(parts.start, blanks);
    }
    parts.is_text = parts.is_text || client->text != NULL;
    return parts;
}

/* The ID as the answer brings it back. False: it is too long, and comes back
 * cut off, so nobody could tell two such requests from each other. */
static bool keep_id(struct client *client, const struct parts *parts,
                    struct failure *failure)
{
    size_t bytes =
        parts->id_bytes < CLIENT_ID_MAX ? parts->id_bytes : CLIENT_ID_MAX;
    client->has_id = parts->id != NULL;
    if (client->has_id) {
        memcpy(client->id, parts->id, bytes);
        client->id[bytes] = '\0';
    }
    return bytes == parts->id_bytes ||
           failure_set(failure, STATUS_USAGE,
                       "the ID has %zu bytes, more than %d", parts->id_bytes,
                       CLIENT_ID_MAX);
}

/* What waits for the patch is over, one way or the other. Returns the bytes of
 * the answer. */
static size_t end_request(struct client *client, const struct failure *failure)
{
    event_list_free(&client->waiting);
    client->waiting_next = 0;
    size_t bytes =
        answer_send(client, failure, client->answer, client->answer_bytes);
    free(client->answer);
    client->answer = NULL;
    client->answer_bytes = 0;
    return bytes;
}

static bool is_held_long(const struct client *client, uint64_t now_ns)
{
    return client->held_ns != 0 && now_ns - client->held_ns > HELD_NS;
}

/*
 * Something waits for the patch: nothing is lost, and nothing more is read.
 * When that lasts it is told, once. Always false.
 */
static bool hold(struct client *client, uint64_t now_ns)
{
    const struct channel *channel = client->channel;
    if (client->held_ns == 0) {
        client->held_ns = now_ns;
    }
    if (client->text != NULL && !client->has_reported &&
        is_held_long(client, now_ns)) {
        client->has_reported = true;
        message(PRIORITY_WARNING,
                "%s:%u: the patch does not run and %zu changes wait for it; "
                "reading goes on when it does",
                client->path, client->line, sender_pending(&channel->sender));
    }
    return false;
}

/* A client that gets answers is told in place of being kept. */
static bool fail_held(struct client *client, struct failure *failure)
{
    return failure_set(failure, STATUS_INTERNAL,
                       "the patch does not run: %zu changes wait for it",
                       sender_pending(&client->channel->sender));
}

/* Whether the request under way is answered when the patch has made it. */
static bool has_call(const struct client *client)
{
    const struct event_list *waiting = &client->waiting;
    size_t i = 0;
    while (i < waiting->count && waiting->events[i].kind != CHANGE_CALL) {
        i++;
    }
    return i < waiting->count && client->text == NULL && client->out >= 0;
}

/* The changes of the request under way. False: some wait for room. */
static bool send_waiting(struct client *client, uint64_t now_ns)
{
    struct sender *sender = &client->channel->sender;
    struct failure failure = {0};
    if (client->waiting.count > 0) {
        bool is_call = has_call(client);
        if (is_call && client->awaited_count == CLIENT_AWAITED_MAX) {
            return hold(client, now_ns);
        }
        size_t before = client->waiting_next;
        if (before == 0) {
            client->first_sent = sender->sent + 1;
        }
        bool is_sent =
            sender_send(sender, &client->waiting, &client->waiting_next);
        if (client->waiting_next > before) {
            client->sent = sender->sent;
        }
        if (!is_sent && client->waiting_next == 0 && client->text == NULL &&
            is_held_long(client, now_ns)) {
            (void)fail_held(client, &failure);
        } else if (!is_sent) {
            return hold(client, now_ns);
        }
        size_t bytes = end_request(client, &failure);
        if (is_call && failure.status == STATUS_OK && bytes > 0) {
            client_await(client, bytes, client->first_sent, sender->sent,
                         now_ns);
        }
    }
    return true;
}

/* Answer to a line that is not done. */
static void refuse(struct client *client, const struct failure *failure)
{
    (void)answer_send(client, failure, NULL, 0);
}

/* Members of the answer, or its text, into 'client->answer'. */
static bool call_word(struct client *client, const struct word *word,
                      const struct word_table *table, const struct parts *parts,
                      struct failure *failure)
{
    struct json json;
    FILE *file = open_memstream(&client->answer, &client->answer_bytes);
    if (file == NULL) {
        return failure_set_memory(failure);
    }
    /* In an object that has members already. */
    json_init(&json, file, 0);
    json.depth = 1;
    json.has_any = 1U << 1;
    char *rest = parts->start + parts->length;
    struct request request = {.channel = client->channel,
                              .client = client,
                              .line = parts->start,
                              .rest = rest,
                              .trust = client->trust,
                              .is_text = parts->is_text,
                              .file = file,
                              .json = &json,
                              .events = &client->waiting,
                              .context = table->context};
    /* A word that takes nothing may have been meant otherwise. */
    bool is_good = (word->usage[0] != '\0' || words_end(rest, failure)) &&
                   word->run(&request, failure) &&
                   sender_check(&client->waiting, failure);
    return fclose(file) == 0 && is_good;
}

/* A text as a member. */
static void wrap_text(struct client *client)
{
    char *text = client->answer;
    struct json json;
    FILE *file = open_memstream(&client->answer, &client->answer_bytes);
    if (file != NULL) {
        json_init(&json, file, 0);
        json.depth = 1;
        json.has_any = 1U << 1;
        json_member_string(&json, "text", text);
        (void)fclose(file);
    }
    free(text);
}

static void run_word(struct client *client, const struct word *word,
                     const struct word_table *table, const struct parts *parts)
{
    struct failure failure = {0};
    if (client->trust == TRUST_NETWORK && (word->flags & WORD_LOCAL) != 0) {
        (void)failure_set(&failure, STATUS_USAGE,
                          "'%s' is not for the network: it touches files or "
                          "ends the program",
                          word->name);
        (void)failure_hint(&failure, "./patch ctl %s, on the same machine",
                           word->name);
        refuse(client, &failure);
        return;
    }
    bool is_good = call_word(client, word, table, parts, &failure);
    size_t most = client_answer_max(client->trust);
    if (is_good && client->text == NULL && client->answer_bytes > most) {
        (void)failure_set(&failure, STATUS_USAGE,
                          "the answer has %zu bytes, more than %zu",
                          client->answer_bytes, most);
        (void)failure_hint(&failure, "list 'module:*', a part of it");
        is_good = false;
    }
    if (!is_good) {
        client->answer_bytes = 0;
        (void)end_request(client, &failure);
        return;
    }
    if (parts->is_text && client->text == NULL) {
        wrap_text(client);
    }
    if (client->waiting.count == 0) {
        (void)end_request(client, &failure);
    }
}

/* False, with nothing done: it is to be tried again. */
static bool run_line(struct client *client, char *line, size_t bytes,
                     uint64_t now_ns)
{
    struct failure failure = {0};
    client->has_id = false;
    if (memchr(line, '\0', bytes) != NULL) {
        client->line++;
        (void)failure_set(&failure, STATUS_USAGE, "%s", command_nul_text);
        refuse(client, &failure);
        return true;
    }
    line += client->line == 0 ? command_mark(line) : 0;
    struct parts parts = take_apart(client, line);
    const struct word_table *table = NULL;
    const struct word *word =
        vocabulary_find(client->channel, parts.start, parts.length, &table);
    if (!keep_id(client, &parts, &failure)) {
        client->line++;
        refuse(client, &failure);
        return true;
    }
    if (word != NULL && (word->flags & WORD_READS) != 0 &&
        client->text == NULL && client->out < 0) {
        client->line++;
        return true;
    }
    if (word != NULL && (word->flags & WORD_ASKS) != 0 &&
        !sender_is_done(&client->channel->sender, client->sent)) {
        if (client->text != NULL || !is_held_long(client, now_ns)) {
            return hold(client, now_ns);
        }
        (void)fail_held(client, &failure);
    }
    client->line++;
    if (failure.status != STATUS_OK) {
        refuse(client, &failure);
    } else if (word != NULL) {
        run_word(client, word, table, &parts);
    } else if (*parts.start != '\0' && *parts.start != '#') {
        (void)vocabulary_fail_unknown(client->channel, parts.start,
                                      parts.length, &failure);
        refuse(client, &failure);
    } else if (parts.is_prefixed) {
        (void)failure_set(&failure, STATUS_USAGE, "there is no request");
        refuse(client, &failure);
    }
    return true;
}

size_t line_ends(const struct client *client)
{
    size_t length = client->length;
    while (length > 0 && client->input[length - 1] != '\n') {
        length--;
    }
    return length;
}

/* The line at 'line', done or skipped. False: it has to wait. */
static bool run_or_skip(struct client *client, char *line, size_t length,
                        uint64_t now_ns)
{
    if (client->is_skipping) {
        client->is_skipping = false;
        client->line++;
        return true;
    }
    line[length] = '\0'; /* in place of the line feed, or after the end */
    if (run_line(client, line, length, now_ns)) {
        return true;
    }
    line[length] = '\n';
    return false;
}

bool line_run_some(struct client *client, unsigned *lines, uint64_t now_ns)
{
    size_t done = 0;
    bool is_free = send_waiting(client, now_ns);
    while (is_free && done < client->length && *lines > 0 &&
           !client_is_choked(client) && !client->channel->is_quitting) {
        char *line = client->input + done;
        char *feed = memchr(line + client->looked, '\n',
                            client->length - done - client->looked);
        if (feed == NULL && !client->is_ended) {
            client->looked = client->length - done;
            break;
        }
        client->looked = 0;
        size_t length =
            feed != NULL ? (size_t)(feed - line) : client->length - done;
        is_free = run_or_skip(client, line, length, now_ns);
        if (is_free) {
            done += length + (feed != NULL);
            --*lines;
            is_free = send_waiting(client, now_ns);
        }
    }
    client->length -= done;
    if (done > 0) {
        memmove(client->input, client->input + done, client->length);
    }
    if (is_free) {
        client->held_ns = 0;
        client->has_reported = false;
    }
    return is_free;
}
