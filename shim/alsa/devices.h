/* SPDX-License-Identifier: MIT */
/*
 * --list-devices: sound cards under names that do not change, and whether they
 * can play the patch. Nothing is played. Control thread.
 */
#ifndef F4E_DEVICES_H
#define F4E_DEVICES_H

#include "f4e_patch.h"

#include <stdbool.h>
#include <stdio.h>

/*
 * Print all devices of alsa-lib as text or as JSON. 'proc_root' stands for
 * /proc/asound, where the processes that use devices are found; NULL: that.
 */
void devices_print(const struct f4e_patch *patch, bool is_json,
                   const char *proc_root, FILE *file);

#endif
