/* SPDX-License-Identifier: MIT */
/*
 * A text of the language becomes a module, by the compiler that the user
 * names: a command with {in} and {out} in it, started without a shell as a
 * process group of its own, with limits on time, on what it prints and on what
 * it writes.
 */
#ifndef F4E_TEXT_COMPILE_H
#define F4E_TEXT_COMPILE_H

#include "base/workdir.h"

enum {
    TEXT_COMPILE_MS = 60000,   /* what a compiler has, unless said */
    TEXT_MAX_BYTES = 64 << 20, /* of a text */
};

/* The environment variable that is asked without a command. */
#define TEXT_COMPILER_VARIABLE "F4E_COMPILER"

struct text_request {
    const char *path;    /* the text, as the user typed it */
    const char *command; /* NULL: of TEXT_COMPILER_VARIABLE */
    size_t module_limit; /* bytes of the module */
    unsigned timeout_ms; /* TEXT_COMPILE_MS */
    bool is_quiet;       /* what a compiler that succeeds prints is not shown */
    bool is_verbose;     /* show the command */
};

struct text_result {
    const char *module;   /* path, in the work directory */
    const char *compiler; /* base name of the program */
};

/*
 * Compile to a file in 'workdir', which lives. Fails (input) when the text
 * cannot be read and when the compiler finds fault with a line of it, (usage)
 * when the command has no {in} or no {out}, (tool) when no compiler is set, it
 * cannot be started, or it ends otherwise than well or without a module.
 */
F4E_MUST_CHECK bool text_compile(struct text_result *result,
                                 const struct text_request *request,
                                 const struct workdir *workdir,
                                 struct arena *arena, struct diag *diag);

#endif
