/* SPDX-License-Identifier: MIT */
#include "front/front_process.h"

#include "front/address.h"
#include "front/confine.h"
#include "http/api.h"
#include "http/http.h"
#include "http/monitor.h"
#include "http/page.h"
#include "rt/stats.h"
#include "wire/link.h"
#include "wire/loop.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONFIG_MS = 5000, TICK_MS = 1000 };

struct front_process {
    struct loop loop;
    struct link_config config;
    struct link_report report;
    struct watcher watcher; /* of the link: the patch has ended */
    bool is_ended;
    struct http http;
    struct api api;
    struct monitor monitor;
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

static void answer_page(struct exchange *exchange)
{
    (void)page_answer(exchange, "/");
}

/* Other files of the page. */
static void answer_other(struct exchange *exchange)
{
    if (!page_answer(exchange, exchange->path)) {
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

static bool start(struct front_process *process)
{
    struct failure *failure = &process->report.failure;
    const struct link_config *config = &process->config;
    struct http *http = &process->http;
    const struct loop *loop = &process->loop;
    uint16_t port = config->http_port;
    *http = (struct http){.loop = loop,
                          .config = config,
                          .routes = routes,
                          .route_count = sizeof(routes) / sizeof(*routes),
                          .other = answer_other,
                          .context = process};
    process->watcher = (struct watcher){LINK_FD, watch_link, process, 0};
    if (!loop_open(&process->loop, failure) || !http_load(http, failure)) {
        return false;
    }
    address_describe(&process->report);
    int listener =
        address_listen(config->http_bind, &port, config->is_searching, failure);
    process->report.http_port = port;
    return listener >= 0 &&
           http_start(
               http, listener, port,
               gate_is_loopback(config->http_bind) ? "" : process->report.host,
               failure) &&
           (loop_watch(loop, &process->watcher, EPOLLIN) ||
            failure_set(failure, STATUS_INTERNAL, "cannot watch the patch"));
}

static void serve(struct front_process *process)
{
    while (!process->is_ended) {
        monitor_tick(&process->monitor, stats_now_ns());
        api_tick(&process->api, stats_now_ns());
        http_serve(&process->http, TICK_MS);
    }
}

void front_process_run(struct failure *failure)
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
    process->api = (struct api){
        .loop = &process->loop, .config = &process->config, .link = LINK_FD};
    process->monitor = (struct monitor){
        .loop = &process->loop, .config = &process->config, .link = LINK_FD};
    if (start(process)) {
        confine_finish(&report->has_landlock, &report->has_seccomp);
    }
    if (link_send(LINK_FD, report, sizeof(*report)) &&
        report->failure.status == STATUS_OK) {
        serve(process);
    }
    _exit(0); /* the kernel closes all of it */
}
