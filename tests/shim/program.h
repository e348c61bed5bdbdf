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

/* The stereo fake; fails unless it ends so and says 'message', among others. */
struct program_result program_check(const char *arguments, int status,
                                    const char *message);

/* Like program_run, but only start it; program_wait() waits for its end. It is
 * killed when the test ends before. */
pid_t program_start(const char *program, const char *conf,
                    const char *arguments);
struct program_result program_wait(pid_t pid);

/* Fails unless it ended so, and said all of these words; NULL ends them. */
void program_expect(const struct program_result *result, int status,
                    const char *const *words);
#define PROGRAM_EXPECT(result, status, ...) \
    program_expect(&(result), status, (const char *const[]){__VA_ARGS__, NULL})

/* Until the program started last has written 'text' to standard error. */
void program_wait_for(const char *text);

/* Until the file is longer than 'bytes': what a card has heard. */
void program_wait_for_bytes(const char *path, long bytes);

/* Until the recording that the program 'pid' makes for 'path' is longer than
 * 'bytes'; it has another name until it is complete. */
void program_wait_for_recording(const char *path, pid_t pid, long bytes);

/* An option for programs that are asked while they play: */
#define PROGRAM_ASKED "--control unix:asked "

/* The integer at byte 'address' of its memory. */
int32_t program_word(unsigned address);

/* Until the integer has this value. */
void program_wait_for_word(unsigned address, int32_t value);

/* Until it has played so many blocks more: what was on its way to the patch
 * has arrived. */
void program_play_on(int32_t blocks);

/* Send the signal again and again until the program has ended. */
struct program_result program_insist(pid_t pid, int signal);

/* Make a file, or read one into malloc'ed memory. */
void program_write_file(const char *path, const void *data, size_t bytes);
unsigned char *program_read_file(const char *path, size_t *bytes);
bool program_has_file(const char *path);

/* Programs that are started from here on see the sequencer of fake_seq.c, with
 * these ports, a line each; it takes events from the pipe "events". */
void program_use_sequencer(const char *ports);

/* The integer at byte 'address' of what --dump-memory wrote to 'path'; the
 * program is one with the fake patch. */
int32_t program_dumped(const char *path, unsigned address);

#endif
