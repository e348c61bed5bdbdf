/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* environ, SOCK_CLOEXEC */
#include "front/front.h"

#include "channel/client.h"
#include "front/announce.h"
#include "front/front_process.h"
#include "front/token.h"
#include "http/gate.h"
#include "message/message.h"
#include "rt/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    START_MS = 10000,
    AGAIN_MS = 100, /* until it is told again what it had no room for */
    ANSWERS = 16,
    BUFFER_BYTES = 1 << 15,
    TOKEN_BYTES = 23, /* 132 bits, and the final 0 */
};

static const uint64_t FIRST_DELAY_NS = UINT64_C(100000000);
static const uint64_t LAST_DELAY_NS = UINT64_C(30000000000);
static const uint64_t STEADY_NS = UINT64_C(60000000000);

/* Nothing of this process but the link, and standard streams to nowhere. */
static int spawn(pid_t *pid, const char *program, int link)
{
    char name[256];
    char argument[] = FRONT_ARGUMENT;
    char *argv[] = {name, argument, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t all;
    (void)snprintf(name, sizeof(name), "%s", program);
    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) {
        return error;
    }
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        (void)posix_spawnattr_setsigmask(&attributes, &none);
        (void)posix_spawnattr_setsigdefault(&attributes, &all);
        /* Ctrl-C is for the patch, which ends it. */
        (void)posix_spawnattr_setpgroup(&attributes, 0);
        (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
                                                        POSIX_SPAWN_SETSIGDEF |
                                                        POSIX_SPAWN_SETPGROUP);
        for (int fd = 0; error == 0 && fd < LINK_FD; fd++) {
            error = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null",
                                                     O_RDWR, 0);
        }
        if (error == 0) {
            error = posix_spawn_file_actions_adddup2(&actions, link, LINK_FD);
        }
        if (error == 0) {
            error = posix_spawn(pid, "/proc/self/exe", &actions, &attributes,
                                argv, environ);
        }
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* What lines about all of it begin with. */
static const char *label_of(const struct front *front)
{
    return front->has_http ? "http" : "osc";
}

/* Names, types and ranges, where OSC needs them from here. */
static void tell_version(struct front *front)
{
    front->is_untold = !front->versions->send(
        front->names, front->channel->reader.patch, front->version);
}

static bool begin_versions(struct front *front, struct failure *failure)
{
    int ends[2];
    if (!front->config.has_versions) {
        return true;
    }
    if (!link_open(ends, failure)) {
        return false;
    }
    front->names = ends[0];
    bool is_good = link_answer(front->link, ends[1]);
    (void)close(ends[1]);
    if (is_good) {
        tell_version(front);
    }
    return (is_good && !front->is_untold) ||
           failure_set(failure, STATUS_INTERNAL,
                       "the process for --osc cannot be told of the patch");
}

static bool start(struct front *front, struct failure *failure)
{
    int ends[2];
    front->names = -1;
    front->is_untold = false;
    if (!link_open(ends, failure)) {
        return false;
    }
    /* It is not to land where the standard streams are opened. */
    int theirs = fcntl(ends[1], F_DUPFD_CLOEXEC, LINK_FD + 1);
    int error =
        theirs >= 0 ? spawn(&front->pid, front->program, theirs) : errno;
    (void)close(ends[1]);
    if (theirs >= 0) {
        (void)close(theirs);
    }
    front->started_ns = stats_now_ns();
    front->is_serving = false;
    front->link = ends[0];
    if (error != 0) {
        front->pid = 0;
        (void)close(ends[0]);
        return failure_set(failure, STATUS_INTERNAL,
                           "cannot start the process for --%s: %s",
                           label_of(front), strerror(error));
    }
    return (link_send(front->link, &front->config, sizeof(front->config)) ||
            failure_set(failure, STATUS_INTERNAL,
                        "the process for --%s does not listen",
                        label_of(front))) &&
           begin_versions(front, failure);
}

