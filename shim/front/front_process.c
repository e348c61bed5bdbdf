/* SPDX-License-Identifier: MIT */
#include "front/front_process.h"

#include "front/address.h"
#include "front/confine.h"
#include "http/api.h"
#include "http/http.h"
#include "http/monitor.h"
#include "http/page.h"
#include "osc/osc.h"
#include "osc/query.h"
#include "rt/stats.h"
#include "wire/link.h"
#include "wire/loop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONFIG_MS = 5000, TICK_MS = 1000, COUNTS_MS = 200 };

struct front_process {
    struct loop loop;
    struct link_config config;
    struct link_report report;
    struct watcher watcher; /* of the link: the patch has ended */
    bool is_ended;
    struct http http;
    struct api api;
    struct monitor monitor;
    struct osc osc;
    struct osc_counts told; /* to the patch */
    uint64_t told_ns;
    const struct front_versions *versions; /* or NULL */
    struct watcher names;                  /* where they come from */
    struct f4e_patch *patch; /* the last one that came so, or NULL */
};

static struct front_process *process_of(const struct exchange *exchange)
{
    return exchange->http->context;
}

static void answer_request(struct exchange *exchange)
{
    api_request(exchange, &process_of(exchange)->api);
}

static void answer_events(struct exchange *exchange)
{
    api_events(exchange, &process_of(exchange)->api);
}

static void answer_subscribe(struct exchange *exchange)
{
    api_subscribe(exchange, &process_of(exchange)->api);
}

static void answer_health(struct exchange *exchange)
{
    monitor_health(exchange, &process_of(exchange)->monitor);
}

static void answer_metrics(struct exchange *exchange)
{
    monitor_metrics(exchange, &process_of(exchange)->monitor);
}

static void forget_query(void *context, struct exchange *exchange)
{
    query_forget(context, exchange);
}

static void end_query(void *context, unsigned status, const char *json,
                      size_t bytes)
{
    http_answer(context, status, "application/json", json,
                status == 204 ? 0 : bytes);
}

static void answer_query(struct exchange *exchange)
{
    struct osc *osc = &process_of(exchange)->osc;
    query_start(osc, exchange->path, http_flag(exchange), end_query, exchange);
    if (exchange->status == 0) {
        exchange->forget = forget_query;
        exchange->context = osc;
        http_wait(exchange);
    }
}

/* At "/" browsers get the page; who does not ask for one, and OSC is there, the
 * addresses. */
static void answer_page(struct exchange *exchange)
{
    const char *accept = http_header(exchange, "Accept");
    bool is_page = http_flag(exchange) == NULL && accept != NULL &&
                   strstr(accept, "text/html") != NULL;
    if (process_of(exchange)->config.has_osc && !is_page) {
        answer_query(exchange);
    } else {
        (void)page_answer(exchange, "/");
    }
}

/* Other files of the page, and the addresses of OSC. */
static void answer_other(struct exchange *exchange)
{
    const struct front_process *process = process_of(exchange);
    if (process->config.has_osc && query_has(&process->osc, exchange->path)) {
        answer_query(exchange);
    } else if (!page_answer(exchange, exchange->path)) {
        http_refuse(exchange, 404, "there is nothing");
    }
}

static const struct http_route routes[] = {
    {"GET", "/", true, answer_page},
    {"POST", "/api/request", false, answer_request},
    {"GET", "/api/events", false, answer_events},
    {"POST", "/api/subscribe", false, answer_subscribe},
    {"GET", "/healthz", true, answer_health},
    {"GET", "/metrics", true, answer_metrics},
};

/* Nothing but its end is to be read here: answers are read where they are
 * waited for. */
static void watch_link(void *context, uint32_t events)
{
    struct front_process *process = context;
    char byte;
    (void)events;
    process->is_ended = recv(LINK_FD, &byte, 1, MSG_DONTWAIT) <= 0;
}

/* Who may open the page may send by OSC. */
static void meet(void *context, const struct sockaddr *from)
{
    struct front_process *process = context;
    if (process->config.has_osc) {
        osc_admit(&process->osc, from);
    }
}

/* The code was exchanged, perhaps more than once. */
static void watch_names(void *context, uint32_t events)
{
    struct front_process *process = context;
    struct f4e_patch *patch;
    uint32_t version = 0;
    while ((patch = process->versions->receive(process->names.fd, 0,
                                               &version)) != NULL) {
        struct f4e_patch *old = process->patch;
        bool is_good = process->versions->renew(&process->osc, patch, version);
        process->patch = is_good ? patch : old;
        free(is_good ? old : patch);
    }
    if ((events & (uint32_t)EPOLLHUP) != 0) {
        (void)loop_watch(&process->loop, &process->names, 0);
        (void)close(process->names.fd); /* the link ends as well */
        process->names.fd = -1;
    }
}

