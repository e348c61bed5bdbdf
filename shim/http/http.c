/* SPDX-License-Identifier: MIT */
#include "http/http.h"

#include "common/words.h"
#include "rt/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>

enum {
    TIMEOUT_S = 30,
    CONNECTION_BYTES = 16384, /* for request line and headers */
    STREAM_BLOCK = 16384,
};

bool http_load(struct http *http, struct failure *failure)
{
    return microhttpd_open(&http->mhd, failure);
}

const char *http_argument(const struct exchange *exchange, const char *name)
{
    return exchange->http->mhd.lookup_connection_value(
        exchange->connection, MICROHTTPD_GET_ARGUMENT_KIND, name);
}

const char *http_header(const struct exchange *exchange, const char *name)
{
    return exchange->http->mhd.lookup_connection_value(
        exchange->connection, MICROHTTPD_HEADER_KIND, name);
}

static int find_flag(void *context, int kind, const char *name,
                     const char *value)
{
    const char **flag = context;
    (void)kind;
    if (value == NULL && *flag == NULL) {
        *flag = name;
    }
    return MICROHTTPD_YES;
}

const char *http_flag(const struct exchange *exchange)
{
    const char *flag = NULL;
    (void)exchange->http->mhd.get_connection_values(
        exchange->connection, MICROHTTPD_GET_ARGUMENT_KIND, find_flag,
        (void *)&flag);
    return flag;
}

/* What every answer says. */
static void add_headers(const struct exchange *exchange,
                        struct MHD_Response *response)
{
    static const char headers[] =
        "X-Content-Type-Options\0nosniff\0"
        "X-Frame-Options\0DENY\0"
        "Referrer-Policy\0no-referrer\0"
        "Cross-Origin-Resource-Policy\0same-origin\0"
        "Content-Security-Policy\0default-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'\0";
    const struct http *http = exchange->http;
    char cookie[GATE_COOKIE_MAX + LINK_TOKEN_MAX + 80];
    for (const char *name = headers; *name != '\0';) {
        const char *value = words_behind(name);
        (void)http->mhd.add_response_header(response, name, value);
        name = words_behind(value);
    }
    if (exchange->is_greeted) {
        (void)snprintf(cookie, sizeof(cookie),
                       "%s=%s; Path=/; Max-Age=31536000; HttpOnly; "
                       "SameSite=Strict",
                       http->gate.cookie, http->gate.token);
        (void)http->mhd.add_response_header(response, "Set-Cookie", cookie);
    }
}

void http_send(struct exchange *exchange, unsigned status,
               struct MHD_Response *response)
{
    const struct microhttpd *mhd = &exchange->http->mhd;
    if (response == NULL) {
        return; /* no memory: the connection is closed */
    }
    add_headers(exchange, response);
    exchange->is_answered = mhd->queue_response(exchange->connection, status,
                                                response) == MICROHTTPD_YES;
    mhd->destroy_response(response);
}

static void send_text(struct exchange *exchange, unsigned status,
                      const char *type, char *text, size_t bytes)
{
    const struct microhttpd *mhd = &exchange->http->mhd;
    struct MHD_Response *response = mhd->create_response_from_buffer(
        bytes, text, MICROHTTPD_MEMORY_MUST_COPY);
    if (response != NULL) {
        (void)mhd->add_response_header(response, "Content-Type", type);
        (void)mhd->add_response_header(response, "Cache-Control", "no-store");
        if (status == 401) {
            (void)mhd->add_response_header(response, "WWW-Authenticate",
                                           "Bearer");
        } else if (status == 405 && exchange->allowed != NULL) {
            (void)mhd->add_response_header(response, "Allow",
                                           exchange->allowed);
        } else if (status == 429 || status == 503) {
            (void)mhd->add_response_header(response, "Retry-After", "1");
        }
    }
    http_send(exchange, status, response);
}

void http_answer(struct exchange *exchange, unsigned status, const char *type,
                 const char *text, size_t bytes)
{
    exchange->status = status;
    exchange->type = type;
    exchange->forget = NULL;
    if (!bytes_add(&exchange->text, text, bytes)) {
        exchange->status = 503;
    }
    if (exchange->is_waiting) {
        exchange->is_waiting = false;
        http_resume(exchange->http, exchange->connection);
    } else {
        send_text(exchange, exchange->status, type,
                  exchange->text.data + exchange->text.start,
                  bytes_count(&exchange->text));
    }
}

void http_refuse(struct exchange *exchange, unsigned status, const char *text)
{
    char line[256];
    int length =
        snprintf(line, sizeof(line), "{\"ok\":false,\"error\":\"%s\"}\n", text);
    http_answer(exchange, status, "application/json", line, (size_t)length);
}

