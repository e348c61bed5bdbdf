/* SPDX-License-Identifier: MIT */
/*
 * --list-devices: sound cards under names that do not change, and whether they
 * can play the patch. Nothing is played. Control thread.
 */
#ifndef F4E_DEVICES_H
#define F4E_DEVICES_H

#include "common/json.h"
#include "f4e_patch.h"

#include <stdbool.h>
#include <stdio.h>

/*
 * Print all devices of alsa-lib as text or as JSON, and what 'more' (NULL:
 * nothing) knows besides: members of the object that is open in 'json', or text
 * when that is NULL. 'proc_root' stands for /proc/asound, where the processes
 * that use devices are found; NULL: that.
 */
typedef void devices_more(const struct f4e_patch *patch, struct json *json,
                          FILE *file);
void devices_print(const struct f4e_patch *patch, bool is_json,
                   const char *proc_root, devices_more *more, FILE *file);

#endif
