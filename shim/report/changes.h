/* SPDX-License-Identifier: MIT */
/* What is told of changes that came while the patch played. Control thread. */
#ifndef F4E_CHANGES_H
#define F4E_CHANGES_H

#include "common/json.h"
#include "report/report.h"

#include <stdio.h>

/* A line of the statistics, if there were any. */
void changes_print(const struct report *report, FILE *file);

/* The members of the statistics, in the object that is open. */
void changes_write(const struct report *report, struct json *json);

#endif
