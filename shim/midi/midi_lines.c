/* SPDX-License-Identifier: MIT */
#include "midi/midi_lines.h"

#include "message/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void midi_lines_init(struct midi_lines *lines)
{
    lines->used = 0;
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
    const size_t left = sizeof(lines->text) - lines->used;
    int length = vsnprintf(lines->text + lines->used, left, format, args);
    /* Nobody reads half a line, nor thousands of them. */
    if (length > 0 && (size_t)length < left) {
        lines->used += (size_t)length + 1;
    }
    (void)pthread_mutex_unlock(&lines->lock);
    va_end(args);
}

void midi_lines_tell(struct midi_lines *lines)
{
    char text[MIDI_LINES_BYTES];
    (void)pthread_mutex_lock(&lines->lock);
    const size_t used = lines->used;
    memcpy(text, lines->text, used);
    lines->used = 0;
    (void)pthread_mutex_unlock(&lines->lock);
    for (size_t at = 0; at < used; at += strlen(text + at) + 1) {
        message(PRIORITY_INFO, "%s", text + at);
    }
}