static void stop(struct front *front)
{
    if (front->pid > 0) {
        (void)close(front->link);
        if (front->names >= 0) {
            (void)close(front->names);
        }
        front->is_untold = false;
        (void)kill(front->pid, SIGKILL);
        while (waitpid(front->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        front->pid = 0;
    }
}

/* What it is told, except ports, stays the same however often it starts. */
static bool configure(struct front *front, bool *is_shown,
                      struct failure *failure)
{
    const struct options *options = front->options;
    struct link_config *config = &front->config;
    const struct f4e_patch *patch = front->channel->reader.patch;
    char token[LINK_TOKEN_MAX] = "";
    bool has_file = options->token_file != NULL;
    bool is_http_open =
        front->has_http && !gate_is_loopback(options->http_bind);
    bool is_osc_open = front->has_osc && !gate_is_loopback(options->osc_bind);
    (void)snprintf(config->patch, sizeof(config->patch), "%s", patch->name);
    config->tick_ms = patch->tick_ms;
    config->has_http = front->has_http;
    config->has_osc = front->has_osc;
    config->has_versions = front->has_osc && front->versions != NULL;
    (void)snprintf(config->http_bind, sizeof(config->http_bind), "%s",
                   options->http_bind);
    (void)snprintf(config->osc_bind, sizeof(config->osc_bind), "%s",
                   options->osc_bind);
    config->http_port = (uint16_t)options->http_port;
    config->osc_port = (uint16_t)options->osc_port;
    config->is_searching = !options->has_http_port;
    config->is_osc_searching = !options->has_osc_port;
    *is_shown = is_http_open || is_osc_open;
    if (!token_make(config->run, sizeof(config->run), failure) ||
        (has_file &&
         !token_read(token, options->token_file, is_shown, failure)) ||
        (!has_file && *is_shown && !token_make(token, TOKEN_BYTES, failure))) {
        return false;
    }
    if (has_file || is_http_open) {
        memcpy(config->token, token, sizeof(token));
    }
    if (has_file || is_osc_open) {
        memcpy(config->osc_token, token, sizeof(token));
    }
    return true;
}

/* 'is_osc' says which of both has failed. */
static bool open_both(struct front *front, bool *is_osc,
                      struct failure *failure)
{
    struct link_report report;
    bool is_shown = false;
    *is_osc = !front->has_http;
    if (!configure(front, &is_shown, failure) || !start(front, failure)) {
        stop(front);
        return false;
    }
    if (!link_receive(front->link, &report, sizeof(report), START_MS)) {
        stop(front);
        return failure_set(failure, STATUS_INTERNAL,
                           "the process for --%s does not start",
                           label_of(front));
    }
    if (report.failure.status != STATUS_OK) {
        stop(front);
        *failure = report.failure;
        *is_osc = report.is_osc_at_fault;
        return false;
    }
    front->is_serving = true;
    front->delay_ns = FIRST_DELAY_NS;
    front->config.http_port = report.http_port;
    front->config.is_searching = false;
    front->config.osc_port = report.osc_port;
    front->config.is_osc_searching = false;
    /* A new token is printed in any case: nobody else knows it. */
    if (!front->options->is_quiet || is_shown) {
        announce(front->channel->reader.patch, &front->config, &report,
                 is_shown);
    }
    if (front->options->is_verbose) {
        message(PRIORITY_INFO, "%-7s confined by %s%s%s", label_of(front),
                report.has_seccomp ? "seccomp" : "no seccomp",
                report.has_landlock ? " and Landlock" : ", without Landlock",
                "");
    }
    return true;
}

bool front_open(struct front *front, struct failure *failure)
{
    bool is_osc = false;
    front->has_http = front->options->has_http;
    front->has_osc = front->options->has_osc;
    while ((front->has_http || front->has_osc) &&
           !open_both(front, &is_osc, failure)) {
        if (!front->can_miss(front->context, is_osc ? "--osc" : "--http")) {
            return false;
        }
        front->has_osc = front->has_osc && !is_osc;
        front->has_http = front->has_http && is_osc;
    }
    return true;
}

int front_fd(const struct front *front)
{
    return front->pid > 0 ? front->link : -1;
}

int front_wait_ms(const struct front *front, uint64_t now_ns, int most_ms)
{
    if (front->is_untold && most_ms > AGAIN_MS) {
        most_ms = AGAIN_MS;
    }
    if (front->due_ns == 0) {
        return most_ms;
    }
    uint64_t left_ms =
        front->due_ns > now_ns ? (front->due_ns - now_ns) / 1000000 + 1 : 0;
    return left_ms < (uint64_t)most_ms ? (int)left_ms : most_ms;
}

/* It died, or is of no use. */
static void lose(struct front *front, uint64_t now_ns, const char *reason)
{
    stop(front);
    front->osc_before = front->osc;
    if (now_ns - front->started_ns > STEADY_NS) {
        front->delay_ns = FIRST_DELAY_NS;
    }
    front->due_ns = now_ns + front->delay_ns;
    message(PRIORITY_ERROR, "%-7s %s; again in %.1f s", label_of(front), reason,
            (double)front->delay_ns * 1e-9);
    front->delay_ns = front->delay_ns * 2 < LAST_DELAY_NS ? front->delay_ns * 2
                                                          : LAST_DELAY_NS;
}

static unsigned count_clients(const struct channel *channel)
{
    unsigned count = 0;
    for (unsigned i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        const struct client *client = channel->clients[i];
        count += client != NULL && client->trust == TRUST_NETWORK;
    }
    return count;
}

/* One more client of the channel; short buffers, so that nothing gets old in
 * them. */
static void connect_client(struct front *front)
{
    static const int bytes = BUFFER_BYTES;
    struct failure failure = {0};
    int ends[2] = {-1, -1};
    bool is_good =
        count_clients(front->channel) < FRONT_CLIENTS_MAX &&
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
    if (is_good) {
        (void)setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
        is_good =
            channel_attach(front->channel, ends[0], TRUST_NETWORK, &failure);
    }
    (void)link_answer(front->link, is_good ? ends[1] : -1);
    if (ends[1] >= 0) {
        (void)close(ends[1]);
    }
}

static void count(struct front *front, const struct osc_counts *counts)
{
    const struct osc_counts *before = &front->osc_before;
    front->osc = (struct osc_counts){
        before->received + counts->received, before->refused + counts->refused,
        before->dropped + counts->dropped, before->late + counts->late};
}

/* What it says: a report after a restart, that it wants to connect, counts. */
static void hear(struct front *front, uint64_t now_ns)
{
    union {
        struct link_report report;
        struct osc_counts counts;
    } record;
    struct link_report *report = &record.report;
    for (int i = 0; i < ANSWERS && front->pid > 0; i++) {
        ssize_t size = recv(front->link, &record, sizeof(record), MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        if (size <= 0) {
            lose(front, now_ns, "the process that serves it ended");
        } else if (size == 1 && front->is_serving) {
            connect_client(front);
        } else if (size == (ssize_t)sizeof(record.counts) &&
                   front->is_serving) {
            count(front, &record.counts);
        } else if (size == (ssize_t)sizeof(*report) && !front->is_serving &&
                   report->failure.status == STATUS_OK) {
            front->is_serving = true;
        } else {
            report->failure.text[sizeof(report->failure.text) - 1] = '\0';
            lose(front, now_ns,
                 size == (ssize_t)sizeof(*report) && !front->is_serving
                     ? report->failure.text
                     : "the process that serves it went astray");
        }
    }
}

void front_pump(struct front *front, uint64_t now_ns)
{
    struct failure failure = {0};
    if (front->pid > 0 && front->is_untold) {
        tell_version(front);
    }
    if (front->pid > 0) {
        hear(front, now_ns);
    } else if (front->due_ns != 0 && now_ns >= front->due_ns) {
        front->due_ns = 0;
        front->config.restarts = ++front->restarts;
        if (!start(front, &failure)) {
            lose(front, now_ns, failure.text);
        }
    }
}

void front_follow(struct front *front, uint32_t version)
{
    front->version = version;
    if (front->pid > 0 && front->names >= 0) {
        tell_version(front);
    }
}

void front_close(struct front *front)
{
    stop(front);
    front->due_ns = 0;
}
