/* SPDX-License-Identifier: MIT */
#include "message/message.h"

#include "common/print.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static FILE *output;
static const char *name;
static bool is_journal;
static atomic_bool has_status;

/* JOURNAL_STREAM outlives the stream when standard error is redirected, so the
 * numbers count, not that it is there. */
void message_start(const char *program, FILE *file)
{
    char own[48];
    struct stat status;
    const char *stream = getenv("JOURNAL_STREAM");
    output = file;
    name = program;
    is_journal = false;
    if (stream != NULL && file == stderr &&
        fstat(STDERR_FILENO, &status) == 0) {
        (void)snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)status.st_dev,
                       (uintmax_t)status.st_ino);
        is_journal = strcmp(stream, own) == 0;
    }
}

/* Made in memory first: standard error is not buffered. */
F4E_PRINTF(3, 0)
static void write_line(FILE *file, enum priority priority, const char *format,
                       va_list args)
{
    char text[MESSAGE_MAX];
    char *line = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&line, &size);
    if (memory == NULL) {
        return;
    }
    /* Lines without one are information. */
    if (is_journal && priority < PRIORITY_INFO) {
        (void)fprintf(memory, "<%d>", (int)priority);
    }
    (void)vsnprintf(text, sizeof(text), format, args);
    (void)fprintf(memory, "%s: ", name);
    print_name(text, memory);
    (void)fputc('\n', memory);
    if (fclose(memory) == 0) {
        (void)fputs(line, file);
    }
    free(line);
}

F4E_PRINTF(2, 0)
static void tell(enum priority priority, const char *format, va_list args)
{
    if (output != NULL) {
        message_status(NULL);
        write_line(output, priority, format, args);
    }
}

void message(enum priority priority, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(priority, format, args);
    va_end(args);
}

void message_to(FILE *file, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (file != NULL) {
        write_line(file, PRIORITY_INFO, format, args);
    } else {
        tell(PRIORITY_INFO, format, args);
    }
    va_end(args);
}

void message_failure(const struct failure *failure)
{
    message(PRIORITY_ERROR, "%s", failure->text);
    if (failure->detail[0] != '\0') {
        message(PRIORITY_ERROR, "%s", failure->detail);
    }
    if (failure->hint[0] != '\0') {
        message(PRIORITY_NOTICE, "hint: %s", failure->hint);
    }
}

void message_status(const char *text)
{
    const bool was_shown = atomic_exchange(&has_status, text != NULL);
    if (output != NULL && (was_shown || text != NULL)) {
        (void)fprintf(output, "\r%s\033[K", text != NULL ? text : "");
    }
}
