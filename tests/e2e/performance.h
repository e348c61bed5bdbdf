/* SPDX-License-Identifier: MIT */
/*
 * A program that goes on while a test looks at what it says and does things to
 * it. It leads a process group, as if started from a terminal. Everything here
 * fails the test when it cannot.
 */
#ifndef F4E_TEST_PERFORMANCE_H
#define F4E_TEST_PERFORMANCE_H

#include <stdbool.h>
#include <sys/types.h>

struct performance {
    pid_t pid;
    char *log; /* path of what it prints, both streams */
};

/* Start it in builder_work, with TMPDIR builder_temporary and one more variable
 * ("NAME=value") or NULL; 'kept_fd' or -1 stays open in it. */
void performance_start(struct performance *performance, const char *const *argv,
                       const char *variable, int kept_fd);

#define PERFORM(performance, ...)                                          \
    performance_start(performance,                                         \
                      (const char *const[]){F4E_BUILD, __VA_ARGS__, NULL}, \
                      NULL, -1)

/* What it has printed so far; free() it. */
char *performance_text(const struct performance *performance);

/* How often a text is there. */
unsigned performance_count(const struct performance *performance,
                           const char *text);

/* Wait until a text is there so many times. */
void performance_wait(const struct performance *performance, const char *text,
                      unsigned times);

/* Send a signal to it, or, as Ctrl-C does, to all of its group; 0: none. Then
 * wait for its end: its exit status, or 128 and the number of a signal. */
int performance_end(struct performance *performance, int number, bool to_all);

#endif
