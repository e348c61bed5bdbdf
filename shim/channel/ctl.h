/* SPDX-License-Identifier: MIT */
/*
 * "./patch ctl COMMAND...": one request to a copy of this patch that plays, and
 * its answer. The only thread.
 */
#ifndef F4E_CTL_H
#define F4E_CTL_H

#include "channel/vocabulary.h"
#include "common/failure.h"
#include "f4e_patch.h"

#include <stdbool.h>

/*
 * 'argv' begins with "ctl"; 'more' are words beside the channel's own. Answers
 * go to standard output; what the patch refuses, and with which status, becomes
 * the failure. STATUS_FILE: nobody listens.
 */
F4E_MUST_CHECK bool ctl_run(const struct f4e_patch *patch, const char *program,
                            const struct word_table *more, int argc,
                            char **argv, struct failure *failure);

#endif
