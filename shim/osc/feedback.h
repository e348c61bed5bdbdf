/* SPDX-License-Identifier: MIT */
/*
 * Listeners: who is told what has changed. The one who has moved a value does
 * not get it back, unless the patch has made something else of it. The only
 * thread.
 */
#ifndef F4E_FEEDBACK_H
#define F4E_FEEDBACK_H

#include "osc/osc.h"
#include "osc/value.h"

#include <stdint.h>

enum { FEEDBACK_HZ = 25 };

/* /NAME/listeners/add and del. What is wrong with it, or NULL. */
const char *feedback_change(struct osc *osc, const struct space_node *node,
                            const struct peer *from,
                            const struct arguments *arguments);

/* /NAME/listeners/entries: all of them, in a reply. */
void feedback_send_entries(const struct osc *osc, const struct peer *to,
                           const char *path);

/* Ask the channel for what they want; after a new connection too. */
void feedback_subscribe(struct osc *osc);

/* The channel refuses what new listeners want: they are told nothing. */
void feedback_refuse(struct osc *osc);

/* The addresses are those of another version. */
void feedback_renew(struct osc *osc);

/* 'from' has asked for a value of which this is the value_hash(). */
void feedback_moved(struct osc *osc, unsigned source, const struct peer *from,
                    uint64_t hash, uint64_t now_ns);

/* An event of the channel. */
void feedback_event(struct osc *osc, const char *line, uint64_t now_ns);

/* Ask for values that movers may not know, once they have been quiet; sets
 * osc->settle_ns to when the next of them is due. */
void feedback_settle(struct osc *osc, uint64_t now_ns);

/* What came of it. */
void feedback_answer(struct osc *osc, const struct osc_asked *asked,
                     const char *value);

#endif
