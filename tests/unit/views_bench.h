/* SPDX-License-Identifier: MIT */
/* What the tests of controls and views share: a project text, laid out. */
#ifndef F4E_VIEWS_BENCH_H
#define F4E_VIEWS_BENCH_H

#include "project/project.h"

extern struct arena arena;
extern struct diag diag;
extern struct project project; /* of the last lay_out() */
extern struct project_config config;

/* Checked fixture. */
void setup(void);
void teardown(void);

bool lay_out(const char *text, size_t size);

#endif