void http_wait(struct exchange *exchange)
{
    exchange->is_waiting = true;
    exchange->http->mhd.suspend_connection(exchange->connection);
}

void http_resume(struct http *http, struct MHD_Connection *connection)
{
    http->mhd.resume_connection(connection);
    http->has_resumed = true;
}

void http_stream(struct exchange *exchange, const char *type,
                 microhttpd_reader *read, void *context,
                 void (*freed)(void *context))
{
    const struct microhttpd *mhd = &exchange->http->mhd;
    struct MHD_Response *response = mhd->create_response_from_callback(
        MICROHTTPD_SIZE_UNKNOWN, STREAM_BLOCK, read, context, freed);
    if (response == NULL) {
        freed(context);
        return;
    }
    (void)mhd->add_response_header(response, "Content-Type", type);
    (void)mhd->add_response_header(response, "Cache-Control", "no-store");
    (void)mhd->add_response_header(response, "X-Accel-Buffering", "no");
    http_send(exchange, 200, response);
}

static void meet(const struct exchange *exchange)
{
    const struct http *http = exchange->http;
    const struct sockaddr *const *from =
        http->gate.token[0] != '\0' && http->meet != NULL
            ? http->mhd.get_connection_info(exchange->connection,
                                            MICROHTTPD_INFO_CLIENT_ADDRESS)
            : NULL;
    if (from != NULL && *from != NULL) {
        http->meet(http->context, *from);
    }
}

/* False: refused, with an answer. */
static bool pass_gate(struct exchange *exchange, bool is_page)
{
    const struct gate_request request = {
        .host = http_header(exchange, "Host"),
        .origin = http_header(exchange, "Origin"),
        .fetch_site = http_header(exchange, "Sec-Fetch-Site"),
        .authorization = http_header(exchange, "Authorization"),
        .cookies = http_header(exchange, "Cookie"),
        .token = http_argument(exchange, "token"),
        .is_page = is_page,
    };
    enum gate_verdict verdict = gate_judge(&exchange->http->gate, &request);
    exchange->is_greeted = verdict == GATE_GREETED;
    if (verdict == GATE_WRONG_HOST) {
        http_refuse(exchange, 403,
                    "this machine is not called so; use its address");
    } else if (verdict == GATE_FOREIGN) {
        http_refuse(exchange, 403, "a page from elsewhere asks");
    } else if (verdict == GATE_NO_TOKEN) {
        http_refuse(exchange, 401,
                    "a token is needed: open the address that the patch "
                    "printed, with ?token=");
    }
    if (verdict != GATE_OPEN && verdict != GATE_GREETED) {
        return false;
    }
    meet(exchange);
    return true;
}

/* NULL with what to answer, else 0 for a path that http->other may know. */
static const struct http_route *find_route(struct exchange *exchange,
                                           const char *path, const char *method,
                                           unsigned *status)
{
    const struct http *http = exchange->http;
    bool is_get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    *status = !is_get && strcmp(method, "POST") != 0 ? 405
              : http->other != NULL && is_get        ? 0
                                                     : 404;
    exchange->allowed = "GET, HEAD, POST"; /* of the whole server */
    for (size_t i = 0; i < http->route_count; i++) {
        const struct http_route *route = &http->routes[i];
        if (strcmp(path, route->path) == 0) {
            *status = 405;
            if (strcmp(is_get ? "GET" : method, route->method) == 0) {
                return route;
            }
            exchange->allowed =
                strcmp(route->method, "GET") == 0 ? "GET, HEAD" : "POST";
        }
    }
    return NULL;
}

/* The headers are there: refuse what can be refused before a body comes. */
static void check_head(struct exchange *exchange, const char *path,
                       const char *method)
{
    unsigned status = 0;
    const char *length = http_header(exchange, "Content-Length");
    exchange->route = find_route(exchange, path, method, &status);
    /* Everybody together; who is too fast is told to wait. */
    if (!rate_take(&exchange->http->rate, stats_now_ns())) {
        http_refuse(exchange, 429, "too many requests");
    } else if (!pass_gate(exchange, exchange->route != NULL &&
                                        exchange->route->is_page)) {
        /* It has its answer. */
    } else if (exchange->route == NULL && status != 0) {
        http_refuse(exchange, status,
                    status == 405 ? "not with this method"
                                  : "there is nothing");
    } else if (length != NULL && (strlen(length) > 9 ||
                                  strtoull(length, NULL, 10) > HTTP_BODY_MAX)) {
        http_refuse(exchange, 413, "more than 65536 bytes");
    }
}

