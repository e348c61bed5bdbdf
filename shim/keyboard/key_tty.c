/* SPDX-License-Identifier: MIT */
#include "keyboard/key_tty.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* What the signal handlers need; written before they are installed. */
static int terminal = -1;
static struct termios before;
static struct termios during;
static atomic_bool is_entered; /* the terminal is in our mode */
static atomic_bool is_pushed;  /* and tells releases */
static atomic_bool is_wanted;  /* it should be in our mode */

static void write_text(const char *text)
{
    ssize_t written = write(terminal, text, strlen(text));
    (void)written; /* a terminal that is gone needs nothing */
}

/* Background programs may not: they would be stopped. A terminal that is not
 * that of our session has no opinion. */
static bool is_foreground(void)
{
    pid_t group = tcgetpgrp(terminal);
    return group < 0 || group == getpgrp();
}

static void enter(void)
{
    if (atomic_load(&is_wanted) && is_foreground() &&
        tcsetattr(terminal, TCSANOW, &during) == 0) {
        atomic_store(&is_entered, true);
        /* Tell the focus; and which kitty flags are on: who does not know the
         * question does not answer. */
        write_text("\033[?1004h\033[?u");
    }
}

static void leave(void)
{
    if (atomic_exchange(&is_entered, false)) {
        if (atomic_exchange(&is_pushed, false)) {
            write_text("\033[<u");
        }
        write_text("\033[?1004l");
        if (is_foreground()) {
            (void)tcsetattr(terminal, TCSANOW, &before);
        }
    }
}

static void handle_stop(int number)
{
    int saved = errno;
    (void)number;
    leave();
    (void)kill(getpid(), SIGSTOP);
    errno = saved;
}

static void handle_continue(int number)
{
    int saved = errno;
    (void)number;
    if (!atomic_load(&is_entered)) {
        enter();
    }
    errno = saved;
}

/* The handler is gone by now: the signal does what it would have done. */
static void handle_death(int number)
{
    leave();
    (void)raise(number);
}

static void install(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    (void)sigfillset(&action.sa_mask);
    (void)sigaction(number, &action, NULL);
}

bool key_tty_enter(int fd, const char *path, struct failure *failure)
{
    static const int deadly[] = {SIGQUIT, SIGABRT, SIGSEGV, SIGBUS,
                                 SIGILL,  SIGFPE,  SIGTRAP};
    terminal = fd;
    if (tcgetattr(fd, &before) != 0) {
        return failure_set_errno(failure, STATUS_OPEN,
                                 "cannot use terminal '%s'", path);
    }
    if (!is_foreground()) {
        return failure_set(failure, STATUS_OPEN,
                           "cannot use terminal '%s': this program runs in "
                           "the background",
                           path);
    }
    during = before;
    during.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN); /* ^C stays */
    during.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
    during.c_cc[VMIN] = 1;
    during.c_cc[VTIME] = 0;
    for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++) {
        install(deadly[i], handle_death, (int)SA_RESETHAND | SA_NODEFER);
    }
    install(SIGTSTP, handle_stop, SA_RESTART);
    install(SIGCONT, handle_continue, SA_RESTART);
    atomic_store(&is_wanted, true);
    enter();
    return true;
}

void key_tty_want_releases(void)
{
    if (atomic_load(&is_entered) && !atomic_exchange(&is_pushed, true)) {
        /* Releases, the key's place on a US layout, and all keys that way. */
        write_text("\033[>15u");
    }
}

void key_tty_signal(int number)
{
    pid_t group = tcgetpgrp(terminal);
    (void)kill(group > 0 && group == getpgrp() ? -group : getpid(), number);
}

void key_tty_leave(void)
{
    atomic_store(&is_wanted, false);
    leave();
}
