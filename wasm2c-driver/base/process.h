/* SPDX-License-Identifier: MIT */
/*
 * Child processes, started from argument arrays, never through a shell. stdin
 * is /dev/null; stdout and stderr are captured through one pipe. SIGINT,
 * SIGTERM and SIGHUP kill the process groups of all children and are recorded:
 * the caller unwinds, cleans up and calls process_reraise(). One thread.
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
    struct buf text; /* captured output */
    /* Valid when not is_running: */
    bool has_timed_out;
    bool has_exited; /* else killed by 'signal' */
    int status;
    int signal;
};

/* Install the signal handlers; call once, before the first child. */
void process_init(void);

/* The signal that was received, or 0. */
int process_interrupted(void);

/* After clean-up: terminate by the signal that was received, so that the parent
 * sees it in the wait status. Returns when there was none. */
void process_reraise(void);

/* The signal that was received has had its effect: there was none. */
void process_forgive(void);

/* In a child of fork(): children that were started before are the parent's. */
void process_disown(void);

/*
 * Path of the executable 'program': searched in PATH, or as given when it has a
 * '/'. NULL: there is none. In the arena.
 */
const char *process_find(const char *program, struct arena *arena);

/* Start argv[0], a path, in 'directory' (NULL: here). Fails (tool) when it
 * cannot start. */
F4E_MUST_CHECK bool process_start(struct process *process,
                                  const char *const *argv,
                                  const char *directory, struct arena *arena,
                                  struct diag *diag);

/*
 * Fork a child that calls 'body' with the write end of the pipe and then
 * _exit(0). Signals have their default action; stdout and stderr are /dev/null.
 * Fails (system).
 */
F4E_MUST_CHECK bool process_fork(struct process *process,
                                 void (*body)(int output, void *user),
                                 void *user, struct arena *arena,
                                 struct diag *diag);

/*
 * Wait for one of the running children to end and reap it; '*which' is its
 * index; what it has left running ends as well. After 'timeout_ms' (0: none)
 * the first running one is killed and returned with has_timed_out. Fails
 * (system) when none runs or waiting fails.
 */
F4E_MUST_CHECK bool process_wait_any(struct process *list, size_t count,
                                     unsigned timeout_ms, size_t *which,
                                     struct diag *diag);

/* Start, wait, reap. True when it ran, however it ended. */
F4E_MUST_CHECK bool process_run(struct process *process,
                                const char *const *argv, const char *directory,
                                unsigned timeout_ms, struct arena *arena,
                                struct diag *diag);

/* The same, and it and what it starts cannot write files of more than 'bytes'
 * bytes: at the limit they are killed by SIGXFSZ. */
F4E_MUST_CHECK bool process_run_limited(struct process *process,
                                        const char *const *argv, uint64_t bytes,
                                        unsigned timeout_ms,
                                        struct arena *arena, struct diag *diag);

/*
 * process_run(), and fails (tool) unless the child exits with status 0: with
 * its output, its end, and the command line as a hint.
 */
F4E_MUST_CHECK bool process_run_ok(struct process *process,
                                   const char *const *argv,
                                   const char *directory, unsigned timeout_ms,
                                   struct arena *arena, struct diag *diag);

/* Report (tool) a child that did not succeed. Returns false. */
bool process_failed(const struct process *process, const char *const *argv,
                    struct arena *arena, struct diag *diag);

static inline bool process_succeeded(const struct process *process)
{
    return process->has_exited && process->status == 0;
}

/* Kill and reap it if it still runs. */
void process_kill(struct process *process);

/* The command line, quoted for a POSIX shell, for messages and scripts. In the
 * arena. */
const char *process_quote(const char *const *argv, struct arena *arena);

/* "exited with status 1", "was killed by signal 11 (Segmentation fault)",
 * "did not finish in time". In the arena. */
const char *process_end_text(const struct process *process,
                             struct arena *arena);

#endif
