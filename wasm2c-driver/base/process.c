/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* pipe2, posix_spawn_file_actions_addchdir_np */
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 200 }; /* of silence, until a child is looked at */

/* Read by the signal handler; a slot is 0 when free. Each child leads a process
 * group, so that what a compiler driver starts dies with it. */
static volatile sig_atomic_t children[PROCESS_MAX];
static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
    interrupted = signal;
    for (size_t i = 0; i < PROCESS_MAX; i++) {
        if (children[i] != 0) {
            (void)kill(-(pid_t)children[i], SIGKILL);
        }
    }
}

void process_init(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        struct sigaction before;
        /* A signal ignored at start (nohup) stays ignored. */
        if (sigaction(signals[i], NULL, &before) == 0 &&
            before.sa_handler != SIG_IGN) {
            (void)sigaction(signals[i], &action, NULL);
        }
    }
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* a write says EFBIG instead */
}

int process_interrupted(void)
{
    return interrupted;
}

void process_reraise(void)
{
    if (interrupted != 0) {
        (void)signal(interrupted, SIG_DFL);
        (void)raise(interrupted);
    }
}

void process_forgive(void)
{
    interrupted = 0;
}

void process_disown(void)
{
    for (size_t i = 0; i < PROCESS_MAX; i++) {
        children[i] = 0;
    }
}

static void block_signals(sigset_t *before)
{
    sigset_t set;
    (void)sigfillset(&set);
    (void)sigprocmask(SIG_BLOCK, &set, before);
}

static void remember(pid_t pid)
{
    for (size_t i = 0; i < PROCESS_MAX; i++) {
        if (children[i] == 0) {
            children[i] = pid;
            return;
        }
    }
}

static void forget(pid_t pid)
{
    for (size_t i = 0; i < PROCESS_MAX; i++) {
        if (children[i] == pid) {
            children[i] = 0;
        }
    }
}

static int spawn(pid_t *pid, const char *const *argv, const char *directory,
                 int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) {
        return error;
    }
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        goto destroy_actions;
    }
    sigset_t none;
    (void)sigemptyset(&none);
    sigset_t ignored_here;
    (void)sigemptyset(&ignored_here);
    (void)sigaddset(&ignored_here, SIGPIPE);
    (void)sigaddset(&ignored_here, SIGXFSZ);
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawnattr_setsigdefault(&attributes, &ignored_here);
    (void)posix_spawnattr_setpgroup(&attributes, 0);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP);
    error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
                                             "/dev/null", O_RDONLY, 0);
    if (error == 0) {
        error =
            posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    }
    if (error == 0) {
        error =
            posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    }
    if (error == 0 && directory != NULL) {
        error = posix_spawn_file_actions_addchdir_np(&actions, directory);
    }
    if (error == 0) {
        /* posix_spawn takes char *const[] but does not write to it. */
        union {
            const char *const *in;
            char *const *out;
        } arguments = {.in = argv};
        error = posix_spawn(pid, argv[0], &actions, &attributes, arguments.out,
                            environ);
    }
    (void)posix_spawnattr_destroy(&attributes);
destroy_actions:
    (void)posix_spawn_file_actions_destroy(&actions);
    return error;
}

static void begin(struct process *process, pid_t pid, int output,
                  struct arena *arena)
{
    *process = (struct process){
        .pid = pid,
        .output = output,
        .is_running = true,
    };
    buf_init(&process->text, arena);
    remember(pid);
}

bool process_start(struct process *process, const char *const *argv,
                   const char *directory, struct arena *arena,
                   struct diag *diag)
{
    *process = (struct process){.output = -1};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return diag_system(diag, "cannot make a pipe: %s", strerror(errno));
    }
    /* Blocked, so that a signal never falls between spawn and remember. */
    sigset_t before;
    block_signals(&before);
    pid_t pid = 0;
    int error =
        interrupted != 0 ? EINTR : spawn(&pid, argv, directory, ends[1]);
    if (error == 0) {
        begin(process, pid, ends[0], arena);
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    (void)close(ends[1]);
    if (error != 0) {
        (void)close(ends[0]);
        return interrupted != 0 ? diag_system(diag, "interrupted")
                                : diag_tool(diag, "cannot run '%s': %s",
                                            argv[0], strerror(error));
    }
    return true;
}

static _Noreturn void run_body(void (*body)(int output, void *user), void *user,
                               int output, const sigset_t *mask)
{
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGHUP, SIG_DFL);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGXFSZ, SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, mask, NULL);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        (void)dup2(null, STDIN_FILENO);
        (void)dup2(null, STDOUT_FILENO);
        (void)dup2(null, STDERR_FILENO);
    }
    body(output, user);
    _exit(0);
}

bool process_fork(struct process *process, void (*body)(int output, void *user),
                  void *user, struct arena *arena, struct diag *diag)
{
    *process = (struct process){.output = -1};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return diag_system(diag, "cannot make a pipe: %s", strerror(errno));
    }
    sigset_t before;
    block_signals(&before);
    errno = EINTR;
    pid_t pid = interrupted != 0 ? -1 : fork();
    if (pid == 0) {
        (void)close(ends[0]);
        run_body(body, user, ends[1], &before);
    }
    if (pid > 0) {
        (void)setpgid(pid, pid);
        begin(process, pid, ends[0], arena);
    }
    int error = errno;
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return diag_system(diag, "cannot fork: %s", strerror(error));
    }
    return true;
}

