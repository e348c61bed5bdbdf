/* SPDX-License-Identifier: MIT */
/* What a message asks for, done. The only thread. */
#ifndef F4E_ACTION_H
#define F4E_ACTION_H

#include "osc/osc.h"
#include "osc/value.h"

#include <stdint.h>

/* 'path' may have wildcards; it is changed and put back. */
void action_run(struct osc *osc, const struct peer *from, char *path,
                const struct arguments *arguments, uint64_t now_ns);

/* Whether this host may send: nobody needs a token, or it has shown it. */
bool action_is_admitted(const struct osc *osc, const struct peer *from);
void action_admit(struct osc *osc, const struct peer *from);

#endif
