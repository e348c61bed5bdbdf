/* SPDX-License-Identifier: MIT */
#include "common/alsa_errors.h"

#include <alsa/asoundlib.h>
#include <stdarg.h>
#include <stdio.h>

/* alsa-lib reports without a context of ours: its first words, kept. */
static char words[240];

F4E_PRINTF(5, 6)
static void keep_words(const char *file, int line, const char *function,
                       int error, const char *format, ...)
{
    va_list args;
    (void)file;
    (void)line;
    (void)function;
    (void)error;
    if (words[0] == '\0') {
        va_start(args, format);
        (void)vsnprintf(words, sizeof(words), format, args);
        va_end(args);
    }
}

void alsa_errors_detail(struct failure *failure)
{
    if (failure->detail[0] == '\0' && words[0] != '\0') {
        (void)snprintf(failure->detail, sizeof(failure->detail), "alsa-lib: %s",
                       words);
    }
}

void alsa_errors_capture(void)
{
    words[0] = '\0';
    (void)snd_lib_error_set_handler(keep_words);
}
