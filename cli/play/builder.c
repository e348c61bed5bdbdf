/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* pipe2 */
#include "play/builder.h"

#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    NICENESS = 15,
    MAX_TEXT_BYTES = 1 << 20,
    PATIENCE_MS = 100,
    NAP_MS = 1,
};

static _Noreturn void run_child(const struct options *options,
                                play_build *build, const struct play_job *job,
                                int output, bool is_low, pid_t parent,
                                struct arena *arena)
{
    struct diag diag;
    sigset_t none;
    (void)sigemptyset(&none);
    process_disown();
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)dup2(output, STDOUT_FILENO);
    (void)dup2(output, STDERR_FILENO);
    if (getppid() != parent) {
        _exit(DIAG_SYSTEM);
    }
    if (is_low) {
        (void)setpriority(PRIO_PROCESS, 0, NICENESS);
    }
    diag_init(&diag, NULL);
    bool ok = build(options, job, arena, &diag);
    if (!ok && process_interrupted() == 0) {
        diag_print(&diag, "f4e-build", stderr);
    }
    (void)fflush(stdout);
    _exit(ok ? 0 : (int)diag.kind);
}

bool builder_start(struct builder *builder, const struct options *options,
                   play_build *build, const struct play_job *job, bool is_low,
                   struct arena *arena, struct diag *diag)
{
    int ends[2];
    sigset_t all;
    sigset_t before;
    *builder = (struct builder){.output = -1};
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return diag_system(diag, "cannot make a pipe: %s", strerror(errno));
    }
    (void)fflush(NULL);
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, &before);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        run_child(options, build, job, ends[1], is_low, parent, arena);
    }
    int error = errno;
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return diag_system(diag, "cannot fork: %s", strerror(error));
    }
    builder->pid = pid;
    builder->output = ends[0];
    buf_init(&builder->text, arena);
    return true;
}

static void reap(struct builder *builder)
{
    int status = 0;
    while (waitpid(builder->pid, &status, 0) < 0 && errno == EINTR) {
    }
    (void)close(builder->output);
    builder->output = -1;
    builder->pid = 0;
    builder->status = WIFEXITED(status) ? WEXITSTATUS(status) : DIAG_SYSTEM;
}

bool builder_read(struct builder *builder)
{
    char chunk[4096];
    ssize_t got = read(builder->output, chunk, sizeof(chunk));
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
        return false;
    }
    if (got > 0) {
        if (builder->text.length < MAX_TEXT_BYTES) {
            buf_add(&builder->text, chunk, (size_t)got);
        }
        return false;
    }
    reap(builder);
    return true;
}

void builder_cancel(struct builder *builder)
{
    static const struct timespec nap = {0, NAP_MS * 1000000L};
    siginfo_t info = {.si_pid = 0};
    if (builder->pid == 0) {
        return;
    }
    /* It ends what it has started at once, and its own work when a stage is
     * over. What it leaves behind then lies in our folder. */
    (void)kill(builder->pid, SIGTERM);
    for (int ms = 0; ms < PATIENCE_MS && info.si_pid == 0; ms += NAP_MS) {
        (void)nanosleep(&nap, NULL);
        (void)waitid(P_PID, (id_t)builder->pid, &info,
                     WEXITED | WNOHANG | WNOWAIT);
    }
    (void)kill(builder->pid, SIGKILL);
    reap(builder);
}
