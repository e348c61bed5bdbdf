/* SPDX-License-Identifier: MIT */
/* Declared in jack/jack_internal.h. */
#include "jack/jack_internal.h"

#include "common/wakeup.h"

void jack_tell(struct jack *jack, enum jack_news news)
{
    (void)atomic_fetch_or(&jack->news, news);
    wakeup_send(jack->event_fd);
}
