/* SPDX-License-Identifier: MIT */
/*
 * The one error report of a run. Fallible functions return bool and take a diag
 * as their last parameter; the first report is kept, later ones are ignored.
 * Only main() prints it.
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
    DIAG_TOOL = 3,   /* an external tool is missing or failed */
    DIAG_SYSTEM = 4, /* disk, permissions, fork */
};

struct diag {
    enum diag_kind kind;
    const char *file; /* what the user typed, or NULL */
    int64_t offset;   /* byte in 'file' as wasm-objdump prints it, or -1 */
    uint32_t line;    /* of a text file, 1-based; 0: none */
    char text[2048];
    char hint[16384]; /* commands or options to type, a line each */
    /* Output of a failed tool, printed verbatim before the report, or NULL.
     * Must stay valid until diag_print(). */
    const char *tool_output;
    bool is_printed; /* by another process: diag_print() does nothing */
};

/* Clear the report and set the file, which may be NULL. */
void diag_init(struct diag *diag, const char *file);

/*
 * Report an error of a kind. Each returns false, for `return diag_input(…);`.
 * Text is lower case without a full stop. 'offset' is a byte offset into
 * diag->file, or -1.
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
 * Add a line to the hint of the report just made. Ignored without a report, and
 * after a report that was ignored. Returns false.
 */
bool diag_hint(struct diag *diag, const char *format, ...) F4E_PRINTF(2, 3);

/* Print "PROGRAM: file: 0x00001c: text", or "PROGRAM: file:12: text", and the
 * hint lines. */
void diag_print(const struct diag *diag, const char *program, FILE *stream);

#endif
