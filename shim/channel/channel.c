/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include "channel/client.h"
#include "channel/event.h"
#include "channel/receiver.h"
#include "channel/vocabulary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ACCEPTS = 16, /* in one turn */
    CROWD = 64,   /* in CROWD_NS; the others wait for the next */
    EVENTS = CHANNEL_CLIENTS_MAX + CHANNEL_LISTENERS_MAX,
    HELD_WAIT_MS = 2,
    OUTPUT_WAIT_MS = 10, /* for room in standard output */
    PATIENCE = 20,
};

static const uint64_t TURN_NS = UINT64_C(10000000);
static const uint64_t ACCEPT_PAUSE_NS = UINT64_C(200000000);
static const uint64_t CROWD_NS = UINT64_C(10000000);

bool channel_init(struct channel *channel, struct failure *failure)
{
    sender_init(&channel->sender);
    channel->tables = &vocabulary_own;
    channel->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    return channel->epoll_fd >= 0 ||
           failure_set_errno(failure, STATUS_INTERNAL,
                             "cannot wait for clients");
}

void channel_add_words(struct channel *channel, struct word_table *table)
{
    table->next = channel->tables;
    channel->tables = table;
}

/* Its slot, or -1 when all are taken. */
static int free_slot(const struct channel *channel)
{
    for (int i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        if (channel->clients[i] == NULL) {
            return i;
        }
    }
    return -1;
}

/* What epoll reports is an index: of a client, or behind those of a listener.
 */
static bool watch(const struct channel *channel, int operation, int fd,
                  uint32_t events, unsigned index)
{
    struct epoll_event event = {.events = events, .data.u32 = index};
    return epoll_ctl(channel->epoll_fd, operation, fd, &event) == 0;
}

static void set_interest(struct client *client)
{
    const struct channel *channel = client->channel;
    bool is_reading = !client->is_ended && !client->is_plain &&
                      client->held_ns == 0 && !client_is_choked(client);
    bool is_writing =
        client->is_socket && client->out >= 0 && client_ready_bytes(client) > 0;
    /* Who rests may leave. */
    uint32_t input = client->rest_ns == 0 ? EPOLLIN : EPOLLRDHUP;
    uint32_t wanted =
        (is_reading ? input : 0) | (is_writing ? (uint32_t)EPOLLOUT : 0);
    if (wanted == client->interest) {
        return;
    }
    /* A client of whom nothing is wanted would report its end for ever. */
    int operation = client->interest == 0 ? EPOLL_CTL_ADD
                    : wanted == 0         ? EPOLL_CTL_DEL
                                          : EPOLL_CTL_MOD;
    if (watch(channel, operation, client->in, wanted, client->index)) {
        client->interest = wanted;
    } else if (operation == EPOLL_CTL_ADD) {
        client->is_plain = true; /* a file can always be read */
    }
}

/* False: no memory. 'in' is the client's then all the same. */
static struct client *add_client(struct channel *channel, int in, int out,
                                 bool is_ours, enum trust trust)
{
    int slot = free_slot(channel);
    struct client *client =
        slot >= 0 ? client_create(channel, in, out, is_ours, trust) : NULL;
    if (client != NULL) {
        client->index = (unsigned)slot;
        channel->clients[slot] = client;
    } else if (is_ours) {
        (void)close(in);
    }
    return client;
}

bool channel_attach(struct channel *channel, int fd, enum trust trust,
                    struct failure *failure)
{
    struct client *client = add_client(channel, fd, fd, true, trust);
    if (client == NULL) {
        return failure_set(failure, STATUS_INTERNAL,
                           "no more than %d clients of the channel",
                           CHANNEL_CLIENTS_MAX);
    }
    client->is_socket = true;
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    set_interest(client);
    return true;
}

/* "-" or a path: lines come from there, answers go to standard output. */
static bool listen_to_pipe(struct channel *channel, const char *path,
                           struct failure *failure)
{
    struct stat status;
    bool is_stdin = strcmp(path, "-") == 0;
    bool is_pipe =
        !is_stdin && stat(path, &status) == 0 && S_ISFIFO(status.st_mode);
    /* A pipe that is open for writing here never comes to its end. */
    int fd = is_stdin ? STDIN_FILENO
                      : open(path, (is_pipe ? O_RDWR : O_RDONLY) | O_CLOEXEC |
                                       O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        int error = errno;
        (void)failure_set(failure, STATUS_FILE, "cannot read '%s': %s", path,
                          strerror(error));
        return error == ENOENT ? failure_hint(failure, "mkfifo %s", path)
                               : false;
    }
    struct client *client =
        add_client(channel, fd, STDOUT_FILENO, !is_stdin, TRUST_LOCAL);
    if (client == NULL) {
        return failure_set_memory(failure);
    }
    client->path = is_stdin ? "<stdin>" : path;
    client->text = channel->has_replies ? NULL : channel->answers;
    set_interest(client);
    return true;
}

