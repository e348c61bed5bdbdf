/* SPDX-License-Identifier: MIT */
/*
 * The setting of a controller as JSON:
 *
 *     {"midi": {"ctrl": 74, "chan": 16}, "min": 0.1, "takeover": "pickup"}
 */
#ifndef F4E_CC_JSON_H
#define F4E_CC_JSON_H

#include "cc/cc_entry.h"
#include "common/attributes.h"

#include <stdbool.h>
#include <stdio.h>

/*
 * Read a setting that is right on its own. Members that mean nothing here go to
 * 'rest', as ', "name": VALUE'; 'text' is JSON on one line, so this is.
 */
F4E_MUST_CHECK bool cc_json_read(const char *text, struct cc_setting *setting,
                                 FILE *rest);

/* Write it on one line; 'rest' may be NULL. */
void cc_json_write(const struct cc_setting *setting, const char *rest,
                   FILE *file);

#endif
