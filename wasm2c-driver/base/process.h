/* SPDX-License-Identifier: MIT */
/*
 * Children: argument arrays, never a shell. A child's stdin is /dev/null, its
 * stdout and stderr are one pipe that is captured here, and every child dies
 * with us, and with it what it started: SIGINT, SIGTERM and SIGHUP kill all of
 * them and are remembered, so that the caller unwinds, cleans up and re-raises
 * (process_reraise).
 */
#ifndef F4E_PROCESS_H
#define F4E_PROCESS_H

#include "base/buf.h"

#include <sys/types.h>

enum {
    PROCESS_OUTPUT_LIMIT = 8 << 20, /* captured bytes; more is dropped */
    PROCESS_MAX = 64,               /* children at a time */
};

struct process {
    pid_t pid;
    int output; /* read end of the pipe; -1 when closed */
    bool is_running;
    struct buf text; /* what it wrote, NUL-terminated */
    /* How it ended, valid once it runs no more: */
    bool has_timed_out;
    bool has_exited; /* else killed by 'signal' */
    int status;
    int signal;
};

/* Install the signal handlers; call once, before the first child. */
void process_init(void);

/* The signal that asked us to stop, or 0. Check it between stages. */
int process_interrupted(void);

/* After all clean-up: die by the signal that process_interrupted() tells, so
 * that the shell sees the truth. Returns when there was none. */
void process_reraise(void);

/*
 * Find 'program' in PATH (or as given when it holds a '/'). NULL when there is
 * no such executable. In the arena.
 */
const char *process_find(const char *program, struct arena *arena);

/* Start argv[0], a path, in 'directory' (NULL: here). Fails (tool) when it
 * cannot start. */
F4E_MUST_CHECK bool process_start(struct process *process,
                                  const char *const *argv,
                                  const char *directory, struct arena *arena,
                                  struct diag *diag);

/*
 * Fork a child that runs 'body' with the write end of the pipe and then leaves
 * with status 0 by _exit(). Signals have their default action in it, stderr and
 * stdout go to /dev/null.
 */
F4E_MUST_CHECK bool process_fork(struct process *process,
                                 void (*body)(int output, void *user),
                                 void *user, struct arena *arena,
                                 struct diag *diag);

/*
 * Wait until one of the running ones ends and reap it. '*which' is its index.
 * 'timeout_ms' (0: none) counts from this call; when it passes, the first
 * running one is killed and returned with has_timed_out. Fails (system) only
 * when nothing runs or the kernel refuses.
 */
F4E_MUST_CHECK bool process_wait_any(struct process *list, size_t count,
                                     unsigned timeout_ms, size_t *which,
                                     struct diag *diag);

/* Start, wait, reap. True when it ran, whatever its end. */
F4E_MUST_CHECK bool process_run(struct process *process,
                                const char *const *argv, const char *directory,
                                unsigned timeout_ms, struct arena *arena,
                                struct diag *diag);

/*
 * As process_run(), and a child that fails is an error (tool): its output, how
 * it ended, and the command line as a hint.
 */
F4E_MUST_CHECK bool process_run_ok(struct process *process,
                                   const char *const *argv,
                                   const char *directory, unsigned timeout_ms,
                                   struct arena *arena, struct diag *diag);

/* The error for a child that ended badly; returns false. */
bool process_failed(const struct process *process, const char *const *argv,
                    struct arena *arena, struct diag *diag);

static inline bool process_succeeded(const struct process *process)
{
    return process->has_exited && process->status == 0;
}

/* Kill and reap it if it still runs. */
void process_kill(struct process *process);

/* The command line for people, quoted for a POSIX shell. In the arena. */
const char *process_quote(const char *const *argv, struct arena *arena);

/* "exited with status 1", "was killed by signal 11 (Segmentation fault)",
 * "did not finish in time". In the arena. */
const char *process_end_text(const struct process *process,
                             struct arena *arena);

#endif
