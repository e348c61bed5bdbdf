/* SPDX-License-Identifier: MIT */
#include "keyboard/key_input.h"

#include "common/thread.h"
#include "common/wakeup.h"
#include "keyboard/key_tty.h"
#include "message/message.h"
#include "rt/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    HOLD_MS = 150,   /* a key without release events is down so long */
    ESCAPE_MS = 50,  /* for the rest of a sequence */
    REOPEN_MS = 500, /* between looks for a device that is gone */
    FULL_MS = 5,     /* the audio thread will take some of it */
    NS_PER_MS = 1000000,
};

/* Wait, and go on early when it is time to end. True then. */
static bool is_stopped(const struct key_input *input, int ms)
{
    struct pollfd fd = {.fd = input->stop_fd, .events = POLLIN};
    return poll(&fd, 1, ms) > 0;
}

static void act(struct key_input *input, enum keyboard_action action,
                unsigned key)
{
    const struct change change = {.kind = CHANGE_KEY,
                                  .key = {(uint8_t)action, (uint8_t)key}};
    while (!inbox_send(&input->inbox, &change) && !is_stopped(input, FULL_MS)) {
    }
}

/* Keys that are tapped go up by time. */
static void release_due(struct key_input *input)
{
    uint64_t now_ns = stats_now_ns();
    for (unsigned key = 0; key < KEYBOARD_KEYS; key++) {
        if (input->release_ns[key] != 0 && input->release_ns[key] <= now_ns) {
            input->release_ns[key] = 0;
            act(input, KEYBOARD_UP, key);
        }
    }
}

static void blur(struct key_input *input)
{
    memset(input->release_ns, 0, sizeof(input->release_ns));
    act(input, KEYBOARD_BLUR, 0);
}

static void handle_term(struct key_input *input, struct key_term_event event)
{
    switch (event.kind) {
    case KEY_TERM_NONE:
        break;
    case KEY_TERM_TAP:
        /* The first press of a key may look like one from other terminals. */
        if (!input->has_releases) {
            input->release_ns[event.key] =
                stats_now_ns() + (uint64_t)HOLD_MS * NS_PER_MS;
        }
        act(input, KEYBOARD_DOWN, event.key);
        break;
    case KEY_TERM_DOWN:
        act(input, KEYBOARD_DOWN, event.key);
        break;
    case KEY_TERM_UP:
        act(input, KEYBOARD_UP, event.key);
        break;
    case KEY_TERM_BLUR:
        blur(input);
        break;
    case KEY_TERM_INTERRUPT:
        key_tty_signal(SIGINT);
        break;
    case KEY_TERM_SUSPEND:
        blur(input);
        key_tty_signal(SIGTSTP);
        break;
    case KEY_TERM_RELEASES:
        input->has_releases = true;
        key_tty_want_releases();
        break;
    }
}

/* What is there. False when the device has gone. */
static bool read_device(struct key_input *input)
{
    unsigned char bytes[128] = {0};
    size_t room = sizeof(bytes);
    unsigned char *to =
        input->is_terminal ? bytes : key_evdev_room(&input->evdev, &room);
    ssize_t count = read(input->fd, to, room);
    if (count <= 0) {
        return count < 0 && (errno == EAGAIN || errno == EINTR);
    }
    if (input->is_terminal) {
        for (ssize_t i = 0; i < count; i++) {
            handle_term(input, key_term_byte(&input->term, bytes[i]));
        }
        return true;
    }
    struct key_evdev_event event = {KEYBOARD_BLUR, 0};
    input->evdev.count += (size_t)count;
    while (key_evdev_next(&input->evdev, &event)) {
        act(input, event.action, event.key);
    }
    return true;
}

/* A terminal is talked to. A pipe we could write to would never end. */
static int open_device(const char *path)
{
    const int flags = O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    int fd = open(path, O_RDONLY | flags);
    if (fd >= 0 && isatty(fd)) {
        (void)close(fd);
        fd = open(path, O_RDWR | flags);
    }
    return fd;
}

/* The terminal stays open: it comes back when we are in the foreground. */
static void lose(struct key_input *input)
{
    blur(input);
    input->evdev.count = 0;
    if (!input->is_terminal) {
        (void)close(input->fd);
        input->fd = -1;
        atomic_fetch_add(&input->losses, 1);
    }
}

