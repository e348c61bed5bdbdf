/* SPDX-License-Identifier: MIT */
/*
 * Run a fake patch as a child process in a directory of its own, as a user
 * would from a shell, and look at what it left.
 */
#ifndef F4E_TEST_PROGRAM_H
#define F4E_TEST_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct program_result {
    int status; /* exit status; 128 + n for signal n */
    char out[16384];
    size_t out_bytes; /* of standard output, all of it, kept or not */
    char err[8192];
};

/* Checked fixture: a new empty directory becomes the current one. */
void program_setup(void);

/* Fails when anything but the files made by the test is left: "*.tmp". */
void program_teardown(void);

/*
 * Run 'program' (NULL: the stereo fake) with arguments split at blanks.
 * 'conf' is text for ALSA_CONFIG_PATH, or NULL.
 */
struct program_result program_run(const char *program, const char *conf,
                                  const char *arguments);

/* Like program_run, but only start it; program_wait() ends it. */
pid_t program_start(const char *program, const char *conf,
                    const char *arguments);
struct program_result program_wait(pid_t pid);

/* Until the program started last has written 'text' to standard error. */
void program_wait_for(const char *text);

/* Until the file is longer than 'bytes': what a card has heard. */
void program_wait_for_bytes(const char *path, long bytes);

/* Make a file, or read one into malloc'ed memory. */
void program_write_file(const char *path, const void *data, size_t bytes);
unsigned char *program_read_file(const char *path, size_t *bytes);
bool program_has_file(const char *path);

/* The integer at byte 'address' of what --dump-memory wrote to 'path'; the
 * program is one with the fake patch. */
int32_t program_dumped(const char *path, unsigned address);

#endif
