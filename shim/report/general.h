/* SPDX-License-Identifier: MIT */
/* The part of the statistics about blocks that ran general code though there is
 * a faster, proven one. */
#ifndef F4E_GENERAL_H
#define F4E_GENERAL_H

#include "common/json.h"
#include "report/report.h"

/* A line when there were such blocks: how many, their time, and the word that
 * was the last reason. */
void general_print(const struct report *report, FILE *file);

/* The members "generalMs" and "generalCause" of an object. */
void general_write(const struct report *report, struct json *json);

#endif
