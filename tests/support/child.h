/* SPDX-License-Identifier: MIT */
/*
 * Run programs as a user would and look at everything that came of it.
 */
#ifndef F4E_CHILD_H
#define F4E_CHILD_H

#include <stdbool.h>
#include <stddef.h>

struct child {
    int status; /* exit status; -1 when a signal ended it */
    int signal; /* that signal, or 0 */
    char *out;  /* stdout, NUL-terminated; free with child_free() */
    size_t out_length;
    char *err;
};

/* What may be set before the run; zeroed means none of it. */
struct child_setup {
    const char *directory;          /* run there */
    const char *const *environment; /* "NAME=value", added; NULL-terminated */
    unsigned signal_after_ms;       /* send SIGINT after so many ms */
    unsigned timeout_ms;            /* SIGKILL after so many; default 600 s */
};

/* Run argv (argv[0] found in PATH) to its end. Fails the test when it cannot
 * start. */
void child_run(struct child *child, const char *const *argv,
               const struct child_setup *setup);
void child_free(struct child *child);

/* Whether PATH has a program. */
bool child_finds(const char *program);

/* A new private directory; free() the path after tmpdir_remove(). */
char *tmpdir_make(void);
void tmpdir_remove(char *path);

/* Number of entries of a directory, without . and .. */
size_t directory_count(const char *path);

/* A whole file; fails the test when it cannot be read. free() it. */
unsigned char *slurp(const char *path, size_t *size);
void spit(const char *path, const void *bytes, size_t size);

/* printf into malloc'ed memory. */
char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
