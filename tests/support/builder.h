/* SPDX-License-Identifier: MIT */
/*
 * A folder to build in, a private TMPDIR that must be empty at the end, and
 * f4e-build run there as from a shell.
 */
#ifndef F4E_BUILDER_H
#define F4E_BUILDER_H

#include "child.h"
#include "wat.h"

/* Checked fixture. The teardown fails when TMPDIR holds anything. */
void builder_setup(void);
void builder_teardown(void);

extern char *builder_work;      /* programs run here */
extern char *builder_temporary; /* their TMPDIR */

/* For the next runs: SIGINT after so many ms; 0: none. */
extern unsigned builder_signal_after_ms;

/* For the next runs: three more "NAME=value" at most, or NULL. */
extern const char *builder_environment[3];

/* The path of 'name' in the work folder; valid until the teardown. */
const char *builder_path(const char *name);

/* Compile a module's text to 'name' in the work folder. */
void builder_wat(const char *name, const char *text_format);

/* A patch whose output at byte 16 counts frames: 0, 0.001, 0.002, … */
extern const char builder_ramp[];

/* Fails unless the program 'name' renders that on 'channels' channels. */
void builder_expect_ramp(const char *name, unsigned channels);

/* Fails unless the two files have the same bytes. */
void builder_expect_same(const char *one, const char *other);

/* Run with these arguments, NULL at the end. */
struct child builder_run(const char *program, const char *const *arguments);

/* The same for f4e-build with -O0 and --cpu baseline; fails unless it works. */
struct child builder_build(const char *const *arguments);

#define RUN(...) \
    builder_run(F4E_BUILD, (const char *const[]){__VA_ARGS__, NULL})
#define BUILD(...) builder_build((const char *const[]){__VA_ARGS__, NULL})
#define RUN_PROGRAM(program, ...) \
    builder_run(program, (const char *const[]){__VA_ARGS__, NULL})

#endif