static bool listen_at_socket(struct channel *channel, const char *path,
                             struct failure *failure)
{
    unsigned count = channel->listener_count;
    if (count == CHANNEL_LISTENERS_MAX) {
        return failure_set(failure, STATUS_USAGE, "more than %d sockets",
                           CHANNEL_LISTENERS_MAX);
    }
    struct listener *listener = &channel->listeners[count];
    if (!(path != NULL ? listener_open(listener, path, failure)
                       : listener_open_default(
                             listener, channel->reader.patch->name, failure))) {
        return false;
    }
    channel->listener_count++;
    return watch(channel, EPOLL_CTL_ADD, listener->fd, EPOLLIN,
                 CHANNEL_CLIENTS_MAX + count) ||
           failure_set_errno(failure, STATUS_INTERNAL,
                             "cannot wait for clients");
}

bool channel_listen(struct channel *channel, const char *where,
                    struct failure *failure)
{
    static const char prefix[] = "unix:";
    if (strcmp(where, "unix") == 0) {
        return listen_at_socket(channel, NULL, failure);
    }
    if (strncmp(where, prefix, sizeof(prefix) - 1) == 0) {
        return listen_at_socket(channel, where + sizeof(prefix) - 1, failure);
    }
    return listen_to_pipe(channel, where, failure);
}

/* One too many: told, and sent away. */
static void turn_away(int fd)
{
    char text[128];
    int length = snprintf(text, sizeof(text),
                          "{\"ok\":false,\"error\":\"%d clients are here "
                          "already\",\"status\":%d}\n",
                          CHANNEL_CLIENTS_MAX, STATUS_INTERNAL);
    (void)send(fd, text, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)close(fd);
}

/* Those who wait at this listener are not reported before that time. */
static void pause_accepting(struct channel *channel, unsigned index,
                            uint64_t until_ns)
{
    (void)watch(channel, EPOLL_CTL_MOD, channel->listeners[index].fd, 0,
                CHANNEL_CLIENTS_MAX + index);
    channel->pause_ns = until_ns;
}

/* So many came just now that nothing else would be done. */
static bool is_crowded(struct channel *channel, uint64_t now_ns)
{
    if (now_ns - channel->crowd_ns >= CROWD_NS) {
        channel->crowd_ns = now_ns;
        channel->crowd = 0;
    }
    return channel->crowd >= CROWD;
}

static void accept_clients(struct channel *channel, unsigned index,
                           uint64_t now_ns)
{
    struct failure failure = {0};
    int listener = channel->listeners[index].fd;
    for (int i = 0; i < ACCEPTS; i++) {
        if (is_crowded(channel, now_ns)) {
            pause_accepting(channel, index, channel->crowd_ns + CROWD_NS);
            return;
        }
        int fd = accept(listener, NULL, NULL);
        if (fd < 0 && errno != EAGAIN && errno != ECONNABORTED &&
            errno != EINTR) {
            /* No descriptors: who waits would be reported for ever. */
            pause_accepting(channel, index, now_ns + ACCEPT_PAUSE_NS);
        }
        if (fd < 0) {
            return;
        }
        channel->crowd++;
        if (free_slot(channel) < 0) {
            turn_away(fd);
        } else {
            (void)channel_attach(channel, fd, TRUST_LOCAL, &failure);
        }
    }
}

/* Take up accepting again after a pause. */
static void resume(struct channel *channel, uint64_t now_ns)
{
    if (channel->pause_ns != 0 && now_ns >= channel->pause_ns) {
        channel->pause_ns = 0;
        for (unsigned i = 0; i < channel->listener_count; i++) {
            (void)watch(channel, EPOLL_CTL_MOD, channel->listeners[i].fd,
                        EPOLLIN, CHANNEL_CLIENTS_MAX + i);
        }
    }
}

int channel_fd(const struct channel *channel)
{
    return channel->epoll_fd;
}

