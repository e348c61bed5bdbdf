/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* getrandom */
#include "http/api.h"

#include "rt/stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static const uint64_t SILENCE_NS = UINT64_C(15000000000);
static const char event_start[] = "{\"event\":";

static bool starts_with(const char *line, const char *start)
{
    return strncmp(line, start, strlen(start)) == 0;
}

/* 32 hexadecimal digits that nobody can guess. */
static void make_id(char *text, size_t size)
{
    uint64_t bits[2] = {0, 0};
    (void)getrandom(bits, sizeof(bits), 0);
    (void)snprintf(text, size, "%016" PRIx64 "%016" PRIx64, bits[0], bits[1]);
}

static void end_stream(void *context)
{
    stream_end(context);
}

static bool prepare_wire(struct stream *stream, const struct api *api,
                         bool (*take)(void *, char *, size_t), void *context)
{
    struct wire *wire = &stream->wire;
    if (wire->is_open) {
        return true;
    }
    *wire = (struct wire){.loop = api->loop,
                          .link = api->link,
                          .take = take,
                          .ended = end_stream,
                          .context = context};
    return wire_open(wire);
}

/* --- requests ----------------------------------------------------------- */

static bool take_answer(void *context, char *line, size_t length)
{
    struct api_answers *answers = context;
    static const char id_start[] = "{\"id\":\"";
    if (starts_with(line, event_start)) {
        return true;
    }
    if (starts_with(line, id_start) &&
        starts_with(line + sizeof(id_start) - 1, answers->mark)) {
        answers->is_complete = true;
        stream_end(&answers->stream);
        return true;
    }
    line[length] = '\n';
    return stream_put(&answers->stream, line, length + 1);
}

/* What came after a reader who left, or was left, is nobody else's. */
static void free_answers(void *context)
{
    struct api_answers *answers = context;
    answers->is_used = false;
    if (!answers->is_complete) {
        wire_close(&answers->stream.wire);
    }
}

static struct api_answers *free_slot(struct api *api)
{
    for (unsigned i = 0; i < API_ANSWERS_MAX; i++) {
        if (!api->answers[i].is_used) {
            return &api->answers[i];
        }
    }
    return NULL;
}

void api_request(struct exchange *exchange, struct api *api)
{
    char tail[2 * API_MARK_MAX];
    struct bytes *body = &exchange->body;
    struct api_answers *answers = free_slot(api);
    if (answers == NULL ||
        !prepare_wire(&answers->stream, api, take_answer, answers)) {
        http_refuse(exchange, 503, "too many requests at the same time");
        return;
    }
    answers->is_used = true;
    answers->is_complete = false;
    make_id(answers->mark, sizeof(answers->mark));
    /* Its answer is the last one; it undoes what the connection is not for. */
    int length =
        snprintf(tail, sizeof(tail), "\n#%s unsubscribe\n", answers->mark);
    stream_start(&answers->stream, exchange, "application/x-ndjson",
                 free_answers, answers);
    if (!wire_send(&answers->stream.wire, body->data + body->start,
                   bytes_count(body)) ||
        !wire_send(&answers->stream.wire, tail, (size_t)length)) {
        stream_end(&answers->stream);
    }
}

/* --- events ------------------------------------------------------------- */

/* The answer to the subscription that waits longest. */
static void answer_pending(struct api_session *session, const char *line,
                           size_t length)
{
    struct exchange *exchange = session->pending[0];
    if (session->pending_count == 0) {
        return;
    }
    session->pending_count--;
    memmove(&session->pending[0], &session->pending[1],
            session->pending_count * sizeof(session->pending[0]));
    if (exchange != NULL) {
        bool is_good = strstr(line, "\"ok\":true") != NULL;
        http_answer(exchange, is_good ? 200 : 400, "application/json", line,
                    length);
    }
}

static bool take_event(void *context, char *line, size_t length)
{
    struct api_session *session = context;
    if (!starts_with(line, event_start)) {
        line[length] = '\n';
        answer_pending(session, line, length + 1);
        line[length] = '\0';
        return true;
    }
    session->spoken_ns = stats_now_ns();
    (void)stream_put(&session->stream, "data: ", 6);
    (void)stream_put(&session->stream, line, length);
    return stream_put(&session->stream, "\n\n", 2);
}

