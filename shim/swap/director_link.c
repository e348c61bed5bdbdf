/* SPDX-License-Identifier: MIT */
#include "swap/director_link.h"

#include "common/words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

void director_answer(const struct director *director, const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof(line) - 1, format, args);
    va_end(args);
    if (length < 0 || director->link < 0) {
        return;
    }
    size_t bytes =
        (size_t)length < sizeof(line) - 1 ? (size_t)length : sizeof(line) - 2;
    line[bytes] = '\n';
    /* Whoever does not read has ended, or does not care. */
    (void)send(director->link, line, bytes + 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* A newer one, in place of one that still waits. If it is the better build of
 * that, which was never heard, it takes over as that would have. */
static void supersede(struct director *director,
                      const struct request_swap *request)
{
    const struct request_swap before = director->wanted;
    director->wanted = *request;
    if (before.is_wanted) {
        director_answer(director, "refused %" PRIu32 " a newer one came",
                        before.id);
        if (request->values == MATCH_ALL) {
            director->wanted.values = before.values;
            director->wanted.fade_ms = before.fade_ms;
        }
    }
}

static void take_line(struct director *director, char *line)
{
    char *rest = line;
    struct request_swap request;
    const char *word = words_next(&rest);
    if (word != NULL && strcmp(word, "swap") == 0 &&
        request_parse(&request, rest)) {
        supersede(director, &request);
    } else if (word != NULL && strcmp(word, "undo") == 0) {
        director->wants_undo = true;
    }
}

void director_read(struct director *director)
{
    char *line = director->line;
    for (;;) {
        ssize_t got = director->link < 0
                          ? -1
                          : recv(director->link, line + director->length,
                                 sizeof(director->line) - director->length - 1,
                                 MSG_DONTWAIT);
        if (got < 0) {
            return;
        }
        director->is_closed = director->is_closed || got == 0;
        director->length += (size_t)got;
        line[director->length] = '\0';
        for (char *end = strchr(line, '\n'); end != NULL;
             end = strchr(line, '\n')) {
            *end = '\0';
            take_line(director, line);
            director->length -= (size_t)(end + 1 - line);
            memmove(line, end + 1, director->length + 1);
        }
        if (got == 0 || director->length == sizeof(director->line) - 1) {
            director->length = 0;
            return;
        }
    }
}