/* The socket of versions, and the first of them. */
static bool start_versions(struct front_process *process,
                           struct failure *failure)
{
    if (!process->config.has_versions || process->versions == NULL) {
        return true;
    }
    process->names = (struct watcher){link_take(LINK_FD, CONFIG_MS),
                                      watch_names, process, 0};
    process->patch = process->versions->receive(process->names.fd, CONFIG_MS,
                                                &process->osc.version);
    process->osc.patch = process->patch;
    return (process->patch != NULL &&
            loop_watch(&process->loop, &process->names, EPOLLIN)) ||
           failure_set(failure, STATUS_INTERNAL,
                       "the names of the patch did not arrive");
}

static bool start_http(struct front_process *process, struct failure *failure)
{
    const struct link_config *config = &process->config;
    struct http *http = &process->http;
    uint16_t port = config->http_port;
    *http = (struct http){.loop = &process->loop,
                          .config = config,
                          .routes = routes,
                          .route_count = sizeof(routes) / sizeof(*routes),
                          .other = answer_other,
                          .meet = meet,
                          .context = process};
    if (!http_load(http, failure)) {
        return false;
    }
    int listener = address_listen(SOCK_STREAM, config->http_bind, &port,
                                  config->is_searching, failure);
    process->report.http_port = port;
    return listener >= 0 && http_start(http, listener, port,
                                       gate_is_loopback(config->http_bind)
                                           ? ""
                                           : process->report.host,
                                       failure);
}

/* The same number for both, if it can be. */
static bool start_osc(struct front_process *process, struct failure *failure)
{
    const struct link_config *config = &process->config;
    struct osc *osc = &process->osc;
    osc->port = config->is_osc_searching && config->has_http
                    ? process->report.http_port
                    : config->osc_port;
    process->report.is_osc_at_fault = true;
    if (!start_versions(process, failure) || !osc_load(osc, failure)) {
        return false;
    }
    int fd = address_listen(SOCK_DGRAM, config->osc_bind, &osc->port,
                            config->is_osc_searching, failure);
    process->report.osc_port = osc->port;
    return fd >= 0 && osc_start(osc, fd, failure);
}

static bool start(struct front_process *process)
{
    struct failure *failure = &process->report.failure;
    const struct link_config *config = &process->config;
    process->watcher = (struct watcher){LINK_FD, watch_link, process, 0};
    if (!loop_open(&process->loop, failure)) {
        return false;
    }
    address_describe(&process->report);
    return (!config->has_http || start_http(process, failure)) &&
           (!config->has_osc || start_osc(process, failure)) &&
           (loop_watch(&process->loop, &process->watcher, EPOLLIN) ||
            failure_set(failure, STATUS_INTERNAL, "cannot watch the patch"));
}

/* What OSC has counted, if it is something new. */
static void tell_counts(struct front_process *process, uint64_t now_ns)
{
    const struct osc_counts *counts = &process->osc.counts;
    if (now_ns - process->told_ns >= COUNTS_MS * UINT64_C(1000000) &&
        memcmp(counts, &process->told, sizeof(*counts)) != 0 &&
        link_send(LINK_FD, counts, sizeof(*counts))) {
        process->told = *counts;
        process->told_ns = now_ns;
    }
}

static void serve(struct front_process *process)
{
    while (!process->is_ended) {
        uint64_t now_ns = stats_now_ns();
        if (process->config.has_osc) {
            osc_tick(&process->osc, now_ns);
            tell_counts(process, now_ns);
        }
        if (process->config.has_http) {
            monitor_tick(&process->monitor, now_ns);
            api_tick(&process->api, now_ns);
            http_serve(&process->http, TICK_MS);
        } else {
            loop_run(&process->loop, TICK_MS);
        }
    }
}

void front_process_run(const struct f4e_patch *patch,
                       const struct front_versions *versions,
                       struct failure *failure)
{
    /* Not static: memory of the playing process is touched and locked. */
    struct front_process *process = calloc(1, sizeof(*process));
    confine_start(LINK_FD);
    if (process == NULL || !link_receive(LINK_FD, &process->config,
                                         sizeof(process->config), CONFIG_MS)) {
        (void)failure_set(failure, STATUS_USAGE,
                          "%s is what the patch calls itself with",
                          FRONT_ARGUMENT);
        (void)failure_hint(failure, "--http");
        free(process);
        return;
    }
    struct link_report *report = &process->report;
    process->versions = versions;
    process->api = (struct api){
        .loop = &process->loop, .config = &process->config, .link = LINK_FD};
    process->monitor = (struct monitor){
        .loop = &process->loop, .config = &process->config, .link = LINK_FD};
    process->osc = (struct osc){.loop = &process->loop,
                                .config = &process->config,
                                .patch = patch,
                                .version = SPACE_UNVERSIONED,
                                .report = report,
                                .link = LINK_FD};
    if (start(process)) {
        confine_finish(&report->has_landlock, &report->has_seccomp);
    }
    if (link_send(LINK_FD, report, sizeof(*report)) &&
        report->failure.status == STATUS_OK) {
        serve(process);
    }
    _exit(0); /* the kernel closes all of it */
}
