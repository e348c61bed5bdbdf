/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, once. Fallible functions return bool and take a diag last;
 * the first report wins, later ones are its echoes. Only main() prints it.
 */
#ifndef F4E_DIAG_H
#define F4E_DIAG_H

#include "base/banned.h"

#include <stdbool.h>
#include <stdint.h>

#define F4E_MUST_CHECK        __attribute__((warn_unused_result))
#define F4E_PRINTF(at, first) __attribute__((format(printf, at, first)))

/* The values are the exit codes of f4e-build. */
enum diag_kind {
    DIAG_NONE = 0,
    DIAG_INPUT = 1, /* the input cannot be built */
    DIAG_USAGE = 2,
    DIAG_TOOL = 3,   /* a tool is missing or failed */
    DIAG_SYSTEM = 4, /* disk, permissions, fork */
};

struct diag {
    enum diag_kind kind;
    const char *file; /* what the user typed, or NULL */
    int64_t offset;   /* byte in 'file' as wasm-objdump prints it, or -1 */
    uint32_t line;    /* of a text file, 1-based; 0: none */
    char text[2048];
    char hint[16384]; /* lines to type, or empty */
    /* What a failed tool wrote, printed first and untouched; or NULL. Must
     * stay valid until diag_print(). */
    const char *tool_output;
};

/* No report, no file. */
void diag_init(struct diag *diag, const char *file);

/*
 * Each returns false, so that `return diag_input(diag, at, "…");` is a whole
 * error path. Text: lower case, no full stop, the problem first. 'offset' is a
 * byte offset into diag->file or -1.
 */
bool diag_input(struct diag *diag, int64_t offset, const char *format, ...)
    F4E_PRINTF(3, 4);
/* The same for a line of a text file (0: the file as a whole); 'file' becomes
 * diag->file. */
bool diag_line(struct diag *diag, const char *file, uint32_t line,
               const char *format, ...) F4E_PRINTF(4, 5);
bool diag_usage(struct diag *diag, const char *format, ...) F4E_PRINTF(2, 3);
bool diag_tool(struct diag *diag, const char *format, ...) F4E_PRINTF(2, 3);
bool diag_system(struct diag *diag, const char *format, ...) F4E_PRINTF(2, 3);

/*
 * Add to the hint of the report just made (nothing when there is none, or when
 * a later echo calls it). Lines are separated by newlines. Returns false.
 */
bool diag_hint(struct diag *diag, const char *format, ...) F4E_PRINTF(2, 3);

/* Print "PROGRAM: file: 0x00001c: text", or "PROGRAM: file:12: text", and the
 * hint lines. */
void diag_print(const struct diag *diag, const char *program, FILE *stream);

#endif
