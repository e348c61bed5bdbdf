/* SPDX-License-Identifier: MIT */
/*
 * OSCQuery: the addresses, their types, ranges and values as JSON. Who serves
 * it by HTTP is told through a function. The only thread.
 */
#ifndef F4E_QUERY_H
#define F4E_QUERY_H

#include "osc/osc.h"

#include <stdbool.h>
#include <stddef.h>

typedef void query_done(void *context, unsigned status, const char *json,
                        size_t bytes);

/* Whether it is the address of a patch, or of all, "/". */
bool query_has(const struct osc *osc, const char *path);

/*
 * Answer a request for 'path', all of it or one attribute: "VALUE",
 * "HOST_INFO"; NULL: all. 'done' is called once, now or later, with a status
 * of HTTP; unless query_forget() comes first.
 */
void query_start(struct osc *osc, const char *path, const char *attribute,
                 query_done *done, void *context);

void query_forget(struct osc *osc, const void *context);

/* The addresses are those of another version: what is under way asks again. */
void query_renew(struct osc *osc);

/* An answer to what a query has asked of the channel; NULL: it failed. */
void query_answer(struct osc *osc, struct osc_query *query, const char *line);

#endif
