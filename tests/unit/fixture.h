/* SPDX-License-Identifier: MIT */
/* What most tests begin with: an arena, and a place for an error. */
#ifndef F4E_UNIT_FIXTURE_H
#define F4E_UNIT_FIXTURE_H

#include "base/arena.h"
#include "base/diag.h"

extern struct arena arena;
extern struct diag diag; /* of no file */

/* Checked fixture: both are new. */
void setup(void);
void teardown(void);

#endif
