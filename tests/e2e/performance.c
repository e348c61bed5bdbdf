/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* putenv */
#include "performance.h"

#include "builder.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 200000, NAP_MS = 5, LINES = 60 };

static void nap(void)
{
    static const struct timespec time = {0, NAP_MS * 1000000L};
    (void)nanosleep(&time, NULL);
}

static _Noreturn void become(const struct performance *performance,
                             const char *const *argv, const char *variable,
                             int kept_fd)
{
    union {
        const char *const *in;
        char *const *out;
    } arguments = {.in = argv};
    int log =
        open(performance->log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    int null = open("/dev/null", O_RDONLY);
    if (log < 0 || null < 0 || chdir(builder_work) != 0 || setpgid(0, 0) != 0 ||
        setenv("TMPDIR", builder_temporary, 1) != 0) {
        _exit(126);
    }
    (void)dup2(null, STDIN_FILENO);
    (void)dup2(log, STDOUT_FILENO);
    (void)dup2(log, STDERR_FILENO);
    if (kept_fd >= 0) {
        (void)fcntl(kept_fd, F_SETFD, 0);
    }
    if (variable != NULL) {
        (void)putenv(text("%s", variable));
    }
    /* The handlers are Check's, which would end the test. */
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)execv(argv[0], arguments.out);
    _exit(127);
}

void performance_start(struct performance *performance, const char *const *argv,
                       const char *variable, int kept_fd)
{
    static unsigned count;
    performance->log = text("%s/log-%u", builder_work, count++);
    spit(performance->log, "", 0);
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, &before);
    performance->pid = fork();
    if (performance->pid == 0) {
        become(performance, argv, variable, kept_fd);
    }
    (void)setpgid(performance->pid, performance->pid);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    ck_assert_int_gt(performance->pid, 0);
}

char *performance_text(const struct performance *performance)
{
    size_t size;
    unsigned char *bytes = slurp(performance->log, &size);
    char *copy = malloc(size + 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    free(bytes);
    return copy;
}

unsigned performance_count(const struct performance *performance,
                           const char *wanted)
{
    char *all = performance_text(performance);
    unsigned count = 0;
    for (const char *at = strstr(all, wanted); at != NULL;
         at = strstr(at + 1, wanted)) {
        count++;
    }
    free(all);
    return count;
}

void performance_wait(const struct performance *performance, const char *wanted,
                      unsigned times)
{
    for (int ms = 0; performance_count(performance, wanted) < times;
         ms += NAP_MS) {
        int status;
        bool is_over = waitpid(performance->pid, &status, WNOHANG) != 0;
        if (is_over || ms > PATIENCE_MS) {
            char *all = performance_text(performance);
            (void)kill(-performance->pid, SIGKILL);
            ck_abort_msg("%s without '%s' %u times:\n%s",
                         is_over ? "it ended" : "too long", wanted, times, all);
        }
        nap();
    }
}

int performance_end(struct performance *performance, int number, bool to_all)
{
    int status = 0;
    if (number != 0) {
        (void)kill(to_all ? -performance->pid : performance->pid, number);
    }
    pid_t ended = 0;
    for (int ms = 0; ended == 0; ms += NAP_MS) {
        ended = waitpid(performance->pid, &status, WNOHANG);
        if (ended == 0 && ms > PATIENCE_MS) {
            (void)kill(-performance->pid, SIGKILL);
            ck_abort_msg("it does not end");
        }
        nap();
    }
    ck_assert_int_eq(ended, performance->pid);
    free(performance->log);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