/* Until then, but at most so long. */
static int left_ms(uint64_t until_ns, uint64_t now_ns, int most_ms)
{
    uint64_t left = until_ns > now_ns ? (until_ns - now_ns) / 1000000 + 1 : 0;
    return left < (uint64_t)most_ms ? (int)left : most_ms;
}

int channel_wait_ms(const struct channel *channel, int most_ms)
{
    uint64_t now_ns = stats_now_ns();
    if (channel->has_work) {
        return 0;
    }
    for (unsigned i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        const struct client *client = channel->clients[i];
        if (client == NULL) {
            continue;
        }
        bool has_output = client_ready_bytes(client) > 0;
        bool is_held = client->held_ns != 0 || client->awaited_count > 0;
        int client_ms = is_held                            ? HELD_WAIT_MS
                        : has_output && !client->is_socket ? OUTPUT_WAIT_MS
                                                           : most_ms;
        most_ms = client_ms < most_ms ? client_ms : most_ms;
        if (client->rest_ns != 0) {
            most_ms = left_ms(client->rest_ns, now_ns, most_ms);
        }
        most_ms = subscription_wait_ms(&client->subscription, now_ns, most_ms);
    }
    return channel->pause_ns != 0 ? left_ms(channel->pause_ns, now_ns, most_ms)
                                  : most_ms;
}

static void look(struct channel *channel, uint64_t now_ns)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(channel->epoll_fd, events, EVENTS, 0);
    for (int i = 0; i < count; i++) {
        unsigned index = events[i].data.u32;
        if (index >= CHANNEL_CLIENTS_MAX) {
            accept_clients(channel, index - CHANNEL_CLIENTS_MAX, now_ns);
        } else if (channel->clients[index] != NULL) {
            struct client *client = channel->clients[index];
            client->is_readable = true;
            if ((events[i].events & (EPOLLRDHUP | EPOLLHUP)) != 0) {
                client->rest_ns = 0;
            }
        }
    }
}

static void finish(struct channel *channel, struct client *client)
{
    channel->clients[client->index] = NULL;
    if (client->interest != 0) {
        (void)watch(channel, EPOLL_CTL_DEL, client->in, 0, 0);
    }
    client_destroy(client);
}

void channel_pump(struct channel *channel, uint64_t now_ns)
{
    uint64_t start_ns = stats_now_ns();
    sender_tidy(&channel->sender);
    resume(channel, now_ns);
    look(channel, now_ns);
    channel->patience = PATIENCE;
    channel->has_work = false;
    for (unsigned i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        unsigned index = (channel->turn + i) % CHANNEL_CLIENTS_MAX;
        struct client *client = channel->clients[index];
        if (client == NULL) {
            continue;
        }
        if (stats_now_ns() - start_ns > TURN_NS) {
            /* The rest of the program has its turn; then it goes on here. */
            channel->turn = index;
            channel->has_work = true;
            return;
        }
        channel->has_work |= receiver_serve(client, now_ns);
        event_tick(client, now_ns);
        if (client_is_over(client)) {
            finish(channel, client);
        } else {
            set_interest(client);
        }
    }
    channel->turn++;
}

void channel_close(struct channel *channel)
{
    for (unsigned i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        if (channel->clients[i] != NULL) {
            channel->clients[i]->awaited_count = 0; /* nothing is made now */
            client_flush(channel->clients[i]);
            finish(channel, channel->clients[i]);
        }
    }
    for (unsigned i = 0; i < channel->listener_count; i++) {
        listener_close(&channel->listeners[i]);
    }
    channel->listener_count = 0;
    if (channel->tables != NULL) {
        (void)close(channel->epoll_fd);
        sender_close(&channel->sender);
        channel->tables = NULL;
    }
}

bool channel_is_idle(const struct channel *channel)
{
    bool is_idle = sender_pending(&channel->sender) == 0;
    for (unsigned i = 0; is_idle && i < CHANNEL_CLIENTS_MAX; i++) {
        const struct client *client = channel->clients[i];
        is_idle =
            client == NULL || client->waiting_next == client->waiting.count;
    }
    return is_idle;
}

void channel_follow(struct channel *channel, const struct f4e_patch *patch,
                    const uint8_t *defaults, uint32_t version)
{
    const struct f4e_patch *before = channel->reader.patch;
    channel->reader.patch = patch;
    channel->defaults = defaults;
    channel->sender.inbox.version = version;
    for (unsigned i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        struct client *client = channel->clients[i];
        if (client != NULL && client->subscription.rate_hz > 0) {
            subscription_follow(&client->subscription, before, patch);
            event_version(client, version);
        }
    }
}
