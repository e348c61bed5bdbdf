/* SPDX-License-Identifier: MIT */
/* What has become of requests to the channel. The only thread. */
#ifndef F4E_OUTCOME_H
#define F4E_OUTCOME_H

#include "osc/osc.h"

/* The answer to the first request that has none. */
void outcome_take(struct osc *osc, const char *line);

/* The channel is gone: none of them will be answered. */
void outcome_fail_all(struct osc *osc);

#endif
