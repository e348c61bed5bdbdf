/* SPDX-License-Identifier: MIT */
#include "signals.h"

#include "common/failure.h"
#include "common/wakeup.h"
#include "files/outfile.h"
#include "files/patience.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

/* The only things that the signal handlers touch. */
static volatile sig_atomic_t stop_requested;
static volatile sig_atomic_t stop_requests; /* SIGHUP not counted */
static volatile sig_atomic_t is_playing;    /* an end takes some doing */
static volatile sig_atomic_t last_signal;
static volatile sig_atomic_t stats_requested;
static volatile sig_atomic_t save_requested;
static int wake_fd = -1;
static void (*_Atomic leave_at_once)(void);

static void leave(void)
{
    void (*leave_also)(void) = atomic_load(&leave_at_once);
    outfile_remove_all();
    if (leave_also != NULL) {
        leave_also();
    }
}

/* As if there were no handler. */
_Noreturn static void die_by(int number)
{
    const struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t own;
    leave();
    (void)sigaction(number, &plain, NULL);
    (void)sigemptyset(&own);
    (void)sigaddset(&own, number);
    (void)raise(number);
    (void)pthread_sigmask(SIG_UNBLOCK, &own, NULL);
    _exit(STATUS_FORCED);
}

static void handle_signal(int number)
{
    int saved = errno;
    /* A terminal that closes sends SIGHUP twice, systemd SIGTERM and SIGHUP:
     * that is no impatience. */
    stop_requested = 1;
    last_signal = number;
    if (is_playing == 0) {
        die_by(number);
    }
    if (number != SIGHUP && stop_requests++ > 0) {
        leave();
        _exit(STATUS_FORCED);
    }
    patience_end();
    wakeup_send(wake_fd);
    errno = saved;
}

static void handle_request(int number)
{
    int saved = errno;
    *(number == SIGUSR2 ? &save_requested : &stats_requested) = 1;
    wakeup_send(wake_fd);
    errno = saved;
}

void signals_install(int fd)
{
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = handle_signal};
    struct sigaction before;
    wake_fd = fd;
    (void)sigfillset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(ending) / sizeof(*ending); i++) {
        /* What was ignored at the start is meant to be, by nohup or by a shell
         * for what it runs in the background; a service is always to end. */
        if (sigaction(ending[i], NULL, &before) == 0 &&
            (before.sa_handler != SIG_IGN || ending[i] == SIGTERM)) {
            (void)sigaction(ending[i], &action, NULL);
        }
    }
    action.sa_handler = handle_request;
    (void)sigaction(SIGUSR1, &action, NULL);
    (void)sigaction(SIGUSR2, &action, NULL);
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
    (void)sigaction(SIGXFSZ, &action, NULL); /* a write says EFBIG instead */
}

void signals_at_once(void (*leave)(void))
{
    atomic_store(&leave_at_once, leave);
}

void signals_ask(void)
{
    is_playing = 1;
}

void signals_stop(void)
{
    stop_requested = 1;
}

void signals_die(void)
{
    die_by(last_signal != 0 ? last_signal : SIGTERM);
}

bool signals_has_stop(void)
{
    return stop_requested != 0;
}

bool signals_take_stats(void)
{
    bool is_requested = stats_requested != 0;
    stats_requested = 0;
    return is_requested;
}

bool signals_take_save(void)
{
    bool is_requested = save_requested != 0;
    save_requested = 0;
    return is_requested;
}