static void free_session(void *context)
{
    struct api_session *session = context;
    static const char gone[] = "{\"ok\":false,\"error\":\"the page left\"}\n";
    while (session->pending_count > 0) {
        answer_pending(session, gone, sizeof(gone) - 1);
    }
    wire_close(&session->stream.wire);
    session->is_used = false;
}

static bool is_session_id(const char *text)
{
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789-_");
    return length > 0 && length < API_SESSION_ID_MAX && text[length] == '\0';
}

static struct api_session *find_session(struct api *api, const char *id)
{
    for (unsigned i = 0; id != NULL && i < API_SESSIONS_MAX; i++) {
        struct api_session *session = &api->sessions[i];
        if (session->is_used && !session->stream.is_over &&
            strcmp(session->id, id) == 0) {
            return session;
        }
    }
    return NULL;
}

/* The slot of one that left can be had a moment later. */
static struct api_session *new_session(struct api *api)
{
    for (unsigned i = 0; i < API_SESSIONS_MAX; i++) {
        if (!api->sessions[i].is_used) {
            return &api->sessions[i];
        }
    }
    return NULL;
}

void api_events(struct exchange *exchange, struct api *api)
{
    char hello[256];
    const char *id = http_argument(exchange, "session");
    if (id != NULL && !is_session_id(id)) {
        http_refuse(exchange, 400,
                    "a session has 1 to 64 letters, digits, - and _");
        return;
    }
    struct api_session *old = find_session(api, id);
    if (old != NULL) { /* a page that comes back before it was missed */
        stream_end(&old->stream);
    }
    struct api_session *session = new_session(api);
    if (session == NULL ||
        !prepare_wire(&session->stream, api, take_event, session)) {
        api_tick(api, stats_now_ns());
        http_refuse(exchange, 503, "too many pages are open");
        return;
    }
    session->is_used = true;
    session->pending_count = 0;
    session->spoken_ns = stats_now_ns();
    if (id != NULL) {
        (void)snprintf(session->id, sizeof(session->id), "%s", id);
    } else {
        make_id(session->id, sizeof(session->id));
    }
    int length =
        snprintf(hello, sizeof(hello),
                 "retry: 1000\nevent: hello\ndata: {\"session\":\"%s\","
                 "\"run\":\"%s\"}\n\n",
                 session->id, api->config->run);
    stream_start(&session->stream, exchange, "text/event-stream", free_session,
                 session);
    (void)stream_put(&session->stream, hello, (size_t)length);
}

static void forget_pending(void *context, struct exchange *exchange)
{
    struct api_session *session = context;
    for (unsigned i = 0; i < session->pending_count; i++) {
        if (session->pending[i] == exchange) {
            session->pending[i] = NULL;
        }
    }
}

void api_subscribe(struct exchange *exchange, struct api *api)
{
    static const char word[] = "#0 subscribe ";
    struct bytes *body = &exchange->body;
    size_t count = bytes_count(body);
    const char *text = body->data + body->start;
    struct api_session *session =
        find_session(api, http_argument(exchange, "session"));
    while (count > 0 && (text[count - 1] == '\n' || text[count - 1] == '\r')) {
        count--;
    }
    if (session == NULL) {
        http_refuse(exchange, 404,
                    "there is no such session; open /api/events");
    } else if (memchr(text, '\n', count) != NULL) {
        http_refuse(exchange, 400, "one line: HZ NAME...");
    } else if (session->pending_count == API_PENDING_MAX) {
        http_refuse(exchange, 429, "too many subscriptions at the same time");
    } else if (!wire_send(&session->stream.wire, word, sizeof(word) - 1) ||
               !wire_send(&session->stream.wire, text, count) ||
               !wire_send(&session->stream.wire, "\n", 1)) {
        http_refuse(exchange, 503, "the patch does not listen");
    } else {
        session->pending[session->pending_count++] = exchange;
        exchange->forget = forget_pending;
        exchange->context = session;
        http_wait(exchange);
    }
}

void api_tick(struct api *api, uint64_t now_ns)
{
    for (unsigned i = 0; i < API_SESSIONS_MAX; i++) {
        struct api_session *session = &api->sessions[i];
        if (session->is_used) {
            stream_check(&session->stream);
        }
        if (session->is_used && session->stream.is_suspended &&
            now_ns - session->spoken_ns > SILENCE_NS) {
            session->spoken_ns = now_ns;
            (void)stream_put(&session->stream, ":\n\n", 3);
        }
    }
}