static void reap(struct process *process)
{
    int status = 0;
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR) {
    }
    forget(process->pid);
    if (process->output >= 0) {
        (void)close(process->output);
        process->output = -1;
    }
    process->is_running = false;
    process->has_exited = WIFEXITED(status);
    process->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    process->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* True at the end of the output: the child has closed it, so it is ending. */
static bool drain(struct process *process)
{
    unsigned char chunk[16384];
    ssize_t got = read(process->output, chunk, sizeof(chunk));
    if (got < 0) {
        return errno != EINTR && errno != EAGAIN;
    }
    if (got > 0 && process->text.length < PROCESS_OUTPUT_LIMIT) {
        buf_add(&process->text, chunk, (size_t)got);
    }
    return got == 0;
}

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Milliseconds for poll(): what is left until 'deadline', -1 for none. */
static int time_left(int64_t deadline)
{
    if (deadline == 0) {
        return -1;
    }
    int64_t left = deadline - now_ms();
    return left > 0 ? (int)left : 0;
}

/* The same, but until silence means something. */
static int time_to_look(int64_t deadline)
{
    int left = time_left(deadline);
    return left < 0 || left > LOOK_MS ? LOOK_MS : left;
}

/* Reap a child that has closed its output, which need not be its end: it may
 * compute on, and is killed when its time is up. */
static void finish(struct process *process, int64_t deadline)
{
    int descriptor = deadline == 0 ? -1 : pidfd_open(process->pid, 0);
    struct pollfd ended = {.fd = descriptor, .events = POLLIN};
    int ready = -1;
    while (descriptor >= 0 && ready < 0) {
        ready = poll(&ended, 1, time_left(deadline));
        if (ready < 0 && errno != EINTR) {
            break;
        }
    }
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    if (ready == 0) {
        process->has_timed_out = true;
        process_kill(process);
    } else {
        reap(process);
    }
}

/* It has ended, and something that it has started keeps its output open: that
 * is not waited for, and ends with it. */
static bool reap_leader(struct process *process)
{
    siginfo_t info = {.si_pid = 0};
    const pid_t pid = process->pid;
    if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0) {
        return false;
    }
    /* Before it is reaped: its group cannot be another one's. */
    (void)kill(-pid, SIGKILL);
    reap(process);
    return true;
}

/* None of these has said anything for a while. True: one of them is over. */
static bool end_silent(struct process *list, const size_t *indices,
                       size_t running, int64_t deadline, size_t *which)
{
    for (size_t i = 0; i < running; i++) {
        if (reap_leader(&list[indices[i]])) {
            *which = indices[i];
            return true;
        }
    }
    if (time_left(deadline) != 0) {
        return false;
    }
    *which = indices[0];
    list[*which].has_timed_out = true;
    process_kill(&list[*which]);
    return true;
}

bool process_wait_any(struct process *list, size_t count, unsigned timeout_ms,
                      size_t *which, struct diag *diag)
{
    int64_t deadline = timeout_ms == 0 ? 0 : now_ms() + timeout_ms;
    for (;;) {
        struct pollfd polls[PROCESS_MAX];
        size_t indices[PROCESS_MAX];
        nfds_t running = 0;
        for (size_t i = 0; i < count && running < PROCESS_MAX; i++) {
            if (list[i].is_running) {
                indices[running] = i;
                polls[running++] =
                    (struct pollfd){.fd = list[i].output, .events = POLLIN};
            }
        }
        if (running == 0) {
            return diag_system(diag, "no child to wait for");
        }
        int ready = poll(polls, running, time_to_look(deadline));
        if (ready < 0 && errno != EINTR) {
            return diag_system(diag, "cannot poll: %s", strerror(errno));
        }
        if (ready == 0 && end_silent(list, indices, running, deadline, which)) {
            return true;
        }
        for (nfds_t i = 0; ready > 0 && i < running; i++) {
            if (polls[i].revents != 0 && drain(&list[indices[i]])) {
                *which = indices[i];
                finish(&list[*which], deadline);
                return true;
            }
        }
    }
}

bool process_run(struct process *process, const char *const *argv,
                 const char *directory, unsigned timeout_ms,
                 struct arena *arena, struct diag *diag)
{
    size_t which = 0;
    return process_start(process, argv, directory, arena, diag) &&
           process_wait_any(process, 1, timeout_ms, &which, diag);
}

/* A process that starts now cannot write a longer file. */
static void limit_files(uint64_t bytes, struct rlimit *before)
{
    if (getrlimit(RLIMIT_FSIZE, before) != 0) {
        *before = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
        return;
    }
    struct rlimit limit = *before;
    limit.rlim_cur = bytes < before->rlim_cur ? bytes : before->rlim_cur;
    (void)setrlimit(RLIMIT_FSIZE, &limit);
}

bool process_run_limited(struct process *process, const char *const *argv,
                         uint64_t bytes, unsigned timeout_ms,
                         struct arena *arena, struct diag *diag)
{
    size_t which = 0;
    struct rlimit before;
    limit_files(bytes, &before);
    bool ok = process_start(process, argv, NULL, arena, diag);
    (void)setrlimit(RLIMIT_FSIZE, &before);
    return ok && process_wait_any(process, 1, timeout_ms, &which, diag);
}

bool process_run_ok(struct process *process, const char *const *argv,
                    const char *directory, unsigned timeout_ms,
                    struct arena *arena, struct diag *diag)
{
    return process_run(process, argv, directory, timeout_ms, arena, diag) &&
           (process_succeeded(process) ||
            process_failed(process, argv, arena, diag));
}

void process_kill(struct process *process)
{
    if (process->is_running) {
        (void)kill(-process->pid, SIGKILL);
        reap(process);
    }
}
