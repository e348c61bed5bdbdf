/* SPDX-License-Identifier: MIT */
#include "base/diag.h"

#include <inttypes.h>
#include <stdarg.h>

void diag_init(struct diag *diag, const char *file)
{
    *diag = (struct diag){.kind = DIAG_NONE, .file = file, .offset = -1};
}

F4E_PRINTF(4, 0)
static void report(struct diag *diag, enum diag_kind kind, int64_t offset,
                   const char *format, va_list arguments)
{
    if (diag->kind != DIAG_NONE) {
        return;
    }
    diag->kind = kind;
    diag->offset = offset;
    (void)vsnprintf(diag->text, sizeof(diag->text), format, arguments);
}

bool diag_input(struct diag *diag, int64_t offset, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(diag, DIAG_INPUT, offset, format, arguments);
    va_end(arguments);
    return false;
}

bool diag_line(struct diag *diag, const char *file, uint32_t line,
               const char *format, ...)
{
    if (diag->kind != DIAG_NONE) {
        return false;
    }
    diag->file = file;
    diag->line = line;
    va_list arguments;
    va_start(arguments, format);
    report(diag, DIAG_INPUT, -1, format, arguments);
    va_end(arguments);
    return false;
}

bool diag_usage(struct diag *diag, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(diag, DIAG_USAGE, -1, format, arguments);
    va_end(arguments);
    return false;
}

bool diag_tool(struct diag *diag, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(diag, DIAG_TOOL, -1, format, arguments);
    va_end(arguments);
    return false;
}

bool diag_system(struct diag *diag, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(diag, DIAG_SYSTEM, -1, format, arguments);
    va_end(arguments);
    return false;
}

bool diag_hint(struct diag *diag, const char *format, ...)
{
    if (diag->kind == DIAG_NONE) {
        return false;
    }
    size_t used = strlen(diag->hint);
    if (used > 0 && used + 1 < sizeof(diag->hint)) {
        diag->hint[used++] = '\n';
    }
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(diag->hint + used, sizeof(diag->hint) - used, format,
                    arguments);
    va_end(arguments);
    return false;
}

void diag_print(const struct diag *diag, const char *program, FILE *stream)
{
    if (diag->is_printed) {
        return;
    }
    if (diag->kind == DIAG_NONE) {
        return;
    }
    if (diag->tool_output != NULL && diag->tool_output[0] != '\0') {
        size_t length = strlen(diag->tool_output);
        (void)fprintf(stream, "%s%s", diag->tool_output,
                      diag->tool_output[length - 1] == '\n' ? "" : "\n");
    }
    (void)fprintf(stream, "%s: ", program);
    if (diag->file != NULL && (diag->kind == DIAG_INPUT || diag->offset >= 0)) {
        (void)fprintf(stream, "%s:", diag->file);
        if (diag->line > 0) {
            (void)fprintf(stream, "%" PRIu32 ":", diag->line);
        }
        (void)fputc(' ', stream);
    }
    if (diag->offset >= 0) {
        (void)fprintf(stream, "0x%06" PRIx64 ": ", (uint64_t)diag->offset);
    }
    (void)fprintf(stream, "%s\n", diag->text);
    for (const char *line = diag->hint; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        (void)fprintf(stream, "%s: hint: %.*s\n", program, (int)length, line);
        line += length + (line[length] == '\n');
    }
}
