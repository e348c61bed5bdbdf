/* SPDX-License-Identifier: MIT */
/*
 * --list-devices: what sound cards there are, under names that stay, and which
 * of them can play the patch. Nothing is played; busy devices are not opened.
 */
#ifndef F4E_DEVICES_H
#define F4E_DEVICES_H

#include <stdbool.h>
#include <stdio.h>

#include "f4e_patch.h"

/*
 * Print all devices of alsa-lib for people or as JSON. 'proc_root' is read for
 * who uses a device, NULL for /proc/asound.
 */
void devices_print(const struct f4e_patch *patch, bool is_json,
                   const char *proc_root, FILE *file);

#endif
