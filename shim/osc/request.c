/* SPDX-License-Identifier: MIT */
/* Declared in osc/osc.h. */
#include "osc/osc.h"

#include <stdarg.h>
#include <stdio.h>

enum { PIECE_MAX = 4096 };

void request_start(struct osc *osc)
{
    osc->line.start = osc->line.end = 0;
}

void request_add(struct osc *osc, const char *format, ...)
{
    char *room = bytes_reserve(&osc->line, PIECE_MAX);
    va_list arguments;
    va_start(arguments, format);
    if (room != NULL) {
        int used = vsnprintf(room, PIECE_MAX, format, arguments);
        osc->line.end += used > 0 && used < PIECE_MAX ? (size_t)used : 0;
    }
    va_end(arguments);
}

bool request_end(struct osc *osc, const struct osc_asked *asked)
{
    const struct bytes *line = &osc->line;
    if (!osc->wire.is_open || osc->asked_count == OSC_ASKED_MAX ||
        !bytes_add(&osc->out, line->data + line->start, bytes_count(line)) ||
        !bytes_add(&osc->out, "\n", 1)) {
        osc->counts.dropped++;
        return false;
    }
    osc->asked[(osc->asked_start + osc->asked_count) % OSC_ASKED_MAX] = *asked;
    osc->asked_count++;
    return true;
}

void request_flush(struct osc *osc)
{
    size_t count = bytes_count(&osc->out);
    if (count > 0 &&
        !wire_send(&osc->wire, osc->out.data + osc->out.start, count)) {
        wire_close(&osc->wire);
    }
    bytes_drop(&osc->out, bytes_count(&osc->out));
    if (osc->asked_count >= OSC_ASKED_HIGH) {
        (void)loop_watch(osc->loop, &osc->watcher, 0);
    }
}