static void take_body(struct exchange *exchange, const char *data,
                      size_t *bytes)
{
    if (bytes_count(&exchange->body) + *bytes > HTTP_BODY_MAX ||
        !bytes_add(&exchange->body, data, *bytes)) {
        exchange->is_too_large = true;
        bytes_free(&exchange->body);
    }
    *bytes = 0;
}

static void answer(struct exchange *exchange, const char *path)
{
    if (exchange->status != 0) { /* http_answer() while it waited */
        send_text(exchange, exchange->status, exchange->type,
                  exchange->text.data + exchange->text.start,
                  bytes_count(&exchange->text));
    } else if (exchange->is_too_large || !bytes_add(&exchange->body, "", 1)) {
        http_refuse(exchange, 413, "more than 65536 bytes");
    } else {
        exchange->body.end--;
        exchange->path = path;
        if (exchange->route != NULL) {
            exchange->route->answer(exchange);
        } else {
            exchange->http->other(exchange);
        }
        exchange->path = NULL;
    }
}

static int handle(void *context, struct MHD_Connection *connection,
                  const char *url, const char *method, const char *version,
                  const char *upload, size_t *upload_bytes, void **request)
{
    struct http *http = context;
    struct exchange *exchange = *request;
    (void)version;
    if (exchange == NULL) {
        exchange = calloc(1, sizeof(*exchange));
        if (exchange == NULL) {
            return MICROHTTPD_NO;
        }
        *request = exchange;
        exchange->http = http;
        exchange->connection = connection;
        check_head(exchange, url, method);
        return exchange->status == 0 || exchange->is_answered ? MICROHTTPD_YES
                                                              : MICROHTTPD_NO;
    }
    if (*upload_bytes > 0) {
        take_body(exchange, upload, upload_bytes);
        return MICROHTTPD_YES;
    }
    answer(exchange, url);
    return exchange->is_answered || exchange->is_waiting ? MICROHTTPD_YES
                                                         : MICROHTTPD_NO;
}

static void complete(void *context, struct MHD_Connection *connection,
                     void **request, int how)
{
    struct exchange *exchange = *request;
    (void)context;
    (void)connection;
    (void)how;
    if (exchange == NULL) {
        return;
    }
    if (exchange->forget != NULL) {
        exchange->forget(exchange->context, exchange);
    }
    bytes_free(&exchange->body);
    bytes_free(&exchange->text);
    free(exchange);
    *request = NULL;
}

bool http_start(struct http *http, int listener, uint16_t port,
                const char *host, struct failure *failure)
{
    gate_init(&http->gate, http->config->token, host, port);
    rate_init(&http->rate, HTTP_RATE, stats_now_ns());
    http->daemon = http->mhd.start_daemon(
        MICROHTTPD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, http,
        MICROHTTPD_OPTION_LISTEN_SOCKET, listener,
        MICROHTTPD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_MAX,
        MICROHTTPD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)HTTP_CONNECTIONS_OF_ONE, MICROHTTPD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TIMEOUT_S, MICROHTTPD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_BYTES, MICROHTTPD_OPTION_STRICT_FOR_CLIENT, 1,
        MICROHTTPD_OPTION_NOTIFY_COMPLETED, complete, NULL,
        MICROHTTPD_OPTION_END);
    return http->daemon != NULL || failure_set(failure, STATUS_INTERNAL,
                                               "libmicrohttpd does not start");
}

/*
 * By select(), of which descriptors there are few enough: with epoll the
 * library (0.9.75) does not see the end of a connection that comes together
 * with its last bytes.
 */
void http_serve(struct http *http, int wait_ms)
{
    fd_set sets[3];
    int last = http->loop->epoll_fd;
    unsigned long long ms = 0;
    for (int i = 0; i < 3; i++) {
        FD_ZERO(&sets[i]);
    }
    (void)http->mhd.get_fdset(http->daemon, &sets[0], &sets[1], &sets[2],
                              &last);
    FD_SET(http->loop->epoll_fd, &sets[0]);
    last = last > http->loop->epoll_fd ? last : http->loop->epoll_fd;
    if (http->has_resumed) {
        wait_ms = 0;
    } else if (http->mhd.get_timeout(http->daemon, &ms) == MICROHTTPD_YES &&
               ms < (unsigned long long)wait_ms) {
        wait_ms = (int)ms;
    }
    http->has_resumed = false;
    struct timeval wait = {wait_ms / 1000,
                           (suseconds_t)(wait_ms % 1000) * 1000};
    if (select(last + 1, &sets[0], &sets[1], &sets[2], &wait) < 0) {
        return;
    }
    (void)http->mhd.run_from_select(http->daemon, &sets[0], &sets[1], &sets[2]);
    loop_run(http->loop, 0);
}