/* How long to wait for the device, in ms; -1: for ever. */
static int patience_ms(const struct key_input *input)
{
    int ms = key_term_is_waiting(&input->term) ? ESCAPE_MS : -1;
    uint64_t now_ns = stats_now_ns();
    for (unsigned key = 0; key < KEYBOARD_KEYS; key++) {
        uint64_t due_ns = input->release_ns[key];
        if (due_ns != 0) {
            int left =
                due_ns <= now_ns ? 0 : (int)((due_ns - now_ns) / NS_PER_MS) + 1;
            ms = ms < 0 || left < ms ? left : ms;
        }
    }
    return ms;
}

static void *run_keys(void *arg)
{
    struct key_input *input = arg;
    for (;;) {
        struct pollfd fds[2] = {{.fd = input->stop_fd, .events = POLLIN},
                                {.fd = input->fd, .events = POLLIN}};
        int ready = poll(fds, 2, patience_ms(input));
        if (fds[0].revents != 0) {
            return NULL;
        }
        if (ready == 0 && key_term_is_waiting(&input->term)) {
            handle_term(input, key_term_timeout(&input->term));
        }
        release_due(input);
        if (ready <= 0 || fds[1].revents == 0 || read_device(input)) {
            continue;
        }
        lose(input);
        do {
            if (is_stopped(input, REOPEN_MS)) {
                return NULL;
            }
            input->fd = input->fd >= 0 ? input->fd : open_device(input->path);
        } while (input->fd < 0);
        atomic_fetch_add(&input->returns, !input->is_terminal);
    }
}

/* The path that 'where' means, and the device behind it. */
static bool open_source(struct key_input *input, const char *where,
                        struct failure *failure)
{
    if (strcmp(where, "evdev") == 0) {
        if (!key_evdev_find(input->path, sizeof(input->path), failure)) {
            return false;
        }
    } else {
        const char *path = strcmp(where, "tty") == 0 ? "/dev/tty" : where;
        if (strlen(path) >= sizeof(input->path)) {
            return failure_set(failure, STATUS_USAGE,
                               "--keyboard: the path is longer than %d bytes",
                               KEY_INPUT_PATH_MAX - 1);
        }
        (void)snprintf(input->path, sizeof(input->path), "%s", path);
    }
    input->fd = open_device(input->path);
    if (input->fd < 0) {
        bool is_denied = errno == EACCES;
        (void)failure_set_errno(failure, STATUS_OPEN,
                                "cannot open keyboard '%s'", input->path);
        return is_denied &&
               failure_hint(failure, "sudo usermod -aG input $USER, and "
                                     "log in again");
    }
    input->is_terminal = isatty(input->fd) != 0;
    return true;
}

bool key_input_open(struct key_input *input, struct engine *engine,
                    const struct options *options, struct failure *failure)
{
    if (options->keyboard == NULL) {
        return true;
    }
    *input = (struct key_input){.fd = -1};
    inbox_init(&input->inbox, input->slots, input->payloads,
               KEY_INPUT_MESSAGES);
    input->stop_fd = wakeup_open(failure);
    bool is_good =
        input->stop_fd >= 0 && open_source(input, options->keyboard, failure);
    is_good = is_good && (!input->is_terminal ||
                          key_tty_enter(input->fd, input->path, failure));
    is_good =
        is_good && thread_start(&input->thread, NULL, run_keys, input, failure);
    if (is_good) {
        input->is_open = true;
        engine_attach(engine, &input->inbox);
    } else {
        key_tty_leave();
        (void)close(input->fd);
        (void)close(input->stop_fd);
    }
    return is_good;
}

void key_input_report(struct key_input *input)
{
    unsigned losses = atomic_load(&input->losses);
    unsigned returns = atomic_load(&input->returns);
    if (losses != input->reported_losses) {
        input->reported_losses = losses;
        message(PRIORITY_WARNING, "keyboard '%s' is gone: waiting for it",
                input->path);
    }
    if (returns != input->reported_returns) {
        input->reported_returns = returns;
        message(PRIORITY_NOTICE, "keyboard '%s' is back", input->path);
    }
}

void key_input_close(struct key_input *input)
{
    if (input->is_open) {
        wakeup_send(input->stop_fd);
        (void)pthread_join(input->thread, NULL);
        key_tty_leave();
        if (input->fd >= 0) {
            (void)close(input->fd);
        }
        (void)close(input->stop_fd);
        input->is_open = false;
    }
}
