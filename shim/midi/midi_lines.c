/* SPDX-License-Identifier: MIT */
#include "midi/midi_lines.h"

#include "common/print.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void midi_lines_init(struct midi_lines *lines)
{
    lines->text[0] = '\0';
    (void)pthread_mutex_init(&lines->lock, NULL);
}

void midi_lines_deinit(struct midi_lines *lines)
{
    (void)pthread_mutex_destroy(&lines->lock);
}

void midi_lines_add(struct midi_lines *lines, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)pthread_mutex_lock(&lines->lock);
    size_t used = strlen(lines->text);
    int more =
        vsnprintf(lines->text + used, sizeof(lines->text) - used, format, args);
    /* Nobody reads half a line, nor thousands of them. */
    if (more < 0 || (size_t)more >= sizeof(lines->text) - used) {
        lines->text[used] = '\0';
    }
    (void)pthread_mutex_unlock(&lines->lock);
    va_end(args);
}

void midi_lines_print(struct midi_lines *lines, const char *program)
{
    char text[MIDI_LINES_BYTES];
    (void)pthread_mutex_lock(&lines->lock);
    memcpy(text, lines->text, sizeof(text));
    lines->text[0] = '\0';
    (void)pthread_mutex_unlock(&lines->lock);
    for (char *line = text; *line != '\0';) {
        int length = (int)strcspn(line, "\n");
        line[length] = '\0';
        (void)fprintf(stderr, "%s: ", program);
        print_name(line, stderr); /* names come from anywhere */
        (void)fputc('\n', stderr);
        line += length + 1;
    }
}
